"""Checks of an installation, one module for each.

A module has ORDER and `examine(inputs) -> Iterator[Check]`; nothing else lists it. A setting that the token cannot see is
`unknown`, never `ok`.
"""

from reassay.common.modules import modules_in
from reassay.doctor.checks.base import Check, DoctorInput

__all__ = ["Check", "DoctorInput", "examine"]


def examine(inputs: DoctorInput) -> tuple[Check, ...]:
    """Results of all checks, in the order in which people fix them."""
    modules = sorted(modules_in(__name__, __path__, but={"base"}), key=lambda module: int(module.ORDER))
    return tuple(check for module in modules for check in module.examine(inputs))
