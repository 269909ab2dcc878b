from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from reassay.hosted.rules.sweep_schedule import LastSweep, RepositoryActivity, why_sweep

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
GLANCE = RepositoryActivity(
    7, "example-lab/framework", True, False, "main", "a" * 40, "b" * 40, "2026-11-30T10:00:00Z", ""
)  # noqa: FBT003 -- a table
LAST = LastSweep(NOW - timedelta(hours=1), True, GLANCE.fingerprint, "Europe/Berlin", NOW + timedelta(days=3))  # noqa: FBT003 -- same


@pytest.mark.parametrize(
    ("last", "why"),
    [
        (LAST, None),
        (replace(LAST, next_instant=None), None),
        (replace(LAST, at=None), "it was never swept"),
        (replace(LAST, fine=False), "the last sweep left something undone"),
        (replace(LAST, fingerprint=None), "it changed"),
        (replace(LAST, fingerprint={**GLANCE.fingerprint, "version": 0}), "it changed"),
        (replace(LAST, at=NOW - timedelta(hours=10, minutes=1)), "a new day began there"),
        (replace(LAST, at=NOW - timedelta(hours=9), timezone="UTC"), None),
        (replace(LAST, at=NOW - timedelta(hours=8), timezone="Pacific/Auckland"), None),
        (replace(LAST, next_instant=NOW), "a date was reached"),
    ],
)
def test_why_a_sweep_is_due(last: LastSweep, why: str | None) -> None:
    assert why_sweep(last, GLANCE, NOW) == why


@pytest.mark.parametrize("name", [each.name for each in fields(RepositoryActivity)])
def test_whatever_a_glance_says_counts(name: str) -> None:
    others = {str: "another", int: 8, bool: not getattr(GLANCE, name)}
    other = replace(GLANCE, **{name: others[type(getattr(GLANCE, name))]})  # type: ignore[arg-type] # by its type
    assert why_sweep(LAST, other, NOW) == "it changed"
