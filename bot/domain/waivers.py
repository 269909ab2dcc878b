"""Waivers: on which grounds a re-assessment may be left out, once."""

from collections.abc import Mapping
from datetime import date

from bot.domain.calendar import Duration
from bot.domain.register.assessable import Assessable
from bot.domain.register.register import Register
from bot.domain.register.trigger_specs import IntervalUnlessSpec
from bot.domain.rules import rules_for
from bot.domain.triggers.clocks import flat


def grounds(subject: Assessable, register: Register, today: date) -> Mapping[str, Duration]:
    """Ids of the stated exceptions, each with the interval it may leave out once."""
    specs = flat(rule.spec for rule in rules_for(subject, register, today))
    return {each.id: spec.every for spec in specs if isinstance(spec, IntervalUnlessSpec) for each in spec.unless}
