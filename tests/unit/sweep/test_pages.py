"""Which incidents a webhook is told of, from register and ledger alone."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.assessment.cells import AssessmentInput
from reassay.ledger.entry import Body
from reassay.ledger.risks import Triaged
from reassay.ledger.signals import Paged, PagingBegan, ReceivedSignal, SignalsReceived
from reassay.register.incident import Incident, Severity
from reassay.register.register import Register
from reassay.sweep.pages import beginnings, due_pages, texts_to_page
from tests.make import Story, register

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
DIGEST = f"sha256:{'0' * 64}"
TRIAGED = Triaged(information="alerts-2", material=False, because=DIGEST, role="safety-lead")
HOOK = {"id": "on-call", "format": "slack", "secret": "ON_CALL"}


def incident(name: str, severity: str, **fields: object) -> Incident:
    values = {"id": name, "title": "It got through", "severity": severity, "first_seen_at": "2026-11-30", **fields}
    return Incident.model_validate_json(json.dumps(values))


def facts(own: Register, *bodies: Body) -> AssessmentInput:
    story = Story(own)
    for body in bodies:
        story.add(body)
    return story.assessment_input


def watched(*incidents: Incident, **hook: object) -> Register:
    return register(*incidents, notifications={"webhooks": [HOOK | hook]})


def signal(name: str, severity: Severity | None) -> ReceivedSignal:
    return ReceivedSignal(
        id=name,
        key=DIGEST,
        gives="incident",
        first_seen_at=NOW,
        severity=severity,
        text=DIGEST,
        content=f"c14n/1:{DIGEST}",
    )


def received(*signals: ReceivedSignal, baseline: bool = False) -> SignalsReceived:
    return SignalsReceived(source="alerts", baseline=baseline, signals=signals)


def began(*already: str) -> PagingBegan:
    return PagingBegan(hook="on-call", severities=(Severity.HIGH, Severity.CRITICAL), already=already)


def due(own: Register, *bodies: Body) -> list[str]:
    return [page.incident.about for page in due_pages(facts(own, *bodies))]


@pytest.mark.parametrize(
    ("bodies", "expected"),
    [
        # Before the beginning is recorded, nothing is sent.
        ([], []),
        ([began()], ["incident/leak/critical"]),
        ([began("incident/leak/critical")], []),
        ([began("incident/leak/high")], ["incident/leak/critical"]),
        ([began(), Paged(hook="on-call", about="incident/leak/critical", delivered=True)], []),
        ([began(), Paged(hook="on-call", about="incident/leak/high", delivered=True)], ["incident/leak/critical"]),
        ([began(), Paged(hook="other", about="incident/leak/critical", delivered=True)], ["incident/leak/critical"]),
        ([began(), Paged(hook="on-call", about="incident/leak/critical", delivered=False)], ["incident/leak/critical"]),
        # Somebody was told of the signal that the entry stands for.
        ([began(), Paged(hook="on-call", about="signal/alerts-1/critical", delivered=True)], []),
        ([began(), Paged(hook="on-call", about="signal/alerts-1/high", delivered=True)], ["incident/leak/critical"]),
        ([began(), received(signal("alerts-1", Severity.CRITICAL))], ["incident/leak/critical"]),
        ([began(), received(signal("alerts-2", Severity.HIGH))], ["incident/leak/critical", "signal/alerts-2/high"]),
        ([began(), received(signal("alerts-2", None))], ["incident/leak/critical", "signal/alerts-2/critical"]),
        ([began(), received(signal("alerts-2", Severity.LOW))], ["incident/leak/critical"]),
        # A person has triaged it: it is no incident of a mitigation.
        (
            [began(), received(signal("alerts-2", Severity.HIGH)), TRIAGED],
            ["incident/leak/critical"],
        ),
        # What set the baseline of a source is told only when it becomes more severe.
        ([began(), received(signal("alerts-2", Severity.HIGH), baseline=True)], ["incident/leak/critical"]),
        (
            [
                began(),
                received(signal("alerts-2", Severity.HIGH), baseline=True),
                received(signal("alerts-2", Severity.CRITICAL)),
            ],
            ["incident/leak/critical", "signal/alerts-2/critical"],
        ),
    ],
)
def test_what_is_due(bodies: list[Body], expected: list[str]) -> None:
    own = watched(incident("leak", "critical", signals=["alerts-1"]))
    assert sorted(due(own, *bodies)) == sorted(expected)


def test_a_webhook_that_is_told_of_fewer_severities_is_told_of_those_alone() -> None:
    own = watched(incident("leak", "high"), severities=["critical"])
    assert due(own, began()) == []


def test_the_words_of_a_signal_that_was_not_told_are_read() -> None:
    bodies = (began(), received(signal("alerts-2", Severity.HIGH)))
    told = Paged(hook="on-call", about="signal/alerts-2/high", delivered=True)
    assert texts_to_page(facts(register(), *bodies).history, datetime(2000, 1, 1, tzinfo=UTC)) == {DIGEST}
    assert texts_to_page(facts(register(), *bodies, told).history, datetime(2000, 1, 1, tzinfo=UTC)) == frozenset()


LEVELS = st.sampled_from(list(Severity))


@pytest.mark.slow
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), LEVELS), max_size=12), st.sets(LEVELS, min_size=1))
def test_every_rise_into_a_told_severity_is_told_once_and_nothing_else(
    steps: list[tuple[str, Severity]], told: set[Severity]
) -> None:
    """Sweeps after each change of one incident: what is sent is what exceeds all that was sent or there before."""
    present: dict[str, Severity] = {}
    highest: dict[str, Severity] = {}
    bodies: list[Body] = []
    names = sorted(str(severity) for severity in told)

    def sweep() -> list[str]:
        own = watched(*(incident(name, str(level)) for name, level in present.items()), severities=names)
        bodies.extend(record.body for record in beginnings(facts(own, *bodies)))
        sent = due(own, *bodies)
        bodies.extend(Paged(hook="on-call", about=about, delivered=True) for about in sent)
        assert due(own, *bodies) == []
        return sent

    assert sweep() == []
    for name, level in steps:
        present[name] = level
        before = highest.get(name)
        expected = level in told and (before is None or not before.reaches(level))
        assert sweep() == ([f"incident/{name}/{level}"] if expected else [])
        if expected:
            highest[name] = level


def test_nothing_is_recorded_where_no_webhook_is_configured() -> None:
    assert list(beginnings(facts(register(incident("leak", "critical"))))) == []
