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
from reassay.hosted.jobs.reconcile import JobDone, NothingToDo, RateLimited, RetryLater, outcome_of
from reassay.sweep.report import Report, SweepFailure

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
LIMIT, SPENT = LimitError("a pause", retry_after=90), SpentError("spent", retry_after=40)
AWAY, STALE, NO = UnavailableError("502"), StaleHeadError("moved"), NotAllowedError("no")


def report(*errors: ReassayError | None, **more: object) -> Report:
    return Report("a/b", problems=tuple(SweepFailure("it", str(each or "x"), each) for each in errors), **more)  # type: ignore[arg-type] # test options


@pytest.mark.parametrize(
    ("errors", "outcome"),
    [
        ((LIMIT,), RateLimited(NOW + timedelta(seconds=90), "it: a pause")),
        ((NO, LIMIT), RateLimited(NOW + timedelta(seconds=90), "it: no; it: a pause")),
        ((LIMIT, SPENT), RateLimited(NOW + timedelta(seconds=90), "it: a pause; it: spent")),
        ((SPENT,), RetryLater("it: spent", counts=False, seconds=40)),
        ((AWAY,), RetryLater("it: 502", counts=False)),
        ((DatabaseError("gone"),), RetryLater("it: gone", counts=False)),
        ((STALE, AWAY), RetryLater("it: moved; it: 502", counts=False)),
        ((AWAY, NO), RetryLater("it: 502; it: no", counts=True)),
        ((NO,), RetryLater("it: no", counts=True)),
        ((RejectedError("no", ()),), RetryLater("it: no", counts=True)),
        ((UpstreamError("git failed"),), RetryLater("it: git failed", counts=True)),
        ((UsageError("no key"),), RetryLater("it: no key", counts=True)),
        ((None,), RetryLater("it: x", counts=True)),
        ((NotFoundError("no commit yet"),), NothingToDo("it: no commit yet")),
    ],
)
def test_problems(errors: tuple[ReassayError | None, ...], outcome: object) -> None:
    assert outcome_of(report(*errors), NOW) == outcome


def test_what_is_left_is_gone_on_with() -> None:
    assert outcome_of(report(left=3), NOW) == RetryLater("3 more actions to do", counts=False, seconds=1.0)
    assert isinstance(outcome_of(report(left=3, dry_run=True), NOW), JobDone)
    assert outcome_of(report(again_at=NOW + timedelta(minutes=4)), NOW) == RetryLater(
        "another run is working on it", counts=False, seconds=241
    )
    assert isinstance(outcome_of(report(), NOW), JobDone)
