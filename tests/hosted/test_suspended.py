"""A worker that is suspended for longer than its heartbeat may stay away, and wakes up: another one has done its job meanwhile."""

import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reassay_sandbox import Sandbox
from tests.gate_lab import API, AUDIO, FILES
from tests.hosted.farm import DEADLINE, Farm
from tests.hosted.test_crash import farm, postgres
from tests.lab import PEOPLE

pytestmark = pytest.mark.long

NAME = "lab/framework"
HOLD = "/reassay hold because the report is not there"


class Held:
    """Holds GitHub's answer to the next write to the ledger: it is made, and whoever made it does not know yet."""

    def __init__(self) -> None:
        self.armed = False
        self.reached, self.open = threading.Event(), threading.Event()

    def __call__(self, event: str, payload: dict[str, Any]) -> None:
        if self.armed and event == "push" and payload["ref"] == "refs/heads/reassay-ledger":
            self.armed = False
            self.reached.set()
            self.open.wait(DEADLINE)


@pytest.fixture
def working(box: Sandbox) -> Iterator[Farm]:
    """A server and one worker that have swept their one repository."""
    box.clock.move_to(datetime.now(UTC))
    for login in PEOPLE:
        box.add_user(login)
    repo = box.add_repo(NAME, files=FILES, collaborators=dict.fromkeys(PEOPLE, "write"))
    repo.commit({API: AUDIO}, "Audio", "auditor", "audio")
    with (
        tempfile.TemporaryDirectory(prefix="reassay-stop-", ignore_cleanup_errors=True) as folder,
        postgres(Path(folder) / "postgres") as url,
    ):
        made = farm(box, Path(folder) / "farm", ("serve", "worker", "worker"), [NAME], url)
        made.begin(("serve", "worker"))
        try:
            number = repo.open_pull_as("auditor", "audio")
            made.until(lambda: bool(repo.checks(repo.pull_head(number))), "the pull request has its check")
            made.until(made.is_idle, "all jobs are done")
            yield made
        finally:
            made.end()


def replies(box: Sandbox, number: int) -> list[str]:
    """Comments of the bot, without the one that shows the verdict."""
    comments = box.repo(NAME).thread(number).comments
    return [comment.body for comment in comments if comment.author == "reassay[bot]" and "gate-" not in comment.body]


def test_a_worker_that_wakes_up_does_not_do_again_what_another_one_did(working: Farm, box: Sandbox) -> None:
    held, (pull,) = Held(), box.repo(NAME).pulls()
    number = pull.number
    box.on_event(held)
    held.armed = True
    box.repo(NAME).comment_as("red-team-lead", number, HOLD)
    assert held.reached.wait(DEADLINE)
    os.kill(working.running[1].pid, signal.SIGSTOP)
    held.open.set()
    working.start(2)
    working.until(lambda: len(replies(box, number)) == 1, "another worker has answered the command")
    working.until(working.is_idle, "all jobs are done")
    shown, before = box.repo(NAME).thread(number).comments, len(box.traffic)
    os.kill(working.running[1].pid, signal.SIGCONT)
    log = working.folder / "log-1"
    working.until(lambda: "taken this job over" in log.read_text(), "the first one notices that it has lost its job")
    time.sleep(2)
    assert box.repo(NAME).thread(number).comments == shown
    assert [each.operation for each in box.traffic[before:] if each.is_write] == []
    # It goes on with what comes next.
    os.kill(working.running[2].pid, signal.SIGKILL)
    box.repo(NAME).comment_as("red-team-lead", number, "/reassay unhold")
    working.until(lambda: len(replies(box, number)) == 2, "the first one answers")
    working.until(working.is_idle, "all jobs are done")
    assert len(replies(box, number)) == 2
    assert working.rows("select reason from reassay_dead_letters") == []
