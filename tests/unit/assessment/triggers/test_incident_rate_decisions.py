"""What a decision, a side exit or an edit does to the trigger about rates of incidents."""

from datetime import date, timedelta

import pytest

from reassay.assessment.cells import assess_subject
from reassay.assessment.side_exits import settled_triggers
from reassay.assessment.triggers.base import Fired, Skipped
from reassay.ledger.deferrals import SideExit
from reassay.ledger.digests import Asked
from reassay.register.base import Depth
from reassay.register.incident import Incident
from reassay.register.register import Register
from tests.make import Story, made, mitigation, register
from tests.unit.assessment.triggers.rate_stories import (
    BEGAN,
    BURST,
    FIRST,
    FORMS,
    LOOSE,
    PER_USE,
    RULE,
    TODAY,
    YESTERDAY,
    change,
    counted,
    every_day,
    fired,
    incident,
    incidents,
    not_material,
    result,
    story,
)


def test_a_decision_settles_the_level_and_the_next_one_fires_again() -> None:
    told = story(*incidents(*BURST))
    told.sweep()
    told.conclude("filter")
    assert "R-2026-001 of Thu 2 Apr 2026 looked at it and changed nothing" in result(told).reason
    assert isinstance(result(told), Skipped)
    told.move_to(date(2026, 4, 20))
    change(told, *incidents(*BURST, "2026-04-10"))
    assert "7 is the number at which this rule fires in full (evidence 100)" in result(told).reason
    change(told, *incidents(*BURST, "2026-04-10", "2026-04-12"))
    assert fired(told).depth is Depth.FULL
    assert [own.kind for cell in assess_subject("filter", told.assessment_input) for own in cell.fired] == [
        "incident-rate"
    ]


def test_a_higher_level_joins_and_a_side_exit_settles_only_its_own_level() -> None:
    told = story(*incidents(*BURST))
    told.sweep()
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
    assert "settled without a decision" in result(told).reason
    told.move_to(date(2026, 4, 5))
    change(told, *incidents(*BURST, "2026-04-03", "2026-04-04", "2026-04-05"))
    assert fired(told).depth is Depth.FULL
    assert [body.kind for body in told.sweep()] == ["opened"]


@pytest.mark.parametrize(
    "rule",
    [
        LOOSE | {"kinds": ["incident", "hazard"]},
        LOOSE | {"at_least": "high"},
        LOOSE | {"similar_models": True},
        LOOSE | {"method": "change", "run_length": "100 years"},
        {"kind": "incident-rate", "more_than": 900, "window": "1 year"},
        {"kind": "incident-rate", "accepted": "unspecified", "kinds": ["hazard"]},
    ],
    ids=str,
)
def test_a_rule_in_another_form_or_over_something_else_quiets_nothing_before_a_decision_signs_it(
    rule: dict[str, object],
) -> None:
    told = story(*incidents(*BURST))
    told.sweep()
    change(told, *incidents(*BURST), rule=rule)
    assert isinstance(result(told), Fired)
    assert told.sweep() == ()
    change(told, *incidents(*BURST))
    told.conclude("filter")
    told.move_to(date(2026, 4, 20))
    change(told, *incidents(*BURST, "2026-04-10", "2026-04-12", "2026-04-13"), rule=rule)
    assert "What is written now is not signed yet" in fired(told).reason
    told.sweep()
    told.conclude("filter")
    assert not isinstance(result(told), Fired)
    assert told.sweep() == ()


def test_another_source_of_exposure_quiets_nothing_before_a_decision_signs_it() -> None:
    sources = [{"id": name, "kind": "file", "path": f"{name}.csv", "gives": "exposure"} for name in ("requests", "all")]

    def by(source: str) -> Register:
        subject = mitigation(last_assessed=str(BEGAN), reassess={"triggers": [PER_USE | {"exposure": source}]})
        return register(subject, *incidents(*BURST, "2026-04-01"), signals={"sources": sources})

    told = Story(by("requests"), TODAY)
    counted(told, "requests", every_day(FIRST, YESTERDAY, 10_000), TODAY)
    counted(told, "all", every_day(FIRST, YESTERDAY, 1_000_000), TODAY)
    told.sweep()
    told.register = by("all")
    assert isinstance(result(told), Fired)
    assert told.sweep() == ()
    told.conclude("filter")
    assert not isinstance(result(told), Fired)


@FORMS
def test_what_goes_on_after_a_side_exit_fires_again(form: dict[str, object]) -> None:
    rule = RULE | form
    told = story(*incidents(*BURST), rule=rule)
    told.sweep()
    not_material(told)
    assert isinstance(result(told), Skipped)
    told.move_to(date(2026, 6, 20))
    change(told, *incidents(*BURST), *(incident(f"2026-05-{day:02}") for day in range(1, 31)), rule=rule)
    assert isinstance(result(told), Fired)
    assert len(told.sweep()) == 1
    assert told.sweep() == ()


@FORMS
def test_other_words_for_a_level_that_was_settled_are_no_alarm(form: dict[str, object]) -> None:
    """Another time zone, another role that states the ceiling: what happened is the same."""
    rule = RULE | form
    late = [made(Incident, **{**own.model_dump(exclude_none=True), "first_seen_at": own.first_seen_at.replace(hour=22)})
            for own in incidents(*BURST)]  # fmt: skip
    told = story(*late, rule=rule)
    told.sweep()
    not_material(told)
    for timezone, by in (("UTC", "red-team-lead"), ("Asia/Tokyo", "safety-lead"), ("America/Lima", "safety-lead")):
        subject = mitigation(last_assessed=str(BEGAN), reassess={"triggers": [rule | {"stated_by": by}]})
        told.register = register(subject, *late, timezone=timezone)
        assert isinstance(result(told), Skipped)


