"""What of received signals triggers see: incidents at once, information until it is triaged, and nothing of a baseline."""

from datetime import timedelta

import pytest

from reassay.assessment.cells import CellStatus, State, assess
from reassay.assessment.triage import triage_items
from reassay.assessment.triggers.base import Blind, Fired, Pending, Skipped
from reassay.common.canonical import digest
from reassay.ledger.risks import Triaged
from reassay.ledger.signals import ReceivedSignal, SignalsReceived, SourceRead, SourceState
from reassay.register.incident import Incident, Severity
from reassay.register.information import InformationItem
from reassay.register.register import RegisterObject
from reassay.signals.received import cause_digest
from reassay.signals.source_settings import content_of, settings_digest
from tests.make import TODAY, Story, at, commitment, deployment, made, mitigation, register

NOW = at(TODAY)
ALERTS = {"id": "alerts", "kind": "file", "path": "alerts.json"}
NEWS = {"id": "news", "kind": "file", "path": "news.json", "gives": "information"}


def received(name: str, **fields: object) -> ReceivedSignal:
    values = {
        "id": name, "key": digest(name.encode()), "gives": "incident", "first_seen_at": NOW - timedelta(hours=2),
        "severity": Severity.CRITICAL, "incident_kind": "incident", "mitigations": ("filter",), "content": content_of(name),
    }  # fmt: skip
    return ReceivedSignal.model_construct(**(values | fields))  # type: ignore[arg-type] # fields of a signal


def item(name: str, **fields: object) -> ReceivedSignal:
    usual = {"gives": "information", "severity": None, "incident_kind": None, "information_kind": "jailbreak"}
    return received(name, **(usual | fields))


def story(*objects: RegisterObject) -> Story:
    own = Story(
        register(mitigation("filter", last_assessed="2026-11-01"), *objects, signals={"sources": [ALERTS, NEWS]})
    )
    for spec in own.register.configuration.signals.sources:
        own.add(SourceRead(source=spec.id, settings=settings_digest(spec), state="read"))
    return own


def take(own: Story, *signals: ReceivedSignal, baseline: bool = False) -> None:
    own.add(
        SignalsReceived.model_construct(kind="signals-received", source="alerts", baseline=baseline, signals=signals)
    )


def cell(own: Story) -> CellStatus:
    (status,) = (status for status in assess(own.assessment_input) if status.subject == "filter")
    return status


def result(own: Story, kind: str) -> Fired | Pending | Skipped | Blind:
    return next(result for result in cell(own).results if result.kind == kind)


def triage(own: Story, name: str, *, material: bool) -> None:
    own.add(Triaged(information=name, material=material, because=digest(b"because"), role="red-team-lead"), 2)


def test_a_critical_incident_fires_at_once_and_says_which() -> None:
    own = story()
    take(own, received("alerts-1"))
    fired = result(own, "incident-severity")
    assert isinstance(fired, Fired)
    assert fired.reason == "'alerts-1' (critical incident)"
    assert cell(own).state is State.TRIGGERED


def test_a_baseline_triggers_nothing_until_a_person_triages_it_as_material() -> None:
    own = story()
    take(own, received("alerts-1"), item("news-1"), baseline=True)
    assert cell(own).state is State.CURRENT
    triage(own, "alerts-1", material=True)
    assert isinstance(result(own, "incident-severity"), Fired)


def test_a_baseline_that_becomes_graver_is_news() -> None:
    own = story()
    take(own, received("alerts-1", severity=Severity.LOW), baseline=True)
    assert isinstance(result(own, "incident-severity"), Skipped)
    take(own, received("alerts-1", severity=Severity.CRITICAL, content=content_of("graver")))
    assert isinstance(result(own, "incident-severity"), Fired)


def test_one_that_a_person_triaged_as_no_incident_counts_no_longer() -> None:
    own = story()
    take(own, received("alerts-1"))
    triage(own, "alerts-1", material=False)
    assert isinstance(result(own, "incident-severity"), Skipped)


