"""Confirmations: the command that a `confirm` names, if it still waits for a second person."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from reassay.approvals.command_context import CONFIRM_WITHIN, Refusal
from reassay.assessment.cells import AssessmentInput
from reassay.commands.base import Command
from reassay.commands.confirm import Confirm
from reassay.commands.contain import CONFIRM_WITHIN as CONTAIN_WITHIN
from reassay.commands.contain import Contain
from reassay.commands.registry import command_of, parse_comment
from reassay.github.repository_state import Issue
from reassay.ledger.entry import Body, CommentRef
from reassay.ledger.reassessment import LedgerRecord
from reassay.ledger.risks import Contained, Ratified
from reassay.people.account import Account, Comment


@dataclass(frozen=True, slots=True)
class PendingConfirmation:
    """A command that waits for a second person, with its author."""

    command: Command
    by: Account
    comment: CommentRef


def reference(comment: Comment, index: int, issue: Issue) -> CommentRef:
    """The reference to a command of a comment in the ledger."""
    body = hashlib.sha256(comment.body.encode()).hexdigest()
    return CommentRef(id=comment.id, index=index, body_sha256=body, created_at=comment.created_at, issue=issue.number)


def waiting_for(
    command: Confirm, comment: Comment, issue: Issue, assessment_input: AssessmentInput
) -> PendingConfirmation | Refusal:
    """The first waiting command of a comment; refused for edited, deleted and expired comments."""
    nothing = Refusal(
        f"no request with the number {command.comment} waits for confirmation here",
        "The number is in the bot's reply to the request.",
    )
    first = next((own for own in issue.comments if own.id == command.comment), None)
    if first is None or first.author is None or first.author.id is None or first.author.is_bot:
        return nothing
    if first.edited_by is not None:
        return Refusal("the comment with the request was edited, so it is not valid", "Ask again in a new comment.")
    waiting = list(_two_person(first))
    open_commands = [(index, asked) for index, asked in waiting if not _is_done(first.id, index, assessment_input)]
    if waiting and not open_commands:
        return Refusal("this is already confirmed", "Nothing more is needed.")
    if not open_commands:
        return nothing
    index, wanted = open_commands[0]
    longest = CONTAIN_WITHIN if isinstance(wanted, Contain) else CONFIRM_WITHIN
    if comment.created_at - first.created_at > longest:
        return Refusal(
            f"the request is more than {longest.days} days old and has expired", "Ask again in a new comment."
        )
    return PendingConfirmation(wanted, first.author, reference(first, index, issue))


def _two_person(comment: Comment) -> Iterator[tuple[int, Command]]:
    for index, command in enumerate(parse_comment(comment.body)):
        if isinstance(command, Command) and command_of(command).confirmed is not None:
            yield index, command


def _is_done(comment: int, index: int, assessment_input: AssessmentInput) -> bool:
    history = assessment_input.history
    contained = [record for record in history.handled.get((comment, index), ()) if isinstance(record.body, Contained)]
    if contained:
        return any(body.contained_seq == contained[0].seq for _, body in history.records_of(Ratified))
    return any(_asked_in(record.body) == (comment, index) for record in _all(assessment_input))


def _all(assessment_input: AssessmentInput) -> Iterator[LedgerRecord]:
    for reassessment in assessment_input.history.reassessments.values():
        yield from reassessment.log
    yield from assessment_input.history.others


def _asked_in(body: Body) -> tuple[int, int] | None:
    asked = getattr(body, "asked", None)
    return (asked.comment, asked.index) if asked else None
