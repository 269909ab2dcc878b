"""Answers and sign-offs as the ledger has them, less those that were taken back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reassay.approvals.answers import is_fine
from reassay.ledger.answers import Answered, SignedOff, Withdrawn
from reassay.ledger.pull_requests import ChangeAnswered, ChangeSigned, ChangeWithdrawn
from reassay.ledger.reassessment import Noted


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """An answer to one question."""

    noted: Noted
    body: Answered | ChangeAnswered

    @property
    def is_fine(self) -> bool:
        """Whether it needs nothing more."""
        return is_fine(self.body.answer)


@dataclass(frozen=True, slots=True)
class SignOffGiven:
    """A sign-off of one row."""

    noted: Noted
    body: SignedOff | ChangeSigned
    requirement: str
    """Id of the row."""
    digest: str
    """What was signed."""

    @property
    def pull(self) -> int | None:
        """The pull request that it was given on; None for a re-assessment."""
        return self.body.pull if isinstance(self.body, ChangeSigned) else None


def answers_given(log: Iterable[Noted]) -> Mapping[str, AnswerGiven]:
    """The latest answer to each question that its author did not take back, by id of the row."""
    found: dict[str, AnswerGiven] = {}
    for noted in log:
        match noted.body:
            case (Answered() | ChangeAnswered()) as body:
                found[body.item] = AnswerGiven(noted, body)
            case Withdrawn(items=items) | ChangeWithdrawn(items=items):
                own = [item for item in items if item in found and found[item].noted.actor == noted.actor]
                for item in own:
                    del found[item]
            case _:
                pass
    return found


def sign_offs_given(log: Iterable[Noted]) -> tuple[SignOffGiven, ...]:
    """In order, without those that their signers took back."""
    found: list[SignOffGiven] = []
    for noted in log:
        match noted.body:
            case (SignedOff() | ChangeSigned()) as body:
                found += _of(noted, body)
            case Withdrawn(items=items) | ChangeWithdrawn(items=items):
                found = [each for each in found if each.noted.actor != noted.actor or each.requirement not in items]
            case _:
                pass
    return tuple(found)


def _of(noted: Noted, body: SignedOff | ChangeSigned) -> Iterator[SignOffGiven]:
    step = body.step if isinstance(body, SignedOff) else None
    for item in body.items:
        yield SignOffGiven(noted, body, item.item if step is None else step_id(step), item.digest)


def step_id(number: int) -> str:
    """How the ledger names an approval step of a re-assessment when it is taken back."""
    return f"step-{number}"