def test_one_that_the_register_names_counts_there_alone() -> None:
    written = made(
        Incident, id="outage", severity="critical", first_seen_at="2026-12-01T06:00:00Z", mitigations_failed=["filter"],
        signals=["alerts-1"],
    )  # fmt: skip
    own = story(written)
    take(own, received("alerts-1"))
    fired = result(own, "incident-severity")
    assert isinstance(fired, Fired)
    assert fired.reason == "'outage' (critical incident)"


def outage(**fields: object) -> Incident:
    values = {"severity": "critical", "first_seen_at": "2026-12-01T06:00:00Z", "mitigations_failed": ["filter"]}
    return made(Incident, id="outage", signals=["alerts-1"], **(values | fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"severity": "low"},
        {"kind": "hazard"},
        {"first_seen_at": "2031-01-01T00:00:00Z"},
        {"mitigations_failed": []},
        {"mitigations_failed": ["monitor"]},
        {"deployment": "staff-app"},
        {"similar_model": True},
    ],
    ids=str,
)
def test_an_entry_never_says_less_than_the_signal_it_stands_for_until_a_person_triaged_that(
    fields: dict[str, object],
) -> None:
    places = (deployment("public-api"), deployment("staff-app"))
    own = Story(
        register(
            mitigation("filter", last_assessed="2026-11-01", deployments=["public-api"]), mitigation("monitor"),
            outage(**fields), *places, signals={"sources": [ALERTS]},
        )
    )  # fmt: skip
    spec = own.register.configuration.signals.sources[0]
    own.add(SourceRead(source=spec.id, settings=settings_digest(spec), state="read"))
    take(own, received("alerts-1", deployment="public-api"))
    assert isinstance(result(own, "incident-severity"), Fired)
    triage(own, "alerts-1", material=False)
    assert isinstance(result(own, "incident-severity"), Skipped)


def test_what_an_entry_stands_for_can_still_be_triaged() -> None:
    own = story(outage(severity="low"))
    take(own, received("alerts-1"))
    assert list(triage_items(own.assessment_input)) == ["alerts-1"]


def test_an_entry_about_a_baseline_says_what_it_says() -> None:
    own = story(outage(severity="low"))
    take(own, received("alerts-1"), baseline=True)
    assert isinstance(result(own, "incident-severity"), Skipped)


def test_an_information_item_does_not_stand_for_an_incident() -> None:
    note = made(
        InformationItem, id="note", known_at=NOW, source="a note", affects=["filter"], signals=["alerts-1"],
        kind="jailbreak",
    )  # fmt: skip
    own = story(note)
    take(own, received("alerts-1"))
    assert isinstance(result(own, "incident-severity"), Fired)


def test_writing_down_what_a_decision_knew_asks_for_nothing_again() -> None:
    own = story()
    take(own, received("alerts-1"))
    own.sweep()
    own.conclude("filter")
    own.register = story(outage()).register
    assert isinstance(result(own, "incident-severity"), Skipped)
    assert own.sweep() == ()


def test_one_cause_counts_once_across_sources_and_register() -> None:
    written = made(
        Incident, id="outage", severity="critical", first_seen_at="2026-12-01T06:00:00Z", mitigations_failed=["filter"],
        root_cause="classifier down",
    )  # fmt: skip
    own = story(written)
    cause = cause_digest("classifier down")
    take(own, received("alerts-1", root_cause=cause), received("alerts-2", root_cause=cause))
    fired = result(own, "incident-severity")
    assert isinstance(fired, Fired)
    assert fired.about == "classifier down"
    other = cause_digest("another")
    take(own, received("alerts-3", root_cause=other), received("alerts-4", root_cause=other))
    fired = result(own, "incident-severity")
    assert isinstance(fired, Fired)
    assert fired.about == f"cause-{other.removeprefix('sha256:')[:12]},classifier down"


def test_information_is_triaged_in_time_or_counts_as_material() -> None:
    own = story()
    take(own, item("news-1"))
    waiting = result(own, "new-information")
    assert isinstance(waiting, Pending)
    assert "'news-1' has to be triaged by" in waiting.reason
    own.now = at(waiting.opens)
    late = result(own, "new-information")
    assert isinstance(late, Fired)
    assert "was not triaged in time, so it counts as material" in late.reason


