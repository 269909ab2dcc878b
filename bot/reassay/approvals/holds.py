"""Holds that stand: vetoes that nobody has lifted."""

from reassay.ledger.deferrals import Held, Released
from reassay.ledger.reassessment import Noted, Reassessment


def standing(each: Reassessment) -> tuple[tuple[Noted, Held], ...]:
    """In order; somebody of the same role lifts all of that role's."""
    found: list[tuple[Noted, Held]] = []
    for noted in each.log:
        if isinstance(noted.body, Held):
            found.append((noted, noted.body))
        elif isinstance(noted.body, Released):
            role, actor = noted.body.role, noted.actor
            found = [(one, held) for one, held in found if held.role != role and one.actor != actor]
    return tuple(found)
