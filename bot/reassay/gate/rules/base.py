"""A rule of the merge gate."""

from collections.abc import Callable
from dataclasses import dataclass

from reassay.gate.input import GateInput
from reassay.gate.verdict import Node


@dataclass(frozen=True, slots=True)
class GateRule:
    """One rule: what it is called in a verdict, and how it judges."""

    name: str
    evaluate: Callable[[GateInput], Node]
    is_overridable: bool = True
    """Whether an override lets through what the rule asks for: not what cannot be judged, and not somebody's veto."""
