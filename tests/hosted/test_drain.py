"""From the inbox to jobs, over a real PostgreSQL: each subject once, nothing lost, nothing of strangers."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest

from reassay.github.app_types import AppInstallation, HostedRepository
from reassay.hosted.database.database import Database, DatabaseError
from reassay.hosted.inbox import drain as module
from reassay.hosted.inbox.drain import PATIENCE, Drain, DrainResult
from reassay.hosted.inbox.inbox import Inbox
from reassay.hosted.jobs.dead_letters import DeadLetters
from reassay.hosted.jobs.queue import JobQueue
from reassay.hosted.periodic import PeriodicClaims
from reassay.hosted.repositories import RepositoryTables
from reassay.hosted.rules.deliveries import used_fields
from reassay.hosted.rules.subject import JobSubject
from tests.hosted.inbox_lab import NOW, delivery, writing

MINUTE = timedelta(minutes=1)
HERE, THERE = 10, 20


@dataclass
class Bench:
    """An inbox, the real queue, two installations of which the first has one repository."""

    database: Database
    asked: int = 0
    """How often it was asked to list installations."""

    def __post_init__(self) -> None:
        self.tables = RepositoryTables(self.database)
        self.tables.keep_installations([AppInstallation(1, "example-lab"), AppInstallation(2, "other-lab")], NOW)
        self.know(1, HERE)
        self.inbox = Inbox(self.database)
        self.queue = JobQueue.on(self.database)
        self.letters = DeadLetters(self.database)
        self.claims = PeriodicClaims(self.database)
        self.drain = Drain(self.inbox, self.letters, self.queue, self.claims, self.ask, "reassay[bot]")

    def ask(self) -> None:
        self.asked += 1

    def answered(self, at: datetime) -> None:
        """GitHub listed its installations."""
        self.claims.succeeded("installations", at)

    def know(self, installation: int, *repositories: int) -> None:
        listed = [HostedRepository(each, installation, f"example-lab/{each}") for each in repositories]
        self.tables.keep_repositories(installation, listed, NOW)

    def deliver(self, *deliveries: tuple[str, str, bytes]) -> None:
        async def put() -> None:
            async with writing(self.database.url) as keeper:
                for number, event, body in deliveries:
                    assert await keeper.put(delivery(number, body, event))

        asyncio.run(put())

    def jobs(self) -> list[str]:
        rows = self.database.rows("select queueing_lock from procrastinate_jobs where status = 'todo' order by id")
        return [row[0] for row in rows]

    def unread(self) -> list[str]:
        return [each.delivery.id for each in self.inbox.unread(0, 1_000)]


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)


def pull(number: int, repository: int = HERE, installation: int = 1, action: str = "synchronize") -> bytes:
    body = {
        "action": action,
        "pull_request": {"number": number},
        "repository": {"id": repository},
        "installation": {"id": installation},
    }
    return used_fields("pull_request", json.dumps(body).encode())


def test_many_deliveries_of_a_subject_are_one_job_and_their_bodies_go(bench: Bench, database: Database) -> None:
    bench.deliver(*((f"d{each}", "pull_request", pull(each % 2 + 1)) for each in range(20)))
    assert bench.drain.run(NOW) == DrainResult(read=20, deferred=2)
    assert bench.jobs() == [f"{HERE}/pull:1", f"{HERE}/pull:2"]
    assert database.rows("select count(*), count(body), count(done_at) from reassay_inbox") == [(20, 0, 20)]
    # The same once more, while the jobs wait.
    bench.deliver(("more", "pull_request", pull(1)))
    assert bench.drain.run(NOW) == DrainResult(read=1, deferred=0)
    assert bench.drain.run(NOW) == DrainResult()


def test_more_than_a_batch_is_read_in_one_round(bench: Bench) -> None:
    with patch.object(module, "BATCH", 7):
        bench.deliver(*((f"d{each}", "pull_request", pull(each + 1)) for each in range(20)))
        assert bench.drain.run(NOW) == DrainResult(read=20, deferred=20)
    assert len(bench.jobs()) == 20
    assert bench.unread() == []


def test_a_crash_between_jobs_and_mark_does_it_again_and_comes_to_the_same(bench: Bench) -> None:
    bench.deliver(("a", "pull_request", pull(1)), ("b", "pull_request", pull(2)))
    with (
        patch.object(Inbox, "done", side_effect=DatabaseError("the process is gone.")),
        pytest.raises(DatabaseError, match="gone"),
    ):
        bench.drain.run(NOW)
    assert bench.unread() == ["a", "b"]
    assert bench.drain.run(NOW) == DrainResult(read=2, deferred=0)
    assert bench.jobs() == [f"{HERE}/pull:1", f"{HERE}/pull:2"]


def test_a_crash_in_the_middle_of_the_jobs_loses_none_of_them(bench: Bench) -> None:
    bench.deliver(("a", "pull_request", pull(1)), ("b", "pull_request", pull(2)))

    class Dying(JobQueue):
        def defer(self, subjects: Iterable[JobSubject]) -> int:
            bench.queue.defer(list(subjects)[:1])
            raise DatabaseError("the process is gone.")

    with pytest.raises(DatabaseError):
        replace(bench.drain, queue=Dying(bench.queue.app)).run(NOW)
    assert bench.jobs() == [f"{HERE}/pull:1"]
    bench.drain.run(NOW)
    assert bench.jobs() == [f"{HERE}/pull:1", f"{HERE}/pull:2"]


def test_two_processes_that_read_the_same_inbox_come_to_the_same_jobs(bench: Bench, url: str) -> None:
    bench.deliver(*((f"d{each}", "pull_request", pull(each + 1)) for each in range(5)))
    with Database.connect(url) as second:
        other = replace(bench.drain, inbox=Inbox(second), queue=JobQueue.on(second))

        class Both(JobQueue):
            """The other one reads everything after this one has read it and before it defers."""

            def defer(self, subjects: Iterable[JobSubject]) -> int:
                assert other.run(NOW).read == 5
                return bench.queue.defer(subjects)

        assert replace(bench.drain, queue=Both(bench.queue.app)).run(NOW) == DrainResult(read=5, deferred=0)
    assert len(bench.jobs()) == 5


def test_what_makes_no_sense_is_a_dead_letter_that_can_be_read_again(bench: Bench, database: Database) -> None:
    bench.deliver(("bad", "pull_request", b'{"pull_request": {"number": "x"}}'), ("good", "pull_request", pull(1)))
    assert bench.drain.run(NOW) == DrainResult(read=1, deferred=1, dead=1)
    [letter] = bench.letters.listed()
    assert (letter.key, letter.event, letter.redriven_at) == ("bad", "pull_request", None)
    assert letter.reason == "pull_request.number: Expected `int`, got `str`"
    assert bench.unread() == []
    # A newer version may understand it; this one does not.
    assert bench.letters.redrive_delivery("bad", NOW + MINUTE)
    assert not bench.letters.redrive_delivery("good", NOW + MINUTE)
    assert bench.drain.run(NOW + MINUTE) == DrainResult(dead=1)
    [letter] = bench.letters.listed()
    assert (letter.at, letter.redriven_at) == (NOW + MINUTE, None)
    assert database.rows("select body from reassay_dead_letters") == [(b'{"pull_request": {"number": "x"}}',)]


def test_a_repository_that_is_not_known_is_asked_for_and_waits(bench: Bench) -> None:
    bench.deliver(("new", "pull_request", pull(1, THERE, 2)), ("known", "pull_request", pull(1)))
    assert bench.drain.run(NOW) == DrainResult(read=1, deferred=1, held=1)
    assert bench.asked == 1
    bench.know(2, THERE)
    bench.answered(NOW + MINUTE)
    assert bench.drain.run(NOW + MINUTE) == DrainResult(read=1, deferred=1)
    assert bench.jobs() == [f"{HERE}/pull:1", f"{THERE}/pull:1"]


def test_still_unknown_once_github_was_asked_it_is_a_dead_letter_and_after_it_is_known_it_can_be_driven_again(bench: Bench) -> None:  # fmt: skip
    bench.deliver(("new", "pull_request", pull(1, THERE, 2)))
    bench.drain.run(NOW)
    bench.answered(NOW + MINUTE)
    assert bench.drain.run(NOW + MINUTE) == DrainResult(dead=1)
    [letter] = bench.letters.listed()
    assert letter.reason == f"repository {THERE} belongs to no installation of this App"
    bench.know(2, THERE)
    bench.letters.redrive_delivery("new", NOW + 2 * MINUTE)
    assert bench.drain.run(NOW + 2 * MINUTE) == DrainResult(read=1, deferred=1)
    assert bench.jobs() == [f"{THERE}/pull:1"]


def test_if_github_cannot_be_asked_it_is_not_held_for_ever(bench: Bench) -> None:
    bench.deliver(("new", "pull_request", pull(1, THERE, 2)))
    assert bench.drain.run(NOW + PATIENCE) == DrainResult(held=1)
    assert bench.drain.run(NOW + PATIENCE + MINUTE) == DrainResult(dead=1)


def test_an_installation_cannot_speak_of_a_repository_of_another_one(bench: Bench) -> None:
    bench.deliver(("odd", "pull_request", pull(1, HERE, installation=2)))
    bench.answered(NOW + MINUTE)
    assert bench.drain.run(NOW + MINUTE) == DrainResult(dead=1)
    assert bench.jobs() == []
    assert bench.letters.listed()[0].reason == "the delivery names installation 2, but its repository belongs to 1"


def test_a_new_installation_has_everything_looked_up_and_is_no_dead_letter(bench: Bench) -> None:
    body = json.dumps({"action": "renamed", "installation": {"id": 2}, "repository": {"id": THERE}}).encode()
    bench.deliver(("i", "installation", b'{"action": "created", "installation": {"id": 9}}'), ("r", "repository", body))
    assert bench.drain.run(NOW) == DrainResult(read=2)
    assert bench.asked == 1
    assert bench.letters.listed() == ()


def test_retention_forgets_what_was_read_and_nothing_that_waits(bench: Bench, database: Database) -> None:
    bench.deliver(("read", "pull_request", pull(1)), ("bad", "pull_request", b"{"))
    bench.drain.run(NOW)
    bench.deliver(("waits", "pull_request", pull(2)))
    assert (bench.inbox.forget(NOW), bench.letters.forget(NOW)) == (0, 0)
    assert bench.unread() == ["waits"]
    assert (bench.inbox.forget(NOW + MINUTE), bench.letters.forget(NOW + MINUTE)) == (2, 1)
    assert database.rows("select delivery_id from reassay_inbox") == [("waits",)]
    assert bench.letters.listed() == ()
