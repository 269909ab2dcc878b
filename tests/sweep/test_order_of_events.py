"""Deliveries may come late, twice or never: the same comments end in the same ledger."""

import base64
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from reassay.ledger.store.configured_keys import LedgerKeys
from tests.lab import Lab

pytestmark = pytest.mark.long

KEY = base64.b64encode(bytes(range(32))).decode()
REGISTER = b"""\
mode: record
roles:
  board: {users: [auditor]}
mitigations:
  - id: training
    title: Staff finish misuse training
    owner: safety-lead
    assessor: red-team-lead
    last_assessed: 2025-12-11
    every: 1 year
    approval: [{role: board, excludes: [owner, assessor]}]
"""
SAID = (
    ("red-team-lead", "/reassay conclude effective because it looks fine"),
    (
        "safety-lead",
        "/reassay answer 1 yes because listed\n/reassay answer 2 yes because it is so\n/reassay answer 3 yes because there were none",
    ),
    ("auditor", "/reassay signoff 6"),
    ("safety-lead", "/reassay extend until 2027-01-08 because the report is late"),
    ("auditor", "/reassay confirm {3}"),
    ("auditor", "/reassay confirm {3}"),
    (
        "red-team-lead",
        "/reassay answer 4 no because one part was left out\n/reassay signoff 3\n/reassay answer 5 yes because it is soon",
    ),
    ("safety-lead", "/reassay withdraw 2\n/reassay hold because row 2 is not so"),
    ("red-team-lead", "/reassay evidence attested because of the drill"),
    ("safety-lead", "/reassay unhold\n/reassay answer 2 n/a because nothing changed"),
    ("auditor", "/reassay dissent because the drill was short\n/reassay signoff all"),
    ("red-team-lead", "/reassay conclude effective follow-up 2027-02-01 drill again because it holds"),
    ("auditor", "/reassay signoff 6"),
)


@pytest.fixture
def make(make_lab: Callable[..., Lab]) -> Callable[..., Lab]:
    def made(name: str = "example-lab/framework") -> Lab:
        lab = make_lab({"framework/mitigations.yml": REGISTER}, name=name)
        return replace(lab, settings=replace(lab.settings, ledger_keys=LedgerKeys(key=KEY)))

    return made


def play(lab: Lab, deliveries: list[int]) -> list[str]:
    """Comments with so many deliveries after each; then a sweep. Returns what the ledger says, without numbers of comments."""
    lab.fine()
    comments: list[int] = []
    for (who, text), count in zip(SAID, deliveries, strict=True):
        lab.later(minutes=2)
        comments.append(lab.say(who, 1, text.format(*comments)))
        for _ in range(count):
            lab.later(seconds=1)
            lab.fine(issue=1)
    lab.later(minutes=2)
    lab.fine()
    with lab.box.readonly():
        report = lab.fine(issue=1)
    assert report.content is not None
    known = {str(number): f"comment {index}" for index, number in enumerate(comments)}
    found = []
    for entry in report.content.ledger.entries:
        asked = entry.comment
        said = (known[str(asked.id)], asked.index) if asked else None
        body = entry.body.model_dump_json(exclude={"nonce", "run", "lease_until", "asked"})
        found.append(f"{said} {entry.actor} {body}")
    return found


def unanswered(lab: Lab) -> int:
    own = [each for each in lab.repo.issue(1).comments if each.body.startswith("/reassay")]
    return sum(not each.reactions for each in own)


def without_seqs(lines: list[str]) -> list[str]:
    return [line for line in lines if "place" not in line]


REFERENCE = [1] * len(SAID)
PATTERNS = [[0] * len(SAID), [2] * len(SAID)] + [
    [random.Random(seed).choice([0, 0, 1, 2]) for seed in range(start, start + len(SAID))] for start in (100, 200)
]


def test_the_story_itself_is_decided_as_told(make: Callable[..., Lab]) -> None:
    lab = make()
    lines = play(lab, REFERENCE)
    kinds = [line.split('"kind":"')[1].split('"')[0] for line in lines]
    assert kinds.count("decided") == 1
    assert kinds.count("extended") == 1
    assert kinds.count("dissented") == 1
    assert unanswered(lab) == 0


TOLD: list[str] = []
"""What the ledger says when every delivery arrives: played once for all patterns."""


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: "".join(map(str, pattern)))
def test_late_doubled_and_lost_deliveries_end_in_the_same_ledger(make: Callable[..., Lab], pattern: list[int]) -> None:
    if not TOLD:
        TOLD.extend(without_seqs(play(make(), REFERENCE)))
    lab = make("example-lab/another")
    assert without_seqs(play(lab, pattern)) == TOLD
    assert unanswered(lab) == 0
