"""One module per rule of the gate. A new one is a file here with ORDER and evaluate(facts, sheet); nothing else lists it."""

from collections.abc import Callable, Mapping

from reassay.approvals.change_sheet import ChangeSheet
from reassay.common.modules import modules_in
from reassay.gate.input import GateInput
from reassay.gate.verdict import Node

Rule = Callable[[GateInput, ChangeSheet], Node]


def _discover() -> Mapping[str, Rule]:
    return {
        module.__name__.rsplit(".", 1)[1]: module.evaluate
        for module in sorted(modules_in(__name__, __path__), key=lambda each: each.ORDER)
    }


RULES: Mapping[str, Rule] = _discover()
"""By name, in the order in which they are shown."""
