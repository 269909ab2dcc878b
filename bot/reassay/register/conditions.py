"""Invalidation conditions that somebody may say have come about. They have no ids: the ledger names them by their text."""

from datetime import date

from reassay.assessment.rules import rules_for
from reassay.assessment.triggers.clocks import flat
from reassay.common.canonical import canonical, digest
from reassay.register.assessable import Assessable
from reassay.register.register import Register
from reassay.register.trigger_specs import InvalidationConditionSpec


def condition_digest(text: str) -> str:
    """How the ledger names a condition."""
    return f"condition/1:{digest(canonical(text))}"


def conditions_of(subject: Assessable, register: Register, today: date) -> tuple[str, ...]:
    """Texts of the foreseen grounds for doubt: those that it states, then those of triggers and commitments."""
    specs = flat(rule.spec for rule in rules_for(subject, register, today))
    return tuple(dict.fromkeys(each.condition for each in specs if isinstance(each, InvalidationConditionSpec)))
