"""The real commands: what they refuse, how they stop, and what they do when their PostgreSQL is gone."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reassay_sandbox import Sandbox
from tests.hosted.crowd import MITIGATIONS, REMIND
from tests.hosted.farm import DEADLINE, ROOT, Farm
from tests.hosted.test_crash import farm
from tests.lab import PEOPLE


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="reassay-serve-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def run(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    given = {"PATH": os.environ["PATH"], "HOME": str(folder), **environment}
    command = [sys.executable, "-m", "reassay", *arguments]
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=DEADLINE, check=False)


@pytest.mark.long
def test_an_address_that_others_reach_is_refused_while_nobody_can_sign_in(folder: Path) -> None:
    done = run(folder, "serve", "--host", "0.0.0.0", "--port", "0")
    assert done.returncode == 2
    assert "until the App exists" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.long
def test_a_port_that_is_taken_is_said(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run(folder, "serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "--port" in done.stderr


@pytest.mark.long
@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"REASSAY_DATABASE_URL": "mysql://somebody:hidden@host/x"}, "only PostgreSQL is supported"),
        ({"REASSAY_DATABASE_URL": "postgresql://somebody:hidden@127.0.0.1:9/x"}, "PostgreSQL did not answer"),
        ({"REASSAY_APP_ID": "1"}, "REASSAY_APP_KEY is not set"),
        ({"REASSAY_GITHUB_URL": "http://git.example.com"}, "unprotected"),
    ],
)
def test_what_cannot_work_is_said_at_the_start_and_shows_no_secret(
    folder: Path, environment: dict[str, str], words: str
) -> None:
    for command in ("serve", "worker"):
        more = ("--port", "0") if command == "serve" else ()
        done = run(folder, command, *more, **environment)
        assert done.returncode in {2, 3}
        assert words in done.stderr
        assert "hidden" not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


@pytest.fixture
def alone(box: Sandbox, folder: Path) -> Iterator[Farm]:
    """A server that has swept its one repository."""
    box.clock.move_to(datetime.now(UTC))
    for login in PEOPLE:
        box.add_user(login)
    files = {".github/reassay.yml": REMIND % b"UTC", "framework/mitigations.yml": MITIGATIONS}
    box.add_repo("lab/framework", files=files, collaborators=dict.fromkeys(PEOPLE, "write"))
    made = farm(box, folder / "alone", ("serve",), ["lab/framework"])
    made.begin()
    try:
        made.until(lambda: len(box.repo("lab/framework").issues()) == 3, "its issues are there")
        made.until(made.is_idle, "all jobs are done")
        yield made
    finally:
        made.end()


@pytest.mark.long
def test_a_postgresql_that_is_gone_is_started_again_and_the_work_goes_on(alone: Farm, box: Sandbox) -> None:
    note = (alone.folder / "postgres" / "postmaster.pid").read_text(encoding="utf-8")
    os.kill(int(note.splitlines()[0]), signal.SIGKILL)
    repo = box.repo("lab/framework")
    repo.comment_as("red-team-lead", repo.issues()[0].number, "/reassay explain")
    box.hooks.settle()
    attempts = [each for each in box.hooks.attempts if each.event == "issue_comment"]

    def is_taken() -> bool:
        alone.send(attempts[-1], attempts[-1].guid)
        return attempts[-1].guid in alone.acknowledged

    alone.until(is_taken, "it is taken")
    alone.until(lambda: len(repo.issues()[0].comments) == 2, "the command is answered")


def test_told_to_stop_it_ends_in_good_order_and_takes_its_postgresql_along(alone: Farm) -> None:
    process = alone.running[0]
    process.send_signal(signal.SIGTERM)
    assert process.wait(DEADLINE) == 0
    assert not (alone.folder / "postgres" / "postmaster.pid").exists()


@pytest.mark.long
def test_a_delivery_that_fell_into_a_restart_is_asked_for_right_after_the_start(alone: Farm, box: Sandbox) -> None:
    process, repo = alone.running[0], box.repo("lab/framework")
    process.send_signal(signal.SIGTERM)
    assert process.wait(DEADLINE) == 0
    box.clock.move_to(datetime.now(UTC))
    repo.comment_as("red-team-lead", repo.issues()[0].number, "/reassay explain")
    box.hooks.settle()
    assert not any(attempt.status == 202 for attempt in box.hooks.attempts if attempt.event == "issue_comment")
    before = (alone.folder / "log-0").read_text(encoding="utf-8")
    alone.start(0)
    alone.until(lambda: len(repo.issues()[0].comments) == 2, "the command is answered")
    # By its own rhythm it would look ten minutes after the last time.
    assert "missed: 1 requested again" in (alone.folder / "log-0").read_text(encoding="utf-8")[len(before) :]


@pytest.mark.long
def test_two_days_ahead_and_put_right_everything_goes_on_at_once_and_it_is_ready(alone: Farm, box: Sandbox) -> None:
    def ticks() -> list[float]:
        """Seconds by which claims and successes lie in the future."""
        return [float(str(row[0])) for row in alone.rows("select extract(epoch from at - now()) from reassay_ticks")]

    alone.set_clock(2 * 86_400)
    alone.until(lambda: sum(seconds > 86_400 for seconds in ticks()) > 4, "the wrong clock is stored")
    alone.set_clock(0)
    # A comment comes whose delivery is lost.
    repo = box.repo("lab/framework")
    box.clock.move_to(datetime.now(UTC))
    box.hooks.lose = 1
    repo.comment_as("red-team-lead", repo.issues()[0].number, "/reassay explain")
    box.hooks.settle()
    alone.until(lambda: max(ticks()) < 60, "every task went on", 90.0)
    alone.until(lambda: alone.request("GET", "/readyz", b"", {}) == 200, "it is ready", 90.0)
    # The log of deliveries is read every ten minutes, and was just read: what was lost since is asked for with the next look.
    alone.run("delete from reassay_ticks where name = 'claim/missed'")
    alone.until(lambda: len(repo.issues()[0].comments) == 2, "the command is answered")
