"""confirm: the second person's word for something that takes two."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.asking import Asking, Refusal
from reassay.commands.base import BadCommandError, Command, VerbHelp, word_shown
from reassay.commands.slash_command import SlashCommand

NAME = "confirm"
HELP = VerbHelp(
    usage="confirm <number>",
    who="somebody who may, and is not the person who asked",
    effect="confirms what another comment asked for; the bot's answer to that comment says the number. It expires after 7 days",
    example="/reassay confirm 2718281828",
)
_LONGEST = 20


@dataclass(frozen=True, slots=True)
class Confirm(Command):
    """Confirm what another comment asked for."""

    verb: ClassVar[str] = NAME
    comment: int


def parse(rest: str) -> Confirm:
    """Reads the number. Raises BadCommandError."""
    word = (rest.split() or [""])[0].removeprefix("#")
    if not word.isdigit() or not word.isascii() or len(word) > _LONGEST:
        raise BadCommandError(
            f"write the number that the bot named, not {word_shown(word)}" if word else "the number is missing"
        )
    return Confirm(int(word))


def act(command: Confirm, _asking: Asking) -> Refusal:
    """Reached only where no comment waits: `bot/reassay/sweep/confirming.py` finds it, and its own verb judges."""
    return Refusal(
        f"no comment here with the number {command.comment} waits for confirmation", "The bot's answer names it."
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Confirm,
    parse=parse,
    act=act,
    is_for_anywhere=True,
)
