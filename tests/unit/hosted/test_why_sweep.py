from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from reassay.github.app_types import RepositoryActivity
from reassay.hosted.rules.sweep_schedule import LastSweep, why_sweep

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
ACTIVITY = RepositoryActivity(
    id=7,
    full_name="example-lab/framework",
    is_private=True,
    is_archived=False,
    default_branch="main",
    head="a" * 40,
    ledger="b" * 40,
    issues="2026-11-30T10:00:00Z",
    pulls="",
)
LAST = LastSweep(NOW - timedelta(hours=1), True, ACTIVITY.fingerprint, "Europe/Berlin", NOW + timedelta(days=3))  # noqa: FBT003 -- same


@pytest.mark.parametrize(
    ("last", "why"),
    [
        (LAST, None),
        (replace(LAST, next_instant=None), None),
        (replace(LAST, at=None), "it was never swept"),
        (replace(LAST, fine=False), "the last sweep did not finish"),
        (replace(LAST, fingerprint=None), "it changed"),
        (replace(LAST, fingerprint={**ACTIVITY.fingerprint, "version": 0}), "it changed"),
        (replace(LAST, at=NOW - timedelta(hours=10, minutes=1)), "a new day began in its time zone"),
        (replace(LAST, at=NOW - timedelta(hours=9), timezone="UTC"), None),
        (replace(LAST, at=NOW - timedelta(hours=8), timezone="Pacific/Auckland"), None),
        (replace(LAST, next_instant=NOW), "a date was reached"),
    ],
)
def test_why_a_sweep_is_due(last: LastSweep, why: str | None) -> None:
    assert why_sweep(last, ACTIVITY, NOW) == why


@pytest.mark.parametrize("name", [each.name for each in fields(RepositoryActivity)])
def test_every_field_of_an_activity_counts(name: str) -> None:
    others = {str: "another", int: 8, bool: not getattr(ACTIVITY, name)}
    other = replace(ACTIVITY, **{name: others[type(getattr(ACTIVITY, name))]})  # type: ignore[arg-type] # by its type
    assert why_sweep(LAST, other, NOW) == "it changed"
