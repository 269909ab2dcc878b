"""Registers and ledgers with a rule about a rate of incidents, for the tests of that trigger."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from reassay.assessment.cells import trigger_input
from reassay.assessment.rules import evaluate_all, rules_for
from reassay.assessment.side_exits import settled_triggers
from reassay.assessment.triggers.base import Fired, Result
from reassay.ledger.deferrals import SideExit
from reassay.ledger.digests import Asked
from reassay.ledger.signals import DayCount, ReceivedSignal, SourceRead
from reassay.register.incident import Incident, Severity
from reassay.register.register import RegisterObject
from tests.make import Story, made, mitigation, register

RULE: dict[str, object] = {"kind": "incident-rate", "accepted": "6 per year", "stated_by": "safety-lead"}
BEGAN = date(2026, 1, 31)
CONTENT = "c14n/1:sha256:" + "a" * 64
BURST = ["2026-02-10", "2026-02-20", "2026-03-02", "2026-03-20", "2026-04-01"]
"""Five where 1 is accepted: 60 days at 6 a year."""


def incident(day: str, name: str = "", **fields: object) -> Incident:
    values = {"severity": "low", "mitigations_failed": ["filter"]}
    return made(Incident, id=name or f"seen-{day}", first_seen_at=f"{day}T10:00Z", **(values | fields))


def incidents(*days: str) -> list[Incident]:
    return [incident(day, f"seen-{number}") for number, day in enumerate(days)]


def story(
    *objects: RegisterObject, today: str = "2026-04-02", rule: Mapping[str, object] | None = None, **fields: object
) -> Story:
    subject = mitigation(**({"last_assessed": str(BEGAN), "reassess": {"triggers": [rule or RULE]}} | fields))
    return Story(register(subject, *objects, **SOURCES), date.fromisoformat(today))


SOURCES: dict[str, object] = {
    "signals": {
        "sources": [
            {"id": "requests", "kind": "file", "path": "requests.csv", "gives": "exposure", "silent_after": "7 days"},
            {"id": "blocked", "kind": "file", "path": "blocked.csv", "gives": "count"},
        ]
    }
}


def change(told: Story, *objects: RegisterObject, rule: Mapping[str, object] | None = None, **fields: object) -> None:
    """Another content of the register; the ledger stays."""
    told.register = story(*objects, rule=rule, **fields).register  # type: ignore[arg-type] # fields of the mitigation


def result(told: Story, cell: str = "*", subject: str = "filter") -> Result:
    facts = trigger_input(told.register.subjects[subject].value, cell, told.assessment_input)
    rules = rules_for(facts.subject, told.register, facts.today)
    return next(own for own in evaluate_all(facts, rules) if own.kind == "incident-rate")


def fired(told: Story, cell: str = "*") -> Fired:
    own = result(told, cell)
    assert isinstance(own, Fired), own
    return own


def not_material(told: Story) -> None:
    reassessment = told.assessment_input.history.open_for("filter")
    assert reassessment is not None
    asked = Asked(comment=1, index=0, body_sha256="0" * 64, by=1)
    told.add(
        SideExit(
            reassessment=reassessment.id,
            subject="filter",
            how="not-material",
            because="sha256:" + "a" * 64,
            settled=settled_triggers(reassessment),
            asked=asked,
            confirmed_by=2,
        )
    )


LOOSE = RULE | {"accepted": "900 per year"}


FORMS = pytest.mark.parametrize("form", [{}, {"method": "change", "run_length": "1 year"}], ids=["ceiling", "change"])


def received(number: int, day: str) -> ReceivedSignal:
    return ReceivedSignal(
        id=f"import-{number}",
        key="sha256:" + f"{number:064x}",
        gives="incident",
        first_seen_at=datetime.fromisoformat(f"{day}T10:00:00+00:00"),
        severity=Severity.MEDIUM,
        mitigations=("filter",),
        content=CONTENT,
    )


def counted(
    told: Story, source: str, days: Mapping[date, float], at: date, deployment_of: str | None = None, **fields: object
) -> None:
    values: dict[str, object] = {"state": "read", "newest": datetime(at.year, at.month, at.day, tzinfo=UTC)}
    told.now = datetime(at.year, at.month, at.day, 9, tzinfo=UTC)
    told.add(
        SourceRead(
            source=source,
            settings=CONTENT,
            counts=tuple(DayCount(day=day, count=number, deployment=deployment_of) for day, number in days.items()),
            **(values | fields),  # type: ignore[arg-type] # values of the test
        )
    )


def every_day(first: date, last: date, number: float) -> dict[date, float]:
    return {first + timedelta(days=day): number for day in range((last - first).days + 1)}


PER_USE = {
    "kind": "incident-rate",
    "accepted": "2 per million requests",
    "stated_by": "safety-lead",
    "exposure": "requests",
}
FIRST, YESTERDAY, TODAY = date(2026, 2, 1), date(2026, 4, 1), date(2026, 4, 2)


def by_use(days: dict[date, float] | None, *days_of_incidents: str, **fields: object) -> Story:
    told = story(*incidents(*days_of_incidents), rule=PER_USE)
    if days is not None:
        counted(told, "requests", days, TODAY, None, **fields)
    told.move_to(TODAY)
    return told
