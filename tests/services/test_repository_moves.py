"""A repository that is renamed or transferred keeps its ledger; commands whose event was lost are found."""

import base64
from collections.abc import Callable
from dataclasses import replace

import pytest

from reassay.ledger.store.configured_keys import LedgerKeys
from tests.lab import REPOSITORY, STARTER, Lab

KEY = base64.b64encode(bytes(range(32))).decode()
RECORD = STARTER.replace(b"mode: remind", b"mode: record")


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    lab = make_lab({"framework/mitigations.yml": RECORD})
    return replace(lab, settings=replace(lab.settings, ledger_keys=LedgerKeys(key=KEY)))


@pytest.mark.parametrize("name", ["example-lab/safety-framework", "another-lab/framework"])
def test_renamed_or_transferred_it_goes_on_with_the_same_ledger(lab: Lab, name: str) -> None:
    before = lab.fine()
    assert before.content is not None
    lab.box.rename(REPOSITORY, name)
    report = lab.sweep()
    assert f"Use --repo {name}" in str(report.problems)
    token = lab.box.token(
        "reassay[bot]", name, permissions={"issues": "write", "contents": "write", "metadata": "read"}
    )
    moved = replace(lab, name=name, settings=replace(lab.settings, token=token))
    moved.say("safety-lead", 1, "/reassay answer 1 yes because all is listed")
    after = moved.fine()
    assert after.content is not None
    entries = after.content.ledger.entries
    assert entries[: len(before.content.ledger.entries)] == before.content.ledger.entries
    assert {entry.ledger for entry in entries} == {entries[0].ledger}
    assert entries[-1].body.kind in {"answered", "observation"}
    with lab.box.readonly():
        moved.fine()


def test_a_command_elsewhere_whose_event_was_lost_is_found_by_the_next_days_sweep(lab: Lab) -> None:
    lab.fine()
    talk = lab.repo.open_issue_as("release-manager", "What about the new suffix attack?", "It gets through.")
    lab.later(hours=1)
    lab.say("red-team-lead", talk, "/reassay assess jailbreak-filter because the attack gets through")
    assert "joined" not in "".join(comment.body for comment in lab.repo.issue(talk).comments)
    lab.fine()
    assert len(lab.repo.issue(talk).comments) == 1, "an hour later nobody looks at other people's issues"
    lab.later(days=1)
    lab.fine()
    answer = lab.repo.issue(talk).comments[-1].body
    assert "about `jailbreak-filter`" in answer
    everything = "".join(
        words for issue in lab.repo.issues() for words in (issue.body, *(each.body for each in issue.comments))
    )
    assert "requested by red-team-lead: the attack gets through" in everything.lower()
    with lab.box.readonly():
        lab.fine()
