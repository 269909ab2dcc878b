"""What-if verdicts in words, the same in a terminal and on a page."""

from collections.abc import Sequence
from typing import Final

from reassay.common.sentences import names
from reassay.dashboard.verdict_values import WhatIf

ASSUMPTION: Final = "answered yes to every open question of theirs, and signed off every row that they may"
"""What each person is assumed to have done."""
NOBODY_ASKED: Final = "Nothing was recorded, and nobody was asked."


def people_words(people: Sequence[str]) -> str:
    """The people of a what-if in the order in which they act: `@a, then @b`."""
    return ", then ".join(f"@{login}" for login in people)


def rows_words(numbers: Sequence[int]) -> str:
    """Rows for a sentence: `row 2`, `rows 1 and 3`."""
    return f"row{'s' if len(numbers) > 1 else ''} {names(*(str(number) for number in numbers))}"


def done_words(what_if: WhatIf) -> str:
    """What they would do, as a sentence."""
    parts = [f"answer yes to {rows_words(what_if.answered)}"] if what_if.answered else []
    signed = tuple(number for number in what_if.signed if number not in what_if.answered)
    parts += [f"sign off {rows_words(signed)}"] if signed else []
    return f"They would {names(*parts)}." if parts else "They can sign off nothing that is missing."


def one_role_words(what_if: WhatIf) -> str:
    """Who would have to sign in a second role, as a sentence; empty if nobody would."""
    people = names(*(f"@{login}" for login in what_if.in_one_role))
    return f"{people} would have to sign in a second role, which does not count." if people else ""


def conclusion_words(what_if: WhatIf, *, enforces: bool) -> str:
    """What the verdict would be, as a sentence."""
    if what_if.conclusion == "success":
        return "Then it would be ready to merge."
    state = "blocked" if enforces else "blocked in mode enforce"
    return f"It would still be {state}."
