"""not-material: closes a re-assessment whose triggers do not matter for its subject."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Effect, Keep, Outcome, Receipt, Refusal, Waits
from reassay.approvals.ownership import not_own, owners_among, people_who_own_none
from reassay.approvals.two_people import agreed, ask_second
from reassay.assessment.authority import approvers, assessors
from reassay.assessment.side_exits import clock_kinds, settled_triggers
from reassay.commands.base import Command, SlashCommand, VerbHelp, needs_reason, nothing_more
from reassay.ledger.deferrals import SideExit
from reassay.ledger.reassessment import LedgerRecord, Reassessment

NAME = "not-material"
HELP = VerbHelp(
    usage="not-material because <reason>",
    who="an assessor; then an approver confirms; neither may be the owner",
    effect=(
        "closes this without a decision, because its triggers do not matter here. No due date moves. A re-assessment that is"
        " due by an interval cannot be closed like this"
    ),
    example="/reassay not-material because the incident was in another product",
)


@dataclass(frozen=True, slots=True)
class NotMaterial(Command):
    """The argument: the reason."""

    verb: ClassVar[str] = NAME
    because: str


def parse(rest: str) -> NotMaterial:
    """Reads the reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "`not-material`")
    nothing_more(words)
    return NotMaterial(because)


def act(_command: NotMaterial, context: CommandContext) -> Outcome:
    """A request, checked now so that nobody confirms it in vain."""
    outcome = may_leave(context)
    if not isinstance(outcome, Waits):
        return outcome
    others = people_who_own_none(outcome.people, context.subject, context)
    if others and not _by_owner(context):
        return Waits(others)
    return _by_owner(context) or Refusal(
        "an owner cannot close news about their own mitigation as not material, and nobody else can confirm it",
        "Name another approver in the register first.",
    )


def _by_owner(context: CommandContext) -> Refusal | None:
    subject = context.subject
    own = owners_among((subject,), context) if subject else ()
    return not_own("close", own, approvers(subject, *context.facts), context) if subject and own else None


def may_leave(context: CommandContext) -> Outcome:
    """A request for a side exit, or a refusal."""
    return ask_second(
        "close this without a decision", context, assessors, lambda: _asked_by_clock(context.reassessment)
    )


def _asked_by_clock(reassessment: Reassessment) -> Refusal | None:
    clocks = clock_kinds(reassessment)
    if not clocks:
        return None
    return Refusal(
        f"{reassessment.id} is also due by {', '.join(clocks)}, which only a decision settles",
        "Conclude it; or move its due date with `/reassay extend`, or waive it with `/reassay waive` on a stated ground.",
    )


def leave(first: CommandContext, second: CommandContext, because: str, into: str | None) -> Effect | Refusal:
    """The record of a side exit, once a second person confirms."""
    seat = agreed(may_leave(first), first, second, "closing this")
    if isinstance(seat, Refusal):
        return seat
    keep = Keep()
    body = SideExit(
        reassessment=first.reassessment.id,
        subject=first.reassessment.subject,
        how="merged-into" if into else "not-material",
        into=into,
        because=keep(because),
        settled=settled_triggers(first.reassessment),
        asked=first.asked(),
        confirmed_by=second.by.id or 0,
    )
    return Effect((body,), keep.objects)


def confirmed(command: NotMaterial, first: CommandContext, second: CommandContext) -> Effect | Refusal:
    """The record, once an approver confirms who does not own it either."""
    left = leave(first, second, command.because, None)
    return left if isinstance(left, Refusal) else _by_owner(first) or _by_owner(second) or left


def receipt(records: tuple[LedgerRecord, ...], _context: CommandContext) -> Receipt | None:
    """The side exit and its effect."""
    body = records[0].body
    if not isinstance(body, SideExit):
        return None
    what = f"handled in {body.into}" if body.into else "not material"
    return Receipt(
        f"{body.reassessment} is closed as {what}",
        ("No due date moved, and nothing was found effective. A new trigger opens another re-assessment",),
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=NotMaterial,
    parse=parse,
    act=act,
    receipt=receipt,
    confirmed=confirmed,
)
