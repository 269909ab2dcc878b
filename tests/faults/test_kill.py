"""The real process, killed with SIGKILL wherever it happens to be once so many writes took effect."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from tests.lab import Lab

pytestmark = pytest.mark.long

COMMANDS = "/reassay conclude effective because fine\n\n/reassay explain"


def start(lab: Lab) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "reassay",
        "sweep",
        "--repo",
        lab.name,
        "--api-url",
        lab.box.api_url,
        "--server-url",
        lab.box.url,
    ]
    environment = {**os.environ, "GITHUB_TOKEN": lab.settings.token, "REASSAY_WRITE_PAUSE": "0"}
    environment = {name: value for name, value in environment.items() if name not in {"REASSAY_TOKEN", "GITHUB_RUN_ID"}}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill_after(lab: Lab, writes: int) -> bool:
    """Whether it was killed before it ended by itself."""
    before = len(lab.box.writes())
    process = start(lab)
    ended = threading.Event()

    def watch() -> None:
        process.wait(60)
        ended.set()

    threading.Thread(target=watch, daemon=True).start()
    while not ended.is_set() and len(lab.box.writes()) - before < writes:
        ended.wait(0.002)
    if ended.is_set():
        return False
    process.send_signal(signal.SIGKILL)
    ended.wait(30)
    return process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("writes", range(1, 11))
def test_a_killed_process_leaves_a_state_that_the_next_run_completes(lab: Lab, writes: int) -> None:
    kill_after(lab, writes)
    lab.later(minutes=6)
    lab.fine()
    assert sorted(title.split(" (")[0] for title in lab.titles()) == [
        "Re-assess Input filter blocks known jailbreak families",
        "Re-assess Staff finish misuse training",
    ]
    with lab.box.readonly():
        lab.fine()


@pytest.mark.parametrize("writes", range(1, 6))
def test_a_process_killed_while_concluding_records_and_says_it_once(lab: Lab, writes: int) -> None:
    lab.fine()
    number = next(issue.number for issue in lab.repo.issues() if "Staff" in issue.title)
    lab.say("safety-lead", number, COMMANDS)
    kill_after(lab, writes)
    lab.later(minutes=6)
    lab.fine()
    issue = lab.repo.issue(number)
    bodies = [comment.body for comment in issue.comments]
    assert issue.state == "closed"
    assert sum(": effective (" in body for body in bodies) == 1
    assert sum("Nothing more is needed" in body for body in bodies) == 1
    with lab.box.readonly():
        lab.fine()


def test_the_kill_really_happens(lab: Lab) -> None:
    assert kill_after(lab, 1)
