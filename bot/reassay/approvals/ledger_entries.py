"""Answers, sign-offs and holds of the ledger, without those that were taken back or lifted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, get_args

from reassay.ledger.answers import Answered, AnswerWord, SignedOff, Withdrawn
from reassay.ledger.deferrals import Held, Released
from reassay.ledger.pull_requests import ChangeAnswered, ChangeHeld, ChangeReleased, ChangeSigned, ChangeWithdrawn
from reassay.ledger.reassessment import LedgerRecord

IN_WORDS: Final[AnswerWord] = "in-words"
WORDS: Final[tuple[AnswerWord, ...]] = tuple(word for word in get_args(AnswerWord) if word != IN_WORDS)
"""The words that answer a yes/no question, in the order in which help lists them."""
_IN_ORDER_OF_HARM: Final[tuple[AnswerWord, ...]] = ("no", "not-tested", "n/a", "yes")
"""Answers in the order of ready-made commands, most harmful first, so that no answer is proposed."""
_FINE: Final = frozenset[AnswerWord]({"yes", "n/a", IN_WORDS})


def is_fine(word: AnswerWord) -> bool:
    """Whether an answer needs nothing more: `no` and `not-tested` need a follow-up, another answer or an accepted risk."""
    return word in _FINE


def answer_command(number: int | str, *, in_words: bool = False) -> str:
    """The ready-made command that answers a row; a person has to choose one of the answers, or to write their own words."""
    if in_words:
        return f"/reassay answer {number}: <your words>"
    return f"/reassay answer {number} {'|'.join(_IN_ORDER_OF_HARM)} because ..."


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """An answer to one question."""

    record: LedgerRecord
    body: Answered | ChangeAnswered

    @property
    def is_fine(self) -> bool:
        """Whether it needs nothing more."""
        return is_fine(self.body.answer)


@dataclass(frozen=True, slots=True)
class SignOffGiven:
    """A sign-off of one row."""

    record: LedgerRecord
    body: SignedOff | ChangeSigned
    requirement: str
    """The id of the row."""
    digest: str
    """The digest of the signed content."""

    @property
    def pull(self) -> int | None:
        """The pull request of the sign-off; None for a re-assessment."""
        return self.body.pull if isinstance(self.body, ChangeSigned) else None


def answers_given(log: Iterable[LedgerRecord]) -> Mapping[str, AnswerGiven]:
    """The latest answer to each question that its author did not take back, by id of the row."""
    answers: dict[str, AnswerGiven] = {}
    for record in log:
        match record.body:
            case (Answered() | ChangeAnswered()) as body:
                answers[body.item] = AnswerGiven(record, body)
            case Withdrawn(items=items) | ChangeWithdrawn(items=items):
                own = [item for item in items if item in answers and answers[item].record.actor == record.actor]
                for item in own:
                    del answers[item]
            case _:
                pass
    return answers


def sign_offs_given(log: Iterable[LedgerRecord]) -> tuple[SignOffGiven, ...]:
    """In order, without those that their signers took back."""
    given: list[SignOffGiven] = []
    for record in log:
        match record.body:
            case (SignedOff() | ChangeSigned()) as body:
                given += _of(record, body)
            case Withdrawn(items=items) | ChangeWithdrawn(items=items):
                pull = record.body.pull if isinstance(record.body, ChangeWithdrawn) else None
                mine = [own for own in given if own.record.actor == record.actor and own.pull == pull]
                given = [own for own in given if own not in mine or own.requirement not in items]
            case _:
                pass
    return tuple(given)


def _of(record: LedgerRecord, body: SignedOff | ChangeSigned) -> Iterator[SignOffGiven]:
    for item in body.items:
        yield SignOffGiven(record, body, signed_id(body) or item.item, item.digest)


def signed_id(body: SignedOff | ChangeSigned) -> str | None:
    """The id of the approval step of a re-assessment that a record signs; None if it signs rows that it names."""
    if not isinstance(body, SignedOff) or body.step is None:
        return None
    return step_id(body.step, body.asked_by)


def step_id(number: int, asked_by: str | None = None) -> str:
    """The id of an approval step in the ledger; one that a commitment asks for begins with the commitment's id."""
    return f"{asked_by}:step-{number}" if asked_by else f"step-{number}"


@dataclass(frozen=True, slots=True)
class ActiveHold:
    """A hold that is not lifted."""

    record: LedgerRecord
    role: str
    """Name of the role in the ledger."""


def active_holds(log: Iterable[LedgerRecord]) -> tuple[ActiveHold, ...]:
    """In order. In a re-assessment one release lifts all holds of a role; on a pull request it names the hold."""
    holds: list[ActiveHold] = []
    for record in log:
        match record.body:
            case (Held() | ChangeHeld()) as body:
                holds.append(ActiveHold(record, body.role))
            case Released(role=role):
                holds = [hold for hold in holds if hold.role != role and hold.record.actor != record.actor]
            case ChangeReleased(held_seq=seq):
                holds = [hold for hold in holds if hold.record.seq != seq]
            case _:
                pass
    return tuple(holds)
