"""Whether a schedule works: switched off, silent although it is on, and about to be switched off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reassay.common.environment import templates_folder
from reassay.sweep.schedule_health import ScheduleSeen, schedule_problems, scheduled_files

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PATH = ".github/workflows/reassay.yml"


def seen(
    state: str = "active", *, ran: int | None = 0, pushed: int | None = None, gap: int = 1, created: int = 100
) -> ScheduleSeen:
    """As many days ago: the last scheduled run (None: never), the last push (None: private), the creation."""
    since = NOW - (ran if ran is not None else created) * DAY
    last_push = NOW - pushed * DAY if pushed is not None else None
    return ScheduleSeen(PATH, gap * DAY, state, since, ran is not None, last_push, pushed is not None)


@pytest.mark.parametrize(
    ("schedule", "problems"),
    [
        (seen(), []),
        (seen(pushed=44), []),
        (seen(pushed=45), ["schedule-stops"]),
        (seen(pushed=59), ["schedule-stops"]),
        (seen(ran=3), []),
        (seen(ran=4), ["schedule-silent"]),
        (seen(ran=9, gap=7), []),
        (seen(ran=10, gap=7), ["schedule-silent"]),
        (seen(ran=None, created=2), []),
        (seen(ran=None, created=4), ["schedule-silent"]),
        (seen(ran=4, pushed=50), ["schedule-silent", "schedule-stops"]),
        (seen("disabled_inactivity", ran=5, pushed=65), ["schedule-off"]),
        (seen("disabled_manually"), ["schedule-off"]),
        (seen("disabled_fork"), ["schedule-off"]),
    ],
)
def test_each_way_in_which_a_schedule_stops(schedule: ScheduleSeen, problems: list[str]) -> None:
    assert [problem.id for problem in schedule_problems(schedule, NOW)] == problems


def test_a_push_that_is_not_known_of_a_public_repository_counts_as_the_worse_case() -> None:
    (problem,) = schedule_problems(replace(seen(), is_public=True), NOW)
    assert problem.id == "schedule-stops"
    assert "is not known" in problem.what


def test_each_says_since_when_and_how_it_is_armed_again() -> None:
    (off,) = schedule_problems(seen("disabled_inactivity"), NOW)
    assert "quiet for 60 days" in off.what
    assert "`gh workflow enable reassay.yml`" in off.mend
    (silent,) = schedule_problems(seen(ran=4), NOW)
    assert "last ran by its schedule on Fri 27 Nov 2026: it is silent for 4 days" in silent.what
    assert "commits a changed `cron:` line of .github/workflows/reassay.yml" in silent.mend
    (never,) = schedule_problems(seen(ran=None, created=20), NOW)
    assert "has never run by its schedule: it is silent for 20 days" in never.what
    (soon,) = schedule_problems(seen(pushed=50), NOW)
    assert "for 50 days" in soon.what
    assert "on Fri 11 Dec 2026" in soon.means


USES = "\n    steps:\n      - uses: reassay/reassay@v0.1.0\n"


@pytest.mark.parametrize(
    ("on", "days"),
    [
        ('on: {schedule: [{cron: "17 5 * * *"}]}', 1),
        ("on:\n  schedule:\n    - cron: '0 * * * *'", 1),
        ("on:\n  schedule:\n    - cron: 0 6 * * 1-5 # working days", 7),
        ('on:\n  schedule:\n    - cron: "0 6 1 * *"', 31),
        ('on:\n  schedule:\n    - cron: "0 6 1 1 *"', 366),
        ('on:\n  schedule:\n    - cron: "0 6 1 * *"\n    - cron: "0 6 * * 1"', 7),
        ('on:\n  schedule:\n    - cron: "not a cron line"', 366),
        ('on: push\n# - cron: "17 5 * * *"', None),
    ],
)
def test_the_longest_gap_of_a_cron_line(on: str, days: int | None) -> None:
    found = scheduled_files({PATH: on + USES, ".github/workflows/other.yml": 'on: {schedule: [{cron: "1 1 * * *"}]}'})
    assert found == ({} if days is None else {PATH: days * DAY})


def test_the_workflow_that_init_writes_has_a_daily_schedule() -> None:
    text = (
        (Path(templates_folder()) / "init" / "workflow.yml")
        .read_text(encoding="utf-8")
        .replace("{{action}}", "reassay/reassay@v0.1.0")
    )
    assert scheduled_files({PATH: text}) == {PATH: DAY}
