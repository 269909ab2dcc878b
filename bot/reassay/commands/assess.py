"""assess: a named role asks for a re-assessment, now."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Effect, Opens, Receipt, Refusal, due_on
from reassay.assessment.authority import may_not_call
from reassay.commands.base import BadCommandError, Command, SlashCommand, VerbHelp, needs_reason, nothing_more, one_of
from reassay.ledger.entry import Joined, Opened
from reassay.ledger.reassessment import LedgerRecord

NAME = "assess"
HELP = VerbHelp(
    usage="assess <object> [light|full] because <reason>",
    who="the owner, an assessor, or a role that a `manual` trigger names",
    effect="opens a re-assessment of a mitigation or commitment, or joins the one that is open",
    example="/reassay assess jailbreak-filter full because a new family of jailbreaks was published",
)


@dataclass(frozen=True, slots=True)
class Assess(Command):
    """The arguments: mitigation or commitment, reason and depth."""

    verb: ClassVar[str] = NAME
    subject: str
    because: str
    depth: str | None = None


def parse(rest: str) -> Assess:
    """Reads what follows the verb. Raises BadCommandError."""
    words, because = needs_reason(rest, "asking for a re-assessment")
    subject, _, depth = words.partition(" ")
    if not subject:
        raise BadCommandError(
            "the mitigation or commitment is missing; write e.g. `/reassay assess jailbreak-filter because ...`"
        )
    first, _, more = depth.strip().partition(" ")
    nothing_more(more)
    return Assess(subject, because, one_of(first, ("light", "full"), "depth") if first else None)


def act(command: Assess, context: CommandContext) -> Opens | Effect | Refusal:
    """A request for a re-assessment, which the plan turns into records."""
    refused = may_not_call(command.subject, context.by, context.assessment_input)
    return Refusal(*refused) if refused else Opens(command.subject, command.because, command.depth)


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The re-assessment, its issue and its due date."""
    body = records[0].body
    if not isinstance(body, Opened | Joined):
        return None
    reassessment = context.assessment_input.history.reassessments[body.reassessment]
    where = f" (#{reassessment.issue})" if reassessment.issue else ""
    word = "opened" if isinstance(body, Opened) else "joined"
    return Receipt(f"{word} {reassessment.id} about `{reassessment.subject}`{where}, due {due_on(reassessment)}")


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Assess,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_anywhere=True,
)
