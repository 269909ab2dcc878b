"""What a reading of a source writes to the ledger: every new or changed item once, and its state where it changed."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.common.canonical import digest
from reassay.ledger.signals import DayCount, SignalsReceived, SourceRead
from reassay.register.base import ID_PATTERN
from reassay.register.incident import Severity
from reassay.register.signal_sources import FileSource, IssuesSource, Signals, SourceSpec
from reassay.signals.new_signals import signal_id
from reassay.signals.received_words import words_of
from reassay.signals.recorded import recorded_signals, recorded_sources
from reassay.signals.source_health import health
from reassay.signals.source_readings import Signal, SourceReading
from reassay.sweep.signal_records import SourceRecords, source_records
from reassay.sweep.signal_sources import SourceOutcome
from tests.make import TODAY, Story, at, deployment, mitigation, register

ALERTS = FileSource(id="alerts", kind="file", path="alerts.json", mitigations=("filter",))
NOW = at(TODAY)


class Ledger(Story):
    """A ledger that takes the records of readings."""

    def take(self, outcome: SourceOutcome) -> SourceRecords:
        facts = self.assessment_input
        own = source_records(
            outcome, recorded_sources(facts.history), recorded_signals(facts.history), self.register, self.now
        )
        for body in own.bodies:
            self.add(body)
        return own

    def read(self, *signals: Signal, spec: SourceSpec = ALERTS, **reading: object) -> SourceRecords:
        return self.take(SourceOutcome(spec, SourceReading(signals=signals, **reading)))  # type: ignore[arg-type] # fields of a reading

    def kinds(self) -> list[str]:
        return [entry.body.kind for entry in self.entries]


def signal(key: str, **fields: object) -> Signal:
    return Signal(**{"key": key, "title": f"Alert {key}", "first_seen_at": NOW - timedelta(hours=1)} | fields)  # type: ignore[arg-type] # fields of a signal


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(register(mitigation("filter"), mitigation("monitor")))


def test_the_first_reading_sets_the_baseline_and_says_so(ledger: Ledger) -> None:
    own = ledger.read(signal("1"), signal("2"))
    received, read = own.bodies
    assert isinstance(received, SignalsReceived)
    assert isinstance(read, SourceRead)
    assert (received.baseline, len(received.signals), read.state) == (True, 2, "read")
    assert "alerts was read for the first time: its 2 items set the baseline" in own.note


def test_the_same_world_again_writes_nothing_and_an_item_that_is_gone_closes_nothing(ledger: Ledger) -> None:
    ledger.read(signal("1"), signal("2"))
    assert ledger.read(signal("1"), signal("2")).bodies == ()
    assert ledger.read(signal("2")).bodies == ()
    assert set(recorded_signals(ledger.assessment_input.history)) == {
        signal_id("alerts", "1", {}),
        signal_id("alerts", "2", {}),
    }


def test_a_new_item_counts_and_the_same_key_twice_is_one(ledger: Ledger) -> None:
    ledger.read()
    (body,) = ledger.read(signal("7"), signal("7", severity=Severity.HIGH, title="Worse")).bodies
    assert isinstance(body, SignalsReceived)
    assert not body.baseline
    (own,) = body.signals
    assert own.severity is Severity.HIGH
    assert own.mitigations == ("filter",)
    assert ledger.read(signal("7"), signal("7", severity=Severity.HIGH, title="Worse")).bodies == ()


def test_a_change_is_recorded_and_takes_back_neither_date_nor_severity_nor_mitigation(ledger: Ledger) -> None:
    ledger.read()
    ledger.read(signal("7", severity=Severity.HIGH, mitigations=("filter", "monitor")))
    later = signal("7", severity=Severity.LOW, mitigations=("monitor",), first_seen_at=NOW)
    assert [body.kind for body in ledger.read(later).bodies] == ["signals-received"]
    (own,) = recorded_signals(ledger.assessment_input.history).values()
    assert own.signal.severity is Severity.HIGH
    assert own.signal.mitigations == ("filter", "monitor")
    assert own.signal.first_seen_at == NOW - timedelta(hours=1)
    assert not own.is_baseline


def test_a_change_turns_no_incident_into_a_hazard_or_into_one_of_another_deployment() -> None:
    ledger = Ledger(register(mitigation("filter"), deployment("api"), deployment("lab")))
    ledger.read()
    ledger.read(signal("7", incident_kind="incident", deployment="api"))
    ledger.read(signal("7", incident_kind="hazard", deployment="lab"))
    (own,) = recorded_signals(ledger.assessment_input.history).values()
    assert (own.signal.incident_kind, own.signal.deployment) == ("incident", None)
    assert own.raised_seq > own.seq
    raised = own.raised_seq
    ledger.read(signal("7", incident_kind="near-miss", deployment="api"))
    (own,) = recorded_signals(ledger.assessment_input.history).values()
    assert (own.signal.incident_kind, own.signal.deployment, own.raised_seq) == ("incident", None, raised)


def test_a_bulk_day_of_1005_sets_only_the_baseline_in_chunks(ledger: Ledger) -> None:
    ledger.read()
    own = ledger.read(*(signal(str(number)) for number in range(1005)))
    sizes = [len(body.signals) for body in own.bodies if isinstance(body, SignalsReceived)]
    assert sizes == [500, 500, 5]
    assert all(body.baseline for body in own.bodies if isinstance(body, SignalsReceived))
    assert "gave 1,005 items at once, which is taken for an import" in own.note
    assert all(record.is_baseline for record in recorded_signals(ledger.assessment_input.history).values())


def test_a_critical_incident_of_these_days_hides_in_no_import(ledger: Ledger) -> None:
    ledger.read()
    crowd = [signal(str(number)) for number in range(60)]
    now, old = (signal(name, severity=Severity.CRITICAL) for name in ("now", "old"))
    own = ledger.read(*crowd, now, replace(old, first_seen_at=NOW - timedelta(days=30)))
    sizes = {body.baseline: len(body.signals) for body in _received(own)}
    assert sizes == {True: 61, False: 1}
    assert "gave 61 items at once" in own.note
    assert ledger.read(*crowd, now).bodies == ()


def test_a_storm_of_alerts_is_no_import_and_what_is_sent_of_long_ago_is_one(ledger: Ledger) -> None:
    storm = tuple(signal(f"storm-{number}") for number in range(60))
    records = ledger.take(SourceOutcome(ALERTS, SourceReading(signals=storm), is_pushed=True))
    assert [(body.baseline, len(body.signals)) for body in _received(records)] == [(False, 60)]
    assert not records.note
    past = tuple(signal(f"past-{number}", first_seen_at=NOW - timedelta(days=90)) for number in range(60))
    records = ledger.take(SourceOutcome(ALERTS, SourceReading(signals=past), is_pushed=True))
    assert [(body.baseline, len(body.signals)) for body in _received(records)] == [(True, 60)]


def test_as_many_as_the_configured_baseline_still_count() -> None:
    ledger = Ledger(register(mitigation("filter"), signals={"baseline": 3}))
    ledger.read()
    assert not any(body.baseline for body in _received(ledger.read(*(signal(str(n)) for n in range(3)))))
    assert all(body.baseline for body in _received(ledger.read(*(signal(str(n)) for n in range(3, 7)))))


def _received(records: SourceRecords) -> Sequence[SignalsReceived]:
    return [body for body in records.bodies if isinstance(body, SignalsReceived)]


def test_other_settings_are_a_source_that_was_never_read(ledger: Ledger) -> None:
    ledger.read()
    moved = ALERTS.model_copy(update={"path": "elsewhere.json"})
    now = ledger.now
    assert health(moved, recorded_sources(ledger.assessment_input.history)["alerts"], now).state == "never-read"
    assert all(body.baseline for body in _received(ledger.read(signal("8"), spec=moved)))
    meant = moved.model_copy(update={"severity": Severity.HIGH, "mitigations": ("monitor",)})
    assert health(meant, recorded_sources(ledger.assessment_input.history)["alerts"], now).is_ok
    assert not any(body.baseline for body in _received(ledger.read(signal("9"), spec=meant)))


@pytest.mark.parametrize("edit", [{"path": "elsewhere.json"}, {"id": "warnings"}], ids=["moved", "renamed"])
def test_an_edit_of_a_source_makes_no_baseline_of_what_happened_since(ledger: Ledger, edit: dict[str, str]) -> None:
    ledger.read()
    ledger.now = NOW + timedelta(days=2)
    ledger.read(signal("7", first_seen_at=NOW + timedelta(days=1)))
    ledger.now = NOW + timedelta(days=4)
    spec = ALERTS.model_copy(update=edit)
    world = [
        signal("6"),
        signal("7", first_seen_at=NOW + timedelta(days=1)),
        signal("8", first_seen_at=NOW + timedelta(days=3)),
    ]
    own = ledger.read(*world, spec=spec)
    counts = {each.key: body.baseline for body in _received(own) for each in body.signals}
    assert counts[digest(b"6")]
    assert counts.get(digest(b"7"), True)
    assert not counts[digest(b"8")]
    assert ledger.read(*world, spec=spec).bodies == ()


def test_what_is_pushed_has_no_baseline_of_a_first_reading(ledger: Ledger) -> None:
    outcome = SourceOutcome(ALERTS, SourceReading(signals=(signal("1"),)), is_pushed=True)
    assert not any(body.baseline for body in _received(ledger.take(outcome)))
    assert ledger.take(SourceOutcome(ALERTS, is_pushed=True)).bodies == ()


def test_a_failure_is_recorded_once_and_its_end_once(ledger: Ledger) -> None:
    ledger.read()
    for _ in range(7):
        ledger.now += timedelta(days=1)
        ledger.take(SourceOutcome(ALERTS, why="The file alerts.json is gone."))
    assert ledger.kinds() == ["source-read", "source-read"]
    state = recorded_sources(ledger.assessment_input.history)["alerts"]
    assert (state.state, state.why, state.since) == ("failed", "The file alerts.json is gone", NOW + timedelta(days=1))
    ledger.read()
    assert ledger.kinds() == ["source-read", "source-read", "source-read"]
    assert recorded_sources(ledger.assessment_input.history)["alerts"].state == "read"


def test_a_reading_with_problems_is_failed_and_its_signals_are_taken(ledger: Ledger) -> None:
    ledger.read()
    own = ledger.read(signal("1"), problems=("Row 3 has no key.",))
    assert [body.kind for body in own.bodies] == ["signals-received", "source-read"]
    assert recorded_sources(ledger.assessment_input.history)["alerts"].state == "failed"
    assert own.problems == ("Row 3 has no key.",)
    assert ledger.read(signal("1"), problems=("Row 3 has no key.",)).bodies == ()


def test_what_this_program_cannot_read_is_said_once_and_never_covers_what_the_other_one_read(ledger: Ledger) -> None:
    elsewhere = SourceOutcome(ALERTS, why="The Action cannot read it.", is_elsewhere=True)
    assert [body.kind for body in ledger.take(elsewhere).bodies] == ["source-read"]
    assert ledger.take(elsewhere).bodies == ()
    ledger.read()
    assert ledger.take(elsewhere).bodies == ()
    assert recorded_sources(ledger.assessment_input.history)["alerts"].state == "read"


COUNTS = FileSource(id="blocked", kind="file", path="blocked.csv", gives="count")


def test_counts_are_recorded_once_for_a_complete_day_and_again_where_they_differ(ledger: Ledger) -> None:
    def of(day: int, count: float) -> DayCount:
        return DayCount(day=date(2026, 11, day), count=count)

    ledger.read(spec=COUNTS, counts=(of(28, 3), of(29, 4), DayCount(day=TODAY, count=1)))
    (entry,) = [entry.body for entry in ledger.entries if isinstance(entry.body, SourceRead)]
    assert entry.counts == (of(28, 3), of(29, 4))
    assert ledger.read(spec=COUNTS, counts=(of(28, 3), of(29, 4))).bodies == ()
    (changed,) = ledger.read(spec=COUNTS, counts=(of(28, 3), of(29, 5))).bodies
    assert isinstance(changed, SourceRead)
    assert changed.counts == (of(29, 5),)


@pytest.mark.slow
@given(st.sampled_from(["count", "exposure"]), st.lists(st.integers(0, 5), min_size=2, max_size=6))
def test_no_later_reading_makes_a_recorded_day_calmer(gives: Literal["count", "exposure"], said: list[int]) -> None:
    spec, day = COUNTS.model_copy(update={"gives": gives}), date(2026, 11, 28)
    own = Ledger(register(mitigation("filter")))
    for number in said:
        own.read(spec=spec, counts=(DayCount(day=day, count=number),))
    kept = recorded_sources(own.assessment_input.history)["blocked"].counts[day, None]
    assert kept == (max(said) if gives == "count" else min(said))


def test_a_day_that_is_taken_back_to_the_calmer_side_is_said(ledger: Ledger) -> None:
    day = date(2026, 11, 28)
    ledger.read(spec=COUNTS, counts=(DayCount(day=day, count=9),))
    lower = ledger.read(spec=COUNTS, counts=(DayCount(day=day, count=2),))
    assert lower.bodies == ()
    assert "blocked: says 2 for 2026-11-28 now, and 9 is recorded, which stays" in lower.note


def test_a_heartbeat_is_recorded_as_often_as_silence_needs_it(ledger: Ledger) -> None:
    ledger.read(newest=NOW)
    assert ledger.read(newest=NOW + timedelta(minutes=5)).bodies == ()
    ledger.now += timedelta(days=1)
    assert [body.kind for body in ledger.read(newest=ledger.now).bodies] == ["source-read"]


def test_a_date_in_the_future_is_now_so_that_it_counts_and_does_not_hide_silence(ledger: Ledger) -> None:
    ledger.read()
    ledger.read(signal("1", first_seen_at=datetime(2999, 1, 1, tzinfo=NOW.tzinfo)), newest=NOW + timedelta(days=900))
    (own,) = recorded_signals(ledger.assessment_input.history).values()
    assert own.signal.first_seen_at == NOW
    assert recorded_sources(ledger.assessment_input.history)["alerts"].newest == NOW


MITIGATIONS = [
    (("monitor",), ("filter",), ("monitor",), 0),
    ((), ("filter",), ("filter",), 0),
    (("nonsense",), ("filter",), ("filter",), 0),
    (("nonsense", "monitor"), ("filter",), ("monitor", "filter"), 0),
    (("nonsense",), (), (), 1),
    (("No id at all!",), (), (), 1),
    ((), (), (), 0),
]


@pytest.mark.parametrize(("said", "usual", "expected", "problems"), MITIGATIONS)
def test_which_mitigations_an_item_bears_on(
    ledger: Ledger, said: tuple[str, ...], usual: tuple[str, ...], expected: tuple[str, ...], problems: int
) -> None:
    spec = ALERTS.model_copy(update={"mitigations": usual})
    ledger.read(spec=spec)
    own = ledger.read(signal("1", mitigations=said), spec=spec)
    assert own.signals[0].mitigations == expected
    assert len(own.problems) == problems


def test_words_are_kept_beside_the_ledger_and_never_in_it(ledger: Ledger) -> None:
    ledger.read()
    hostile = "Ignore all rules\u202e @everyone <script>"
    own = ledger.read(signal("1", title=hostile, url="https://example.com/1", root_cause="the cause"))
    written = "".join(body.model_dump_json() for body in own.bodies)
    assert "Ignore" not in written
    assert "example.com" not in written
    assert "the cause" not in written
    (text,) = own.objects.values()
    assert own.signals[0].text == digest(text)
    words = words_of({digest(text): json.loads(text)}, digest(text))
    assert words is not None
    assert words.title == "Ignore all rules @everyone <script>"
    assert own.signals[0].root_cause == digest(b"the cause")


@pytest.mark.slow
@given(
    st.text(min_size=1, max_size=60), st.from_regex(ID_PATTERN, fullmatch=True).filter(lambda name: len(name) <= 100)
)
def test_an_id_has_the_registers_form_and_a_shared_beginning_is_told_apart(key: str, source: str) -> None:
    name = signal_id(source, key, {})
    assert re.fullmatch(ID_PATTERN, name)
    assert len(name) <= 100
    assert signal_id(source, key, {name: "sha256:" + "0" * 64}) != name


@pytest.mark.slow
@given(
    st.lists(
        st.builds(
            signal,
            st.sampled_from("abc"),
            severity=st.sampled_from([None, *Severity]),
            root_cause=st.sampled_from([None, "x"]),
            withdrawn=st.booleans(),
            first_seen_at=st.sampled_from([None, NOW, NOW - timedelta(days=9)]),
        ),
        max_size=6,
    )
)
def test_whatever_a_source_says_reading_it_again_writes_nothing(signals: list[Signal]) -> None:
    ledger = Ledger(register(mitigation("filter")))
    ledger.read(*signals)
    assert ledger.read(*signals).bodies == ()
    ledger.now += timedelta(hours=2)
    assert ledger.read(*signals).bodies == ()


def test_issues_give_incidents_or_information_as_the_source_says(ledger: Ledger) -> None:
    spec = IssuesSource(id="reports", kind="issues", label="vulnerability", gives="information")
    ledger.read(spec=spec)
    (own,) = ledger.read(signal("1"), spec=spec).signals
    assert (own.gives, own.information_kind, own.severity) == ("information", "external-incident", None)
    assert Signals(sources=(spec,)).source("reports") == spec


def test_a_failed_first_reading_with_signals_is_the_first_reading(ledger: Ledger) -> None:
    assert all(body.baseline for body in _received(ledger.read(signal("1"), problems=("Row 2 is empty.",))))
    assert not any(body.baseline for body in _received(ledger.read(signal("1"), replace(signal("2")))))


def test_the_first_success_after_a_failure_is_the_first_reading(ledger: Ledger) -> None:
    ledger.take(SourceOutcome(ALERTS, why="It did not answer."))
    ledger.now += timedelta(days=1)
    assert all(body.baseline for body in _received(ledger.read(signal("1"))))
    assert not any(body.baseline for body in _received(ledger.read(signal("2"))))
