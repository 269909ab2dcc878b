"""A document for every kind of register object that states every field of its model."""

from typing import Any

from tests.laws.full_criteria import CRITERIA, RESOURCES

Document = dict[str, Any]
CONFIGURATION = "configuration"
_DIGEST = "sha256:" + "a" * 64
_ITEM = {"id": "scope", "text": "Scope right?", "role": "board", "evidence": True}
_STEP = {"role": "board", "min": 2, "kind": "review", "excludes": ["author"], "when": "always"}
_ABOUT = {
    "depth": "full", "must_complete": "within", "within": "30 days", "screening": "Is it?", "in_words": "Regularly",
}  # fmt: skip
TRIGGERS: list[Document] = [
    {"kind": "interval", "every": "6 months", "approximate": True, **_ABOUT},
    {"kind": "interval-range", "at_least_after": "3 months", "every": "6 months"},
    {
        "kind": "interval-unless",
        "every": "1 year",
        "unless": [{"id": "same", "text": "As it was", "within": "1 month"}],
    },
    {"kind": "metric-ratio", "metric": "compute", "ratio": 4, "strictly": True, "relative_to": "other_metric"},
    {"kind": "metric-increase", "metric": "compute", "by": 0.5, "unit": "months of elicitation"},
    {"kind": "metric-threshold", "metric": "uplift", "at_least": 0.1, "at_most": 0.5},
    {"kind": "incident-severity", "at_least": "high", "kinds": ["incident", "hazard"], "similar_models": True},
    {
        "kind": "incident-rate",
        "more_than": 3,
        "window": "1 year",
        "at_least": "high",
        "kinds": ["incident", "near-miss"],
        "similar_models": True,
        "expected": "3 per year",
    },
    {"kind": "new-information", "kinds": ["jailbreak"], "triage_within": "7 days"},
    {"kind": "deployment-change", "of": ["audience", "model"]},
    {"kind": "model-change"},
    {"kind": "mitigation-change"},
    {"kind": "invalidation-condition", "condition": "It leaks"},
    {"kind": "redundancy-lost"},
    {"kind": "regression", "delta": 0.03},
    {"kind": "evidence-stale", "older_than": "1 year"},
    {"kind": "acceptance-expired"},
    {"kind": "observation-stale", "older_than": "30 days"},
    {"kind": "drift"},
    {"kind": "data-unknown", "source": "hotline", "silent_for": "2 weeks"},
    {"kind": "manual", "roles": ["board"]},
    {"kind": "any", "of": [{"kind": "drift"}, {"kind": "interval", "every": "9 months"}]},
    {"kind": "all", "of": [{"kind": "drift"}, {"kind": "interval", "every": "unspecified"}]},
    {
        "kind": "incident-rate",
        "accepted": "1 per 50 years",
        "stated_by": "board",
        "similar_models": True,
        "since": "2026-05-01",
        "expected": "1 per 500 years",
    },
    {
        "kind": "incident-rate",
        "accepted": "1 per 50 years",
        "stated_by": "board",
        "similar_models": True,
        "since": "2026-05-01",
        "method": "change",
        "run_length": "2 years",
    },
    {"kind": "incident-rate", "accepted": "2 per million requests", "stated_by": "board", "exposure": "requests"},
    {"kind": "incident-rate", "accepted": "5 per day", "stated_by": "board", "count": "blocked"},
    {
        "kind": "interval",
        "every": {"interval": "6 months", "from": "schedule", "starting": "2026-01-17", "roll": "next"},
    },
]
_ASSESSABLE: Document = {
    "title": "Input filter", "description": "Blocks requests.", "formerly": ["old-filter"], "version": 2,
    "owner": "safety-lead", "last_assessed": "2026-06-01", "checklist": [_ITEM, {"id": "b", "text": "What changed?", "answer": "words"}],
    "approval": [_STEP, {"role": "safety-lead"}],
}  # fmt: skip
_REFERENCES = [
    {"source": "ATLAS", "id": "AML.M0004", "url": "https://atlas.example/AML.M0004"},
    {"source": "FINOS", "id": "mi-1"},
]
_SELECTOR = {
    "ids": ["filter"], "threat_models": ["misuse"], "deployments": ["public-api"], "audiences": ["trusted-testers"],
    "layers": ["system"],
}  # fmt: skip
_SOURCE = {
    "organisation": "O",
    "document": "D",
    "version": "1",
    "section": "2",
    "url": "https://example.org",
    "second_hand": "a summary",
}

