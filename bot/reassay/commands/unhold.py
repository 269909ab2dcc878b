"""unhold: lifts a veto."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.asking import Asking, Effect, Receipt, Refusal, not_yours
from reassay.approvals.holds import StandingHold, standing
from reassay.commands.base import Command, VerbHelp, nothing_more, split_reason
from reassay.commands.slash_command import SlashCommand
from reassay.ledger.deferrals import Released
from reassay.ledger.entry import Body
from reassay.ledger.pull_requests import ChangeReleased
from reassay.ledger.reassessment import Noted

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
    holds = _standing(asking)
    if not holds:
        return Refusal("nothing is held here", "`/reassay explain` says what is missing.")
    roles = tuple(dict.fromkeys(asking.spoken(each.role) for each in holds))
    mine = [each for each in holds if each.noted.actor == asking.by.id or asking.seat(asking.spoken(each.role))]
    if not mine:
        return not_yours("lifting this hold", roles, asking.people(*roles))
    return Effect(_released(mine, asking))


def _standing(asking: Asking) -> tuple[StandingHold, ...]:
    source = asking.pull_request
    return standing(source.log if source else asking.reassessment.log)


def _released(mine: list[StandingHold], asking: Asking) -> tuple[Body, ...]:
    """In a re-assessment one record lifts all holds of a role, the person's own first; on a pull request each has its own."""
    if asking.pull_request is not None:
        pull = asking.pull_request.number
        return tuple(ChangeReleased(pull=pull, held_seq=each.noted.seq) for each in mine)
    first = next((each for each in mine if each.noted.actor == asking.by.id), mine[0])
    return (Released(reassessment=asking.reassessment.id, role=first.role),)


def receipt(_noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """Whether another hold stands."""
    left = len(_standing(asking))
    again = "It can be concluded again" if asking.pull_request is None else "The verdict is made anew"
    more = f"{left} more stand{'s' if left == 1 else ''}" if left else again
    return Receipt(f"@{asking.by.login} lifted the hold", (more,))


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Unhold,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_pull_requests=True,
)
