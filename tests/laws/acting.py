"""What a register does: everything that a person or a program sees of it besides the document itself.

Left out are the changes of a diff, which compare documents, and what only repeats what is written (`facts_shown`).
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy, deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from reassay.approvals.proposal import Proposal
from reassay.assessment.authority import approvers, assessors, callers, everyone, on_call
from reassay.assessment.cells import AssessmentInput
from reassay.assessment.coverage import coverage
from reassay.assessment.risk import risks
from reassay.assessment.schedule.queue import scheduled
from reassay.assessment.schedule.reminders import latest_reminder
from reassay.assessment.triggers.invalidation_condition import condition_digest
from reassay.assessment.views.coverage import coverage_document
from reassay.assessment.views.documents import status_document
from reassay.commands.waive import grounds
from reassay.evidence.criterion_bounds import bound_words, criteria_of
from reassay.gate.decide import decide
from reassay.gate.input import GateInput
from reassay.ledger.history import History
from reassay.ledger.risks import Asserted
from reassay.ledger.signals import ReceivedSignal, SignalsReceived, SourceRead
from reassay.people.people import may_act, names_in, roles_in
from reassay.register.deployment import Deployment
from reassay.register.finding import Origin
from reassay.register.layers import layer_coverage
from reassay.register.lint.collisions import collect
from reassay.register.lint.references import check_references
from reassay.register.register import Register, RegisterEntry, RegisterObject
from reassay.signals.source_settings import settings_digest
from reassay.sweep.overrides import Overrides
from reassay.sweep.views.issue import view
from reassay.sweep.views.issue_context import IssueContext
from reassay.sweep.views.issue_model import issue_model
from tests.laws.full_documents import CONFIGURATION, DOCUMENTS, Document
from tests.laws.full_register import read
from tests.make import TODAY, Story, at, configuration

_COMMITMENT: Document = {
    "owner": "safety-lead", "assessor": "red-team-lead", "statement": "S", "source": {"organisation": "O", "document": "D"},
}  # fmt: skip
OTHERS: list[tuple[str, Document]] = [
    ("deployment", {"id": "staff-app", "title": "Staff", "audience": "internal", "model": "base", "languages": ["en"]}),
    ("mitigation", {
        "id": "twin", "title": "Twin", "owner": "safety-lead", "assessor": "red-team-lead", "layer": "monitoring",
        "threat_models": ["misuse"], "deployments": ["public-api"], "common_causes": ["one vendor"], "every": "1 year",
    }),
    ("deployment", {"id": "shop", "title": "Shop", "audience": "external", "model": "base"}),
    ("commitment", {
        **_COMMITMENT, "id": "watch-deployments", "title": "W", "subject": {"kind": "deployment"},
        "triggers": [
            {"kind": "incident-severity", "at_least": "high", "kinds": ["incident"], "similar_models": True},
            {"kind": "incident-severity", "at_least": "medium"}, {"kind": "deployment-change"}, {"kind": "model-change"},
        ],
        "deadlines": [
            {"anchor": anchor, "count": 1 + 10 * number, "unit": "days", **({"circumstance": "injury"} if anchor == "aware" else {})}
            for number, anchor in enumerate(("aware", "occurred", "discovered", "determined", "resolved", "confirmed", "published"))
        ],
    }),
    ("commitment", {
        **_COMMITMENT, "id": "watch-models", "title": "W", "subject": {"kind": "model"},
        "triggers": [
            {"kind": "metric-threshold", "metric": "uplift", "at_most": 0.45}, {"kind": "model-change"},
            {"kind": "metric-ratio", "metric": "compute", "ratio": 1.3},
            {"kind": "metric-ratio", "metric": "compute", "ratio": 4.1, "relative_to": "other_metric"},
        ],
    }),
    ("commitment", {
        **_COMMITMENT, "id": "watch-mitigations", "title": "W", "subject": {"kind": "mitigation"},
        "triggers": [
            {"kind": "evidence-stale", "older_than": "5 months"}, {"kind": "redundancy-lost"}, {"kind": "acceptance-expired"},
            {"kind": "new-information"}, {"kind": "incident-severity", "at_least": "high", "similar_models": True},
        ],
        "deadlines": [{"anchor": "published", "count": 100, "unit": "weeks"}],
        "must_complete": "within", "within": "20 days",
    }),
    ("information-item", {
        "id": "fresh", "title": "Fresh", "kind": "research", "known_at": "2026-11-28T08:00Z", "source": "paper",
        "affects": ["training"],
    }),
    ("information-item", {
        "id": "dated", "title": "Dated", "kind": "research", "known_at": "2026-11-28T08:00Z", "source": "paper",
        "affects": ["training"], "triage_due": "2026-12-20",
    }),
    ("threat-model", {"id": "theft", "title": "Theft"}),
    ("model", {"id": "base", "title": "Base", "version": "1", "metrics": {"uplift": 0.4, "compute": 3.0, "other_metric": 0.75}}),
    ("commitment", {
        "id": "promise-2", "title": "Later", "owner": "safety-lead", "statement": "S", "in_force_from": "2027-03-01",
        "subject": {"kind": "framework"}, "source": {"organisation": "O", "document": "D"},
        "triggers": [{"kind": "manual"}],
    }),
]  # fmt: skip
"""Whatever the documents of the full register refer to, and do not state."""
_FACTS_OF_SMALL: list[tuple[str, Document]] = [
    ("incident", {
        "id": "near", "title": "Near", "kind": "near-miss", "severity": "high", "first_seen_at": "2026-06-02T08:00Z",
        "mitigations_failed": ["small"],
    }),
    ("incident", {
        "id": "like", "title": "Like", "kind": "incident", "severity": "high", "first_seen_at": "2026-06-02T08:00Z",
        "mitigations_failed": ["small"], "similar_model": True,
    }),
    *(
        ("incident", {
            "id": name, "title": name, "kind": "incident", "severity": "high", "first_seen_at": "2026-06-02T08:00Z",
            "mitigations_failed": ["small"],
        })
        for name in ("again", "third")
    ),
    ("information-item", {
        "id": "jail", "title": "Jail", "kind": "jailbreak", "known_at": "2026-11-28T08:00Z", "source": "paper",
        "affects": ["small"],
    }),
    ("evidence-item", {
        "id": "test", "title": "Test", "mitigations": ["small"], "method": "test", "performed_by": "lab",
        "performed_at": "2026-10-01", "finding": "Fine",
    }),
]  # fmt: skip
"""Facts about the mitigations that state one trigger each."""
SETTINGS: Document = {
    "mode": "record", "timezone": "Europe/Berlin", "rollout": {"max_open": 100, "per_week": 100},
    "roles": {"board": {"users": ["release-manager"]}, "owners": {"users": ["safety-lead"]}},
    "signals": {"sources": [{"id": "hotline", "kind": "file", "path": "calls.csv", "gives": "count"}]},
}  # fmt: skip


def world(kind: str, document: Document) -> Register:
    """The register of a document with those of the full register that have other ids, as `check` leaves it."""
    settings = document if kind == CONFIGURATION else SETTINGS
    key = (kind, document.get("id"))
    every = [(own, stated) for own, stated in _objects(kind, document) if (own, stated["id"]) != key]
    if kind != CONFIGURATION:
        every.append((kind, document))
    entries: list[RegisterEntry[RegisterObject]] = []
    for own, stated in every:
        value = read(own, stated)
        assert isinstance(value, RegisterObject), stated
        entries.append(RegisterEntry(value, Origin(f"framework/{value.id}.yml", {(): (1, 1)}), stated))
    collected, findings = collect(entries)
    assert not findings, findings
    origin = Origin(".github/reassay.yml", {(): (1, 1)})
    return check_references(replace(collected, configuration=configuration(**settings), configuration_origin=origin))


def _objects(about: str, document: Document) -> list[tuple[str, Document]]:
    """The objects of the full register whose ids are given once, and the others."""
    objects = [
        (kind, deepcopy(stated)) for kind, stated in (*DOCUMENTS, *OTHERS) if stated.get("id", "small") != "small"
    ]
    objects += _FACTS_OF_SMALL if document.get("id") == "small" else []
    if about == "past-assessment":
        # Where a mitigation says when it was last assessed, an older imported assessment is not the last one.
        next(stated for _, stated in objects if stated["id"] == "filter").pop("last_assessed")
    return objects


def with_deployment(register: Register, **fields: object) -> Register:
    """The register with other values in the deployment public-api; itself if it has none."""
    entry = register.deployments.get("public-api")
    value = read("deployment", {**entry.written, **fields}) if entry else None
    if entry is None or not isinstance(value, Deployment):
        return register
    changed = replace(entry, value=value, written={**entry.written, **fields})
    return replace(register, deployments={**register.deployments, "public-api": changed})


def _receive(story: Story, before: Register) -> None:
    """Every source was read as it was declared before, and two of them gave what entries of the register may name."""
    for spec in before.configuration.signals.sources:
        story.add(SourceRead(source=spec.id, settings=settings_digest(spec), state="read", newest=story.now))
    for name, gives in (("alerts-0123456789ab", "incident"), ("news-0123456789ab", "information")):
        signal = ReceivedSignal.model_validate_json(json.dumps({
            "id": name, "key": _DIGEST, "gives": gives, "first_seen_at": story.now.isoformat(), "severity": "critical",
            "information_kind": "jailbreak", "mitigations": ["filter"], "content": f"c14n/1:{_DIGEST}",
        }))  # fmt: skip
        story.add(SignalsReceived(source=name.partition("-")[0], signals=(signal,)))


@dataclass(frozen=True)
class Past:
    """What was decided of a register ten days ago, the same for everything that becomes of it."""

    register: Register

    @cached_property
    def story(self) -> Story:
        """Every subject was decided; then conditions came about."""
        smaller = {
            "users": "1k-5k",
            "rate_limit": "240 requests/minute",
            "context_tokens": 50000,
            "rollout_percent": 4,
            "regions": ["EU"],
        }
        story = Story(with_deployment(self.register, **smaller), TODAY - timedelta(days=10))
        story.sweep()
        for name in sorted(story.assessment_input.opened):
            story.conclude(name)
        for condition in ("It leaks", "Weights leak"):
            for name in ("filter", "small"):
                story.add(Asserted(subject=name, condition=condition_digest(condition), because=_DIGEST, role="board"))
        _receive(story, self.register)
        return story


@dataclass(frozen=True)
class Acting:
    """What one register does, each part computed when it is asked for."""

    register: Register
    past: Past
    """Of the register as it was assessed, so that a change fires what it fires."""

    @cached_property
    def story(self) -> Story:
        """Everything that is due is open, and nothing is decided."""
        story = Story(self.register)
        story.sweep()
        return story

    @cached_property
    def decided(self) -> AssessmentInput:
        """The register after its past."""
        story = copy(self.past.story)
        story.register = self.register
        story.move_to(TODAY)
        return story.assessment_input

    @cached_property
    def texts(self) -> dict[str, str]:
        """The parts that were computed, by name."""
        return {}

    def text(self, name: str, part: Callable[[], object]) -> str:
        """A part as text, computed once."""
        if name not in self.texts:
            self.texts[name] = str(part())
        return self.texts[name]

    def parts(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """Name and value of each part, quick ones first."""
        register, nothing = self.register, AssessmentInput(self.register, History(), {}, at(TODAY))
        yield "check", lambda: sorted((own.code, own.message, own.remedy) for own in register.findings)
        yield "status", lambda: self.cells(nothing)
        yield "coverage", lambda: coverage_document(coverage(nothing), nothing, {})
        yield (
            "layers",
            lambda: [(own.layers, own.minimum, own.shared_causes, own.is_short) for own in layer_coverage(register)],
        )
        yield "status later", lambda: self.cells(nothing.at(at(TODAY + timedelta(days=250))))
        yield "people", self.people
        yield "status after a decision", lambda: self.cells(self.decided)
        yield "issues", lambda: [(title, acting_part(text), labels) for title, text, labels in self.issues]
        yield "reminders", self.reminders
        yield "gate", self.gate

    @staticmethod
    def cells(facts: AssessmentInput) -> object:
        """The status document with every trigger, and the days that pacing gives."""
        return status_document(scheduled(facts), facts, {}), [cell.results for cell in facts.cells]

    def people(self) -> object:
        """Who holds which role, and may do what; criteria and risk, which sort the duties."""
        register, people = self.register, self.story.assessment_input.people
        subjects = [entry.value for entry in register.subjects.values()]
        days = (TODAY, TODAY + timedelta(days=32))
        return (
            names_in(register),
            [(role, may_act(role, register, people, day)) for role in roles_in(register) for day in days],
            [[of(own, register, TODAY) for of in (assessors, approvers, callers, everyone)] for own in subjects],
            [on_call(own, register) for own in subjects],
            [sorted(grounds(own, register, TODAY).items(), key=str) for own in subjects],
            [[bound_words(criterion) for criterion in criteria_of(own)] for own in subjects],
            risks(register),
        )

    @cached_property
    def issues(self) -> Sequence[tuple[str, str, Sequence[str]]]:
        """Title, text and labels of each issue."""
        facts = self.story.assessment_input
        context = IssueContext(
            facts.cells, self.story.objects, Overrides(), "https://github.example/lab", viewer="reassay"
        )
        drafts = [view(issue_model(own, facts, context)) for own in facts.history.reassessments.values()]
        return [(draft.title, draft.section.text, sorted(draft.labels)) for draft in drafts]

    def gate(self) -> object:
        """Rows and rules where everything goes, policy included, and where a deployment is widened: never the changes."""
        wider = with_deployment(self.register, audience="external", regions=["EU", "NO", "SE"])
        empty = Register(configuration=self.register.configuration.model_copy(update={"mode": "remind"}))
        larger = with_deployment(self.register, regions=["EU", "NO", "SE"])
        return [self._judged(merged) for merged in (empty, wider, larger)]

    def _judged(self, merged: Register) -> object:
        proposal = Proposal("main", "0" * 40, "1" * 40, self.register, merged)
        verdict = decide(GateInput(proposal, self.decided))
        return (
            verdict.valid_until,
            [(row.requirement, row.accepted_until) for row in verdict.rows],
            [(node.name, node.status) for node in verdict.tree.children],
            [(opening.subject, opening.cell, opening.fired.kind, opening.fired.about) for opening in verdict.openings],
        )

    def reminders(self) -> Sequence[object]:
        """The reminders of one due date, day by day."""
        days = (TODAY + timedelta(days=count) for count in range(-20, 40))
        return [latest_reminder(TODAY, TODAY - timedelta(days=30), day, self.register.configuration) for day in days]


def acting_part(text: str) -> str:
    """An issue's text without the place that repeats what the register says, and without the digest of what is written."""
    rest = text.partition(FACTS)[0] + text.partition(FACTS)[2].partition("</details>")[2]
    return "\n".join(line for line in rest.splitlines() if not line.startswith("<sub>Content "))


_DIGEST = "sha256:" + "a" * 64
FACTS = "<details><summary>Details from the register</summary>"


def shown_part(text: str) -> str:
    """The part of an issue's text that repeats what the register says, for whoever assesses it."""
    return text.partition(FACTS)[2].partition("</details>")[0]


def difference(before: Acting, after: Acting) -> str:
    """The name of the first part that differs; empty if none does."""
    others: Mapping[str, Callable[[], object]] = dict(after.parts())
    return next(
        (name for name, part in before.parts() if before.text(name, part) != after.text(name, others[name])), ""
    )