DOCUMENTS: list[tuple[str, Document]] = [
    ("mitigation", {
        **_ASSESSABLE, "id": "filter", "assessors": ["red-team-lead", "board"], "status": "active", "layer": "system",
        "kind_of_control": "preventive", "function": "measure", "actor": "developer", "references": _REFERENCES, "related": ["training", "titan"],
        "lifecycle_stage": "deploy", "taxonomy": [{"scheme": "MIT", "code": "1.2", "label": "System"}],
        "standards": [{"catalogue": "NIST", "control": "AC-3"}], "threat_models": ["misuse", "theft"],
        "deployments": ["public-api", "staff-app"], "assumptions": ["No weights leave"], "common_causes": ["one vendor"],
        "target": {"statement": "No one can", "actor": "Novice", "resources": RESOURCES, "criteria": CRITERIA[:2]},
        "invalidation_conditions": [{"text": "Weights leak", "watch": "dlp"}, {"text": "Logs stop"}],
        "reassess": {
            "every": "6 months", "at_least_after": "3 months", "grace": "1 week", "depth": "full",
            "triggers": TRIGGERS[11:14],
        },
        "parts": [{"name": "api", "assessors": ["board"], "deployments": ["public-api"], "due": "1 week"}],
    }),
    ("mitigation", {
        "id": "waivable", "title": "Waivable", "owner": "safety-lead", "assessor": "red-team-lead",
        "reassess": {
            "every": "6 months",
            "unless": [{"id": "same", "text": "As it was", "within": "1 month"}, {"id": "two", "text": "Else"}],
        },
    }),
    ("mitigation", {
        "id": "training", "title": "Training", "owner": "safety-lead", "assessor": "red-team-lead", "every": "1 year",
    }),
    ("deployment", {
        "id": "public-api", "title": "API", "description": "For developers.", "audience": "trusted-testers",
        "access": ["app", "api"], "modalities_in": ["text", "image"], "modalities_out": ["text", "code"],
        "affordances": ["tool-use", "memory"], "oversight": "A person", "model": "titan",
        "system_prompt_digest": "sha256:1", "languages": ["en", "de"], "regions": ["EU", "NO"], "age_policy": "18+",
        "rate_limit": "600 requests/minute", "context_tokens": 128000, "users": "1k-10k", "rollout_percent": 20,
        "host": "berlin", "integrations": ["mail"], "domain": "health",
        "safeguard_exemptions": [{"group": "vetted", "safeguard": "filter", "reason": "Research"}],
        "preauthorised_changes": [{"change": "regions: add SE", "protocol": "As in NO", "expires": "2026-12-31"}],
        "planned": [{"change": "modalities_in: add audio", "not_before": "2027-01-20"}], "since": "2026-01-01",
        "observed": [
            {
                "repository": "example-lab/product", "branch": "release", "path": "app/config.yaml#/inputs",
                "field": "modalities_in", "values": {"img": "image"},
            },
        ],
    }),
    ("threat-model", {
        "id": "misuse", "title": "Misuse", "description": "D", "actor": "A", "resources": RESOURCES, "pathway": "P",
        "outcome": "O", "risk_domain": "cyber", "atlas": ["AML.T0051"], "deployments": ["public-api", "staff-app", "shop"],
        "minimum_layers": {"internal": 2, "trusted-testers": 3, "external": 3},
    }),
    ("model", {
        "id": "titan", "title": "Titan", "description": "D", "version": "5", "derived_from": "base",
        "metrics": {"uplift": 0.4, "compute": 3.0, "other_metric": 0.75}, "released": "2026-02-01",
    }),
    ("commitment", {
        **_ASSESSABLE, "id": "promise", "assessor": "red-team-lead", "statement": "It is looked at", "source": _SOURCE,
        "in_force_from": "2026-01-01", "superseded_by": "promise-2",
        "triggers": [*TRIGGERS[11:13], TRIGGERS[6], {"kind": "new-information", "kinds": ["jailbreak"]}],
        "subject": {"kind": "mitigation", "selector": _SELECTOR, "in_words": "ASL-3 safeguards"},
        "depth": "light", "must_complete": "within", "within": "30 days",
        "anchors": [{"id": "authority-told", "text": "The authority tells us"}],
        "deadlines": [
            {"anchor": "aware", "count": 15, "unit": "days", "calendar": "business", "what": "Report",
             "circumstance": "injury", "timezone": "Asia/Tokyo"},
            {"id": "interim", "after": "first", "count": 2, "unit": "weeks", "repeats": "4 weeks", "until": "resolved",
             "or_as_stated": True, "retain": "5 years"},
            {"id": "first", "earliest_of": ["learned", "authority-told"], "count": 24, "unit": "hours"},
        ],
        "outputs": [{"what": "report", "to": "board", "as_of": {"anchor": "publication", "no_older_than": "1 year"}}],
        "invalidation_conditions": [{"text": "The law changes", "watch": "gazette"}, {"text": "A merger"}],
    }),
    ("incident", {
        "id": "leak", "title": "Leak", "description": "D", "kind": "incident", "severity": "high",
        "learned_at": "2026-06-03T08:00Z", "confirmed_at": "2026-06-04T08:00Z", "published_at": "2026-06-06T08:00Z",
        "dates": [{"anchor": "authority-told", "at": "2026-06-07T08:00Z"}, {"anchor": "first", "at": "2026-06-08T08:00Z"}],
        "schedules": [{"deadline": "interim", "due": "2026-07-01T12:00Z", "repeats": "8 weeks", "stated_on": "2026-06-10",
                       "document": "letter"}],
        "occurred_at": "2026-06-01T08:00Z", "first_seen_at": "2026-06-02T08:00Z", "aware_at": "2026-06-03T08:00Z",
        "determined_at": "2026-06-04T08:00Z", "resolved_at": "2026-11-20T08:00Z", "mitigations_failed": ["filter"],
        "deployment": "public-api", "similar_model": True, "circumstances": ["injury"], "root_cause": "bug", "account": "It",
        "signals": ["alerts-0123456789ab"],
    }),
    ("information-item", {
        "id": "suffix", "title": "Suffix", "description": "D", "kind": "jailbreak", "known_at": "2026-06-01T08:00Z",
        "source": "paper", "affects": ["filter", "training"], "restricted_ref": "vault/1", "triage_due": "2026-12-20",
        "triage": {"material": True, "rationale": "It works", "by": "red-team-lead", "on": "2026-11-30"},
        "published_at": "2026-05-20", "signals": ["news-0123456789ab"],
        "dates": [{"anchor": "authority-told", "at": "2026-06-07T08:00Z"}, {"anchor": "first", "at": "2026-06-08T08:00Z"}],
        "schedules": [{"deadline": "interim", "due": "2026-07-01T12:00Z", "stated_on": "2026-06-10", "document": "letter"}],
    }),
    ("information-item", {
        "id": "paper", "title": "Paper", "kind": "research", "known_at": "2026-06-01T08:00Z", "source": "paper",
        "triage": {"material": False, "rationale": "It does not", "by": "red-team-lead", "on": "2026-11-30"},
    }),
    ("risk-acceptance", {
        "id": "accepted", "title": "Accepted", "description": "D", "mitigations": ["filter", "training"],
        "deployments": ["public-api", "staff-app"], "requester": "safety-lead", "approver": "board", "rationale": "R",
        "compensating": ["logging"], "accepted_on": "2026-11-01", "expires_at": "2026-12-31",
    }),
    ("evidence-item", {
        "id": "ev", "title": "Red team", "description": "D", "mitigations": ["filter"], "method": "test",
        "performed_by": "lab", "performed_at": "2026-06-01", "finding": "3 of 10", "limits": "few",
        "owner": "board", "valid_until": "2027-06-01",
        "scope": {"deployments": ["public-api"], "models": ["titan"], "languages": ["en"]}, "file": "evidence/ev.csv",
        "kind_of_evaluation": "red-teaming", "resources": RESOURCES,
    }),
    ("evidence-item", {
        "id": "sealed", "title": "Sealed", "mitigations": ["training"], "method": "inspection", "performed_by": "lab", "performed_at": "2026-06-01",
        "finding": "Fine",
        "sealed": {"locator": "vault", "custodian": "board", "salted_digest": _DIGEST, "summary": "S",
                   "retention_until": "2030-01-01"},
    }),
    ("delegation", {
        "id": "leave", "title": "Leave", "description": "D", "role": "board", "from": "release-manager",
        "to": "safety-lead", "start": "2026-11-01", "end": "2026-12-31",
    }),
    ("past-assessment", {
        "id": "past", "title": "Past", "description": "D", "mitigation": "filter", "deployments": ["public-api"], "models": ["titan"],
        "assessed_on": "2026-01-01", "decision": "effective", "depth": "full", "version": 2, "assessed_by": "lab",
        "summary": "S", "attestor": "safety-lead", "source": {"file": "a.csv", "sha256": _DIGEST, "row": 2},
    }),
    (CONFIGURATION, {
        "mode": "record", "timezone": "Europe/Berlin", "register": "policy/", "publish": True,
        "ignore_keys": ["layout", "permalink"],
        "roles": {"board": {"users": ["release-manager"], "teams": ["example-lab/board"]}}, "on_call": "board",
        "app_id": 12, "writer": "app", "bots": ["old-bot"], "labels": False, "dashboard": True, "rollout": {"max_open": 6, "per_week": 4},
        "reminders": {"before": "5 days", "after": [0, 3], "working_days": ["mon", "tue"], "holidays": ["2026-12-28"],
                      "escalate_to": "board", "escalate_after": 5},
        "gate": {
            "loosening": [_STEP, {"role": "safety-lead"}], "policy": [_STEP],
            "questions": [{"id": "q", "text": "Why?", "role": "board", "of": ["deployment"]},
                          {"id": "r", "text": "How?", "role": "board"}],
            "override": "board", "approve_counts": True,
        },
        "significance": {"users": 3, "rate_limit": 3, "context_tokens": 5, "rollout_steps": [5, 50],
                         "only_recorded": ["region"]},
        "defaults": {"open_before": "10 days", "respond_within": "10 days", "triage_within": "5 days", "depth": "full"},
        "signals": {"baseline": 20, "sources": [
            {"id": "hotline", "kind": "file", "path": "calls.csv", "gives": "count", "columns": {"count": "calls"}},
            {"id": "alerts", "kind": "json-feed", "url": "https://alerts.example.org/all", "secret": "ALERTS", "items": "data",
             "silent_after": "2 weeks", "mitigations": ["filter"], "deployment": "public-api", "severity": "high",
             "incident_kind": "near-miss"},
            {"id": "news", "kind": "osv", "packages": [{"ecosystem": "PyPI", "name": "torch", "version": "2.9"}],
             "mitigations": ["filter"], "information_kind": "research"},
        ]},
    }),
]  # fmt: skip
_SMALL = {"id": "small", "title": "Small", "owner": "safety-lead"}
DOCUMENTS += [
    ("mitigation", {**_SMALL, "every": TRIGGERS[-1]["every"]}),
    ("mitigation", {**_SMALL, "serves": "weights"}),
]
DOCUMENTS += [("mitigation", {**_SMALL, "reassess": {"triggers": [trigger]}}) for trigger in TRIGGERS]
DOCUMENTS += [("mitigation", {**_SMALL, "target": {"statement": "S", "criteria": [own]}}) for own in CRITERIA]
_PACKAGES = [{"ecosystem": "PyPI", "name": "torch"}]
_OTHER_SOURCES: list[Document] = [
    {"id": "reports", "kind": "issues", "label": "incident", "repository": "example-lab/product", "gives": "information"},
    {"id": "pipeline", "kind": "dispatch", "gives": "exposure"},
    {"id": "blocked", "kind": "prometheus", "url": "https://metrics.example.org", "query": "sum(blocked)", "of": "per-day",
     "secret": "METRICS", "gives": "exposure"},
    {"id": "alarms", "kind": "alertmanager", "secret": "ALARMS", "heartbeat": "Watchdog", "gives": "incidents"},
    {"id": "pager", "kind": "pagerduty", "secret": "PAGER", "gives": "incidents"},
    {"id": "page", "kind": "statuspage", "secret": "PAGE", "gives": "incidents"},
    {"id": "ghsa", "kind": "github-advisories", "packages": _PACKAGES, "gives": "information"},
    {"id": "osv", "kind": "osv", "packages": _PACKAGES, "url": "https://osv.example.org", "gives": "information"},
    {"id": "kev", "kind": "cisa-kev", "products": ["acme/*"], "url": "https://kev.example.org/a.json", "gives": "information"},
    {"id": "atlas", "kind": "atlas", "url": "https://atlas.example.org/a.yaml", "techniques": ["AML.T0054"],
     "gives": "information"},
    {"id": "avid", "kind": "avid", "path": "avid.json", "words": ["jailbreak"], "gives": "information"},
    {"id": "avid-web", "kind": "avid", "url": "https://avid.example.org/a.json"},
    {"id": "aiid", "kind": "ai-incident-database", "path": "aiid.csv", "words": ["chatbot"], "gives": "information"},
    {"id": "aiid-web", "kind": "ai-incident-database", "url": "https://aiid.example.org/a.csv"},
    {"id": "feed", "kind": "json-feed", "url": "https://feed.example.org/", "gives": "exposure", "columns": {"count": "n"}},
]  # fmt: skip
DOCUMENTS += [(CONFIGURATION, {"mode": "record", "signals": {"sources": [source]}}) for source in _OTHER_SOURCES]
DOCUMENTS += [
    (CONFIGURATION, {"mode": "record", "notifications": {"webhooks": [
        {"id": "on-call", "format": "slack", "secret": "ON_CALL", "severities": ["high", "critical"]},
        {"id": "pager", "format": "json", "secret": "PAGER", "url": "https://pager.example.org/reassay"},
    ]}}),
]  # fmt: skip
"""(kind, document); several of a kind where fields exclude each other."""
