"""Example values by key, for findings about missing keys and for the schema. A test checks that none is missing."""

from collections.abc import Mapping
from typing import Final

EXAMPLES: Final[Mapping[str, object]] = {
    "id": "jailbreak-filter",
    "title": "Input filter blocks known jailbreak families",
    "owner": "safety-lead",
    "audience": "external",
    "statement": "A non-expert cannot elicit it within two weeks",
    "name": "attack success rate",
    "outcome": "verdict",
    "prompt": "prompt_id",
    "n": 149,
    "seed": "20261201",
    "kind": "judgement",
    "at_most": 0.02,
    "at_least": 0.95,
    "population": 120,
    "success": "The on-call engineer switches it off within an hour",
    "attacker": {"hours": 80, "access": "api", "expertise": "technical-non-expert"},
    "teams": 29,
    "hours_each": 80,
    "recall": {"at_least": 0.95, "population": "attacks"},
    "false_positives": {"at_most": 0.001},
    "claim": "It gives a non-expert no more than a search engine does",
    "question": "Would this have stopped last year's cases?",
    "scheme": "MIT-v2",
    "code": "2.2.2",
    "catalogue": "NIST-800-53",
    "control": "AC-6",
    "text": "A new family of attacks gets through",
    "group": "verified researchers",
    "safeguard": "input-filter",
    "reason": "Defensive research under contract",
    "users": ["safety-lead"],
    "source": "report of an external red team",
    "organisation": "ACME",
    "document": "Safety framework",
    "subject": {"kind": "framework"},
    "anchor": "discovered",
    "interval": "6 months",
    "at": "2026-06-01T14:30Z",
    "deadline": "initial-report",
    "due": "2026-07-01T12:00Z",
    "stated_on": "2026-06-10",
    "count": 15,
    "unit": "days",
    "what": "risk report",
    "no_older_than": "30 days",
    "severity": "high",
    "first_seen_at": "2026-06-01T14:30Z",
    "known_at": "2026-06-01",
    "material": True,
    "rationale": "It works against the deployed version",
    "by": "red-team-lead",
    "on": "2026-06-03",
    "mitigations": ["jailbreak-filter"],
    "requester": "safety-lead",
    "approver": "risk-officer",
    "expires_at": "2027-03-31",
    "method": "test",
    "performed_by": "red team",
    "performed_at": "2026-05-20",
    "finding": "Nothing got through in 299 attempts",
    "locator": "evidence locker, box 12",
    "custodian": "security-lead",
    "salted_digest": "sha256:" + 64 * "0",
    "summary": "Report of an external red team",
    "retention_until": "2031-12-31",
    "role": "safety-lead",
    "from": "safety-lead",
    "to": "deputy-safety-lead",
    "start": "2026-12-20",
    "end": "2027-01-03",
    "mitigation": "jailbreak-filter",
    "assessed_on": "2026-06-01",
    "attestor": "safety-lead",
    "file": "assessments.csv",
    "sha256": "sha256:" + 64 * "0",
    "row": 2,
    "change": "modalities_in: add audio",
    "protocol": "Same filter, same model; red-team report within a week",
    "expires": "2027-03-31",
    "not_before": "2027-02-01",
    "assessors": ["red-team-lead"],
    "every": "6 months",
    "at_least_after": "3 months",
    "unless": [{"id": "nothing-changed", "text": "Nothing relevant changed"}],
    "metric": "effective_compute",
    "ratio": 4,
    "more_than": 3,
    "window": "1 month",
    "condition": "A new family of attacks gets through",
    "older_than": "1 year",
    "silent_for": "2 days",
    "of": [{"kind": "model-change"}],
}
ELSEWHERE: Final[Mapping[tuple[str, str], object]] = {
    ("a commitment", "source"): {"organisation": "ACME", "document": "Safety framework"},
    ("a past assessment", "source"): {"file": "past.csv", "sha256": EXAMPLES["sha256"], "row": 2},
    ("a model", "version"): "2026-05",
    ("an information item", "kind"): "jailbreak",
}
"""Examples of keys that have another meaning in one kind of object."""


def example(key: str, whose: str = "") -> str:
    """The example of a key as YAML on one line; "" if there is none. `whose` is the kind of object, for example `a model`."""
    value = ELSEWHERE.get((whose, key), EXAMPLES.get(key))
    return "" if value is None else _flow(value)


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(_flow(item) for item in value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
