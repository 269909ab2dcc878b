"""One module per rule of the gate. A new one is a file here with ORDER and evaluate(facts, sheet); nothing else lists it."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules

from bot.domain.gate.facts import GateFacts
from bot.domain.gate.sheet import ChangeSheet
from bot.domain.gate.verdict import Node

Rule = Callable[[GateFacts, ChangeSheet], Node]


def _discover() -> Mapping[str, Rule]:
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return {
        module.__name__.rsplit(".", 1)[1]: module.evaluate for module in sorted(modules, key=lambda each: each.ORDER)
    }


RULES: Mapping[str, Rule] = _discover()
"""By name, in the order in which they are shown."""
