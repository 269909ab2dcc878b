"""The approvals table: every requirement as a numbered row, with its answer and the sign-offs that are still valid.

Re-assessments and pull requests share it. Their sources, `ReassessmentSource` and `PullRequestSource`, know the kinds of ledger
entries and the content that is signed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from reassay.approvals.ledger_entries import ActiveHold, AnswerGiven, SignOffGiven, active_holds
from reassay.approvals.pull_request import PullRequestSource
from reassay.approvals.reassessment import ReassessmentSource
from reassay.approvals.row import ApprovalRow, Requirement, Signature
from reassay.assessment.cells import AssessmentInput
from reassay.assessment.checklists import from_data
from reassay.ledger.answers import Answered, SignedOff
from reassay.ledger.pull_requests import ChangeAnswered, ChangeSigned
from reassay.ledger.reassessment import Reassessment
from reassay.people.account import Account
from reassay.people.people import holds, logins, recorded_role, spoken_role

LENT_ON = "a role that was lent cannot be lent on"


@dataclass(frozen=True)
class Approvals:
    """The approvals of one re-assessment or pull request."""

    source: ReassessmentSource | PullRequestSource

    @property
    def assessment_input(self) -> AssessmentInput:
        """Roles, people and the day."""
        return self.source.assessment_input

    @property
    def content(self) -> str:
        """Digest of the content that is signed: the one that must have been shown before a sign-off."""
        return self.source.content

    @cached_property
    def rows(self) -> tuple[ApprovalRow, ...]:
        """Numbered from 1. One person counts in one role of a pull request: that of the first row with their signature."""
        roles: dict[object, str] = {}
        return tuple(
            self._row(number, requirement, roles) for number, requirement in enumerate(self.source.requirements, 1)
        )

    @property
    def questions(self) -> tuple[ApprovalRow, ...]:
        """The rows with a question."""
        return tuple(row for row in self.rows if row.requirement.question is not None)

    @property
    def steps(self) -> tuple[ApprovalRow, ...]:
        """The rows that are approval steps."""
        return tuple(row for row in self.rows if row.requirement.question is None)

    @cached_property
    def holds(self) -> tuple[ActiveHold, ...]:
        """Holds that are not lifted."""
        return active_holds(self.source.log)

    def before(self, row: ApprovalRow) -> tuple[ApprovalRow, ...]:
        """Open rows that come first: the questions of an object come before its steps, and its steps are taken in order."""
        return tuple(other for other in self.earlier(row) if not other.is_signed)

    def earlier(self, row: ApprovalRow) -> tuple[ApprovalRow, ...]:
        """Rows that come first, signed or not: a step without order waits for the questions only."""
        if row.requirement.question is not None:
            return ()
        rows = (other for other in self._by_object[row.requirement.about] if other.number < row.number)
        return tuple(other for other in rows if row.requirement.is_ordered or other.requirement.question is not None)

    @cached_property
    def _by_object(self) -> Mapping[str, tuple[ApprovalRow, ...]]:
        rows: dict[str, list[ApprovalRow]] = {}
        for row in self.rows:
            rows.setdefault(row.requirement.about, []).append(row)
        return {about: tuple(own) for about, own in rows.items()}

    def acted_as(self, person: int | None) -> str | None:
        """The role in which a person's sign-off already counts here, as the ledger names it; None without one."""
        own = (sign for row in self.rows for sign in row.signatures if sign.counts and sign.person == person)
        return next((sign.role for sign in own), None)

    def spoken(self, role: str) -> str:
        """A recorded role as people know it."""
        return spoken_role(role, self.assessment_input.people)

    def recorded(self, roles: Sequence[str]) -> frozenset[str]:
        """Roles as the ledger may name them."""
        register, people = self.assessment_input.register, self.assessment_input.people
        return frozenset({*roles, *(recorded_role(role, register, people) for role in roles)})

    def people(self, roles: Sequence[str]) -> tuple[str, ...]:
        """Logins of all who may act in one of some roles today."""
        return logins(roles, self.assessment_input.register, self.assessment_input.people, self.assessment_input.today)

    def may_sign(self, requirement: Requirement) -> tuple[str, ...]:
        """Logins of those who may, without those who are excluded."""
        directory = self.assessment_input.people
        people = self.people(requirement.roles)
        accounts = {login: directory.account(login) for login in people}
        return tuple(
            login
            for login, account in accounts.items()
            if not self.excluded(requirement, account.id or 0) and not self._is_only_lent(requirement, account)
        )

    def _is_only_lent(self, requirement: Requirement, account: Account) -> bool:
        """Whether somebody would sign in a lent role where a lent role is not enough."""
        register, people = self.assessment_input.register, self.assessment_input.people
        return requirement.is_lending and not any(holds(account, role, register, people) for role in requirement.roles)

    def excluded(
        self, requirement: Requirement, person: int, lender: int | None = None, pull: int | None = None
    ) -> str:
        """Why an account, or the lender of its role, does not count for a row although it holds the role; empty if it does."""
        if requirement.is_lending and lender is not None:
            return LENT_ON
        own = self.source.excluded(requirement, person, pull)
        return own or ("" if lender is None else self.source.excluded(requirement, lender, pull))

    def _row(self, number: int, requirement: Requirement, roles: dict[object, str]) -> ApprovalRow:
        answer = self.source.answers.get(requirement.id) if requirement.question is not None else None
        if requirement.question is not None and answer is None:
            return ApprovalRow(number, requirement)
        wanted = self.source.digest(requirement, answer.body if answer else None)
        signatures = list(self._signatures(requirement, answer, wanted))
        if self.source.is_open:
            signatures = [_one_role(signature, requirement.about, roles) for signature in signatures]
        accepted = self.source.accepted_until(requirement) if answer and not answer.is_fine else None
        because = self.source.more_because(requirement, _pulls(signatures))
        asked = replace(requirement, more=1, more_because=because) if because else requirement
        return ApprovalRow(number, asked, answer, tuple(signatures), wanted, accepted)

    def _signatures(self, requirement: Requirement, answer: AnswerGiven | None, wanted: str) -> Iterator[Signature]:
        if answer is not None and answer.body.signed:
            body, person = answer.body, answer.record.actor or 0
            changed = "" if body.signed == wanted else "the content has changed since"
            pull = body.pull if isinstance(body, ChangeAnswered) else None
            why_not = changed or self._not_now(body, person, requirement, pull) if self.source.is_open else ""
            yield Signature(answer.record, person, body.role, body.for_account, why_not)
        for given in self.source.sign_offs:
            if given.requirement == requirement.id:
                why_not = self._why_not(given, requirement, wanted) if self.source.is_open else ""
                yield Signature(given.record, given.record.actor or 0, given.body.role, given.body.for_account, why_not)

    def _why_not(self, given: SignOffGiven, requirement: Requirement, wanted: str) -> str:
        if given.digest != wanted:
            return "the signed content has changed"
        if given.body.role not in self.recorded(requirement.roles):
            return f"{self.spoken(given.body.role)} no longer signs this row"
        return self.source.taken_back(given) or self._not_now(
            given.body, given.record.actor or 0, requirement, given.pull
        )

    def _not_now(
        self,
        body: Answered | ChangeAnswered | SignedOff | ChangeSigned,
        person: int,
        requirement: Requirement,
        pull: int | None,
    ) -> str:
        """Why a signature no longer counts: its author is excluded now, or the holder of the role has left it."""
        # A role that was lent counts while its lender holds it: a delegation may end as planned.
        holder = body.for_account or person
        excluded = self.excluded(requirement, person, body.for_account, pull)
        return excluded or self.source.departed(body.role, holder, requirement)


