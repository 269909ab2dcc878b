"""The trigger on incident rates over a ledger: what counts, what a decision signs, and what nobody can quiet."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from reassay.assessment.incident_rates.words import rounded_words
from reassay.assessment.triggers.base import Blind, Fired, Skipped
from reassay.register.base import Depth
from reassay.register.incident import Incident
from reassay.register.register import RegisterObject
from tests.examples import examples
from tests.make import Story, deployment, made, mitigation, register
from tests.unit.assessment.triggers.rate_stories import (
    BEGAN,
    BURST,
    RULE,
    TODAY,
    fired,
    incident,
    incidents,
    result,
    story,
)
from tests.unit.assessment.triggers.test_incident_rate_promises import PROMISE
from tests.unit.register.trees import read


def test_an_alarm_is_one_sentence_of_counts() -> None:
    own = fired(story(*incidents(*BURST)))
    assert own.reason == (
        "5 incidents since Sun 1 Feb 2026; 0.99 were accepted by Wed 1 Apr 2026 (6 per year, stated by safety-lead); "
        "5 is the number at which this rule fires. If these 5 were 4 causes, it would not. "
        "That is 30 a year (95% interval of one look: 9.9 to 71)"
    )
    assert (own.depth, own.about) == (Depth.LIGHT, "ceiling: incident; 6 per year; level 20; since 2026-02-01")


def test_before_it_fires_the_counts_and_the_number_at_which_it_fires_are_said() -> None:
    own = result(story(*incidents(*BURST[:4])))
    assert own == Skipped(
        "incident-rate",
        "4 incidents since Sun 1 Feb 2026; 1 was accepted by now (6 per year, stated by safety-lead); "
        "5 is the number at which this rule fires",
    )


def test_from_the_evidence_of_100_on_it_is_in_full_and_a_stated_depth_never_makes_it_lighter() -> None:
    seven = incidents(*BURST, "2026-04-01", "2026-04-01")
    assert fired(story(*seven)).depth is Depth.FULL
    assert "in full (evidence 100)" in fired(story(*seven)).reason
    assert fired(story(*seven, rule=RULE | {"depth": "light"})).depth is Depth.FULL
    assert fired(story(*incidents(*BURST), rule=RULE | {"depth": "full"})).depth is Depth.FULL


def test_a_second_sweep_writes_nothing() -> None:
    told = story(*incidents(*BURST))
    assert len(told.sweep()) == 1
    for day in (3, 10, 30):
        told.move_to(date(2026, 4, 2) + timedelta(days=day))
        assert told.sweep() == ()


def test_one_count_a_root_cause() -> None:
    reports = [incident(day, f"report-{number}", root_cause="one hole") for number, day in enumerate(BURST * 3)]
    assert result(story(*reports)).reason.startswith("1 incident since")


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({}, True),
        ({"severity": "critical"}, True),
        ({"kind": "near-miss"}, False),
        ({"similar_model": True}, False),
        ({"mitigations_failed": ["other"]}, False),
        ({"deployment": "public-api"}, True),
        ({"deployment": "staff-app"}, False),
    ],
)
def test_incidents_count_by_kind_and_cell(fields: dict[str, object], counts: bool) -> None:
    objects: list[RegisterObject] = [mitigation("other"), deployment(), deployment("staff-app")]
    seen = incident("2026-02-10", "seen", **fields)
    told = story(*objects, seen, deployments=["public-api", "staff-app"])
    assert result(told, "public-api").reason.startswith(f"{int(counts)} incident")


def test_kinds_severity_and_similar_models_can_be_chosen() -> None:
    chosen = RULE | {"kinds": ["near-miss", "incident"], "at_least": "high", "similar_models": True}
    seen = [
        incident("2026-02-10", "low"),
        incident("2026-02-11", "high", severity="high", similar_model=True),
        incident("2026-02-12", "near", severity="critical", kind="near-miss"),
    ]
    told = story(*seen, rule=chosen)
    assert result(told).reason.startswith("2 reports since")


@pytest.mark.parametrize("day", ["2025-12-31", "2026-01-30", "2026-01-31"])
def test_what_was_seen_before_the_watch_began_is_its_baseline(day: str) -> None:
    assert result(story(*(incident(day, f"old-{number}") for number in range(30)))).reason.startswith(
        "0 incidents since"
    )


def test_since_sets_the_first_day_of_the_watch() -> None:
    rule = RULE | {"since": "2026-01-01"}
    told = story(incident("2025-12-31", "old"), incident("2026-01-01", "first"), rule=rule)
    assert result(told).reason.startswith("1 incident since Thu 1 Jan 2026")
    later = story(rule=RULE | {"since": "2026-05-01"})
    assert result(later) == Skipped("incident-rate", "incidents count from Fri 1 May 2026 on")


def test_without_a_first_day_nobody_knows_from_when_on_they_count() -> None:
    told = Story(register(mitigation(reassess={"triggers": [RULE]}), *incidents(*BURST)), date(2026, 4, 2))
    assert isinstance(own := result(told), Blind)
    assert "write 'since'" in own.reason


def test_month_only_dates_are_not_rates() -> None:
    """An incident with a month instead of an instant is no entry; while it cannot be read, the rate is blind."""
    with pytest.raises(ValidationError, match="first_seen_at"):
        made(Incident, id="vague", first_seen_at="2026-03", severity="low", mitigations_failed=["filter"])
    files = {
        "framework/all.yml": (
            "mitigations:\n  - id: filter\n    title: Filter\n    owner: safety-lead\n    every: 6 months\n"
            "    last_assessed: 2026-01-31\n    reassess:\n      triggers:\n"
            "        - {kind: incident-rate, accepted: 6 per year, stated_by: safety-lead}\n"
            "incidents:\n  - {id: vague, title: Vague, severity: low, first_seen_at: %s, mitigations_failed: [filter]}\n"
        )
    }
    day, month = (
        Story(read({name: text % value for name, text in files.items()}), TODAY) for value in ("2026-03-01", "2026-03")
    )
    assert result(day).reason.startswith("1 incident since")
    assert isinstance(own := result(month), Blind)
    assert "framework/all.yml:11" in own.reason


@pytest.mark.slow
@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.integers(1, 59), max_size=9),
    st.integers(1, 59),
    st.permutations(range(10)),
    st.sampled_from([RULE, PROMISE, RULE | {"method": "change", "run_length": "2 years"}]),
)
def test_one_more_incident_never_makes_it_calmer_and_the_order_of_entries_does_not_matter(
    days: list[int], more: int, order: list[int], rule: dict[str, object]
) -> None:
    seen = [incident(str(BEGAN + timedelta(days=day)), f"seen-{number}") for number, day in enumerate(days)]
    before = result(story(*seen, rule=rule))
    shuffled = [seen[place] for place in order if place < len(seen)]
    assert result(story(*shuffled, rule=rule)) == before
    after = result(story(*seen, incident(str(BEGAN + timedelta(days=more)), "one-more"), rule=rule))
    assert isinstance(after, Fired) or not isinstance(before, Fired)
    assert not (isinstance(before, Fired) and before.depth is Depth.FULL) or after.depth is Depth.FULL  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0"), (0.987, "0.99"), (1.0, "1"), (9.96, "10"), (12.3, "12"), (99.6, "100"), (1234.5, "1234")],
)
def test_numbers_are_said_in_figures_that_people_read(number: float, words: str) -> None:
    assert rounded_words(number) == words
