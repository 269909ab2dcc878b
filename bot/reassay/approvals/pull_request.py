"""What the approvals of a pull request are made from: its changed objects, the requirements about them, its ledger entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from reassay.approvals.exclusions import NOBODY, as_participant, as_party
from reassay.approvals.given import AnswerGiven, SignOffGiven, answers_given, sign_offs_given
from reassay.approvals.proposal import ChangedObject, Proposal
from reassay.approvals.requirement import Requirement
from reassay.assessment.cells import Situation
from reassay.common.canonical import canonical, digest
from reassay.ledger.answers import Answered, AnswerWord, SignedAs, SignedItem
from reassay.ledger.pull_requests import (
    ChangeAnswered,
    ChangeDissented,
    ChangeHeld,
    ChangeReleased,
    ChangeSigned,
    ChangeWithdrawn,
    Overridden,
)
from reassay.ledger.reassessment import Noted
from reassay.people.people import Seat, roles_in

_KINDS = (ChangeAnswered, ChangeSigned, ChangeWithdrawn, ChangeHeld, ChangeReleased, Overridden)


@dataclass(frozen=True)
class PullRequestSource:
    """One pull request, or one group of a merge queue: signatures carry over by what they signed."""

    proposal: Proposal
    situation: Situation
    """Of the default branch: ledger, people, roles, time."""
    requirements: tuple[Requirement, ...]
    """What the gate asks, in order."""
    objects: Mapping[str, ChangedObject]
    """By key."""
    accepted: Mapping[str, date] = field(default_factory=dict)
    """The last day on which the risk of an object is accepted, by its key."""
    touched: tuple[str, ...] = ()
    """Mitigations and commitments that the change concerns."""
    assumed: tuple[str, ...] = ()
    """Roles whose signature is taken as given."""
    is_open: Literal[True] = True

    @cached_property
    def log(self) -> Sequence[Noted]:
        """Its ledger entries."""
        numbers = self.proposal.pulls
        others = self.situation.history.others
        return tuple(each for each in others if isinstance(each.body, _KINDS) and each.body.pull in numbers)

    @cached_property
    def answers(self) -> Mapping[str, AnswerGiven]:
        """The latest answer to each question, by id."""
        return answers_given(self.log)

    @cached_property
    def sign_offs(self) -> tuple[SignOffGiven, ...]:
        """Those that were not taken back."""
        return sign_offs_given(self.log)

    @cached_property
    def override(self) -> tuple[Noted, Overridden] | None:
        """The last one that was given to this very head and has not expired; in a group every member needs its own."""
        proposal = self.proposal
        found: dict[int, tuple[Noted, Overridden]] = {}
        for each in self.log:
            body = each.body
            if not isinstance(body, Overridden) or body.base != proposal.base_ref:
                continue
            if body.head == proposal.heads.get(body.pull) and body.until >= self.situation.today:
                found[body.pull] = (each, body)
        if not proposal.pulls or set(found) != set(proposal.pulls):
            return None
        return found[proposal.pulls[0]]

    @cached_property
    def content(self) -> str:
        """Digest of everything that is signed about: what a check run shows, and a signature must have seen."""
        images = {key: [each.before, each.after] for key, each in self.objects.items()}
        # The rows too: if the rules change meanwhile, row 2 may be another row than the one that was read.
        rows = [[each.id, each.ask] for each in self.requirements]
        return f"signed/1:{digest(canonical({'images': images, 'rows': rows}))}"

    def digest(self, requirement: Requirement, answer: Answered | ChangeAnswered | None) -> str:
        """What a signature names: before and after of the object, what is asked, and the answer."""
        changed = self.objects[requirement.about]
        value = {
            "base": self.proposal.base_ref,
            "object": requirement.about,
            "before": changed.before,
            "after": changed.after,
            "ask": requirement.ask,
            "answer": answer.answer if answer else None,
            "because": answer.because if answer else None,
        }
        return f"signed/1:{digest(canonical(value))}"

    def excluded(self, requirement: Requirement, person: int, pull: int | None = None) -> str:
        """Why an account does not count for a row although it holds the role; empty if it does. What is not known excludes.

        `pull` is the one that the signature was given on, where a group holds several.
        """
        known = self.proposal.people
        participants = known.get(pull or 0) or next(iter(known.values()), NOBODY)
        subject = self.objects[requirement.about].subject
        return as_participant(requirement.excludes, person, participants) or (
            as_party(requirement.excludes, person, subject, self.situation) if subject else ""
        )

    def accepted_until(self, requirement: Requirement) -> date | None:
        """The last day on which the risk of an answer that is not fine is accepted; None if it is not."""
        return self.accepted.get(requirement.about)

    @property
    def validity(self) -> str:
        """How long a signature holds, as a sentence without its full stop."""
        return "Holds until that object or its base changes; other pushes keep it"

    @property
    def answering_roles(self) -> tuple[str, ...]:
        """Nobody answers for others."""
        return ()

    @property
    def holding_roles(self) -> tuple[str, ...]:
        """Any role of the register may say stop."""
        return roles_in(self.situation.register)

    @property
    def dissenting_roles(self) -> tuple[str, ...]:
        """Any role of the register may dissent."""
        return roles_in(self.situation.register)

    @property
    def number(self) -> int:
        """Of the pull request that commands are written on."""
        return self.proposal.pulls[0]

    def answered(self, requirement: Requirement, word: AnswerWord, because: str | None, seat: Seat) -> ChangeAnswered:
        """The record of an answer, not signed yet. `because` is a digest."""
        return ChangeAnswered(
            pull=self.number,
            item=requirement.id,
            answer=word,
            because=because,
            role=seat.recorded,
            for_account=seat.lender_id,
        )

    def signed(
        self, says: SignedAs, _step: int | None, items: Sequence[SignedItem], seat: Seat, note: str | None,
        review: int | None = None,
    ) -> ChangeSigned:  # fmt: skip
        """The record of a sign-off."""
        return ChangeSigned(
            pull=self.number,
            base=self.proposal.base_ref,
            head=self.proposal.head,
            role=seat.recorded,
            says=says,
            items=tuple(items),
            for_account=seat.lender_id,
            note=note,
            review=review,
        )

    def withdrawn(self, ids: Sequence[str]) -> ChangeWithdrawn:
        """The record of rows taken back."""
        return ChangeWithdrawn(pull=self.number, items=tuple(ids))

    def held(self, role: str, because: str | None) -> ChangeHeld:
        """The record of a hold."""
        return ChangeHeld(pull=self.number, role=role, because=because)

    def dissented(self, role: str, because: str) -> ChangeDissented:
        """The record of a dissent."""
        return ChangeDissented(pull=self.number, role=role, because=because)
