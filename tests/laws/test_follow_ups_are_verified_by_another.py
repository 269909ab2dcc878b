"""Law: a follow-up is done only when another person than the one who did it has verified it, in whatever order people comment; and
until then it is open, overdue after its date, and a degraded cell does not rest on it any more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.approvals.arguments import Promise
from reassay.approvals.command_context import Effect
from reassay.assessment.cells import State
from reassay.assessment.follow_ups import TrackedFollowUp
from reassay.commands.follow_up import FollowUpCommand, act
from reassay.ledger.follow_ups import FollowUpChecked, FollowUpClaimed, FollowUpDone, FollowUpIssue
from reassay.people.account import Account
from tests.examples import examples
from tests.make import TODAY, Story, mitigation, register

PEOPLE = tuple(Account(login, number) for number, login in enumerate(("safety-lead", "red-team-lead", "auditor"), 1))
ROLES = {"both": {"users": ["safety-lead", "red-team-lead"]}, "all": {"users": [own.login for own in PEOPLE]}}
NAMES = st.sampled_from([None, "both", "all", "auditor"])
DUE = TODAY + timedelta(days=30)
steps = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(["done", "verified", "not-done"]), st.sampled_from([0, 1, 20])),
    max_size=12,
)


def degraded(by: str | None, verified_by: str | None) -> Story:
    """A mitigation that is degraded, with one follow-up that has an issue."""
    story = Story(register(mitigation(), roles=ROLES))
    story.sweep()
    story.conclude("filter", "degraded", follow_ups=(Promise(DUE, "mend it", by, verified_by),))
    own = next(iter(story.assessment_input.history.reassessments))
    nonce = "0" * 32
    story.add(FollowUpClaimed(reassessment=own, number=1, nonce=nonce, run="", lease_until=story.now))
    story.add(FollowUpIssue(nonce=nonce, issue=77))
    return story


def say(story: Story, by: Account, word: str) -> bool:
    """Whether the command was recorded."""
    reassessment = next(iter(story.assessment_input.history.reassessments.values()))
    context = story.context(by, reassessment)
    context = replace(context, reassessment_here=None, comment=context.comment.model_copy(update={"issue": 77}))
    outcome = act(FollowUpCommand(word, "of that"), context)
    if not isinstance(outcome, Effect):
        return False
    for body in outcome.bodies:
        story.add(body, by.id)
    return True


def follow_up(story: Story) -> TrackedFollowUp:
    ((own,),) = story.assessment_input.register_index.follow_ups.values()
    return own


def expected(story: Story) -> str:
    """The progress by the records alone, read from the last one backwards."""
    records = [
        (entry.body, entry.actor) for entry in story.entries if isinstance(entry.body, FollowUpDone | FollowUpChecked)
    ]
    if any(isinstance(body, FollowUpChecked) and body.verified for body, _ in records):
        return "verified"
    return "done, not verified" if records and isinstance(records[-1][0], FollowUpDone) else "open"


@settings(max_examples=examples(60), deadline=None)
@given(by=NAMES, verified_by=NAMES, comments=steps)
def test_nobody_verifies_what_they_did(
    by: str | None, verified_by: str | None, comments: Sequence[tuple[Account, str, int]]
) -> None:
    if (by, verified_by) == ("auditor", "auditor"):
        return
    story = degraded(by, verified_by)
    for account, word, days in comments:
        story.now += timedelta(days=days)
        before = follow_up(story)
        recorded = say(story, account, word)
        own = follow_up(story)
        assert own.progress == expected(story)
        if recorded and word != "done":
            assert before.done is not None
            assert before.done.actor != account.id
            assert before.progress == "done, not verified"
        if not before.is_open:
            assert not recorded
        (cell,) = story.assessment_input.cells
        today = story.now.date()
        is_late = own.progress != "verified" and today > DUE
        assert own.is_overdue(today) is is_late
        assert (cell.state is State.TRIGGERED) is is_late
        assert cell.state in {State.TRIGGERED, State.DEGRADED, State.OVERDUE, State.DUE, State.DUE_SOON}
