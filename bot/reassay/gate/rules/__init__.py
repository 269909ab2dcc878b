"""The rules of the gate, one module each. A new one is a file here with its RULE, and a line in RULES."""

from reassay.gate.rules import (
    decisions,
    holds,
    layers,
    merge_result,
    overdue,
    planned_dates,
    register_errors,
    sign_offs,
)
from reassay.gate.rules.base import GateRule

RULES: tuple[GateRule, ...] = (
    merge_result.RULE,
    register_errors.RULE,
    holds.RULE,
    decisions.RULE,
    planned_dates.RULE,
    overdue.RULE,
    layers.RULE,
    sign_offs.RULE,
)
"""In the order in which they are shown."""
