"""data-unknown: silence and failure of a source, fired once for each outage. A week's outage is one blind re-assessment."""

from datetime import datetime, timedelta

import pytest

from reassay.assessment.cells import State, assess
from reassay.assessment.triggers.base import Blind, Fired, Pending, Result
from reassay.ledger.signals import SourceRead, SourceState
from reassay.signals.source_settings import settings_digest
from tests.make import TODAY, Story, at, mitigation, register

NOW = at(TODAY)
ALERTS = {"id": "alerts", "kind": "file", "path": "alerts.json"}
TRIGGERS = [{"kind": "data-unknown", "source": "alerts", "silent_for": "2 days"}]


def story() -> Story:
    stated = mitigation(
        "filter", every=None, last_assessed="2026-11-01", reassess={"every": "6 months", "triggers": TRIGGERS}
    )
    return Story(register(stated, signals={"sources": [ALERTS]}))


def read(own: Story, state: SourceState = "read", newest: datetime | None = None, why: str | None = None) -> None:
    (spec,) = own.register.configuration.signals.sources
    own.add(SourceRead(source="alerts", settings=settings_digest(spec), state=state, newest=newest, why=why))


def result(own: Story) -> Result:
    (status,) = assess(own.assessment_input)
    return next(result for result in status.results if result.kind == "data-unknown")


def test_one_that_was_never_read_is_blind() -> None:
    assert result(story()) == Blind("data-unknown", "the source alerts was never read")


def test_it_says_until_when_its_last_word_is_enough() -> None:
    own = story()
    read(own, newest=NOW - timedelta(hours=3))
    pending = result(own)
    assert isinstance(pending, Pending)
    assert pending.opens == TODAY + timedelta(days=2)
    assert pending.reason == "the source alerts last spoke at 2026-12-01 06:00 UTC"


SILENCES: list[tuple[str, list[tuple[SourceState, timedelta | None]], bool]] = [
    ("an item two days old is enough", [("read", timedelta(days=2))], False),
    ("an older one is silence", [("read", timedelta(days=2, minutes=1))], True),
    ("without an item its first reading counts", [("read", None)], False),
    ("a failure since just now is blind and not yet too long", [("failed", timedelta(hours=1))], False),
]


@pytest.mark.parametrize(("what", "readings", "fires"), SILENCES, ids=[what for what, *_ in SILENCES])
def test_silence_counts_from_the_newest_item(
    what: str, readings: list[tuple[SourceState, timedelta | None]], fires: bool
) -> None:
    own = story()
    for state, age in readings:
        read(own, state, NOW - age if age else None)
    assert isinstance(result(own), Fired) is fires, what


def test_a_failure_counts_from_its_beginning_also_where_items_still_come() -> None:
    own = story()
    read(own, newest=NOW)
    read(own, "failed", NOW, "row 3 has no key")
    for day in range(4):
        own.now = NOW + timedelta(days=day, hours=1)
        read(own, "failed", own.now, "row 3 has no key")
    fired = result(own)
    assert isinstance(fired, Fired)
    assert fired.about == "alerts since 2026-12-01T09:00"


def test_a_weeks_outage_is_one_blind_reassessment_and_the_next_outage_is_another() -> None:
    own = story()
    read(own, newest=NOW)
    for day in range(1, 8):
        own.now = NOW + timedelta(days=day)
        own.sweep()
    (opened,) = own.opened()
    assert [trigger.kind for trigger in opened.triggers] == ["data-unknown"]
    own.conclude("filter")
    own.now += timedelta(days=1)
    assert own.sweep() == ()
    still = result(own)
    assert isinstance(still, Blind)
    assert "a decision was made since, and the source still has the same problem" in still.reason
    (status,) = assess(own.assessment_input)
    assert status.state is State.UNKNOWN
    read(own, newest=own.now)
    (status,) = assess(own.assessment_input)
    assert status.state is State.CURRENT
    own.now += timedelta(days=3)
    own.sweep()
    assert len(own.opened()) == 2


def test_a_decision_before_it_was_too_long_does_not_settle_it() -> None:
    own = story()
    read(own, newest=NOW)
    own.sweep()
    own.now = NOW + timedelta(days=3)
    own.sweep()
    own.conclude("filter")
    read(own, newest=own.now)
    own.now += timedelta(days=1)
    assert isinstance(result(own), Pending)
    own.now += timedelta(days=2)
    assert isinstance(result(own), Fired)
