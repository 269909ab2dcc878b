"""The rules of the gate: one module a rule, named as the rule is in verdicts. A new one has its RULE, and a line in RULES."""

from reassay.gate.rules import (
    decided_before,
    hold,
    layers,
    ledger,
    mergeable,
    not_overdue,
    not_too_early,
    readable,
    signed,
)
from reassay.gate.rules.base import GateRule

RULES: tuple[GateRule, ...] = (
    mergeable.RULE,
    readable.RULE,
    ledger.RULE,
    hold.RULE,
    decided_before.RULE,
    not_too_early.RULE,
    not_overdue.RULE,
    layers.RULE,
    signed.RULE,
)
"""In the order in which they are shown."""
