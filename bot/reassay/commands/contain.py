"""contain: one person on call restricts or withdraws a deployment at once; somebody else ratifies it afterwards."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Literal, cast

from reassay.approvals.asking import Asking, Effect, Keep, Receipt, Refusal, closed, not_yours, on, unreadable
from reassay.approvals.two_people import second_seat
from reassay.assessment.authority import approvers, on_call
from reassay.commands.base import Command, VerbHelp, needs_reason, nothing_more, one_of
from reassay.commands.slash_command import SlashCommand
from reassay.ledger.reassessment import Noted
from reassay.ledger.risks import Contained, Ratified
from reassay.people.people import who

NAME = "contain"
RATIFY_WITHIN = 3
"""Working days."""
CONFIRM_WITHIN = timedelta(days=60)
"""A late ratification is better than none; that it was late stays visible."""
HELP = VerbHelp(
    usage="contain restrict|withdraw because <reason>",
    who="whoever is on call (`on_call` in the configuration; else the owner), alone",
    effect=(
        "records at once that the deployments covered are restricted or withdrawn. An approver ratifies it with"
        " `/reassay confirm ...` within 3 working days, or it is listed as an exception"
    ),
    example="/reassay contain restrict because the filter is bypassed with one suffix",
)


@dataclass(frozen=True, slots=True)
class Contain(Command):
    """Restrict or withdraw at once."""

    verb: ClassVar[str] = NAME
    action: str
    because: str


def parse(rest: str) -> Contain:
    """Reads the action and the reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "containment")
    first, _, more = words.partition(" ")
    nothing_more(more)
    return Contain(one_of(first, ("restrict", "withdraw"), "action"), because)


def act(command: Contain, asking: Asking) -> Effect | Refusal:
    """Recorded at once."""
    each, subject = asking.reassessment, asking.subject
    if subject is None:
        return unreadable(each)
    roles = on_call(subject, asking.situation.register)
    seat = asking.seat(*roles)
    if seat is None:
        return not_yours("containment", roles, asking.people(*roles))
    if refused := closed(each):
        return refused
    keep = Keep()
    body = Contained(
        reassessment=each.id,
        subject=each.subject,
        cells=each.cells,
        action=cast("Literal['restrict', 'withdraw']", command.action),
        because=keep(command.because),
        role=seat.recorded,
        ratify_by=_ratify_by(asking),
    )
    return Effect((body,), keep.objects)


def _ratify_by(asking: Asking) -> date:
    return asking.situation.register.configuration.working_days.add(asking.written_on, RATIFY_WITHIN)


def confirmed(_command: Contain, first: Asking, second: Asking) -> Effect | Refusal:
    """An approver ratifies; late is possible, and shown."""
    subject = first.subject
    if subject is None:
        return unreadable(first.reassessment)
    seat = second_seat(first, second, approvers(subject), "a containment")
    if isinstance(seat, Refusal):
        return seat
    made = first.situation.history.handled.get((first.comment.id, first.comment.index), ())
    seq = next((noted.seq for noted in made if isinstance(noted.body, Contained)), None)
    if seq is None:
        return Refusal("that containment was not recorded", "The bot's answer to it says why.")
    return Effect((Ratified(reassessment=first.reassessment.id, contained_seq=seq, role=seat.recorded),))


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """Who ratifies, and by when."""
    body, subject = noted[0].body, asking.subject
    if isinstance(body, Ratified):
        return Receipt(
            f"@{asking.by.login}, {asking.spoken(body.role)}, ratified the containment of entry {body.contained_seq}"
        )
    if not isinstance(body, Contained) or subject is None:
        return None
    word = "restricted" if body.action == "restrict" else "withdrawn"
    covered = "all of it" if body.cells == ("*",) else ", ".join(f"`{cell}`" for cell in body.cells)
    people = tuple(login for login in asking.people(*approvers(subject)) if login.lower() != asking.by.login.lower())
    return Receipt(
        f"@{asking.by.login}, {asking.spoken(body.role)}, contained `{body.subject}`: {covered} {word}, from now on",
        (
            f"{who(people)} ratifies it with `/reassay confirm {asking.comment.id}` by {on(body.ratify_by)}",
            "Later than that it is listed as an exception",
            "This record switches nothing off by itself: change the deployment, and its entry in the register",
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
