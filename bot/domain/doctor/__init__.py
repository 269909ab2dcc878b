"""What lets somebody around the record, as far as GitHub lets one see: one module for each thing that is examined.

A module has ORDER and `examine(facts) -> Iterator[Check]`; nothing else lists it. What may not be looked at is `unknown`,
never `ok`.
"""

from importlib import import_module
from pkgutil import iter_modules

from bot.domain.doctor.base import Check, Facts

__all__ = ["Check", "Facts", "examine"]

_NOT_CHECKS = {"base"}


def examine(facts: Facts) -> tuple[Check, ...]:
    """Every check, in the order in which people would mend them."""
    names = (each.name for each in iter_modules(__path__) if each.name not in _NOT_CHECKS)
    modules = sorted((import_module(f"{__name__}.{name}") for name in names), key=lambda module: int(module.ORDER))
    return tuple(check for module in modules for check in module.examine(facts))
