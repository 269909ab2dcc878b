"""Checks of an installation, one module for each.

A new one is a file here with `examine(inputs)`, and a line in EXAMINATIONS. A setting that the token cannot see is
`unknown`, never `ok`.
"""

from collections.abc import Callable, Iterator

from reassay.doctor.checks import default_branch, ledger_branch, people, secrets, trust, workflows
from reassay.doctor.checks.base import Check, DoctorInput

__all__ = ["EXAMINATIONS", "Check", "DoctorInput", "examine"]

EXAMINATIONS: tuple[Callable[[DoctorInput], Iterator[Check]], ...] = (
    trust.examine,
    ledger_branch.examine,
    default_branch.examine,
    secrets.examine,
    people.examine,
    workflows.examine,
)
"""In the order in which people fix what they report."""


def examine(inputs: DoctorInput) -> tuple[Check, ...]:
    """Results of all checks, in the order in which people fix them."""
    return tuple(check for examination in EXAMINATIONS for check in examination(inputs))
