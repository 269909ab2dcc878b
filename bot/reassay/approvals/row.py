"""Rows of an approvals table: each is one question or approval step, with its answer and its sign-offs."""

from dataclasses import dataclass
from datetime import date

from reassay.approvals.ledger_entries import AnswerGiven
from reassay.assessment.joined import AskedStep
from reassay.ledger.answers import SignedAs
from reassay.ledger.reassessment import LedgerRecord
from reassay.register.approval import Excluded, StepKind


@dataclass(frozen=True, slots=True)
class Requirement:
    """The requirement of one row: a question or an approval step, with its roles."""

    id: str
    """Its name in the ledger: `scope`, `step-1`, `deployment/public-api:step-1`."""
    about: str
    """The object: the id of a re-assessment's subject, or `deployment/public-api` on a pull request."""
    roles: tuple[str, ...]
    """Roles, any of which may sign."""
    question: str | None = None
    """The text of the question; None for an approval step."""
    needs_evidence: bool = False
    """Whether the question asks for evidence."""
    in_words: bool = False
    """Whether the question is open, so that its answer is words."""
    must_be_fine: bool = False
    """Whether an answer `no` or `not-tested` leaves the row open until the risk is accepted."""
    min: int = 1
    """Number of different people who must sign."""
    kind: StepKind = "review"
    """The kind of an approval step."""
    excludes: tuple[Excluded, ...] = ()
    """People who do not count although they hold the role."""
    when: str | None = None
    """When an approval step is needed, in words; None if always."""
    step: int | None = None
    """The number of an approval step of a re-assessment, from 1, among those of its source; None for others."""
    asked_by: str | None = None
    """Id of the commitment that asks for it; None if the subject itself, the policy or a standard checklist does."""
    is_ordered: bool = True
    """Whether it waits for the steps before it; steps of several equal judges do not wait for each other."""
    is_lending: bool = False
    """Whether it lends a role, so that only people who hold their role without a delegation sign."""
    more: int = 0
    """Number of people who must sign besides `min`; a sign-off does not cover it."""
    more_because: str = ""
    """Why there are more, as a half-sentence; empty if there are not."""

    @property
    def needed(self) -> int:
        """Number of different people who must sign here."""
        return self.min + self.more

    @property
    def says(self) -> SignedAs:
        """What a sign-off of it says in the ledger."""
        return self.kind if self.question is None else "answer"

    @property
    def asked_words(self) -> str:
        """The commitment that asks for it, in words; empty without one."""
        return f"asked for by commitment {self.asked_by}" if self.asked_by else ""

    @property
    def ask(self) -> object:
        """The part of the row that a sign-off on a pull request covers."""
        if self.question is not None:
            return {"question": self.question}
        return {"step": self.kind, "roles": sorted(self.roles), "min": self.min}


def of_step(id_: str, about: str, asked: AskedStep, number: int | None = None) -> Requirement:
    """An approval step of the register as a requirement; `number` for one of a re-assessment."""
    step = asked.step
    return Requirement(
        id_,
        about,
        (step.role,),
        min=step.min,
        kind=step.kind,
        excludes=step.excludes,
        when=step.when,
        step=number,
        asked_by=asked.asked_by,
    )


@dataclass(frozen=True, slots=True)
class Signature:
    """A sign-off of a row by one person."""

    record: LedgerRecord
    """The ledger entry."""
    person: int
    """Account id."""
    role: str
    """Name of the role in the ledger."""
    for_account: int | None
    """Account id of the person who lent the role; None without delegation."""
    why_not: str = ""
    """Why it does not count, in half a sentence; empty if it does."""

    @property
    def counts(self) -> bool:
        """Whether it counts."""
        return not self.why_not

    @property
    def seat(self) -> int:
        """Account id of the lender of the role, or of the person without one."""
        return self.for_account or self.person


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """One requirement with its answer and sign-offs."""

    number: int
    """The number that people write in commands, from 1."""
    requirement: Requirement
    answer: AnswerGiven | None = None
    signatures: tuple[Signature, ...] = ()
    digest: str | None = None
    """Digest of the content that would be signed now; None for a question without an answer."""
    accepted_until: date | None = None
    """The last day on which the risk of an answer `no` or `not-tested` is accepted; None if it is not."""

    @property
    def taken(self) -> int:
        """The number of people whose sign-off counts, each seat once."""
        seats = {signature.person: signature.seat for signature in self.signatures if signature.counts}
        return len(set(seats.values()))

    @property
    def is_blocked(self) -> bool:
        """Whether its answer keeps it open, in spite of signatures."""
        fine = self.answer is None or self.answer.is_fine or self.accepted_until is not None
        return self.requirement.must_be_fine and not fine

    @property
    def is_signed(self) -> bool:
        """Whether it is complete."""
        return self.taken >= self.requirement.needed and not self.is_blocked

    def is_signed_by(self, person: int | None) -> bool:
        """Whether a sign-off by this person counts here."""
        return any(signature.counts and signature.person == person for signature in self.signatures)
