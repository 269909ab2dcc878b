"""Deliveries that did not reach the inbox are asked for again, once each, by whichever process."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from reassay.hosted.database.database import Database
from reassay.hosted.job_services import REDELIVERY
from tests.hosted.hosted_lab import FIRST, HostedLab


class Receiver:
    """Keeps the ids of deliveries in the inbox, as the real one does."""

    def __init__(self, database: Database) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                database.run(
                    "insert into reassay_inbox (delivery_id, event, received_at) values (%s, %s, now()) on conflict do nothing",
                    (self.headers["x-github-delivery"], self.headers["x-github-event"]),
                )
                self.send_response(202)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/webhook"


@pytest.fixture
def listening(hosted: HostedLab) -> Iterator[HostedLab]:
    receiver = Receiver(hosted.database)
    app = hosted.app
    app.hook_url, app.hook_secret, app.events = receiver.url, "secret", ("issues", "issue_comment")
    hosted.tick()
    hosted.hours(0.5)
    yield hosted
    hosted.box.hooks.settle()
    receiver.server.shutdown()
    receiver.server.server_close()


def opened(hosted: HostedLab, title: str) -> None:
    hosted.box.repo(FIRST).open_issue_as("safety-lead", title)
    hosted.box.hooks.settle()


def inbox(hosted: HostedLab) -> int:
    return int(hosted.database.rows("select count(*) from reassay_inbox")[0][0])


def again(hosted: HostedLab) -> int:
    return sum(each.redelivery for each in hosted.box.hooks.attempts)


def test_a_lost_delivery_is_made_again_once_and_only_it(listening: HostedLab) -> None:
    opened(listening, "Fine")
    listening.box.hooks.lose = 1
    opened(listening, "Lost")
    opened(listening, "Fine as well")
    assert inbox(listening) == 2
    listening.hours(0.2)
    assert REDELIVERY in listening.tick()
    listening.box.hooks.settle()
    assert (again(listening), inbox(listening)) == (1, 3)
    for _ in range(3):
        listening.hours(0.2)
        listening.tick()
    assert again(listening) == 1


def test_a_delivery_that_is_lost_again_is_left_to_the_sweep(listening: HostedLab) -> None:
    listening.box.hooks.lose = 2
    opened(listening, "Lost twice")
    for _ in range(4):
        listening.hours(0.2)
        listening.tick()
        listening.box.hooks.settle()
    assert (again(listening), inbox(listening)) == (1, 0)


def test_what_github_believes_delivered_and_the_inbox_does_not_know_is_made_again(listening: HostedLab) -> None:
    opened(listening, "Fine")
    listening.database.run("delete from reassay_inbox")
    listening.hours(0.2)
    listening.tick()
    listening.box.hooks.settle()
    assert (again(listening), inbox(listening)) == (1, 1)


def test_two_processes_ask_once(listening: HostedLab, url: str, tmp_path: Path) -> None:
    listening.box.hooks.lose = 5
    for number in range(5):
        opened(listening, f"Lost {number}")
    listening.hours(0.2)
    with Database.connect(url) as database, listening.process(database, tmp_path / "other") as other:
        acts = [
            next(task.run for task in jobs.scheduler.tasks if task.name == REDELIVERY)
            for jobs in (listening.jobs, other)
        ]
        threads = [threading.Thread(target=act, args=(listening.box.clock.now(),)) for act in acts]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    listening.box.hooks.settle()
    assert (again(listening), inbox(listening)) == (5, 5)


def test_the_log_is_read_page_by_page_as_far_as_it_is_new(listening: HostedLab) -> None:
    listening.box.hooks.lose = 1
    opened(listening, "Lost")
    lost = listening.box.hooks.attempts[-1]
    for number in range(150):
        listening.box.hooks.attempts.append(replace(lost, id=lost.id + 1 + number, guid=f"fine-{number}", status=202))
    listening.database.run(
        "insert into reassay_inbox (delivery_id, event, received_at) select 'fine-' || n, 'issues', now() from generate_series(0, 149) n"
    )
    listening.box.hooks.attempts.insert(0, replace(lost, id=-1, guid="long ago", at=lost.at - timedelta(days=2)))
    listening.hours(0.2)
    before = len(listening.box.traffic)
    listening.tick()
    pages = [each for each in listening.box.traffic[before:] if each.operation == "GET /app/hook/deliveries"]
    assert len(pages) == 2
    listening.box.hooks.settle()
    assert again(listening) == 1


def test_a_clock_that_was_ahead_once_hides_no_lost_delivery(listening: HostedLab) -> None:
    listening.box.hooks.lose = 1
    opened(listening, "Lost")
    listening.hours(0.2)
    listening.jobs.claims.succeeded(REDELIVERY, listening.box.clock.now() + timedelta(days=400))
    listening.tick()
    listening.box.hooks.settle()
    assert (again(listening), inbox(listening)) == (1, 1)


def test_what_was_lost_after_a_look_by_a_clock_that_was_a_little_ahead_is_made_again(listening: HostedLab) -> None:
    look = next(task.run for task in listening.jobs.scheduler.tasks if task.name == REDELIVERY)
    opened(listening, "Fine")
    look(listening.box.clock.now() + timedelta(minutes=30))
    listening.hours(0.1)
    listening.box.hooks.lose = 1
    opened(listening, "Lost")
    # By our clock that was before the last look, by more than looks overlap.
    listening.hours(0.6)
    look(listening.box.clock.now())
    listening.box.hooks.settle()
    assert (again(listening), inbox(listening)) == (1, 2)
