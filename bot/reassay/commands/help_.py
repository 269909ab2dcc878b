"""help: the commands and their usage."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.asking import Asking, Shows
from reassay.commands.base import Command, VerbHelp
from reassay.commands.slash_command import SlashCommand

NAME = "help"
HELP = VerbHelp(
    usage="help [<command>]",
    who="anyone who can read the repository",
    effect="lists the commands, or says how one is used",
    example="/reassay help conclude",
)


@dataclass(frozen=True, slots=True)
class Help(Command):
    """The commands and their usage."""

    verb: ClassVar[str] = NAME
    about: str | None = None
    """One verb only."""


def parse(rest: str) -> Help:
    """The first word, if any, names a command."""
    return Help(rest.split(maxsplit=1)[0].lower() if rest.split() else None)


def act(_command: Help, _asking: Asking) -> Shows:
    """The table of commands, or one row."""
    return Shows("help")


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Help,
    parse=parse,
    act=act,
    is_for_anywhere=True,
)
