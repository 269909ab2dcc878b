"""Exclusions: who does not count for an approval step, although they hold the role."""

from collections.abc import Sequence
from dataclasses import dataclass

from reassay.assessment.authority import assessors
from reassay.assessment.cells import AssessmentInput
from reassay.people.account import Account
from reassay.people.people import holds
from reassay.register.approval import Excluded
from reassay.register.assessable import Assessable


@dataclass(frozen=True, slots=True)
class Participants:
    """Author, committers and pushers of a pull request; None where they are not known, which excludes everybody."""

    author: Account | None
    contributors: frozenset[int] | None = frozenset()
    """Account ids of authors and co-authors of commits that change guarded paths, or content that came to one."""
    pushers: frozenset[int] | None = frozenset()
    """Account ids of the people who pushed to the head, as GitHub authenticated them."""
    unknown: tuple[str, ...] = ()
    """Reasons why somebody is not known, in half-sentences."""
    why_no_pushers: str = ""
    """Why the pushers are not known, and what to do; empty if they are known."""

    @property
    def program(self) -> str:
        """Why its author is taken for a program, as a half-sentence; empty for a person."""
        if self.author is None:
            return "the author's account is gone, and may have been a program's"
        return "the author is a program" if self.author.is_bot else ""

    def wrote(self, person: int) -> str:
        """How an account took part in writing the change, in words; empty if it did not, as far as is known."""
        if self.author is not None and self.author.id == person:
            return "the author of the pull request"
        return "somebody who wrote part of it" if person in (self.contributors or ()) else ""


def as_participant(excludes: Sequence[Excluded], person: int, participants: Participants) -> str:
    """Why an account is excluded as author or pusher of the change; empty if it is not."""
    if "author" in excludes:
        if participants.author is not None and participants.author.id == person:
            return "the author of the pull request cannot sign this row"
        if participants.contributors is None:
            return f"the authors of its commits are not known ({'; '.join(participants.unknown) or 'the list is incomplete'})"
        if person in participants.contributors:
            return "they wrote part of this change"
    if "pusher" in excludes:
        if participants.pushers is None:
            return participants.why_no_pushers or "the people who pushed to it are not known"
        if person in participants.pushers:
            return "they pushed to it"
    return ""


def as_party(excludes: Sequence[Excluded], person: int, subject: Assessable, assessment_input: AssessmentInput) -> str:
    """Why an account is excluded as owner or assessor of the subject; empty if it is not."""
    if "owner" in excludes and _holds((subject.owner,), person, assessment_input):
        return "they own it, and this step excludes the owner"
    if "assessor" in excludes and _holds(_assessors(subject, assessment_input), person, assessment_input):
        return "they assess it, and this step excludes the assessor"
    return ""


def _assessors(subject: Assessable, assessment_input: AssessmentInput) -> tuple[str, ...]:
    return assessors(subject, assessment_input.register, assessment_input.today)


def _holds(roles: Sequence[str], person: int, assessment_input: AssessmentInput) -> bool:
    people = assessment_input.people
    # Where GitHub was not asked, people are compared by login.
    account = Account("" if people.is_known else people.login(person), person)
    return any(holds(account, role, assessment_input.register, assessment_input.people) for role in roles)
