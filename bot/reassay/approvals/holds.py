"""Holds: vetoes that nobody has lifted."""

from collections.abc import Iterable
from dataclasses import dataclass

from reassay.ledger.deferrals import Held, Released
from reassay.ledger.pull_requests import ChangeHeld, ChangeReleased
from reassay.ledger.reassessment import Noted


@dataclass(frozen=True, slots=True)
class StandingHold:
    """One veto."""

    noted: Noted
    role: str
    """As the ledger names it."""


def standing(log: Iterable[Noted]) -> tuple[StandingHold, ...]:
    """In order. In a re-assessment one release lifts all holds of a role; on a pull request it names the hold."""
    found: list[StandingHold] = []
    for noted in log:
        match noted.body:
            case (Held() | ChangeHeld()) as body:
                found.append(StandingHold(noted, body.role))
            case Released(role=role):
                found = [each for each in found if each.role != role and each.noted.actor != noted.actor]
            case ChangeReleased(held_seq=seq):
                found = [each for each in found if each.noted.seq != seq]
            case _:
                pass
    return tuple(found)
