"""The rules of the gate, one module each. A new one is a file here with its RULE, and a line in RULES."""

from reassay.gate.rules import decided_before, layers, mergeable, not_held, not_overdue, readable, signed, too_early
from reassay.gate.rules.base import GateRule

RULES: tuple[GateRule, ...] = (
    mergeable.RULE,
    readable.RULE,
    not_held.RULE,
    decided_before.RULE,
    too_early.RULE,
    not_overdue.RULE,
    layers.RULE,
    signed.RULE,
)
"""In the order in which they are shown."""
