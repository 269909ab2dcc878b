"""What a report means for its job: over, later, when a limit ends, or nothing to be had."""

from datetime import UTC, datetime, timedelta

import pytest

from reassay.common.errors import (
    LimitError,
    NotAllowedError,
    NotFoundError,
    ReassayError,
    RejectedError,
    SpentError,
    StaleHeadError,
    UnavailableError,
    UpstreamError,
    UsageError,
)
from reassay.hosted.database.database import DatabaseError
from reassay.hosted.services.reconcile import Done, Gone, Later, LimitedUntil, judged
from reassay.sweep.report import Problem, Report

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
LIMIT, SPENT = LimitError("a pause", retry_after=90), SpentError("spent", retry_after=40)
AWAY, STALE, NO = UnavailableError("502"), StaleHeadError("moved"), NotAllowedError("no")


def report(*errors: ReassayError | None, **more: object) -> Report:
    return Report("a/b", problems=tuple(Problem("it", str(each or "x"), each) for each in errors), **more)  # type: ignore[arg-type] # test options


@pytest.mark.parametrize(
    ("errors", "outcome"),
    [
        ((LIMIT,), LimitedUntil(NOW + timedelta(seconds=90), "it: a pause")),
        ((NO, LIMIT), LimitedUntil(NOW + timedelta(seconds=90), "it: no; it: a pause")),
        ((LIMIT, SPENT), LimitedUntil(NOW + timedelta(seconds=90), "it: a pause; it: spent")),
        ((SPENT,), Later("it: spent", counts=False, seconds=40)),
        ((AWAY,), Later("it: 502", counts=False)),
        ((DatabaseError("gone"),), Later("it: gone", counts=False)),
        ((STALE, AWAY), Later("it: moved; it: 502", counts=False)),
        ((AWAY, NO), Later("it: 502; it: no", counts=True)),
        ((NO,), Later("it: no", counts=True)),
        ((RejectedError("no", ()),), Later("it: no", counts=True)),
        ((UpstreamError("git failed"),), Later("it: git failed", counts=True)),
        ((UsageError("no key"),), Later("it: no key", counts=True)),
        ((None,), Later("it: x", counts=True)),
        ((NotFoundError("no commit yet"),), Gone("it: no commit yet")),
    ],
)
def test_problems(errors: tuple[ReassayError | None, ...], outcome: object) -> None:
    assert judged(report(*errors), NOW) == outcome


def test_what_is_left_is_gone_on_with() -> None:
    assert judged(report(left=3), NOW) == Later("3 more wait", counts=False, seconds=1.0)
    assert isinstance(judged(report(left=3, dry_run=True), NOW), Done)
    assert judged(report(again_at=NOW + timedelta(minutes=4)), NOW) == Later(
        "another run is at it", counts=False, seconds=241
    )
    assert isinstance(judged(report(), NOW), Done)
