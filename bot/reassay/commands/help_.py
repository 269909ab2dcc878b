"""help: the commands and their usage."""

from reassay.commands.asking import Asking, Shows
from reassay.commands.base import Help, VerbHelp

NAME = "help"
ANYWHERE = True
HELP = VerbHelp(
    usage="help [<command>]",
    who="anyone who can read the repository",
    effect="lists the commands, or says how one is used",
    example="/reassay help conclude",
)


def parse(rest: str) -> Help:
    """The first word, if any, names a command."""
    return Help(rest.split(maxsplit=1)[0].lower() if rest.split() else None)


def act(_command: Help, _asking: Asking) -> Shows:
    """The table of commands, or one row."""
    return Shows("help")
