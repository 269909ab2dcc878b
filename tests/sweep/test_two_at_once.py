"""Two runs at the same time, and two identities one after the other: still one issue each."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from reassay.sweep.report import Report
from tests.lab import STARTER, Lab


def at_once(lab: Lab, runs: int) -> list[Report]:
    """Real threads, real connections; each is a run of its own."""
    reports: list[Report] = []
    start = threading.Barrier(runs)

    def one(name: str) -> None:
        start.wait(10)
        reports.append(lab.sweep(settings=replace(lab.settings, run=name)))

    threads = [threading.Thread(target=one, args=(f"run-{number}",)) for number in range(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(reports) == runs
    return reports


@pytest.mark.parametrize("round_", range(3))
def test_runs_that_overlap_make_one_issue_each(lab: Lab, round_: int) -> None:
    at_once(lab, 3)
    lab.later(minutes=6)
    lab.fine()
    assert len(lab.titles()) == len(set(lab.titles())) == 2
    with lab.box.readonly():
        lab.fine()


def test_runs_that_overlap_record_a_conclusion_once(lab: Lab) -> None:
    lab.fine()
    lab.say(
        "safety-lead",
        next(each.number for each in lab.repo.issues() if "Staff" in each.title),
        "/reassay conclude effective because fine",
    )
    at_once(lab, 3)
    lab.later(minutes=6)
    lab.fine()
    issue = next(each for each in lab.repo.issues() if "Staff" in each.title)
    assert issue.state == "closed"
    entries = [path for path in lab.repo.ls("reassay-ledger") if path.startswith("entries/")]
    decided = [path for path in entries if b"decided" in decoded(lab, path)]
    assert len(decided) == 1
    assert issue.comments


def decoded(lab: Lab, path: str) -> bytes:
    import base64
    import json

    data = lab.repo.read("reassay-ledger", path)
    assert data is not None
    return base64.b64decode(json.loads(data)["payload"])


def test_moving_from_one_identity_to_another_makes_no_second_issue(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab({"framework/mitigations.yml": b'bots: ["reassay[bot]"]\n' + STARTER})
    lab.fine()
    lab.box.add_bot("github-actions")
    token = lab.box.token("github-actions[bot]", lab.name, permissions={"issues": "write", "contents": "write"})
    lab.settings = replace(lab.settings, token=token)
    lab.fine()  # the line about trust says who acts now
    with lab.box.readonly():
        lab.fine()
    assert len(lab.titles()) == 2
