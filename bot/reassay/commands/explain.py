"""explain: why a re-assessment is open, what would settle it, and who can."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.asking import Asking, Shows
from reassay.commands.base import Command, VerbHelp
from reassay.commands.slash_command import SlashCommand

NAME = "explain"
HELP = VerbHelp(
    usage="explain",
    who="anyone who can read the repository",
    effect="looks again, and says why this is open, what would settle it, and who can",
    example="/reassay explain",
)


@dataclass(frozen=True, slots=True)
class Explain(Command):
    """Why this is open, what would settle it, who can."""

    verb: ClassVar[str] = NAME


def parse(_rest: str) -> Explain:
    """Anything after the verb is talk."""
    return Explain()


def act(_command: Explain, _asking: Asking) -> Shows:
    """Shown from the world as it is now."""
    return Shows("explanation")


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Explain,
    parse=parse,
    act=act,
    is_for_pull_requests=True,
)
