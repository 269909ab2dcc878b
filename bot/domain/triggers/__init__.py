"""One module per re-assessment trigger. A new one is a file here with KIND and evaluate(); nothing else lists it."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules

from bot.domain.triggers.base import CellFacts, Result

Trigger = Callable[[CellFacts], Result]


def _discover() -> Mapping[str, Trigger]:
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__) if found.name != "base")
    return {module.KIND: module.evaluate for module in sorted(modules, key=lambda module: str(module.KIND))}


TRIGGERS: Mapping[str, Trigger] = _discover()
"""By kind, in alphabetical order."""


def evaluate_all(facts: CellFacts) -> tuple[Result, ...]:
    """What every trigger says about one cell."""
    return tuple(trigger(facts) for trigger in TRIGGERS.values())
