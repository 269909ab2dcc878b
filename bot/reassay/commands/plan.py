"""plan: a dry run about one subject: what the bot would do, and when."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Shows
from reassay.commands.base import Command, SlashCommand, VerbHelp

NAME = "plan"
HELP = VerbHelp(
    usage="plan",
    who="anyone who can read the repository",
    effect="dry run: lists re-assessments that would open for this subject within a year if nothing changes. Nothing is written",
    example="/reassay plan",
)


@dataclass(frozen=True, slots=True)
class PlanCommand(Command):
    """The command has no arguments."""

    verb: ClassVar[str] = NAME


def parse(_rest: str) -> PlanCommand:
    """Ignores everything after the verb."""
    return PlanCommand()


def act(_command: PlanCommand, _context: CommandContext) -> Shows:
    """The plan, from the present state."""
    return Shows("plan")


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=PlanCommand,
    parse=parse,
    act=act,
    is_showing=True,
)
