"""A clock that ran ahead and was corrected, over a real PostgreSQL: everything goes on at once, and nothing waits for it."""

from datetime import UTC, datetime, timedelta

import pytest

from reassay.github.app_types import AppInstallation, HostedRepository, SignedInPerson
from reassay.hosted.database.database import Database
from reassay.hosted.inbox.inbox import Inbox
from reassay.hosted.job_services import INTAKE, LOG_READ, PERIODS
from reassay.hosted.jobs.queue import JobQueue, prepare
from reassay.hosted.jobs.reaper import Reaper
from reassay.hosted.periodic import PeriodicClaims, PeriodicTask, Scheduler
from reassay.hosted.rate_limits import POINTS_PER_MINUTE, Cost, RateLimits, pause_until
from reassay.hosted.repositories import RepositoryTables
from reassay.hosted.rules.repository import SweepStamp
from reassay.hosted.rules.subject import Job, JobSubject
from reassay.hosted.web.sessions import Sessions
from tests.hosted.hosted_lab import FIRST, HostedLab

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AHEAD = (2 * MINUTE, 2 * HOUR, 2 * DAY)


@pytest.fixture
def tables(database: Database) -> RepositoryTables:
    found = RepositoryTables(database)
    found.keep_installations([AppInstallation(1, "example-lab", 11)], NOW)
    found.keep_repositories(1, [HostedRepository(10, 1, "example-lab/framework")], NOW)
    return found


@pytest.mark.parametrize("ahead", AHEAD)
def test_every_periodic_task_goes_on_at_once(database: Database, ahead: timedelta) -> None:
    tasks = tuple(PeriodicTask(name, period, lambda _now: "") for name, period in PERIODS.items())
    scheduler = Scheduler(tasks, PeriodicClaims(database), lambda *_: None, lambda: 0.0)
    assert scheduler.tick(NOW + ahead) == tuple(PERIODS)
    assert scheduler.tick(NOW) == tuple(PERIODS)
    assert scheduler.tick(NOW) == ()


def test_a_clock_that_is_set_back_again_and_again_delays_no_task_beyond_its_period(database: Database) -> None:
    seconds = [0.0]
    task = PeriodicTask("sweeps", timedelta(seconds=30), lambda _now: "")
    scheduler = Scheduler((task,), PeriodicClaims(database), lambda *_: None, lambda: seconds[0])
    ran = []
    for tick in range(40):
        seconds[0] = tick * 5.0
        # Each time as long as has passed: by this clock it is always the same moment.
        if scheduler.tick(NOW):
            ran.append(seconds[0])
    assert ran == [0, 30, 60, 90, 120, 150, 180]


def test_of_two_processes_one_runs_a_task_that_both_have_waited_for(database: Database, url: str) -> None:
    with Database.connect(url) as other:
        both = (PeriodicClaims(database), PeriodicClaims(other))
        assert [claims.claim("sweeps", NOW, HOUR, 0.0) for claims in both] == [True, False]
        assert [claims.claim("sweeps", NOW - MINUTE / 2, HOUR, 3_600.0) for claims in both] == [True, False]


@pytest.mark.parametrize("ahead", AHEAD)
def test_a_sweep_that_is_due_by_the_wrong_clock_is_due_now(tables: RepositoryTables, ahead: timedelta) -> None:
    tables.claim(NOW, NOW, NOW + HOUR, 10)
    tables.stamp([SweepStamp(10, NOW + ahead + HOUR)], NOW + ahead)
    assert tables.claim(NOW, NOW, NOW + 5 * MINUTE, 10)
    assert not tables.claim(NOW, NOW, NOW + 5 * MINUTE, 10)


@pytest.mark.parametrize("ahead", AHEAD)
def test_a_claim_by_the_wrong_clock_whose_process_died_is_taken_over_at_once(
    tables: RepositoryTables, ahead: timedelta
) -> None:
    assert tables.claim(NOW + ahead, NOW + ahead, NOW + ahead + 5 * MINUTE, 10)
    assert tables.claim(NOW, NOW, NOW + 5 * MINUTE, 10)


