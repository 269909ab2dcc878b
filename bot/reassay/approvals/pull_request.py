"""The source of a pull request's approvals: changed objects, requirements and ledger entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from reassay.approvals.exclusions import as_participant, as_party
from reassay.approvals.ledger_entries import AnswerGiven, SignOffGiven, answers_given, sign_offs_given
from reassay.approvals.proposal import NOBODY, ChangedObject, Proposal
from reassay.approvals.row import Requirement
from reassay.assessment.cells import AssessmentInput
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
from reassay.ledger.reassessment import LedgerRecord
from reassay.people.people import Seat, roles_in

_KINDS = (ChangeAnswered, ChangeSigned, ChangeWithdrawn, ChangeHeld, ChangeReleased, Overridden)


@dataclass(frozen=True)
class PullRequestSource:
    """One pull request, or one group of a merge queue, whose members' sign-offs carry over by content digest."""

    proposal: Proposal
    assessment_input: AssessmentInput
    """Of the default branch: ledger, people, roles, time."""
    requirements: tuple[Requirement, ...]
    """Requirements of the gate, in order."""
    objects: Mapping[str, ChangedObject]
    """By key."""
    accepted: Mapping[str, date] = field(default_factory=dict)
    """The last day on which the risk of an object is accepted, by its key."""
    touched: tuple[str, ...] = ()
    """Mitigations and commitments that the change concerns."""
    assumed: tuple[str, ...] = ()
    """Roles whose sign-off is assumed."""
    is_open: Literal[True] = True

    @cached_property
    def log(self) -> Sequence[LedgerRecord]:
        """Its ledger entries."""
        numbers = self.proposal.pulls
        others = self.assessment_input.history.others
        return tuple(record for record in others if isinstance(record.body, _KINDS) and record.body.pull in numbers)

    @cached_property
    def answers(self) -> Mapping[str, AnswerGiven]:
        """The latest answer to each question, by id."""
        return answers_given(self.log)

    @cached_property
    def sign_offs(self) -> tuple[SignOffGiven, ...]:
        """Sign-offs that were not taken back."""
        return sign_offs_given(self.log)

    @cached_property
    def override(self) -> tuple[LedgerRecord, Overridden] | None:
        """The latest override of this head that has not expired; None without one, and for a group of several."""
        pulls = self.proposal.pulls
        return self.overrides.get(pulls[0]) if len(pulls) == 1 else None

    @cached_property
    def overrides(self) -> Mapping[int, tuple[LedgerRecord, Overridden]]:
        """By pull request, the latest override of its head that has not expired."""
        proposal = self.proposal
        overrides: dict[int, tuple[LedgerRecord, Overridden]] = {}
        for record in self.log:
            body = record.body
            if not isinstance(body, Overridden) or body.base != proposal.base_ref:
                continue
            if body.head == proposal.heads.get(body.pull) and body.until >= self.assessment_input.today:
                overrides[body.pull] = (record, body)
        return overrides

    @cached_property
    def content(self) -> str:
        """Digest of the content that is signed: the check run shows it, and a sign-off must have seen it."""
        images = {key: [changed.before, changed.after] for key, changed in self.objects.items()}
        # The rows too: if the rules change, row 2 may be another row than the one that was read.
        rows = [[requirement.id, requirement.ask] for requirement in self.requirements]
        return f"signed/1:{digest(canonical({'images': images, 'rows': rows}))}"

    def digest(self, requirement: Requirement, answer: Answered | ChangeAnswered | None) -> str:
        """Digest that a sign-off names: before and after of the object, the requirement and the answer."""
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
        """Why an account does not count for a row although it holds the role; empty if it does. Unknown participants exclude.

        `pull` is the pull request of the sign-off, where a group has several.
        """
        people = self.proposal.people
        participants = people.get(pull or 0) or next(iter(people.values()), NOBODY)
        subject = self.objects[requirement.about].subject
        return as_participant(requirement.excludes, person, participants) or (
            as_party(requirement.excludes, person, subject, self.assessment_input) if subject else ""
        )

    def accepted_until(self, requirement: Requirement) -> date | None:
        """The last day on which the risk of a `no` or `not-tested` is accepted; None if it is not."""
        return self.accepted.get(requirement.about)

    @property
    def validity(self) -> str:
        """How long a sign-off is valid, as a sentence without its full stop."""
        base = self.proposal.base_ref
        return f"Stays valid until this object changes, here or on {base}. Other pushes do not affect it"

    @property
    def answering_roles(self) -> tuple[str, ...]:
        """Empty: nobody answers for others."""
        return ()

    @property
    def holding_roles(self) -> tuple[str, ...]:
        """Roles that may put a hold on it: any role of the register."""
        return roles_in(self.assessment_input.register)

    @property
    def dissenting_roles(self) -> tuple[str, ...]:
        """Roles that may dissent: any role of the register."""
        return roles_in(self.assessment_input.register)

    @property
    def number(self) -> int:
        """The number of the pull request."""
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
