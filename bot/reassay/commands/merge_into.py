"""merge-into: closes a re-assessment that another one handles."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Effect, Outcome, Receipt, Refusal
from reassay.commands import not_material
from reassay.commands.base import (
    BadCommandError,
    Command,
    SlashCommand,
    VerbHelp,
    nothing_more,
    split_reason,
    word_shown,
)
from reassay.ledger.reassessment import LedgerRecord, Reassessment

NAME = "merge-into"
HELP = VerbHelp(
    usage="merge-into <number of the other issue, or R-...> [because <reason>]",
    who="an assessor; then an approver confirms",
    effect=(
        "closes this re-assessment without a decision, because the other, open one handles it. If that one ends without a"
        " decision, this one opens again. No due date moves"
    ),
    example="/reassay merge-into 231 because both are about the same incident",
)


@dataclass(frozen=True, slots=True)
class MergeInto(Command):
    """The arguments: the other re-assessment, and the reason."""

    verb: ClassVar[str] = NAME
    other: str
    because: str | None = None


def parse(rest: str) -> MergeInto:
    """Reads the other re-assessment and the reason. Raises BadCommandError."""
    words, because = split_reason(rest)
    first, _, more = words.partition(" ")
    nothing_more(more)
    other = first.lstrip("#").upper()
    if not (other.isdigit() or other.startswith("R-")):
        raise BadCommandError(
            f"{word_shown(first)} is not an issue number or the id of a re-assessment; write e.g. `/reassay merge-into 231`"
        )
    return MergeInto(other, because)


def _other(command: MergeInto, context: CommandContext) -> Reassessment | Refusal:
    history = context.assessment_input.history
    other = (
        history.by_issue(int(command.other)) if command.other.isdigit() else history.reassessments.get(command.other)
    )
    if other is None:
        return Refusal(f"{command.other} is not a re-assessment", "Give the number of its issue.")
    if other.id == context.reassessment.id:
        return Refusal(f"{other.id} is this re-assessment", "Give the number of the other one.")
    if other.state != "open":
        return Refusal(f"{other.id} is no longer open", "Give the number of an open re-assessment.")
    return other


def act(command: MergeInto, context: CommandContext) -> Outcome:
    """A request, checked now so that nobody confirms it in vain."""
    outcome = not_material.may_leave(context)
    other = _other(command, context)
    return outcome if isinstance(outcome, Refusal) or not isinstance(other, Refusal) else other


def confirmed(command: MergeInto, first: CommandContext, second: CommandContext) -> Effect | Refusal:
    """The record, once an approver confirms."""
    other = _other(command, first)
    if isinstance(other, Refusal):
        return other
    because = command.because or f"handled in {other.id}"
    return not_material.leave(first, second, because, other.id)


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The side exit."""
    return not_material.receipt(records, context)


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=MergeInto,
    parse=parse,
    act=act,
    receipt=receipt,
    confirmed=confirmed,
)
