"""confirm: the second person's word for something that takes two."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Refusal
from reassay.commands.base import BadCommandError, Command, SlashCommand, VerbHelp, word_shown

NAME = "confirm"
HELP = VerbHelp(
    usage="confirm <number>",
    who="a person with the role, other than the one who asked",
    effect="confirms the request of another comment; the bot's reply to it gives the number. Requests expire after 7 days",
    example="/reassay confirm 2718281828",
)
_LONGEST = 20


@dataclass(frozen=True, slots=True)
class Confirm(Command):
    """The argument: the id of the comment that asked."""

    verb: ClassVar[str] = NAME
    comment: int


def parse(rest: str) -> Confirm:
    """Reads the number. Raises BadCommandError."""
    word = (rest.split() or [""])[0].removeprefix("#")
    if not word.isdigit() or not word.isascii() or len(word) > _LONGEST:
        raise BadCommandError(
            f"{word_shown(word)} is not a number; write the number from the bot's reply"
            if word
            else "the number is missing; it is in the bot's reply"
        )
    return Confirm(int(word))


def act(command: Confirm, _context: CommandContext) -> Refusal:
    """A refusal: a comment that waits is judged by its own verb, see `sweep/command_handler.py`."""
    return Refusal(
        f"no request with the number {command.comment} waits for confirmation here",
        "The number is in the bot's reply to the request.",
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Confirm,
    parse=parse,
    act=act,
    is_for_anywhere=True,
)
