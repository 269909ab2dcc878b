"""The ledger is tampered with: everything stops and says why, until the branch is restored."""

import re
from typing import Final

from reassay.ledger.store.codec import ENTRY_TYPE, entry_path
from reassay.ledger.store.envelope import Envelope, read_envelope
from reassay_sandbox.demo.environment import DemoEnvironment
from reassay_sandbox.demo.facts import history, issue_named, issue_path, words_of
from reassay_sandbox.demo.ledger_copy import LEDGER_BRANCH, verified
from reassay_sandbox.demo.tours.tour_step import Checks, Tour, TourStep

INTRUDER: Final = "security-lead"
"""Somebody with the right to push, or with the laptop of somebody who has it."""
_TITLE: Final = "The ledger cannot be used"
_BEFORE: Final = "ledger before"
_DUE: Final = re.compile(rb'("due":")(\d{4})')


def _is_tampered(demo: DemoEnvironment) -> bool:
    before = demo.remembered.get(_BEFORE)
    return bool(before) and not _has(demo, before)


def _has(demo: DemoEnvironment, commit: str | None) -> bool:
    """Whether the ledger's branch is at this commit or after it, without the change of the intruder."""
    return demo.remembered.get("ledger after") != demo.repo.head(LEDGER_BRANCH) and bool(commit)


def _tamper(demo: DemoEnvironment) -> None:
    if not _is_tampered(demo):
        path = entry_path(_opening(demo))
        envelope = read_envelope(demo.repo.read(LEDGER_BRANCH, path) or b"", ENTRY_TYPE)
        forged = Envelope(ENTRY_TYPE, _later(envelope.payload), envelope.signature).encode()
        demo.remembered.pop("verify tampered", None)
        demo.remembered[_BEFORE] = demo.repo.head(LEDGER_BRANCH) or ""
        demo.remembered["ledger after"] = demo.repo.commit(
            {path: forged}, message="reassay: correction", author=INTRUDER, branch=LEDGER_BRANCH
        )
    demo.sweep()


def _opening(demo: DemoEnvironment) -> int:
    """Number of the entry with which the first re-assessment was opened."""
    return min((opened.opened_seq for opened in history(demo).reassessments.values()), default=1)


def _later(payload: bytes) -> bytes:
    """The same entry, due a year later. Its canonical form needs nothing else to be changed."""
    return _DUE.sub(lambda match: b"%s%d" % (match[1], int(match[2]) + 1), payload)


def _found(demo: DemoEnvironment) -> Checks:
    issue = issue_named(demo, _TITLE)
    is_open = issue is not None and issue.state == "open"
    return (
        ("one issue says that the ledger was changed", is_open and "changed" in words_of(issue)),
        (
            "nothing is recorded or decided meanwhile",
            is_open and demo.repo.head(LEDGER_BRANCH) == demo.remembered.get("ledger after"),
        ),
    )


def _verify(demo: DemoEnvironment) -> None:
    verified(demo)
    demo.remembered["verify tampered"] = demo.remembered["verify"]


def _shown(demo: DemoEnvironment) -> Checks:
    text = demo.remembered.get("verify tampered", "")
    return (
        ("“reassay ledger verify” fails in anybody's clone", text.startswith("1 ") and "BROKEN" in text),
        ("it names the entry", "BROKEN" in text and f"entry {_opening(demo)}" in text),
    )


def _restore(demo: DemoEnvironment) -> None:
    before = demo.remembered.get(_BEFORE)
    if before and _is_tampered(demo):
        demo.repo.push_over(LEDGER_BRANCH, before, INTRUDER)
    demo.sweep()


def _leave(demo: DemoEnvironment) -> None:
    if _is_tampered(demo):
        _restore(demo)


def _restored(demo: DemoEnvironment) -> Checks:
    issue = issue_named(demo, _TITLE)
    return (
        ("the issue is closed", issue is not None and issue.state == "closed"),
        ("the ledger is what it was", bool(demo.remembered.get(_BEFORE)) and not _is_tampered(demo)),
    )


TOUR: Final = Tour(
    "tamper",
    "The ledger is tampered with, and that is found",
    "The record of decisions is a branch. Whoever may push could try to move a due date by a year.",
    (
        TourStep(
            title="A date is moved",
            text=(
                "Somebody pushes to the branch reassay-ledger: a re-assessment that is due now "
                "becomes due a year later. The commit's message looks harmless."
            ),
            look="reassay refuses the ledger: it records nothing, fails the checks, and says why in one issue.",
            button="Push the change as @security-lead",
            by_hand="",
            checks=_found,
            page=lambda demo: issue_path(issue_named(demo, _TITLE)),
            act=_tamper,
        ),
        TourStep(
            title="Anybody can see it",
            text="@auditor runs “reassay ledger verify” in a clone, without GitHub and without the App.",
            look="Above the entries: what does not fit, and where.",
            button="Verify a clone",
            by_hand="",
            checks=_shown,
            page=lambda _demo: "/_demo/ledger",
            act=_verify,
        ),
        TourStep(
            title="Restored",
            text=(
                "@security-lead pushes the commit from before. No command accepts a loss: only the true branch helps."
            ),
            look="The issue closes, and reassay goes on where it was.",
            button="Push the true branch as @security-lead",
            by_hand="",
            checks=_restored,
            page=lambda demo: issue_path(issue_named(demo, _TITLE)),
            act=_restore,
        ),
    ),
    leave=_leave,
    done="A record that somebody could change without being noticed would prove nothing.",
)
