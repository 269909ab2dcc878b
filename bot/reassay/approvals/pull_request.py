"""The source of a pull request's approvals: changed objects, requirements and ledger entries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Literal

from reassay.approvals.departures import departed
from reassay.approvals.exclusions import Participants, as_participant, as_party
from reassay.approvals.ledger_entries import AnswerGiven, SignOffGiven, answers_given, sign_offs_given
from reassay.approvals.proposal import NOBODY, ChangedObject, Proposal
from reassay.approvals.row import Requirement
from reassay.assessment.cells import AssessmentInput
from reassay.common.canonical import canonical, digest
from reassay.ledger.answers import Answered, AnswerWord, SignedItem
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
    """Ledger, people, roles and time, read from the default branch."""
    requirements: tuple[Requirement, ...]
    """Requirements of the gate, in order."""
    objects: Mapping[str, ChangedObject]
    """By key."""
    accepted: Mapping[str, date] = field(default_factory=dict)
    """The last day on which the risk of an object is accepted, by its key."""
    touched: tuple[str, ...] = ()
    """Mitigations and commitments that the change concerns."""
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
        """By pull request, the latest override of its head that has not expired; none of somebody who wrote the change."""
        proposal = self.proposal
        overrides: dict[int, tuple[LedgerRecord, Overridden]] = {}
        for record in self.log:
            body = record.body
            if not isinstance(body, Overridden) or body.base != proposal.base_ref:
                continue
            if self.wrote(record.actor, body.pull):
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
        key = (requirement.id, answer.answer if answer else None, answer.because if answer else None)
        if key not in self._digests:
            self._digests[key] = self._digest(requirement, *key[1:])
        return self._digests[key]

    @cached_property
    def _digests(self) -> dict[tuple[str, str | None, str | None], str]:
        """Digests so far, by row, answer and reason."""
        return {}

    def _digest(self, requirement: Requirement, answer: str | None, because: str | None) -> str:
        changed = self.objects[requirement.about]
        value = {
            "base": self.proposal.base_ref,
            "object": requirement.about,
            "before": changed.before,
            "after": changed.after,
            "ask": requirement.ask,
            "answer": answer,
            "because": because,
        }
        return f"signed/1:{digest(canonical(value))}"

    def after(self, assessment_input: AssessmentInput, pull: int | None = None) -> "PullRequestSource":
        """The same once further answers and sign-offs are recorded; `pull` numbers a range of commits that has no number."""
        proposal = self.proposal
        if pull is not None:
            proposal = replace(proposal, pulls=(pull,), heads={pull: proposal.head})
        later = replace(self, assessment_input=assessment_input, proposal=proposal)
        vars(later).update(content=self.content, _digests=self._digests, _last_steps=self._last_steps)
        return later

    def excluded(self, requirement: Requirement, person: int, pull: int | None = None) -> str:
        """Why an account does not count for a row although it holds the role; empty if it does. Unknown participants exclude.

        `pull` is the pull request of the sign-off, where a group has several.
        """
        changed = self.objects[requirement.about]
        subjects = (changed.subject,) if changed.subject else changed.judged
        party = (as_party(requirement.excludes, person, subject, self.assessment_input) for subject in subjects)
        return as_participant(requirement.excludes, person, self._participants(pull)) or next(filter(None, party), "")

    def _participants(self, pull: int | None) -> Participants:
        people = self.proposal.people
        return people.get(pull or 0) or next(iter(people.values()), NOBODY)

    def wrote(self, person: int | None, pull: int | None = None) -> str:
        """How an account took part in writing a pull request, in words; empty if it did not, as far as is known."""
        return self._participants(pull).wrote(person) if person is not None else ""

    def departed(self, role: str, person: int, requirement: Requirement) -> str:
        """Why somebody no longer counts in a recorded role: they have left it before the merge. Empty if they hold it."""
        return departed(role, person, requirement.roles, self.assessment_input)

    def taken_back(self, given: SignOffGiven) -> str:
        """Why the approving review behind a sign-off no longer approves; empty for other sign-offs.

        Where no reviews are read, offline and for a group of a merge queue, the ledger says what was taken back.
        """
        body, reviews = given.body, self.proposal.reviews
        if not isinstance(body, ChangeSigned) or body.review is None or reviews is None:
            return ""
        own = (review for review in reviews if review.by.id == given.record.actor)
        return "" if any(review.approves for review in own) else "they took their approving review back"

    def more_because(self, requirement: Requirement, pulls: Collection[int]) -> str:
        """Why one person more must sign a row, as a half-sentence; empty if not. `pulls` are those of its sign-offs.

        A program writes no pull request of its own accord: whoever runs it may be the one who signs. So the last approval
        step of each object takes one signature more.
        """
        if requirement.id not in self._last_steps:
            return ""
        people = self.proposal.people
        authors = [people[pull] for pull in people if len(people) == 1 or pull in pulls]
        return next((author.program for author in authors if author.program), "")

    @cached_property
    def _last_steps(self) -> frozenset[str]:
        steps = {ask.about: ask.id for ask in self.requirements if ask.question is None}
        return frozenset(steps.values())

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
        if word == "in-words":
            raise ValueError("a question about a pull request is answered yes, no, n/a or not-tested")
        return ChangeAnswered(
            pull=self.number,
            item=requirement.id,
            answer=word,
            because=because,
            role=seat.recorded,
            for_account=seat.lender_id,
        )

    def signed(
        self, asked: Requirement, items: Sequence[SignedItem], seat: Seat, note: str | None, review: int | None = None
    ) -> ChangeSigned:
        """The record of a sign-off; `asked` is the first of its rows."""
        return ChangeSigned(
            pull=self.number,
            base=self.proposal.base_ref,
            head=self.proposal.head,
            role=seat.recorded,
            says=asked.says,
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
