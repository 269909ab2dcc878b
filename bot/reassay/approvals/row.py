"""One row of a table of approvals: what is asked, the answer, and who signed."""

from dataclasses import dataclass
from datetime import date

from reassay.approvals.given import AnswerGiven
from reassay.approvals.requirement import Requirement
from reassay.ledger.reassessment import Noted


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody's signature on a row."""

    noted: Noted | None
    """None where it is only assumed."""
    person: int
    """Account id."""
    role: str
    """As the ledger names it."""
    for_account: int | None
    """Account id of whoever lent the role; None for a role of one's own."""
    why_not: str = ""
    """A half-sentence, where it does not hold."""

    @property
    def holds(self) -> bool:
        """Whether it counts."""
        return not self.why_not

    @property
    def seat(self) -> int:
        """Whose seat was used: one's own, or the lender's."""
        return self.for_account or self.person


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """One requirement as it stands."""

    number: int
    """From 1, as people write it."""
    requirement: Requirement
    answer: AnswerGiven | None = None
    signatures: tuple[Signature, ...] = ()
    digest: str | None = None
    """Of what would be signed now; None for a question that is not answered."""
    accepted_until: date | None = None
    """The last day on which two people accept the risk of an answer `no` or `not-tested`; None if nobody does."""

    @property
    def taken(self) -> int:
        """By how many different people it is signed, each seat once."""
        seats = {each.person: each.seat for each in self.signatures if each.holds}
        return len(set(seats.values()))

    @property
    def is_blocked(self) -> bool:
        """Whether its answer leaves it open, whoever signs."""
        fine = self.answer is None or self.answer.is_fine or self.accepted_until is not None
        return self.requirement.must_be_fine and not fine

    @property
    def is_signed(self) -> bool:
        """Whether it asks for nothing more."""
        return self.taken >= self.requirement.min and not self.is_blocked

    def is_signed_by(self, person: int | None) -> bool:
        """Whether somebody's signature counts here."""
        return any(each.holds and each.person == person for each in self.signatures)
