"""What lets somebody around the record, as far as GitHub lets one see: one module for each thing that is examined.

A module has ORDER and `examine(inputs) -> Iterator[Check]`; nothing else lists it. What may not be looked at is `unknown`,
never `ok`.
"""

from reassay.common.modules import modules_in
from reassay.doctor.checks.base import Check, DoctorInput

__all__ = ["Check", "DoctorInput", "examine"]


def examine(inputs: DoctorInput) -> tuple[Check, ...]:
    """Every check, in the order in which people would mend them."""
    modules = sorted(modules_in(__name__, __path__, but={"base"}), key=lambda module: int(module.ORDER))
    return tuple(check for module in modules for check in module.examine(inputs))
