"""unhold: lifts a veto."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.holds import standing
from reassay.approvals.vetoes import released_receipt as change_receipt
from reassay.approvals.vetoes import unhold as on_change
from reassay.commands.asking import Asking, Effect, Receipt, Refusal, not_yours
from reassay.commands.base import Command, VerbHelp, nothing_more, split_reason
from reassay.ledger.deferrals import Released
from reassay.ledger.reassessment import Noted

__all__ = ["HELP", "NAME", "act", "change_receipt", "on_change", "parse", "receipt"]

NAME = "unhold"
HELP = VerbHelp(
    usage="unhold",
    who="the holder, or somebody in the holder's role",
    effect="lifts the hold",
    example="/reassay unhold",
)


@dataclass(frozen=True, slots=True)
class Unhold(Command):
    """Lifts a veto."""

    verb: ClassVar[str] = NAME


def parse(rest: str) -> Unhold:
    """Raises BadCommandError for words before a reason."""
    words, _ = split_reason(rest)
    nothing_more(words)
    return Unhold()


def act(_command: Unhold, asking: Asking) -> Effect | Refusal:
    """The holder's own, else those of a role that the person has."""
    each = asking.reassessment
    held = standing(each)
    if not held:
        return Refusal("nothing is held here", "`/reassay explain` says what is missing.")
    own = [body.role for noted, body in held if noted.actor == asking.by.id]
    roles = tuple(dict.fromkeys(body.role for _, body in held))
    spoken = tuple(asking.spoken(role) for role in roles)
    seat = asking.seat(*spoken)
    if not own and seat is None:
        return not_yours("lifting this hold", spoken, asking.people(*spoken))
    role = own[0] if own else seat.recorded if seat else roles[0]
    return Effect((Released(reassessment=each.id, role=role),))


def receipt(_noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """Whether another hold stands."""
    left = standing(asking.reassessment)
    more = (f"{len(left)} more stand{'s' if len(left) == 1 else ''}",) if left else ("It can be concluded again",)
    return Receipt(f"@{asking.by.login} lifted the hold", more)