@pytest.mark.parametrize("ahead", AHEAD)
def test_a_pause_that_began_by_the_wrong_clock_ends_within_the_longest_one(
    tables: RepositoryTables, database: Database, ahead: timedelta
) -> None:
    limits = RateLimits(database)
    limits.pause(1, pause_until(NOW + ahead, 3_600))
    assert limits.limited_until(1, NOW + HOUR + 2 * MINUTE) is None or ahead > HOUR
    if ahead >= HOUR:
        assert limits.limited_until(1, NOW) is None
        assert tables.claim(NOW, NOW, NOW + 5 * MINUTE, 10)
        # The pause that GitHub asks for now is kept all the same.
        limits.pause(1, pause_until(NOW, 600))
        assert limits.limited_until(1, NOW) == NOW + 10 * MINUTE


def test_a_pause_is_at_most_an_hour_whatever_github_said() -> None:
    assert pause_until(NOW, 10.0**12) == NOW + HOUR


def test_what_was_used_by_the_wrong_clock_is_not_waited_for(tables: RepositoryTables, database: Database) -> None:
    limits = RateLimits(database)
    assert limits.spend(1, Cost(points=POINTS_PER_MINUTE), NOW + 2 * DAY) == 0
    assert limits.spend(1, Cost(points=POINTS_PER_MINUTE), NOW) == 0
    assert limits.spend(1, Cost(points=1), NOW) > 0


def test_a_session_that_was_opened_by_the_wrong_clock_is_over(database: Database) -> None:
    sessions = Sessions(database)
    sessions.open("a cookie", SignedInPerson(1, "safety-lead", frozenset({10})), NOW + DAY)
    assert sessions.find("a cookie", NOW) is None
    sessions.open("another", SignedInPerson(1, "safety-lead", frozenset({10})), NOW)
    assert sessions.find("another", NOW) is not None
    assert sessions.find("another", NOW + 10 * MINUTE) is None


def test_a_delivery_that_seems_to_come_from_the_future_is_dated_now(database: Database) -> None:
    database.run(
        "insert into reassay_inbox (delivery_id, event, body, received_at) values ('a', 'push', '', %s), ('b', 'push', '', %s)",
        (NOW + DAY, NOW - MINUTE),
    )
    assert Inbox(database).redate(NOW) == 1
    assert [each.delivery.received_at for each in Inbox(database).unread(0, 9)] == [NOW, NOW - MINUTE]


@pytest.fixture
def reaper(database: Database) -> Reaper:
    prepare(database)
    return Reaper(database, JobQueue.on(database), lambda _job, _counts: None)


def test_a_retry_waits_by_the_clock_of_the_database_and_no_longer_when_that_is_set_back(
    reaper: Reaper, database: Database
) -> None:
    waits = "select extract(epoch from scheduled_at - now())::float from procrastinate_jobs order by id"
    reaper.queue.wake(Job(JobSubject(7)), 20.0)
    reaper.queue.wake(Job(JobSubject(8)), 3_600.0)
    assert [round(row[0], -1) for row in database.rows(waits)] == [20, 3_600]
    # As if the clock of the database had been ahead by half an hour.
    database.run("update procrastinate_jobs set scheduled_at = scheduled_at + interval '30 minutes'")
    reaper.run()
    assert [row[0] <= 0 for row in database.rows(waits)] == [True, True]
    database.run("update procrastinate_jobs set scheduled_at = now() + interval '50 seconds'")
    reaper.run()
    assert [round(row[0], -1) for row in database.rows(waits)] == [50, 50]


def test_a_worker_that_died_while_the_clock_was_ahead_is_found(reaper: Reaper, database: Database) -> None:
    database.run("insert into procrastinate_workers (last_heartbeat) values (now() + interval '2 days')")
    reaper.run()
    (beat,) = database.rows("select last_heartbeat <= now() from procrastinate_workers")
    assert beat == (True,)


@pytest.mark.long
def test_two_days_ahead_and_corrected_lost_deliveries_and_sweeps_are_found_at_once(hosted: HostedLab) -> None:
    hosted.round()
    hosted.hours(48)
    hosted.round()
    hosted.box.clock.move_to(hosted.box.clock.now() - timedelta(hours=48))
    # By now GitHub's own clock is right, and a comment came whose delivery was lost.
    repo = hosted.box.repo(FIRST)
    repo.comment_as("safety-lead", repo.issues()[0].number, "/reassay explain")
    hosted.round()
    assert [comment.author for comment in repo.issues()[0].comments[-2:]] == ["safety-lead", "reassay[bot]"]
    for name in (*PERIODS, INTAKE, LOG_READ):
        success = hosted.jobs.claims.last_success(name)
        assert success is not None
        assert success <= hosted.box.clock.now()
