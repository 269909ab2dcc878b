"""Commands under faults: two writers lose nothing, and a run that dies at any write is taken up by the next one."""

import base64
import io
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reassay.cli import main
from reassay.ledger.store.configured_keys import LedgerKeys
from reassay_sandbox import Fault
from reassay_sandbox.faults import Kind
from tests.lab import Lab

pytestmark = pytest.mark.long

KEY = base64.b64encode(bytes(range(32))).decode()
REGISTER = b"""\
mode: record
roles:
  board: {users: [auditor]}
mitigations:
  - {id: alpha, title: Alpha, owner: safety-lead, assessor: red-team-lead, last_assessed: 2025-12-05, every: 1 year, approval: [{role: board}]}
  - {id: beta, title: Beta, owner: safety-lead, assessor: red-team-lead, last_assessed: 2025-12-06, every: 1 year, approval: [{role: board}]}
"""


def record_lab(make_lab: Callable[..., Lab], name: str = "example-lab/framework") -> Lab:
    lab = make_lab({"framework/mitigations.yml": REGISTER}, name=name)
    return replace(lab, settings=replace(lab.settings, ledger_keys=LedgerKeys(key=KEY)))


def talk(lab: Lab) -> None:
    """What three people write in two issues before anybody's run begins."""
    for number in (1, 2):
        for who, text in (
            ("safety-lead", "/reassay answer 1 yes because listed\n/reassay answer 2 yes because nothing changed"),
            (
                "red-team-lead",
                "/reassay answer 3 no because one was missed\n/reassay answer 4 yes because of the drill\n/reassay answer 5 yes because it is soon",
            ),
            ("auditor", "/reassay dissent because it was short\n/reassay hold"),
            ("stranger", "/reassay signoff all"),
        ):
            lab.later(seconds=5)
            lab.say(who if who != "stranger" else "release-manager", number, text)


def kinds(lab: Lab) -> Counter[str]:
    report = lab.fine()
    assert report.content is not None
    entries = report.content.ledger.entries
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    commands = [(entry.comment.id, entry.comment.index, entry.body.kind) for entry in entries if entry.comment]
    assert len(commands) == len(set(commands)), "one entry for each command"
    return Counter(entry.body.kind for entry in entries if entry.comment)


EXPECTED = Counter({"answered": 10, "dissented": 2, "held": 2})


def all_is_told(lab: Lab, *, at_most: int = 1) -> None:
    for number in (1, 2):
        issue = lab.repo.issue(number)
        asked = [each for each in issue.comments if each.body.startswith("/reassay")]
        for each in asked:
            assert len(each.reactions) == 1
            replies = sum(f"reassay:comment reply-{each.id}-0 " in other.body for other in issue.comments)
            assert 1 <= replies <= at_most, (each.body, replies)


def verified(lab: Lab, folder: Path) -> None:
    """As an auditor does it, on a clone, with the public key."""
    url = f"http://x-access-token:{lab.settings.token}@{lab.settings.server_url.removeprefix('http://')}/{lab.name}.git"
    subprocess.run(["git", "clone", "-q", url, str(folder)], check=True)
    out, err = io.StringIO(), io.StringIO()
    assert main(["ledger", "verify", str(folder)], out, err) == 0, out.getvalue()


def finish(lab: Lab) -> None:
    lab.box.faults.clear()
    lab.later(minutes=6)
    lab.fine()
    with lab.box.readonly():
        lab.fine()


FAULTS: tuple[Kind | None, ...] = (None, "502-after-commit", "502-before", "drop", "timeout")


@pytest.mark.parametrize("kind", FAULTS)
def test_two_writers_at_once_under_faults_lose_nothing(
    make_lab: Callable[..., Lab], kind: Kind | None, tmp_path: Path
) -> None:
    lab = record_lab(make_lab)
    lab.fine()
    talk(lab)
    if kind is not None:
        lab.box.faults.add(Fault(kind, "MUTATION createCommitOnBranch"))
        lab.box.faults.add(Fault(kind, "POST .*/comments$", after=2))
    start = threading.Barrier(2)

    def one(name: str) -> None:
        start.wait(10)
        lab.sweep(settings=replace(lab.settings, run=name))

    threads = [threading.Thread(target=one, args=(f"run-{number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    finish(lab)
    assert kinds(lab) == EXPECTED
    # Two runs that overlap may both say the same thing: a known limit, which the workflow's concurrency group prevents.
    all_is_told(lab, at_most=2)
    verified(lab, tmp_path / "clone")


def test_a_run_that_dies_at_any_write_is_taken_up(make_lab: Callable[..., Lab]) -> None:
    for died_after in range(20):
        lab = record_lab(make_lab, f"example-lab/died-{died_after}")
        # GitHub's limits count by the hour: each try has an hour of its own.
        lab.later(hours=died_after)
        lab.fine()
        lab.say("safety-lead", 1, "/reassay answer 1 yes because listed\n/reassay answer 2 yes because nothing changed")
        lab.say("auditor", 1, "/reassay hold")
        lab.box.faults.add(Fault("dead", "write", after=died_after))
        lab.sweep()
        finished = not lab.box.faults.fired()
        finish(lab)
        report = lab.fine()
        assert report.content is not None
        said = [entry.body.kind for entry in report.content.ledger.entries if entry.comment]
        assert said == ["answered", "answered", "held"]
        replies = [
            each.body.split("-->")[0] for each in lab.repo.issue(1).comments if "reassay:comment reply-" in each.body
        ]
        assert len(replies) == len(set(replies)) == 2
        if finished:
            break
    # One append, the issue changed, two answers, two reactions: each a place to die at.
    assert died_after >= 5


@pytest.mark.parametrize("kind", ["502-after-commit", "502-before", "500", "drop", "timeout"])
@pytest.mark.parametrize("what", ["MUTATION createCommitOnBranch", "POST .*/comments$"])
def test_a_fault_at_any_kind_of_write_doubles_and_loses_nothing(
    make_lab: Callable[..., Lab], kind: Kind, what: str
) -> None:
    lab = record_lab(make_lab)
    lab.fine()
    talk(lab)
    lab.box.faults.add(Fault(kind, what))
    lab.sweep()
    finish(lab)
    assert kinds(lab) == EXPECTED
    # A comment that GitHub took and did not confirm is looked for before it is said again.
    all_is_told(lab)
