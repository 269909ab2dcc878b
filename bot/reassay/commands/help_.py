"""help: the commands and their usage."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Shows
from reassay.commands.base import Command, SlashCommand, VerbHelp

NAME = "help"
HELP = VerbHelp(
    usage="help [<command>]",
    who="anyone who can read the repository",
    effect="lists the commands, or explains one of them",
    example="/reassay help conclude",
)


@dataclass(frozen=True, slots=True)
class Help(Command):
    """The argument: a command, if only one is wanted."""

    verb: ClassVar[str] = NAME
    about: str | None = None
    """Name of a command; None for all of them."""


def parse(rest: str) -> Help:
    """Reads the name of a command; without one, all are listed."""
    return Help(rest.split(maxsplit=1)[0].lower() if rest.split() else None)


def act(_command: Help, _context: CommandContext) -> Shows:
    """The table of commands, or one row."""
    return Shows("help")


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Help,
    parse=parse,
    act=act,
    is_for_anywhere=True,
    is_showing=True,
)
