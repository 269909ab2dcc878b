"""The trigger about rates of incidents with figures of sources: exposure, counts and imports."""

from datetime import UTC, date, datetime

import pytest

from reassay.assessment.triggers.base import Blind, Fired, Skipped
from reassay.ledger.signals import SignalsReceived
from tests.make import deployment
from tests.unit.assessment.triggers.rate_stories import (
    BURST,
    FIRST,
    FORMS,
    PER_USE,
    TODAY,
    YESTERDAY,
    by_use,
    counted,
    every_day,
    fired,
    incident,
    incidents,
    received,
    result,
    story,
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
