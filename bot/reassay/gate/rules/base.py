"""A rule of the merge gate."""

from collections.abc import Callable
from dataclasses import dataclass

from reassay.gate.input import GateInput
from reassay.gate.verdict import Node


@dataclass(frozen=True, slots=True)
class GateRule:
    """One rule: its name in a verdict, and its evaluation."""

    name: str
    evaluate: Callable[[GateInput], Node]
    is_overridable: bool = True
    """Whether an override skips the rule when it is unmet. Errors and holds are never overridden."""
