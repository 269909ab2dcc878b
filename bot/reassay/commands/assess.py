"""assess: a named role asks for a re-assessment, now."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.asking import Asking, Effect, Opens, Receipt, Refusal, on
from reassay.assessment.authority import may_not_call
from reassay.commands.base import BadCommandError, Command, VerbHelp, needs_reason, nothing_more, one_of
from reassay.commands.slash_command import SlashCommand
from reassay.ledger.entry import Joined, Opened
from reassay.ledger.reassessment import Noted

NAME = "assess"
HELP = VerbHelp(
    usage="assess <object> [light|full] because <reason>",
    who="the owner, an assessor, or a role that a `manual` trigger names",
    effect="opens a re-assessment of a mitigation or commitment, or joins the one that is open",
    example="/reassay assess jailbreak-filter full because a new family of jailbreaks was published",
)


@dataclass(frozen=True, slots=True)
class Assess(Command):
    """Ask for a re-assessment."""

    verb: ClassVar[str] = NAME
    subject: str
    because: str
    depth: str | None = None


def parse(rest: str) -> Assess:
    """Reads what follows the verb. Raises BadCommandError."""
    words, because = needs_reason(rest, "asking for a re-assessment")
    subject, _, depth = words.partition(" ")
    if not subject:
        raise BadCommandError("name the mitigation or commitment: `assess jailbreak-filter because ...`")
    first, _, more = depth.strip().partition(" ")
    nothing_more(more)
    return Assess(subject, because, one_of(first, ("light", "full"), "depth") if first else None)


def act(command: Assess, asking: Asking) -> Opens | Effect | Refusal:
    """Whoever may ask; the plan does the rest."""
    refused = may_not_call(command.subject, asking.by, asking.situation)
    return Refusal(*refused) if refused else Opens(command.subject, command.because, command.depth)


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """Names the re-assessment and its issue."""
    body = noted[0].body
    if not isinstance(body, Opened | Joined):
        return None
    each = asking.situation.history.reassessments[body.reassessment]
    where = f" (#{each.issue})" if each.issue else ""
    word = "opened" if isinstance(body, Opened) else "joined"
    return Receipt(f"{word} {each.id} about `{each.subject}`{where}, to be decided by {on(each.due)}")


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Assess,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_anywhere=True,
)
