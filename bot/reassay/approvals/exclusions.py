"""Exclusions: why somebody's signature does not count although they hold the role."""

from collections.abc import Sequence
from dataclasses import dataclass

from reassay.assessment.authority import assessors
from reassay.assessment.cells import Situation
from reassay.people.account import Account
from reassay.people.people import holds
from reassay.register.approval import Excluded
from reassay.register.assessable import Assessable


@dataclass(frozen=True, slots=True)
class Participants:
    """Who has a hand in a pull request. None where that is not known: then nobody counts where a step excludes them."""

    author: Account | None
    contributors: frozenset[int] | None = frozenset()
    """Account ids of authors and co-authors of commits that change what is gated."""
    pushers: frozenset[int] | None = frozenset()
    """Account ids of whoever pushed to the head, as GitHub authenticated them."""
    unknown: tuple[str, ...] = ()
    """Why somebody is not known, in half-sentences."""


NOBODY = Participants(None)
"""Offline nobody is known, and nobody is excluded."""


def as_participant(excludes: Sequence[Excluded], person: int, known: Participants) -> str:
    """Why an account does not count as somebody who wrote or pushed the change; empty if it does."""
    if "author" in excludes:
        if known.author is not None and known.author.id == person:
            return "the author of the pull request does not count here"
        if known.contributors is None:
            return f"who wrote its commits is not known ({'; '.join(known.unknown) or 'the list is incomplete'})"
        if person in known.contributors:
            return "they wrote part of what is changed"
    if "pusher" in excludes:
        if known.pushers is None:
            return "who pushed to it is not known"
        if person in known.pushers:
            return "they pushed to it"
    return ""


def as_party(excludes: Sequence[Excluded], person: int, subject: Assessable, situation: Situation) -> str:
    """Why an account does not count as owner or assessor of what is signed about; empty if it does."""
    if "owner" in excludes and _holds((subject.owner,), person, situation):
        return "they own it, and this step excludes the owner"
    if "assessor" in excludes and _holds(assessors(subject), person, situation):
        return "they assess it, and this step excludes the assessor"
    return ""


def _holds(roles: Sequence[str], person: int, situation: Situation) -> bool:
    account = Account("", person)
    return any(holds(account, role, situation.register, situation.people) for role in roles)
