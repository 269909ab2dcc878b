"""The trigger on incident rates over a ledger: what counts, what a decision signs, and what nobody can quiet."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from reassay.assessment.cells import assess_subject, trigger_input
from reassay.assessment.incident_rates.words import number_words
from reassay.assessment.rules import evaluate_all, rules_for
from reassay.assessment.schedule.forecast import forecast
from reassay.assessment.side_exits import settled_triggers
from reassay.assessment.triggers.base import Blind, Fired, Result, Skipped
from reassay.ledger.deferrals import SideExit
from reassay.ledger.digests import Asked
from reassay.ledger.signals import DayCount, ReceivedSignal, SignalsReceived, SourceRead
from reassay.register.base import Depth
from reassay.register.incident import Incident, Severity
from reassay.register.register import Register, RegisterObject
from tests.make import Story, commitment, deployment, made, mitigation, register
from tests.unit.register.trees import read

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


def test_a_second_sweep_writes_nothing() -> None:
    told = story(*incidents(*BURST))
    assert len(told.sweep()) == 1
    for day in (3, 10, 30):
        told.move_to(date(2026, 4, 2) + timedelta(days=day))
        assert told.sweep() == ()


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


FORMS = pytest.mark.parametrize("form", [{}, {"method": "change", "run_length": "1 year"}], ids=["ceiling", "change"])


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


@pytest.mark.parametrize(("baseline", "kind"), [(True, Skipped), (False, Fired)])
def test_a_bulk_import_of_1005_reports_raises_nothing(baseline: bool, kind: type) -> None:
    """The same reports as news fire, so it is the baseline that keeps it calm."""
    told = story(*(incident("2026-03-10", f"import-{number}") for number in range(1005)))
    for start in range(0, 1005, 500):
        signals = tuple(received(number, "2026-03-10") for number in range(start, min(start + 500, 1005)))
        told.add(SignalsReceived(source="feed", baseline=baseline, signals=signals))
    assert isinstance(result(told), kind)


def test_dating_back_what_is_recorded_makes_no_rate_calmer() -> None:
    told = story()
    told.add(SignalsReceived(source="feed", signals=tuple(received(number, day) for number, day in enumerate(BURST))))
    before = fired(told).reason
    told.add(SignalsReceived(source="feed", signals=tuple(received(number, "2019-01-01") for number in range(5))))
    assert fired(told).reason == before


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


def test_a_ceiling_by_exposure_counts_by_use() -> None:
    """600,000 requests in sixty days accept 1.2 incidents: it fires at 6, and at five times the use it does not."""
    six = [*BURST, "2026-04-01"]
    own = fired(by_use(every_day(FIRST, YESTERDAY, 10_000), *six))
    assert own.reason == (
        "6 incidents since Sun 1 Feb 2026; 1.2 were accepted by Wed 1 Apr 2026 (2 per million requests, stated by "
        "safety-lead); 6 is the number at which this rule fires. If these 6 were 5 causes, it would not. "
        "That is 10 per million requests (95% interval of one look: 3.7 to 22)"
    )
    assert isinstance(result(by_use(every_day(FIRST, YESTERDAY, 50_000), *six)), Skipped)


@pytest.mark.parametrize(
    ("days", "fields", "words"),
    [
        (None, {}, "the source 'requests' was never read"),
        ({}, {}, "has given no exposure yet"),
        (
            {},
            {"state": "failed", "why": "no answer within 30 seconds"},
            "could not be read since 2026-04-02: no answer",
        ),
        ({}, {"state": "not-read-here"}, "is not read by this program"),
        (every_day(FIRST, YESTERDAY, 1e4), {"newest": datetime(2026, 3, 20, tzinfo=UTC)}, "is silent since 2026-03-20"),
        (every_day(FIRST, date(2026, 3, 20), 1e4), {}, "gives no exposure for 11 days from Sat 21 Mar 2026 on"),
        (every_day(FIRST, YESTERDAY, 0), {}, "gives no exposure for 59 days from Sun 1 Feb 2026 on"),
        (every_day(FIRST, YESTERDAY, 1e4) | {date(2026, 3, 5): 0}, {}, "gives no exposure for Thu 5 Mar 2026"),
    ],
    ids=["never read", "empty", "failed", "elsewhere", "silent", "absent days", "zero", "a zero day"],
)
def test_without_exposure_it_is_blind_and_never_a_rate_of_0(
    days: dict[date, float] | None, fields: dict[str, object], words: str
) -> None:
    for seen in ((), ("2026-03-30",) * 1, ("2026-03-30", "2026-03-31", "2026-04-01", "2026-04-01", "2026-04-01")):
        own = result(by_use(days, *seen, **fields))
        assert isinstance(own, Blind)
        assert words in own.reason


def test_an_alarm_from_before_the_exposure_went_missing_stays() -> None:
    own = by_use(every_day(FIRST, date(2026, 3, 20), 1_000), *BURST[:4])
    assert isinstance(result(own), Fired)


@FORMS
def test_what_came_after_the_exposure_went_missing_does_not_hide_an_alarm_from_before(form: dict[str, object]) -> None:
    late = ["2026-03-29"] * 6
    told = story(*incidents(*BURST[:4], *late), rule=PER_USE | form)
    counted(told, "requests", every_day(FIRST, date(2026, 3, 20), 1_000), TODAY)
    told.move_to(TODAY)
    assert isinstance(result(told), Fired)


def test_exposure_of_everything_is_not_that_of_one_of_several_cells() -> None:
    told = story(deployment(), deployment("staff-app"), rule=PER_USE, deployments=["public-api", "staff-app"])
    counted(told, "requests", every_day(FIRST, YESTERDAY, 1e4), TODAY)
    assert isinstance(own := result(told, "public-api"), Blind)
    assert "has given no exposure for 'public-api' yet" in own.reason
    counted(told, "requests", every_day(FIRST, YESTERDAY, 1e4), TODAY, "public-api")
    assert isinstance(result(told, "public-api"), Skipped)
    assert isinstance(result(told, "staff-app"), Blind)


BLOCKED = {"kind": "incident-rate", "accepted": "5 per day", "stated_by": "safety-lead", "count": "blocked"}


def test_a_leading_indicator_is_a_count_of_its_own() -> None:
    """It counts from the first reading of its source on; earlier days are its baseline, and incidents do not count."""
    told = story(*incidents(*BURST), rule=BLOCKED)
    counted(told, "blocked", every_day(FIRST, date(2026, 3, 1), 900), date(2026, 3, 2))
    assert result(told).reason.startswith("0 from 'blocked' since Mon 2 Mar 2026")
    counted(told, "blocked", every_day(date(2026, 3, 2), YESTERDAY, 5), TODAY)
    assert result(told).reason.startswith(
        "155 from 'blocked' since Mon 2 Mar 2026; 160 were accepted by now (5 per day"
    )
    counted(told, "blocked", every_day(date(2026, 3, 20), YESTERDAY, 15), TODAY)
    assert "If these" in fired(told).reason
    assert "causes" not in fired(told).reason


def test_a_count_without_its_source_is_blind() -> None:
    assert isinstance(own := result(story(rule=BLOCKED)), Blind)
    assert "the source 'blocked' was never read" in own.reason
    told = story(rule=BLOCKED | {"count": "requests"})
    assert "gives exposure, and count is needed" in result(told).reason
    assert "is not declared under 'signals'" in result(story(rule=BLOCKED | {"count": "hotline"})).reason


PROMISE = {"kind": "incident-rate", "more_than": 3, "window": "30 days"}


def test_a_promise_is_kept_to_the_letter() -> None:
    four = ["2026-03-05", "2026-03-10", "2026-03-20", "2026-04-01"]
    assert result(story(*incidents(*four[:3]), rule=PROMISE)) == Skipped(
        "incident-rate", "3 incidents in the 30 days to today; the promise names more than 3 in 30 days"
    )
    told = story(*incidents(*four), rule=PROMISE)
    assert fired(told).reason == (
        "4 incidents in the 30 days to Wed 1 Apr 2026; the promise names more than 3 in 30 days. "
        "If these 4 were 3 causes, it would not fire"
    )
    assert isinstance(result(story(*incidents("2026-02-25", *four[1:]), rule=PROMISE)), Skipped)
    told.sweep()
    told.conclude("filter")
    assert result(told).reason.endswith("more than 3 in 30 days, and the last decision knew all of them")
    change(told, *incidents(*four, "2026-04-03"), rule=PROMISE)
    told.move_to(date(2026, 4, 4))
    assert fired(told).reason.startswith("5 incidents in the 30 days to Fri 3 Apr 2026")


@pytest.mark.parametrize("looser", [{"more_than": 30}, {"window": "1 day"}])
def test_a_looser_promise_counts_once_it_is_signed(looser: dict[str, object]) -> None:
    four = ["2026-03-05", "2026-03-10", "2026-03-20", "2026-04-01"]
    told = story(*incidents(*four), rule=PROMISE)
    told.sweep()
    change(told, *incidents(*four), rule=PROMISE | looser)
    assert "as it was when R-2026-001 was opened (what is written now is not signed yet)" in fired(told).reason
    told.conclude("filter")
    assert isinstance(result(told), Skipped)


def test_a_promise_by_exposure() -> None:
    rule = {"kind": "incident-rate", "more_than": "2 per million requests", "window": "30 days", "exposure": "requests"}
    for use, kind in ((20_000, Fired), (60_000, Skipped)):
        told = story(*incidents("2026-03-20", "2026-03-25"), rule=rule)
        counted(told, "requests", every_day(FIRST, YESTERDAY, use), TODAY)
        assert isinstance(result(told), kind)
    told = story(*incidents("2026-03-20", "2026-03-25"), rule=rule)
    counted(told, "requests", every_day(date(2026, 3, 10), YESTERDAY, 20_000), TODAY)
    assert isinstance(result(told), Blind)


def test_a_change_between_long_intervals() -> None:
    rule = RULE | {"method": "change", "run_length": "10 years"}
    assert "the evidence of a rise is" in result(story(*incidents(*BURST[:2]), rule=rule)).reason
    burst = incidents(*BURST, "2026-04-01", "2026-04-01", "2026-04-01", "2026-04-02")
    told = story(*burst, rule=rule)
    own = fired(told)
    assert "a rise for which a false alarm comes once in 10 years or less often" in own.reason
    assert own.depth is None
    told.sweep()
    told.conclude("filter")
    assert isinstance(result(told), Skipped)


@pytest.mark.parametrize("figure", [{"accepted": "unspecified"}, {"more_than": "unspecified", "window": "1 month"}])
def test_a_promise_without_a_figure_is_unknown(figure: dict[str, object]) -> None:
    told = story(*incidents(*BURST), rule={"kind": "incident-rate", "in_words": "often", **figure})
    assert isinstance(own := result(told), Blind)
    assert "(often)" in own.reason


def test_a_promise_needs_no_first_day() -> None:
    promised = mitigation(reassess={"triggers": [PROMISE]})
    four = incidents("2026-03-05", "2026-03-10", "2026-03-20", "2026-04-01")
    assert isinstance(result(Story(register(promised, *four), TODAY)), Fired)
    assert isinstance(result(Story(register(promised, *four[1:]), TODAY)), Skipped)


def test_it_works_for_commitments() -> None:
    promise = commitment(
        subject={"kind": "deployment"}, in_force_from="2026-02-01", triggers=[RULE], last_assessed="2026-01-31"
    )
    seen = [incident(day, f"seen-{number}", deployment="public-api") for number, day in enumerate(BURST)]
    told = Story(register(promise, deployment(), deployment("staff-app"), mitigation(), *seen), TODAY)
    assert isinstance(result(told, "public-api", "promise"), Fired)
    assert isinstance(result(told, "staff-app", "promise"), Skipped)


def test_the_ceiling_of_a_commitment_about_mitigations_is_signed_with_each_of_them() -> None:
    def promise(accepted: str) -> RegisterObject:
        return commitment(subject={"kind": "mitigation"}, triggers=[RULE | {"accepted": accepted}])

    told = Story(register(mitigation(last_assessed=str(BEGAN)), promise("6 per year"), *incidents(*BURST)), TODAY)
    told.sweep()
    told.conclude("filter")
    more = incidents(*BURST, "2026-04-10", "2026-04-12", "2026-04-13")
    told.register = register(mitigation(last_assessed=str(BEGAN)), promise("60 per year"), *more)
    told.move_to(date(2026, 4, 20))
    assert "6 per year as R-2026-001 signed it" in fired(told).reason


@pytest.mark.parametrize(
    "stated",
    [
        [],
        [{"kind": "incident-severity", "at_least": "high"}],
        [{"kind": "incident-severity", "at_least": "critical", "kinds": ["near-miss"]}],
        [{"kind": "all", "of": [{"kind": "incident-severity", "at_least": "low"}, {"kind": "model-change"}]}],
        [RULE],
    ],
    ids=["nothing", "high", "near misses", "within all", "a rate"],
)
def test_a_critical_incident_triggers_at_once_whatever_is_stated(stated: list[dict[str, object]]) -> None:
    seen = incident("2026-03-01", severity="critical")
    told = Story(register(mitigation(last_assessed=str(BEGAN), reassess={"triggers": stated}), seen), TODAY)
    (cell,) = assess_subject("filter", told.assessment_input)
    assert "incident-severity" in {own.kind for own in cell.fired}


def test_a_forecast_goes_on_with_it() -> None:
    told = story(*incidents(*BURST))
    steps = [step for step in forecast(told.assessment_input, date(2027, 12, 31)) if step.kind == "open"]
    assert steps[0].when == TODAY
    assert "incidents since" in steps[0].reason
    assert all("incidents since" not in step.reason for step in steps[1:]), "a decision settles it"


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
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
    assert number_words(number) == words
