"""One module per re-assessment trigger. A new one is a file here with KIND, SPEC and evaluate(); nothing else lists it.

SPEC is the model by which a register states it, for `evaluate(spec, facts)`; None for those that hold always and need
nothing stated: `evaluate(facts)`.
"""

from collections.abc import Callable, Mapping
from types import ModuleType

from reassay.assessment.triggers.base import CellFacts, Result
from reassay.modules import modules_in
from reassay.register.trigger_specs import TriggerSpec

Stated = Callable[[TriggerSpec, CellFacts], Result]
Always = Callable[[CellFacts], Result]


def _discover() -> Mapping[str, ModuleType]:
    triggers = [module for module in modules_in(__name__, __path__) if hasattr(module, "KIND")]
    return {module.KIND: module for module in sorted(triggers, key=lambda module: str(module.KIND))}


_MODULES = _discover()
ALWAYS: Mapping[str, Always] = {kind: each.evaluate for kind, each in _MODULES.items() if each.SPEC is None}
"""By kind, in alphabetical order: those that need nothing stated."""
STATED: Mapping[str, Stated] = {kind: each.evaluate for kind, each in _MODULES.items() if each.SPEC is not None}
"""By kind: those that work on what a register states."""
