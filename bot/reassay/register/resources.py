"""Resources of an adversary and of those who test, in the same terms, so that a program can compare them.

Free text stays possible and cannot be compared. What a side does not state is unknown, never zero.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final, Literal, get_args

from pydantic import Field, StringConstraints, model_validator

from reassay.register.base import Line, Positive, Strict

BUDGET_PATTERN = r"^[0-9]{1,12}(\.[0-9]{1,2})? [A-Z]{3}$"
Hours = Annotated[float, Field(gt=0, le=10_000_000)]
"""Hours of work."""
Budget = Annotated[str, StringConstraints(pattern=BUDGET_PATTERN)]
"""An amount and the code of its currency (ISO 4217), for example `1000 GBP`."""
Access = Literal["app", "api", "fine-tuning", "weights", "internal"]
"""Access to the system, least first: its app, its API, fine-tuning, the weights, and what only staff can reach. Each includes the
ones before."""
Expertise = Literal["layperson", "technical-non-expert", "expert", "leading-expert"]
"""Knowledge of the field in which the harm lies, least first."""

_ORDERS: Final[dict[str, tuple[str, ...]]] = {"access": get_args(Access), "expertise": get_args(Expertise)}
DIMENSIONS: Final = ("hours", "people", "budget", "access", "expertise")


class Resources(Strict):
    """What an adversary has, or what those who test had."""

    hours: Hours | None = None
    """Hours of work, of all people together."""
    people: Positive | None = None
    """People who work together."""
    budget: Budget | None = None
    """Money, for example `1000 GBP`."""
    access: Access | None = None
    """Access to the system."""
    expertise: Expertise | None = None
    """Knowledge of the field in which the harm lies."""

    @model_validator(mode="after")
    def _says_something(self) -> "Resources":
        if all(getattr(self, name) is None for name in DIMENSIONS):
            raise ValueError("'resources' is empty; state for example {hours: 80, access: api, expertise: expert}")
        return self

    def words(self) -> str:
        """What is stated, as part of a sentence: `80 hours, 1000 GBP, access api`."""
        stated = [(name, getattr(self, name)) for name in DIMENSIONS]
        return ", ".join(dimension_words(name, value) for name, value in stated if value is not None)


StatedResources = Line | Resources
"""Resources, or free text about them, which cannot be compared."""


def dimension_words(name: str, value: object) -> str:
    """A resource in words."""
    match name, value:
        case "hours", int() | float():
            return f"{value:,.10g} hour{'' if value == 1 else 's'}"
        case "people", int():
            return "1 person" if value == 1 else f"{value:,} people"
        case "budget", _:
            return str(value)
        case _:
            return f"{name} {value}"


def order_of(dimension: str, left: object, right: object) -> int | None:
    """-1, 0 or 1 as `left` is less, as much or more than `right`; None where they cannot be compared, as two currencies."""
    if left is None or right is None:
        return None
    if dimension in _ORDERS:
        ranks = _ORDERS[dimension]
        return _sign(Decimal(ranks.index(str(left))), Decimal(ranks.index(str(right))))
    if dimension == "budget":
        (amount, currency), (other, second) = str(left).split(), str(right).split()
        return _sign(Decimal(amount), Decimal(other)) if currency == second else None
    return _sign(Decimal(str(left)), Decimal(str(right)))


def _sign(left: Decimal, right: Decimal) -> int:
    return (left > right) - (left < right)


@dataclass(frozen=True, slots=True)
class ResourceComparison:
    """One resource of an adversary beside that of those who tested."""

    dimension: str
    needed: str
    """What the adversary has, in words."""
    shown: str | None
    """The most that any test had, in words; None where no test states it."""
    matches: bool | None
    """Whether it is at least as much; None where it is not shown: not stated, or not comparable."""

    @property
    def words(self) -> str:
        """The comparison as part of a sentence."""
        if self.shown is None:
            return f"{self.needed}: not stated by any evidence"
        if self.matches is None:
            return f"{self.needed}: evidence says {self.shown}, which cannot be compared"
        return f"{self.needed}: {'matched' if self.matches else 'not matched'} by {self.shown}"


def compared(adversary: Resources, tests: Sequence[Resources]) -> tuple[ResourceComparison, ...]:
    """Each resource that the adversary has, with that of the test that comes closest as a whole.

    Resources of different tests are never added up: one test must have them all.
    """
    rows = [tuple(_row(adversary, test)) for test in tests] or [tuple(_row(adversary, None))]
    return max(rows, key=lambda row: sum((comparison.matches is True) for comparison in row))


def _row(adversary: Resources, test: Resources | None) -> list[ResourceComparison]:
    rows = []
    for name in DIMENSIONS:
        needed, shown = getattr(adversary, name), getattr(test, name) if test else None
        if needed is None:
            continue
        order = order_of(name, shown, needed)
        said = None if shown is None else dimension_words(name, shown)
        rows.append(
            ResourceComparison(name, dimension_words(name, needed), said, None if order is None else order >= 0)
        )
    return rows


def budget_of(words: str) -> str | None:
    """A budget from the words of a person, `1000 gbp`; None if it is none."""
    amount = " ".join(words.upper().replace(",", "").split())
    return amount if re.fullmatch(BUDGET_PATTERN, amount) else None
