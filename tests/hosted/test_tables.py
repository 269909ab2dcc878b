"""The tables as the rest sees them: what one process writes, every other one reads."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from reassay.github.app_types import AppInstallation, HostedRepository
from reassay.hosted.database.database import Database, DatabaseError
from reassay.hosted.jobs.dead_letters import DeadLetters
from reassay.hosted.rate_limits import AT_ONCE, CREATIONS_PER_MINUTE, RESERVED_PER_MINUTE, Cost, RateLimits
from reassay.hosted.repositories import RepositoryTables
from reassay.hosted.rules.repository import RepositoryClaim, SweepOutcome, SweepStamp
from reassay.hosted.rules.subject import JobSubject
from reassay.hosted.rules.sweep_schedule import CellInstant, LastSweep

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAB, OTHER = AppInstallation(1, "example-lab", 11), AppInstallation(2, "other-lab", 12)


@pytest.fixture
def tables(database: Database) -> RepositoryTables:
    found = RepositoryTables(database)
    found.keep_installations([LAB, OTHER], NOW)
    found.keep_repositories(
        1, [HostedRepository(10, 1, "example-lab/framework"), HostedRepository(11, 1, "example-lab/app")], NOW
    )
    found.keep_repositories(2, [HostedRepository(20, 2, "other-lab/framework", is_private=False)], NOW)
    return found


def ids(claimed: tuple[RepositoryClaim, ...]) -> set[int]:
    return {each.repository.id for each in claimed}


def test_what_is_new_is_swept_at_once_and_by_one_process(tables: RepositoryTables) -> None:
    first = tables.claim(NOW, NOW, NOW + HOUR, 2)
    second = tables.claim(NOW, NOW, NOW + HOUR, 10)
    assert len(first) == 2
    assert ids(first) | ids(second) == {10, 11, 20}
    assert ids(first) & ids(second) == set()
    assert first[0].last == LastSweep(None, fine=False, fingerprint=None, timezone="UTC")
    assert tables.claim(NOW, NOW, NOW + HOUR, 10) == ()
    assert ids(tables.claim(NOW + HOUR, NOW + HOUR, NOW + 2 * HOUR, 10)) == {10, 11, 20}


def test_what_is_listed_no_more_is_gone_with_all_that_belongs_to_it(
    tables: RepositoryTables, database: Database
) -> None:
    tables.swept(10, SweepOutcome(NOW, fine=True, fingerprint=None, instants=(CellInstant("M-1", "*", "due", NOW),)))
    assert tables.keep_repositories(1, [HostedRepository(11, 1, "example-lab/app")], NOW) == (10,)
    assert tables.find(10) is None
    assert database.rows("select count(*) from reassay_due") == [(0,)]
    assert tables.keep_installations([OTHER], NOW) == (1,)
    assert tables.find(11) is None
    assert tables.find(20) == HostedRepository(20, 2, "other-lab/framework", is_private=False)


def test_a_suspended_installation_is_left_alone(tables: RepositoryTables) -> None:
    tables.keep_installations([LAB, AppInstallation(2, "other-lab", 12, suspended=True)], NOW)
    assert tables.find(20) is None
    assert ids(tables.claim(NOW, NOW, NOW + HOUR, 10)) == {10, 11}


def test_a_repository_that_moved_or_was_renamed_is_swept_at_once(tables: RepositoryTables) -> None:
    tables.claim(NOW, NOW, NOW + HOUR, 10)
    tables.keep_repositories(
        2,
        [
            HostedRepository(20, 2, "other-lab/framework", is_private=False),
            HostedRepository(10, 2, "other-lab/taken-over"),
        ],
        NOW,
    )
    assert tables.find(10) == HostedRepository(10, 2, "other-lab/taken-over")
    # The account that it left lists it no more, which changes nothing.
    assert tables.keep_repositories(1, [HostedRepository(11, 1, "example-lab/app")], NOW) == ()
    assert ids(tables.claim(NOW, NOW, NOW + HOUR, 10)) == {10}


def test_a_limited_installation_waits_and_the_others_do_not(tables: RepositoryTables, database: Database) -> None:
    limits = RateLimits(database)
    limits.pause(1, NOW + HOUR)
    limits.pause(1, NOW + timedelta(minutes=1))
    assert limits.limited_until(1, NOW) == NOW + HOUR
    assert limits.limited_until(1, NOW + HOUR) is None
    assert limits.limited_until(2, NOW) is None
    assert ids(tables.claim(NOW, NOW, NOW + 2 * HOUR, 10)) == {20}
    assert ids(tables.claim(NOW + HOUR, NOW + HOUR, NOW + 2 * HOUR, 10)) == {10, 11}


def test_what_a_sweep_left_is_there_at_the_next_claim(tables: RepositoryTables) -> None:
    found = {"head": "a"}
    instants = (CellInstant("M-1", "*", "due", NOW + DAY), CellInstant("M-1", "*", "opens", NOW - DAY))
    tables.claim(NOW, NOW, NOW + HOUR, 10)
    tables.stamp([SweepStamp(10, NOW + HOUR, found), SweepStamp(11, NOW + DAY)], NOW)
    assert tables.find(10) == HostedRepository(
        10, 1, "example-lab/framework", is_private=True, timezone="UTC", activity=found
    )
    tables.swept(
        10,
        SweepOutcome(
            NOW, fine=True, fingerprint=found, timezone="Europe/Berlin", status={"schema": "x"}, instants=instants
        ),
    )
    claimed = {each.repository.id: each.last for each in tables.claim(NOW + HOUR, NOW + HOUR, NOW + DAY, 10)}
    assert claimed[10] == LastSweep(NOW, fine=True, fingerprint=found, timezone="Europe/Berlin", next_instant=NOW + DAY)
    # A run that did not come so far leaves what was known of dates.
    tables.swept(10, SweepOutcome(NOW + HOUR, fine=False, fingerprint=None, problems=({"what": "x", "message": "y"},)))
    last = {each.repository.id: each.last for each in tables.claim(NOW + DAY, NOW + DAY, NOW + 2 * DAY, 10)}[10]
    assert (last.fine, last.timezone, last.next_instant) == (False, "Europe/Berlin", NOW + DAY)


def test_the_budget_is_shared_and_separate_for_each_installation(tables: RepositoryTables, database: Database) -> None:
    limits, another = RateLimits(database), RateLimits(database)
    for _ in range((CREATIONS_PER_MINUTE - RESERVED_PER_MINUTE) // 2):
        assert limits.spend(1, Cost(creations=1), NOW) == 0
        assert another.spend(1, Cost(creations=1), NOW) == 0
    assert another.spend(1, Cost(creations=1), NOW) == 70
    assert another.spend(1, Cost(creations=1, urgent=True), NOW) == 0
    assert another.spend(2, Cost(creations=1), NOW) == 0
    assert another.spend(1, Cost(points=5), NOW) == 0
    assert limits.spend(1, Cost(creations=1), NOW + timedelta(seconds=70)) == 0
    assert limits.forget(NOW + DAY) == 3


def test_only_so_many_jobs_of_an_installation_run_at_once(database: Database, url: str) -> None:
    with ExitStack() as held, Database.connect(url, most=AT_ONCE + 4) as another:
        taken = [held.enter_context(RateLimits(another).slot(1)) for _ in range(AT_ONCE)]
        assert taken == [True] * AT_ONCE
        with RateLimits(database).slot(1) as free, RateLimits(database).slot(2) as other:
            assert (free, other) == (False, True)
    with RateLimits(database).slot(1) as free:
        assert free


def test_a_database_that_is_away_is_no_fault_of_a_job(url: str) -> None:
    with Database.connect(url) as database:
        database.pool.close()
        with pytest.raises(DatabaseError), RateLimits(database).slot(1):
            pass


def test_dead_jobs_are_visible_until_one_gets_through(database: Database) -> None:
    dead, subject = DeadLetters(database), JobSubject(10, "issue", 7)
    assert not dead.is_buried(subject)
    dead.bury_job(subject, "it broke", NOW)
    dead.bury_job(subject, "it broke again", NOW + HOUR)
    assert [(each.key, each.reason, each.redriven_at) for each in dead.listed()] == [
        ("10/issue:7", "it broke again", None)
    ]
    assert dead.is_buried(subject)
    assert dead.redrive_job(subject, NOW)
    assert not dead.is_buried(subject)
    assert len(dead.listed()) == 1
    dead.settled(subject)
    assert dead.listed() == ()
    assert not dead.redrive_job(subject, NOW)


def test_an_instant_that_stays_is_not_written_again(tables: RepositoryTables, database: Database) -> None:
    def written() -> dict[str, str]:
        return dict(database.rows("select kind, xmin::text from reassay_due"))

    due, opens = CellInstant("M-1", "*", "due", NOW), CellInstant("M-1", "*", "opens", NOW)
    tables.swept(10, SweepOutcome(NOW, fine=True, fingerprint=None, instants=(due, opens)))
    before = written()
    tables.swept(
        10, SweepOutcome(NOW, fine=True, fingerprint=None, instants=(due, CellInstant("M-1", "*", "opens", NOW + DAY)))
    )
    assert (written()["due"], written()["opens"]) == (before["due"], written()["opens"])
    assert written()["opens"] != before["opens"]
    tables.swept(10, SweepOutcome(NOW, fine=True, fingerprint=None, instants=(due,)))
    assert written() == {"due": before["due"]}


def test_neighbours_are_taken_along_and_strangers_are_not(tables: RepositoryTables) -> None:
    soon, late = NOW + timedelta(minutes=9), NOW + timedelta(minutes=11)
    tables.stamp([SweepStamp(11, soon), SweepStamp(20, soon)], NOW)
    found = tables.claim(NOW, NOW + timedelta(minutes=10), NOW + HOUR, 10)
    assert {each.repository.id: each.due_at for each in found} == {10: NOW, 11: soon}
    tables.stamp([SweepStamp(10, NOW), SweepStamp(11, late)], NOW)
    assert ids(tables.claim(NOW, NOW + timedelta(minutes=10), NOW + HOUR, 10)) == {10}


def test_a_sweep_that_was_planned_while_a_clock_was_ahead_is_due_now(tables: RepositoryTables) -> None:
    tables.stamp([SweepStamp(10, NOW + 400 * DAY), SweepStamp(11, NOW + HOUR), SweepStamp(20, NOW + HOUR)], NOW)
    assert ids(tables.claim(NOW, NOW, NOW + HOUR, 10)) == {10}
    assert tables.claim(NOW, NOW, NOW + HOUR, 10) == ()