def _pulls(signatures: Iterable[Signature]) -> frozenset[int]:
    """Pull requests of sign-offs that count."""
    bodies = (signature.record.body for signature in signatures if signature.counts)
    return frozenset(body.pull for body in bodies if isinstance(body, ChangeAnswered | ChangeSigned))


def _one_role(signature: Signature, about: str, roles: dict[object, str]) -> Signature:
    """One human counts once: in the role of the first row that carries their signature.

    In a group of a merge queue that is so for each pull request and for each object: whoever signed one in one role may
    have signed another in another.
    """
    if not signature.counts:
        return signature
    body = signature.record.body
    pull = body.pull if isinstance(body, ChangeAnswered | ChangeSigned) else None
    places = ((signature.person, pull), (signature.person, about)) if pull is not None else (signature.person,)
    if all(roles.get(place, signature.role) == signature.role for place in places):
        roles.update(dict.fromkeys(places, signature.role))
        return signature
    return replace(signature, why_not="they already signed in another role, and a person counts once")


def of_reassessment(
    reassessment: Reassessment, assessment_input: AssessmentInput, objects: Mapping[str, object]
) -> Approvals | None:
    """The approvals of a re-assessment; None if its subject cannot be read. A checklist that was removed has no rows."""
    entry = assessment_input.register.subjects.get(reassessment.subject)
    if entry is None:
        return None
    items = from_data(objects.get(reassessment.opened.checklist))
    return Approvals(ReassessmentSource(reassessment, entry.value, assessment_input, items))
