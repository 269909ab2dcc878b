"""Invalidation conditions of a subject: its own, those of its triggers, and those of the commitments about it.

They are numbered from 1 in this order, which is how `/reassay assert` names them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reassay.assessment.rules import rules_for
from reassay.assessment.triggers.clocks import flat
from reassay.register.assessable import Assessable
from reassay.register.commitment import Commitment
from reassay.register.mitigation import InvalidationCondition, Mitigation
from reassay.register.register import Register
from reassay.register.trigger_specs import InvalidationConditionSpec


@dataclass(frozen=True, slots=True)
class AssertableCondition:
    """A condition that somebody may say has come about."""

    text: str
    asked_by: str | None = None
    """Id of the commitment that states it for a mitigation; None if the subject itself does."""
    watch: str | None = None
    """Name of a signal that would show it; this version reads no signals, so a person has to assert it."""


def conditions_of(subject: Assessable, register: Register, today: date) -> tuple[AssertableCondition, ...]:
    """The conditions in order, each text once."""
    by_text: dict[str, AssertableCondition] = {}
    for condition in _stated(subject, register, today):
        by_text.setdefault(condition.text, condition)
    return tuple(by_text.values())


def _stated(subject: Assessable, register: Register, today: date) -> Iterator[AssertableCondition]:
    own = {condition.text: condition for condition in _written(subject)}
    for rule in rules_for(subject, register, today):
        source = rule.commitment if rule.commitment is not subject else None
        written = own if source is None else {condition.text: condition for condition in _written(source)}
        for spec in flat([rule.spec]):
            if isinstance(spec, InvalidationConditionSpec):
                text = spec.condition
                watch = written[text].watch if text in written else None
                yield AssertableCondition(text, source.id if source else None, watch)


def _written(subject: Assessable) -> tuple[InvalidationCondition, ...]:
    return subject.invalidation_conditions if isinstance(subject, Mitigation | Commitment) else ()
