"""merge-into: handled in another re-assessment."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.asking import Asking, Effect, Outcome, Receipt, Refusal
from reassay.commands import not_material
from reassay.commands.base import BadCommandError, Command, VerbHelp, nothing_more, split_reason, word_shown
from reassay.commands.slash_command import SlashCommand
from reassay.ledger.reassessment import Noted, Reassessment

NAME = "merge-into"
HELP = VerbHelp(
    usage="merge-into <number of the other issue, or R-...> [because <reason>]",
    who="an assessor; then an approver confirms",
    effect=(
        "closes this one without a decision, because the other, open one handles it. If that one ends without a decision,"
        " this one is asked for again. No clock moves"
    ),
    example="/reassay merge-into 231 because both are about the same incident",
)


@dataclass(frozen=True, slots=True)
class MergeInto(Command):
    """Handled elsewhere."""

    verb: ClassVar[str] = NAME
    other: str
    because: str | None = None


def parse(rest: str) -> MergeInto:
    """Reads where. Raises BadCommandError."""
    words, because = split_reason(rest)
    first, _, more = words.partition(" ")
    nothing_more(more)
    other = first.lstrip("#").upper()
    if not (other.isdigit() or other.startswith("R-")):
        raise BadCommandError(f"name the other re-assessment by its issue's number, not {word_shown(first)}")
    return MergeInto(other, because)


def _other(command: MergeInto, asking: Asking) -> Reassessment | Refusal:
    history = asking.situation.history
    found = (
        history.by_issue(int(command.other)) if command.other.isdigit() else history.reassessments.get(command.other)
    )
    if found is None:
        return Refusal(f"{command.other} is no re-assessment", "Name the number of its issue.")
    if found.id == asking.reassessment.id:
        return Refusal("that is this very one", "Name the other one.")
    if found.state != "open":
        return Refusal(f"{found.id} is not open any more", "Only an open one can take this over.")
    return found


def act(command: MergeInto, asking: Asking) -> Outcome:
    """Checked now, so that nobody confirms what cannot be."""
    outcome = not_material.may_leave(asking)
    other = _other(command, asking)
    return outcome if isinstance(outcome, Refusal) or not isinstance(other, Refusal) else other


def confirmed(command: MergeInto, first: Asking, second: Asking) -> Effect | Refusal:
    """An approver agrees."""
    other = _other(command, first)
    if isinstance(other, Refusal):
        return other
    because = command.because or f"handled in {other.id}"
    return not_material.leave(first, second, because, other.id)


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """As for any side exit."""
    return not_material.receipt(noted, asking)


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=MergeInto,
    parse=parse,
    act=act,
    receipt=receipt,
    confirmed=confirmed,
)
