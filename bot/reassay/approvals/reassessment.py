"""The source of a re-assessment's approvals: checklist, approval steps and ledger entries."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from reassay.approvals.digests import ALL, all_digest, item_digest
from reassay.approvals.exclusions import as_party
from reassay.approvals.ledger_entries import AnswerGiven, SignOffGiven, answers_given, sign_offs_given, step_id
from reassay.approvals.row import Requirement, of_step
from reassay.assessment.authority import assessors, callers, everyone, parties
from reassay.assessment.cells import AssessmentInput
from reassay.assessment.checklists.base import ChecklistItem
from reassay.assessment.content import content_of
from reassay.assessment.joined import approval_steps
from reassay.ledger.answers import (
    Answered,
    AnswerWord,
    Attached,
    Dissented,
    SignedItem,
    SignedOff,
    Withdrawn,
)
from reassay.ledger.deferrals import Held
from reassay.ledger.pull_requests import ChangeAnswered
from reassay.ledger.reassessment import LedgerRecord, Reassessment
from reassay.ledger.runs import RunEnded
from reassay.people.people import Seat
from reassay.register.assessable import Assessable
from reassay.register.register import Register


@dataclass(frozen=True)
class ReassessmentSource:
    """One re-assessment. Once it is closed, roles and content are no longer compared."""

    reassessment: Reassessment
    subject: Assessable
    assessment_input: AssessmentInput
    items: tuple[ChecklistItem, ...]
    """The questions as frozen when it was opened; none if they cannot be read."""

    @property
    def log(self) -> Sequence[LedgerRecord]:
        """Its ledger entries."""
        return self.reassessment.log

    @property
    def is_open(self) -> bool:
        """Whether sign-offs are still compared with the present content."""
        return self.reassessment.state == "open"

    @property
    def _facts(self) -> tuple[Register, date]:
        return self.assessment_input.register, self.assessment_input.today

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """The questions in order, then the approval steps."""
        return tuple(self._requirements())

    def _requirements(self) -> Iterator[Requirement]:
        about = self.subject.id
        for item in self.items:
            roles = self._roles_of(item)
            yield Requirement(
                item.id,
                about,
                roles,
                question=item.text,
                needs_evidence=item.evidence,
                in_words=item.answer == "words",
                asked_by=item.asked_by,
            )
        signed = {given.requirement for given in self.sign_offs}
        for asked in approval_steps(self.subject, *self._facts):
            name = step_id(asked.number, asked.asked_by)
            # A commitment that came later asked nothing of what was closed before it.
            if self.is_open or asked.asked_by is None or name in signed:
                yield of_step(name, about, asked, asked.number)

    def _roles_of(self, item: ChecklistItem) -> tuple[str, ...]:
        match item.role:
            case "owner":
                return (self.subject.owner,)
            case "assessor":
                return assessors(self.subject, *self._facts)
            case named:
                return (named,)

    @cached_property
    def answers(self) -> Mapping[str, AnswerGiven]:
        """The latest answer to each question, by id."""
        return answers_given(self.log)

    @cached_property
    def sign_offs(self) -> tuple[SignOffGiven, ...]:
        """Sign-offs that were not taken back."""
        return sign_offs_given(self.log)

    @cached_property
    def evidence(self) -> tuple[Attached | RunEnded, ...]:
        """Attached evidence, and results of evaluation runs that came while it was open."""
        attached = tuple(body for _, body in self.reassessment.records_of(Attached))
        return (*attached, *(body for _, body in self.reassessment.records_of(RunEnded) if body.results))

    @cached_property
    def content(self) -> str:
        """Digest of the subject and the deployments covered, as written now; empty if the subject cannot be read."""
        return content_of(self.reassessment.subject, self.reassessment.cells, self.assessment_input.register) or ""

    def digest(self, requirement: Requirement, answer: Answered | ChangeAnswered | None) -> str:
        """Digest that a sign-off names: the question with its answer, or for a step all answers and all evidence."""
        if requirement.question is not None and isinstance(answer, Answered):
            return item_digest(requirement.id, requirement.question, answer, self.content)
        questions = [requirement for requirement in self.requirements if requirement.question is not None]
        rows = [(question.id, self._answered(question)) for question in questions]
        return all_digest(self.reassessment.id, rows, self.evidence, self.content)

    def _answered(self, requirement: Requirement) -> str | None:
        answer = self.answers.get(requirement.id)
        return self.digest(requirement, answer.body) if answer else None

    def excluded(self, requirement: Requirement, person: int, _pull: int | None = None) -> str:
        """Why an account does not count for a row although it holds the role; empty if it does."""
        wrote = any(given.record.actor == person for given in self.answers.values())
        if "author" in requirement.excludes and wrote:
            return "they wrote answers, and this step excludes the author"
        return as_party(requirement.excludes, person, self.subject, self.assessment_input)

    def departed(self, _role: str, _person: int, _requirement: Requirement) -> str:
        """Empty: a statement in a re-assessment stays valid if its author held the role then."""
        return ""

    def taken_back(self, _given: SignOffGiven) -> str:
        """Empty: no review signs off a re-assessment."""
        return ""

    def more_because(self, _requirement: Requirement, _pulls: Collection[int]) -> str:
        """Empty: a re-assessment is about no change that a program could have written."""
        return ""

    def accepted_until(self, _requirement: Requirement) -> date | None:
        """None: accepted risks are checked when it is concluded, not for single rows."""
        return None

    @property
    def validity(self) -> str:
        """How long a sign-off is valid, as a sentence without its full stop."""
        return f"Stays valid until the answer, {self.subject.id} or a deployment it covers changes"

    @property
    def answering_roles(self) -> tuple[str, ...]:
        """Roles that may answer for others; the row's own role then signs off."""
        return parties(self.subject, *self._facts)

    @property
    def holding_roles(self) -> tuple[str, ...]:
        """Roles that may put a hold on it."""
        return callers(self.subject, *self._facts)

    @property
    def dissenting_roles(self) -> tuple[str, ...]:
        """Roles that may dissent."""
        return everyone(self.subject, *self._facts)

    def answered(self, requirement: Requirement, word: AnswerWord, because: str | None, seat: Seat) -> Answered:
        """The record of an answer, not signed yet. `because` is a digest."""
        return Answered(
            reassessment=self.reassessment.id,
            item=requirement.id,
            answer=word,
            because=because,
            role=seat.recorded,
            for_account=seat.lender_id,
            content=self.content,
        )

    def signed(
        self, asked: Requirement, items: Sequence[SignedItem], seat: Seat, note: str | None, _review: int | None = None
    ) -> SignedOff:
        """The record of a sign-off; an approval step signs one item named `all`."""
        is_step = asked.step is not None
        return SignedOff(
            reassessment=self.reassessment.id,
            role=seat.recorded,
            says=asked.says,
            step=asked.step,
            items=tuple(items)
            if not is_step
            else tuple(SignedItem(item=ALL, digest=signed.digest) for signed in items),
            content=self.content,
            for_account=seat.lender_id,
            note=note,
            asked_by=asked.asked_by if is_step else None,
        )

    def withdrawn(self, ids: Sequence[str]) -> Withdrawn:
        """The record of rows taken back."""
        return Withdrawn(reassessment=self.reassessment.id, items=tuple(ids))

    def held(self, role: str, because: str | None) -> Held:
        """The record of a hold."""
        return Held(reassessment=self.reassessment.id, role=role, because=because)

    def dissented(self, role: str, because: str) -> Dissented:
        """The record of a dissent."""
        return Dissented(reassessment=self.reassessment.id, role=role, because=because)
