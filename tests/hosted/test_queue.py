"""Queue, worker and reaper over a real PostgreSQL: what is asked for is run, once, whatever dies in between."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from reassay.hosted.database.database import Database, DatabaseError
from reassay.hosted.jobs.dead_letters import DeadLetters
from reassay.hosted.jobs.job_runs import JobRuns
from reassay.hosted.jobs.queue import QUEUE, RECONCILE, WAKE, JobQueue, StoredJob, prepare, stored
from reassay.hosted.jobs.reaper import Reaper
from reassay.hosted.jobs.reconcile import JobOutcome, NothingToDo, RateLimited, RetryLater
from reassay.hosted.jobs.worker import JobRunner, Worker
from reassay.hosted.rules.backoff import MOST_FAILURES
from reassay.hosted.rules.subject import Job, JobSubject

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
ISSUE, OTHER, PULL = JobSubject(10, "issue", 7), JobSubject(20), JobSubject(10, "pull", 5)


class ManualClock:
    def now(self) -> datetime:
        return NOW

    def sleep(self, seconds: float) -> None:
        pass


@dataclass
class Bench:
    """A queue, a worker that does what the test says, and hands on the clock of the jobs that wait."""

    database: Database
    queue: JobQueue
    ran: list[JobSubject] = field(default_factory=list)
    record: list[tuple[Job, JobOutcome]] = field(default_factory=list)
    act: Callable[[JobSubject], JobOutcome] = lambda _subject: NothingToDo("nothing to do")

    def __post_init__(self) -> None:
        self.dead = DeadLetters(self.database)
        self.runner = JobRunner(
            self._reconcile,
            self.queue,
            self.dead,
            JobRuns(self.database),
            ManualClock(),
            lambda job, outcome, _: self.record.append((job, outcome)),
        )
        self.worker = Worker(self.database.url, self.runner.run)
        self.reaper = Reaper(self.database, self.queue, self.runner.lost)

    def _reconcile(self, job: Job) -> JobOutcome:
        self.ran.append(job.subject)
        return self.act(job.subject)

    def work(self) -> None:
        asyncio.run(self.worker.run_waiting())

    def waiting(self, task: str = RECONCILE) -> list[str]:
        return [
            row[0]
            for row in self.database.rows(
                "select queueing_lock from procrastinate_jobs where status = 'todo' and task_name = %s order by id",
                (task,),
            )
        ]

    def wait_seconds(self) -> list[float]:
        return [
            float(row[0])
            for row in self.database.rows(
                "select extract(epoch from scheduled_at - now()) from procrastinate_jobs where task_name = %s", (WAKE,)
            )
        ]

    def later(self) -> None:
        """What waits for its time is due."""
        self.database.run("update procrastinate_jobs set scheduled_at = now() where scheduled_at is not null")

    def statuses(self) -> dict[str, int]:
        return dict(self.database.rows("select status::text, count(*) from procrastinate_jobs group by 1"))


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database, JobQueue.on(database))


def test_twenty_events_on_two_subjects_are_two_jobs(bench: Bench) -> None:
    assert sum(bench.queue.defer([ISSUE, OTHER]) for _ in range(10)) == 2
    bench.work()
    assert sorted(bench.ran, key=str) == sorted([ISSUE, OTHER], key=str)
    assert bench.statuses() == {}


def test_an_event_during_a_run_is_another_run(bench: Bench) -> None:
    def once(subject: JobSubject) -> JobOutcome:
        if len(bench.ran) == 1:
            assert bench.queue.defer([ISSUE]) == 1
            assert bench.queue.defer([ISSUE]) == 0
        return NothingToDo("done")

    bench.act = once
    bench.queue.defer([ISSUE])
    bench.work()
    assert bench.ran == [ISSUE, ISSUE]


def test_an_event_that_arrives_while_its_job_fails_wedges_nothing(bench: Bench) -> None:
    def fails_once(subject: JobSubject) -> JobOutcome:
        if len(bench.ran) == 1:
            bench.queue.defer([subject])
            raise RuntimeError("it broke")
        return NothingToDo("done")

    bench.act = fails_once
    bench.queue.defer([ISSUE])
    bench.work()
    assert bench.ran == [ISSUE, ISSUE]
    bench.later()
    bench.work()
    assert bench.ran == [ISSUE] * 3
    assert bench.statuses() == {}
    bench.queue.defer([ISSUE])
    bench.work()
    assert len(bench.ran) == 4


def test_a_delayed_job_is_in_the_way_of_no_later_one(bench: Bench) -> None:
    bench.act = lambda subject: RetryLater("not now", counts=True) if subject == ISSUE else NothingToDo("done")
    bench.queue.defer([ISSUE])
    bench.work()
    bench.queue.defer([PULL])
    bench.work()
    assert bench.ran == [ISSUE, PULL]
    assert bench.waiting(WAKE) == ["wake:10/issue:7"]
    assert 0 < bench.wait_seconds()[0] <= 60
    bench.later()
    bench.work()
    assert bench.ran == [ISSUE, PULL, ISSUE]


def test_one_repository_runs_one_job_at_a_time_and_several_repositories_run_at_once(bench: Bench) -> None:
    import threading

    together, at_once, most = threading.Barrier(2, timeout=30), {10: 0, 20: 0}, {10: 0, 20: 0}

    def counted(subject: JobSubject) -> JobOutcome:
        at_once[subject.repository] += 1
        most[subject.repository] = max(most[subject.repository], at_once[subject.repository])
        if subject in {PULL, OTHER}:
            together.wait()
        at_once[subject.repository] -= 1
        return NothingToDo("done")

    bench.act = counted
    bench.queue.defer([PULL, ISSUE, OTHER, JobSubject(10)])
    bench.work()
    assert len(bench.ran) == 4
    assert most == {10: 1, 20: 1}


def test_a_verdict_goes_before_a_sweep(bench: Bench) -> None:
    bench.worker.concurrency = 1
    bench.queue.defer([*(JobSubject(number) for number in range(1, 6)), JobSubject(9, "pull", 1)])
    bench.work()
    assert bench.ran[0] == JobSubject(9, "pull", 1)


def test_what_fails_too_often_is_a_dead_letter_and_the_next_event_tries_again_once(bench: Bench) -> None:
    def broken(subject: JobSubject) -> JobOutcome:
        raise ValueError("a register nobody thought of")

    bench.act = broken
    bench.queue.defer([ISSUE])
    for _ in range(MOST_FAILURES + 3):
        bench.work()
        bench.later()
    assert len(bench.ran) == MOST_FAILURES
    (letter,) = bench.dead.listed()
    assert letter.key == "10/issue:7"
    assert letter.reason == "a bug in reassay: ValueError: a register nobody thought of"
    bench.queue.defer([ISSUE])
    bench.work()
    bench.later()
    bench.work()
    assert len(bench.ran) == MOST_FAILURES + 1
    # A person asks for it: with all its attempts, and what gets through leaves no letter.
    bench.dead.redrive_job(ISSUE, NOW)
    bench.queue.defer([ISSUE])
    bench.work()
    assert bench.waiting(WAKE) == ["wake:10/issue:7"]
    bench.act = lambda _: NothingToDo("done")
    bench.later()
    bench.work()
    assert bench.dead.listed() == ()
    assert bench.statuses() == {}


def test_an_outage_is_never_a_dead_letter(bench: Bench) -> None:
    bench.act = lambda _: RetryLater("GitHub answered 502", counts=False)
    bench.queue.defer([ISSUE])
    for _ in range(MOST_FAILURES * 2):
        bench.work()
        assert bench.wait_seconds()[0] <= 60
        bench.later()
    assert len(bench.ran) == MOST_FAILURES * 2
    assert bench.dead.listed() == ()


def test_a_limit_is_waited_for_as_long_as_github_says(bench: Bench) -> None:
    bench.act = lambda _: RateLimited(NOW + timedelta(minutes=30), "a pause")
    bench.queue.defer([ISSUE])
    bench.work()
    assert 1800 < bench.wait_seconds()[0] <= 1830


@pytest.mark.parametrize(
    "arguments",
    [
        {"v": 2, "repository": "R_1", "what": {"new": True}},
        {"v": 1, "repository": 10, "subject": "deployment:7", "attempt": 0, "failures": 0},
    ],
)
def test_what_a_newer_version_wrote_is_put_back_as_it_is(bench: Bench, arguments: dict[str, object]) -> None:
    order = StoredJob("10", "10/new", arguments)
    bench.queue.put(order)
    bench.work()
    assert bench.ran == []
    assert 30 < bench.wait_seconds()[0] <= 60
    bench.later()
    bench.database.run("update procrastinate_jobs set task_name = task_name")
    asyncio.run(Worker(bench.database.url, bench.runner.run).run_waiting())
    # It came back, was put back again, and nothing of it was lost.
    ((packed,),) = bench.database.rows("select args from procrastinate_jobs")
    assert packed["arguments"] == arguments
    assert (packed["lock"], packed["queueing_lock"]) == ("10", "10/new")
    assert bench.dead.listed() == ()


def test_an_argument_that_a_newer_version_added_is_no_trouble(bench: Bench) -> None:
    order = stored(Job(ISSUE))
    bench.queue.put(StoredJob(order.lock, order.queueing_lock, {**order.arguments, "because": "new"}))
    bench.work()
    assert bench.ran == [ISSUE]


def test_a_task_that_only_a_newer_version_knows_is_not_lost(bench: Bench) -> None:
    bench.queue.put(StoredJob("10", "10/x", {"v": 1, "some": "thing"}, task="reassay.tomorrow"))
    bench.work()
    assert bench.statuses() == {"failed": 1}
    assert bench.reaper.run() == 1
    assert bench.statuses() == {"todo": 1}
    bench.later()
    bench.work()
    bench.reaper.run()
    ((packed,),) = bench.database.rows("select args from procrastinate_jobs")
    assert (packed["task"], packed["arguments"]) == ("reassay.tomorrow", {"v": 1, "some": "thing"})


def taken_by_a_dead_worker(bench: Bench, *subjects: JobSubject) -> None:
    """As a worker leaves it that was killed: jobs `doing`, and a heart that beats no more."""
    bench.queue.defer(subjects)
    bench.database.rows(
        "select procrastinate_fetch_job_v2(null, (select worker_id from procrastinate_register_worker_v1())) from generate_series(1, %s)",
        (len(subjects),),
    )
    bench.database.run("update procrastinate_workers set last_heartbeat = now() - interval '2 minutes'")
    assert bench.statuses() == {"doing": len(subjects)}


def test_jobs_of_a_dead_worker_are_run_by_another_one(bench: Bench) -> None:
    taken_by_a_dead_worker(bench, ISSUE, OTHER)
    # An event of the same subject waits already: the engine's own retry would be refused for good.
    bench.queue.defer([ISSUE])
    bench.work()
    assert bench.ran == []
    assert bench.reaper.run() == 2
    assert bench.reaper.run() == 0
    bench.later()
    bench.work()
    assert set(bench.ran) == {ISSUE, OTHER}
    assert bench.statuses() == {}


def test_a_worker_whose_heart_beats_keeps_its_job(bench: Bench) -> None:
    bench.queue.defer([ISSUE])
    bench.database.rows(
        "select procrastinate_fetch_job_v2(null, (select worker_id from procrastinate_register_worker_v1()))"
    )
    assert bench.reaper.run() == 0
    assert bench.statuses() == {"doing": 1}


def test_what_kills_every_worker_is_a_dead_letter_in_the_end(bench: Bench) -> None:
    for _ in range(MOST_FAILURES):
        bench.queue.put(stored(Job(ISSUE))) if not bench.waiting() else None
        bench.database.rows(
            "select procrastinate_fetch_job_v2(null, (select worker_id from procrastinate_register_worker_v1()))"
        )
        bench.database.run("update procrastinate_workers set last_heartbeat = now() - interval '2 minutes'")
        bench.reaper.run()
        bench.later()
        # Only what wakes is run; the job itself is taken by a worker that dies.
        bench.database.rows(
            "select procrastinate_fetch_job_v2(null, null) from procrastinate_jobs where task_name = %s", (WAKE,)
        )
        for (arguments,) in bench.database.rows(
            "delete from procrastinate_jobs where task_name = %s returning args", (WAKE,)
        ):
            bench.queue.put(StoredJob(arguments["lock"], arguments["queueing_lock"], arguments["arguments"]))
    assert [each.reason for each in bench.dead.listed()] == ["the process that ran it died"]


def test_a_job_that_does_not_end_in_time_is_run_by_another_worker(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from reassay.hosted.jobs import worker

    monkeypatch.setattr(worker, "GRACE_SECONDS", 0.0)
    started, release = threading.Event(), threading.Event()

    def endless(subject: JobSubject) -> JobOutcome:
        started.set()
        release.wait(timeout=60)
        return NothingToDo("done")

    async def told_to_stop() -> bool:
        stop = asyncio.Event()
        running = asyncio.create_task(Worker(bench.database.url, bench.runner.run, concurrency=1).run(stop))
        await asyncio.to_thread(started.wait, 60)
        bench.queue.defer([OTHER])
        stop.set()
        clean = await running
        release.set()
        return clean

    bench.act = endless
    bench.queue.defer([ISSUE])
    assert not asyncio.run(told_to_stop())
    assert bench.statuses() == {"aborted": 1, "todo": 1}
    assert bench.ran == [ISSUE]
    assert bench.reaper.run() == 1
    # The other one has all the time it needs: under load, its jobs would be cut short as well.
    monkeypatch.setattr(worker, "GRACE_SECONDS", 20.0)
    bench.later()
    bench.act = lambda _: NothingToDo("done")
    asyncio.run(Worker(bench.database.url, bench.runner.run).run_waiting())
    assert bench.ran[1:] in ([ISSUE, OTHER], [OTHER, ISSUE])
    assert bench.statuses() == {}


def test_a_job_that_ends_in_time_is_waited_for(bench: Bench) -> None:
    import threading

    started, release = threading.Event(), threading.Event()

    def slow(subject: JobSubject) -> JobOutcome:
        started.set()
        release.wait(timeout=60)
        return NothingToDo("done")

    async def told_to_stop() -> bool:
        stop = asyncio.Event()
        running = asyncio.create_task(bench.worker.run(stop))
        await asyncio.to_thread(started.wait, 60)
        stop.set()
        release.set()
        return await running

    bench.act = slow
    bench.queue.defer([ISSUE])
    assert asyncio.run(told_to_stop())
    assert bench.statuses() == {}


def test_the_tables_of_the_engine_are_made_once(bench: Bench) -> None:
    assert not prepare(bench.database)
    bench.database.run("drop schema public cascade")
    bench.database.run("create schema public")
    assert prepare(bench.database)
    assert not prepare(bench.database)


def test_a_database_that_is_away_is_one_typed_error(bench: Bench) -> None:
    bench.database.run(f"alter table procrastinate_jobs rename to {QUEUE}_gone")
    with pytest.raises(DatabaseError):
        bench.queue.defer([ISSUE])
    with pytest.raises(DatabaseError):
        bench.reaper.run()
