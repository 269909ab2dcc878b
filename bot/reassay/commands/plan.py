"""plan: a dry run about one subject: what the bot would do, and when."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.asking import Asking, Shows
from reassay.commands.base import Command, VerbHelp
from reassay.commands.slash_command import SlashCommand

NAME = "plan"
HELP = VerbHelp(
    usage="plan",
    who="anyone who can read the repository",
    effect="a dry run: what would be opened for this subject within the next year, if nothing changes. Nothing is written",
    example="/reassay plan",
)


@dataclass(frozen=True, slots=True)
class Plan(Command):
    """What would happen."""

    verb: ClassVar[str] = NAME


def parse(_rest: str) -> Plan:
    """Anything after the verb is talk."""
    return Plan()


def act(_command: Plan, _asking: Asking) -> Shows:
    """Shown from the world as it is now."""
    return Shows("plan")


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Plan,
    parse=parse,
    act=act,
)
