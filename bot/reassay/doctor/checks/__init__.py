"""What lets somebody around the record, as far as GitHub lets one see: one module for each thing that is examined.

A new one is a file here with `examine(facts)`, and a line in EXAMINATIONS. What may not be looked at is `unknown`, never
`ok`.
"""

from collections.abc import Callable, Iterator

from reassay.doctor.checks import default_branch, ledger_branch, people, secrets, trust, workflows
from reassay.doctor.checks.base import Check, Facts

__all__ = ["EXAMINATIONS", "Check", "Facts", "examine"]

EXAMINATIONS: tuple[Callable[[Facts], Iterator[Check]], ...] = (
    trust.examine,
    ledger_branch.examine,
    default_branch.examine,
    secrets.examine,
    people.examine,
    workflows.examine,
)
"""In the order in which people would mend what they find."""


def examine(facts: Facts) -> tuple[Check, ...]:
    """The checks of every examination."""
    return tuple(check for examination in EXAMINATIONS for check in examination(facts))
