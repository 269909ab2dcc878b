"""The words that answer a question, and which of them need nothing more."""

from typing import Final, get_args

from reassay.ledger.answers import AnswerWord

WORDS: Final[tuple[AnswerWord, ...]] = get_args(AnswerWord)
"""In the order in which help lists them."""
_FINE: Final = frozenset[AnswerWord]({"yes", "n/a"})


def is_fine(word: AnswerWord) -> bool:
    """Whether an answer needs nothing more; `no` and `not-tested` need a follow-up, a new answer or an accepted risk."""
    return word in _FINE
