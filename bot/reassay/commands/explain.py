"""explain: re-evaluates, and lists reasons, missing things and the people who can act."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Shows
from reassay.commands.base import Command, SlashCommand, VerbHelp

NAME = "explain"
HELP = VerbHelp(
    usage="explain",
    who="anyone who can read the repository",
    effect=(
        "re-evaluates this, and explains why it is open, what is missing, and who can settle it. After the decision: what it was"
        " decided on, computed again, and what became known since"
    ),
    example="/reassay explain",
)


@dataclass(frozen=True, slots=True)
class Explain(Command):
    """The command has no arguments."""

    verb: ClassVar[str] = NAME


def parse(_rest: str) -> Explain:
    """Ignores everything after the verb."""
    return Explain()


def act(_command: Explain, _context: CommandContext) -> Shows:
    """The explanation, from the present state."""
    return Shows("explanation")


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Explain,
    parse=parse,
    act=act,
    is_for_pull_requests=True,
    is_showing=True,
)
