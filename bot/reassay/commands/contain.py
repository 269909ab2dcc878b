"""contain: one person on call restricts or withdraws a deployment at once; somebody else ratifies it afterwards."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Literal, cast

from reassay.approvals.command_context import (
    CommandContext,
    Effect,
    Keep,
    Receipt,
    Refusal,
    closed,
    not_yours,
    on,
    unreadable,
)
from reassay.approvals.two_people import second_seat
from reassay.assessment.authority import approvers, on_call
from reassay.assessment.snapshot import snapshot
from reassay.commands.base import Command, SlashCommand, VerbHelp, needs_reason, nothing_more, one_of
from reassay.ledger.reassessment import LedgerRecord
from reassay.ledger.risks import Contained, Ratified
from reassay.people.people import who

NAME = "contain"
RATIFY_WITHIN = 3
"""Working days."""
CONFIRM_WITHIN = timedelta(days=60)
"""The time to ratify; a late ratification is recorded and stays visible as late."""
HELP = VerbHelp(
    usage="contain restrict|withdraw because <reason>",
    who="the person on call (`on_call` in the configuration; else the owner), alone",
    effect=(
        "records at once that the deployments covered are restricted or withdrawn. An approver ratifies it with"
        " `/reassay confirm ...` within 3 working days, or it is listed as an exception"
    ),
    example="/reassay contain restrict because the filter is bypassed with one suffix",
)


@dataclass(frozen=True, slots=True)
class Contain(Command):
    """The arguments: action and reason."""

    verb: ClassVar[str] = NAME
    action: str
    because: str


def parse(rest: str) -> Contain:
    """Reads the action and the reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "containment")
    first, _, more = words.partition(" ")
    nothing_more(more)
    return Contain(one_of(first, ("restrict", "withdraw"), "action"), because)


def act(command: Contain, context: CommandContext) -> Effect | Refusal:
    """The record, which takes effect at once."""
    reassessment, subject = context.reassessment, context.subject
    if subject is None:
        return unreadable(reassessment)
    roles = on_call(subject, context.assessment_input.register)
    seat = context.seat(*roles)
    if seat is None:
        return not_yours("contain this", roles, context.people(*roles))
    if refused := closed(reassessment):
        return refused
    keep = Keep()
    body = Contained(
        reassessment=reassessment.id,
        subject=reassessment.subject,
        cells=reassessment.cells,
        action=cast("Literal['restrict', 'withdraw']", command.action),
        because=keep(command.because),
        role=seat.recorded,
        ratify_by=_ratify_by(context),
        snapshot=keep(snapshot(subject, reassessment.cells, context.assessment_input.register_index)),
    )
    return Effect((body,), keep.objects)


def _ratify_by(context: CommandContext) -> date:
    return context.assessment_input.register.configuration.working_days.add(context.written_on, RATIFY_WITHIN)


def confirmed(_command: Contain, first: CommandContext, second: CommandContext) -> Effect | Refusal:
    """The record, once an approver ratifies, even late."""
    subject = first.subject
    if subject is None:
        return unreadable(first.reassessment)
    seat = second_seat(first, second, approvers(subject, *first.facts), "a containment")
    if isinstance(seat, Refusal):
        return seat
    entries = first.assessment_input.history.handled.get((first.comment.id, first.comment.index), ())
    seq = next((record.seq for record in entries if isinstance(record.body, Contained)), None)
    if seq is None:
        return Refusal("that containment was not recorded", "The bot's reply to it says why.")
    return Effect((Ratified(reassessment=first.reassessment.id, contained_seq=seq, role=seat.recorded),))


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The containment, and its ratification."""
    body, subject = records[0].body, context.subject
    if isinstance(body, Ratified):
        return Receipt(
            f"@{context.by.login}, {context.spoken(body.role)}, ratified the containment of entry {body.contained_seq}"
        )
    if not isinstance(body, Contained) or subject is None:
        return None
    word = "restricted" if body.action == "restrict" else "withdrawn"
    covered = "everything" if body.cells == ("*",) else ", ".join(f"`{cell}`" for cell in body.cells)
    approving = approvers(subject, *context.facts)
    people = tuple(login for login in context.people(*approving) if login.lower() != context.by.login.lower())
    return Receipt(
        f"@{context.by.login}, {context.spoken(body.role)}, contained `{body.subject}`: {covered} {word} from now on",
        (
            "This record switches nothing off: change the deployment, and its entry in the register",
            f"Without ratification by {on(body.ratify_by)} it is listed as an exception",
            f"To ratify it, {who(people)} comments: `/reassay confirm {context.comment.id}`",
        ),
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Contain,
    parse=parse,
    act=act,
    receipt=receipt,
    confirmed=confirmed,
)
