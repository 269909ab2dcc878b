"""Waivers: on which grounds a re-assessment may be left out, once."""

from collections.abc import Mapping
from datetime import date

from reassay.assessment.rules import rules_for
from reassay.assessment.triggers.clocks import flat
from reassay.common.calendar import Duration
from reassay.register.assessable import Assessable
from reassay.register.register import Register
from reassay.register.trigger_specs import IntervalUnlessSpec


def grounds(subject: Assessable, register: Register, today: date) -> Mapping[str, Duration]:
    """Ids of the stated exceptions, each with the interval it may leave out once."""
    specs = flat(rule.spec for rule in rules_for(subject, register, today))
    return {each.id: spec.every for spec in specs if isinstance(spec, IntervalUnlessSpec) for each in spec.unless}