@pytest.mark.parametrize(("material", "expected"), [(True, Fired), (False, Skipped)])
def test_a_triage_says_whether_information_is_material(material: bool, expected: type) -> None:
    own = story()
    take(own, item("news-1"))
    triage(own, "news-1", material=material)
    assert isinstance(result(own, "new-information"), expected)


def test_old_news_that_arrives_late_is_news_of_the_day_on_which_it_came() -> None:
    own = story()
    take(
        own,
        item("news-1", first_seen_at=at(TODAY) - timedelta(days=400)),
        received("alerts-1", first_seen_at=at(TODAY) - timedelta(days=400)),
    )
    assert isinstance(result(own, "new-information"), Pending)
    assert isinstance(result(own, "incident-severity"), Fired)


def test_a_decision_settles_what_it_knew_and_not_what_came_after() -> None:
    own = story()
    take(own, received("alerts-1"))
    own.sweep()
    own.conclude("filter")
    assert isinstance(result(own, "incident-severity"), Skipped)
    take(own, received("alerts-2"))
    fired = result(own, "incident-severity")
    assert isinstance(fired, Fired)
    assert fired.about == "alerts-2"


def test_a_source_that_failed_makes_what_rests_on_it_blind_and_no_more() -> None:
    own = story()
    spec = own.register.configuration.signals.sources[0]
    own.add(SourceRead(source="alerts", settings=settings_digest(spec), state="failed", why="it is gone"))
    assert isinstance(result(own, "incident-severity"), Blind)
    assert isinstance(result(own, "new-information"), Skipped)
    status = cell(own)
    assert status.state is State.UNKNOWN
    assert "the source alerts cannot be relied on since 2026-12-01 09:00 UTC: it is gone" in status.reason
    take(own, received("alerts-1"))
    assert cell(own).state is State.TRIGGERED


RATE = {"kind": "incident-rate", "stated_by": "safety-lead", "accepted": "6 per year", "since": "2026-11-01"}


@pytest.mark.parametrize(
    "rate", [RATE, {**RATE, "method": "change", "run_length": "10 years"}], ids=["ceiling", "change"]
)
@pytest.mark.parametrize(("state", "kind"), [("failed", Blind), ("read", Skipped)])
def test_a_rate_of_incidents_rests_on_the_sources_of_incidents(
    rate: dict[str, object], state: SourceState, kind: type
) -> None:
    own = Story(register(commitment(triggers=[rate]), signals={"sources": [ALERTS, NEWS]}))
    for spec in own.register.configuration.signals.sources:
        own.add(SourceRead(source=spec.id, settings=settings_digest(spec), state=state))
    (status,) = assess(own.assessment_input)
    assert isinstance(next(own for own in status.results if own.kind == "incident-rate"), kind)


def test_a_source_for_other_mitigations_says_nothing_of_this_one() -> None:
    other = mitigation("monitor")
    own = Story(
        register(
            mitigation("filter", last_assessed="2026-11-01"),
            other,
            signals={"sources": [ALERTS | {"mitigations": ["monitor"]}]},
        )
    )
    assert cell(own).state is State.CURRENT
    (status,) = (status for status in assess(own.assessment_input) if status.subject == "monitor")
    assert any(isinstance(own, Blind) and own.kind == "incident-severity" for own in status.results)


def test_an_item_of_the_register_keeps_its_own_life() -> None:
    written = made(
        InformationItem,
        id="paper",
        kind="research",
        known_at="2026-11-30T06:00:00Z",
        source="S",
        affects=["filter"],
        signals=["news-1"],
    )
    own = story(written)
    take(own, item("news-1"), item("news-2"))
    assert set(own.assessment_input.register_index.every_item) == {"paper", "news-2"}
    assert set(own.assessment_input.register.information_items) == {"paper"}
    assert [own.signal.id for own in own.assessment_input.register_index.received.waiting] == ["news-2"]
    assert own.assessment_input.register_index.received.can_be_triaged("news-1") is None
