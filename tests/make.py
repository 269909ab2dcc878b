"""Small makers of domain values for tests: everything has a plausible default, each test says only what it is about."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TypeVar

from pydantic import TypeAdapter

from reassay.approvals.arguments import Conclude, Promise
from reassay.approvals.command_context import CommandContext, Refusal
from reassay.assessment.cells import AssessmentInput
from reassay.assessment.register_index import RegisterIndex
from reassay.assessment.schedule.plan import Ask, Claim, PlannedRecords, plan
from reassay.assessment.triggers.base import LastAssessment, ManualRequest, TriggerInput, Waiver
from reassay.commands.conclusion import Conclusion, conclude
from reassay.common.canonical import canonical, digest
from reassay.evidence.evidence_input import EvidenceInput
from reassay.ledger.entry import Body, CommentRef, Decided, Entry, LedgerIdentity, Opened
from reassay.ledger.history import History
from reassay.ledger.reassessment import Reassessment
from reassay.people.account import Account
from reassay.register.assessable import Assessable
from reassay.register.base import Depth, Described
from reassay.register.commitment import Commitment
from reassay.register.configuration import Configuration
from reassay.register.deployment import Deployment
from reassay.register.finding import Origin
from reassay.register.lint.collisions import collect
from reassay.register.mitigation import Mitigation
from reassay.register.model import Model
from reassay.register.register import Register, RegisterEntry, RegisterObject
from reassay.register.threat_model import ThreatModel
from reassay.register.trigger_specs import AnyTrigger

TODAY = date(2026, 12, 1)
ASSESSOR = Account("red-team-lead", 2)
OWNER = Account("safety-lead", 1)
ObjectT = TypeVar("ObjectT", bound=Described)


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def _json(value: Mapping[str, object]) -> str:
    import json

    return json.dumps(value, default=str)


def mitigation(name: str = "filter", /, **fields: object) -> Mitigation:
    values = {
        "id": name,
        "title": f"The {name}",
        "owner": "safety-lead",
        "assessor": "red-team-lead",
        "every": "6 months",
    }
    return Mitigation.model_validate_json(_json(values | fields))


def deployment(name: str = "public-api", /, **fields: object) -> Deployment:
    return Deployment.model_validate_json(_json({"id": name, "title": name, "audience": "external"} | fields))


def threat_model(name: str = "misuse", /, **fields: object) -> ThreatModel:
    return ThreatModel.model_validate_json(_json({"id": name, "title": name} | fields))


def model(name: str = "large", version: str = "1", /, **metrics: float) -> Model:
    return Model.model_validate_json(_json({"id": name, "title": name, "version": version, "metrics": metrics}))


def made(kind: type[ObjectT], /, **fields: object) -> ObjectT:
    """Any other object, with a title."""
    return kind.model_validate_json(_json({"title": str(fields.get("id", "it"))} | fields))


def commitment(name: str = "promise", /, **fields: object) -> Commitment:
    values = {
        "owner": "safety-lead",
        "assessor": "red-team-lead",
        "statement": "It is looked at again",
        "source": {"organisation": "An organisation", "document": "A framework"},
        "subject": {"kind": "framework"},
    }
    return made(Commitment, id=name, **(values | fields))


@cache
def _triggers() -> TypeAdapter[AnyTrigger]:
    return TypeAdapter(AnyTrigger)


def trigger(kind: str, /, **fields: object) -> AnyTrigger:
    return _triggers().validate_json(_json({"kind": kind} | fields))


def facts(
    subject: Assessable,
    *others: RegisterObject,
    cell: str = "*",
    last: LastAssessment | None = None,
    last_full: LastAssessment | None = None,
    today: date = TODAY,
    requests: tuple[ManualRequest, ...] = (),
    waivers: tuple[Waiver, ...] = (),
    history: History | None = None,
    **settings: object,
) -> TriggerInput:
    what = register(subject, *others, **settings)  # type: ignore[arg-type] # subjects are objects of a register
    full = last_full or (last if last and last.depth is not Depth.LIGHT else None)
    register_index = RegisterIndex(what, history or History())
    return TriggerInput(subject, cell, register_index, today, at(today), last, full, requests, waivers)


def configuration(**fields: object) -> Configuration:
    return Configuration.model_validate_json(_json(fields))


def register(*objects: RegisterObject, **settings: object) -> Register:
    origin = Origin("framework/mitigations.yml", {(): (3, 5)})
    entries = [RegisterEntry(each, origin, each.model_dump(mode="json", by_alias=True)) for each in objects]
    collected, findings = collect(entries)
    assert not findings, findings
    return replace(collected, configuration=configuration(**settings))


class Story:
    """A ledger that grows: opens what is due, concludes, moves the clock. Pure, in memory."""

    def __init__(self, what: Register, today: date = TODAY) -> None:
        self.register = what
        self.now = at(today)
        self.entries: list[Entry] = []
        self.objects: dict[str, object] = {}

    @property
    def assessment_input(self) -> AssessmentInput:
        snapshots = {name: value for name, value in self.objects.items() if isinstance(value, dict)}
        return AssessmentInput(self.register, History.of(self.entries), snapshots, self.now, results=self.objects)

    @property
    def evidence(self) -> EvidenceInput:
        return EvidenceInput(self.register, self.assessment_input.history, self.objects)

    def add(self, body: Body, actor: int | None = None) -> None:
        self.entries.append(
            Entry(
                seq=len(self.entries) + 1,
                prev=None,
                ledger=LedgerIdentity(host="h", repository_id=1, ledger_id="l"),
                recorded_at=self.now,
                base_ref="main",
                register_commit="0" * 40,
                actor=actor,
                body=body,
            )
        )

    def plan(self, ask: Ask | None = None) -> PlannedRecords:
        nonces = [f"{number:032x}" for number in range(100)]
        return plan(
            self.assessment_input,
            Claim("run", nonces, self.now + timedelta(minutes=5), "0" * 40),
            (ask,) if ask else (),
        )

    def sweep(self, ask: Ask | None = None) -> tuple[Body, ...]:
        import json

        found = self.plan(ask)
        self.objects |= {name: json.loads(data) for name, data in found.objects.items()}
        for record in found.records:
            self.add(record.body, record.actor)
        return tuple(record.body for record in found.records)

    def conclude(self, name: str, decision: str = "effective", by: Account = ASSESSOR, **fields: object) -> Decided:
        import json

        each = self.assessment_input.history.open_for(name)
        assert each is not None
        values: dict[str, object] = {"because": "tested"} | fields
        if decision == "degraded":
            values.setdefault("follow_ups", (Promise(self.now.date() + timedelta(days=30), "mend it"),))
        if decision == "ineffective":
            values.setdefault("deployment", "continue")
        asking = self.context(by, each)
        mode = self.register.configuration.mode or "remind"
        # A person's word is enough in mode remind: what the others ask for has tests of its own.
        on_their_word = replace(
            self.register, configuration=self.register.configuration.model_copy(update={"mode": "remind"})
        )
        asking = replace(asking, assessment_input=replace(asking.assessment_input, register=on_their_word))
        result = conclude(Conclude(decision, **values), asking)  # type: ignore[arg-type] # test makers
        update: dict[str, object] = {"mode": mode}
        if isinstance(result, Refusal) and "criteri" in result.why:
            # Earlier versions recorded `effective` whatever the criteria said, and such ledgers stay.
            update["decision"], update["follow_ups"] = decision, ()
            promised = (Promise(self.now.date() + timedelta(days=30), "mend it"),)
            result = conclude(Conclude("degraded", **(values | {"follow_ups": promised})), asking)  # type: ignore[arg-type] # test makers
        assert isinstance(result, Conclusion), result
        self.objects |= {key: json.loads(data) for key, data in result.objects.items()}
        decided = result.decided.model_copy(update=update)
        self.add(decided, by.id)
        return decided

    def context(self, by: Account, reassessment: Reassessment) -> CommandContext:
        """As if somebody wrote a command in its issue just now."""
        comment = CommentRef(id=1, index=0, body_sha256="0" * 64, created_at=self.now, issue=1)
        return CommandContext(by, comment, self.assessment_input, self.objects, reassessment)

    def move_to(self, day: date) -> None:
        self.now = at(day)

    def opened(self) -> list[Opened]:
        return [entry.body for entry in self.entries if isinstance(entry.body, Opened)]


def object_of(value: object) -> tuple[str, bytes]:
    data = canonical(value)
    return digest(data), data