def test_raising_the_ceiling_by_an_edit_does_not_quiet_before_a_decision_signs_it() -> None:
    """Neither the alarm for which a re-assessment is open, nor the ceiling that the last decision signed."""
    told = story(*incidents(*BURST))
    told.sweep()
    change(told, *incidents(*BURST), rule=RULE | {"accepted": "60 per year"})
    assert "6 per year as it was when R-2026-001 was opened" in fired(told).reason
    assert "60 per year is written and no decision has signed it yet" in fired(told).reason
    assert told.sweep() == ()
    change(told, *incidents(*BURST))
    told.conclude("filter")
    told.move_to(date(2026, 4, 20))
    more = incidents(*BURST, "2026-04-10", "2026-04-12", "2026-04-13")
    change(told, *more, rule=RULE | {"accepted": "60 per year"})
    assert "6 per year as R-2026-001 signed it" in fired(told).reason
    assert fired(told).depth is Depth.FULL
    told.sweep()
    told.conclude("filter")
    own = result(told)
    assert isinstance(own, Skipped)
    assert own.reason.endswith("R-2026-002 of Mon 20 Apr 2026 signed a higher ceiling, so the count began afresh")
    assert own.reason.startswith("0 incidents since Tue 21 Apr 2026; 0 were accepted by now (60 per year, stated by")


LOOSER_EDITS = [{"since": "2026-04-15"}, {"since": "2031-01-01"}, {"accepted": "unspecified"}]


@pytest.mark.parametrize("edit", LOOSER_EDITS, ids=str)
@pytest.mark.parametrize("form", [{}, {"method": "change", "run_length": "1 year"}], ids=["ceiling", "change"])
def test_no_edit_of_what_is_written_quiets_before_a_decision_signs_it(
    edit: dict[str, object], form: dict[str, object]
) -> None:
    """Neither the alarm for which a re-assessment is open, nor what comes after a decision."""
    rule = RULE | form
    seen = incidents(*BURST, *["2026-04-02"] * 4)
    told = story(*seen, rule=rule)
    told.sweep()
    change(told, *seen, rule=rule | edit)
    assert isinstance(result(told), Fired)
    assert told.sweep() == ()
    change(told, *seen, rule=rule)
    told.conclude("filter")
    told.move_to(date(2026, 4, 20))
    more = [*seen, *(incident("2026-04-12", f"more-{number}") for number in range(9))]
    change(told, *more, rule=rule | edit)
    assert isinstance(result(told), Fired)
    told.sweep()
    told.conclude("filter")
    assert not isinstance(result(told), Fired)
    told.move_to(date(2026, 4, 25))
    assert told.sweep() == ()


def test_a_stricter_ceiling_counts_at_once() -> None:
    told = story(*incidents(*BURST[:4]))
    assert isinstance(result(told), Skipped)
    change(told, *incidents(*BURST[:4]), rule=RULE | {"accepted": "3 per year"})
    assert "3 per year, stated by safety-lead" in fired(told).reason


def test_a_new_version_lets_the_count_begin_afresh_once_it_is_decided() -> None:
    told = story(*incidents(*BURST))
    told.sweep()
    told.conclude("filter")
    told.move_to(date(2026, 4, 6))
    change(told, *incidents(*BURST), version=2)
    told.sweep()
    assert "changed nothing" in result(told).reason
    told.conclude("filter")
    assert result(told).reason.endswith("was about a new version, so the count began afresh")
    change(told, *incidents(*BURST, "2026-04-07"), version=2)
    told.move_to(date(2026, 4, 8))
    assert result(told).reason.startswith("1 incident since Tue 7 Apr 2026")


def test_washing_by_deciding_is_not_possible() -> None:
    """Whoever has each re-assessment decided at once is asked again at the next level, from the same count."""
    told = story(today="2026-02-01")
    seen: list[Incident] = []
    depths = []
    for number in range(9):
        day = date(2026, 2, 5) + timedelta(days=4 * number)
        seen.append(incident(str(day), f"seen-{number}"))
        told.move_to(day + timedelta(days=1))
        change(told, *seen)
        if told.sweep():
            depths.append((number + 1, told.assessment_input.opened["filter"].depth))
            told.conclude("filter")
    assert depths[0] == (3, Depth.LIGHT)
    assert [number for number, depth in depths if depth is Depth.FULL] == [5, 6, 7, 8, 9]
    assert result(told).reason.startswith("9 incidents since Sun 1 Feb 2026")


def test_an_incident_written_down_late_counts_although_it_is_dated_before_the_decision() -> None:
    told = story(*incidents(*BURST[:3]))
    told.move_to(date(2026, 4, 2))
    told.sweep(None)
    before = result(told)
    late = [*incidents(*BURST[:3]), incident("2026-03-25", "late-a"), incident("2026-03-26", "late-b")]
    change(told, *late)
    assert isinstance(before, Skipped)
    told.sweep()
    told.conclude("filter")
    more = [*late, *(incident("2026-03-01", f"later-{number}") for number in range(4))]
    change(told, *more)
    told.move_to(date(2026, 4, 3))
    assert fired(told).reason.startswith("9 incidents since")
