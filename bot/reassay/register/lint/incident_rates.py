"""Findings about incident-rate triggers: sources that do not give what is needed, promises that always fire, loose ceilings."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from reassay.common.calendar import Duration
from reassay.register.assessable import Assessable
from reassay.register.finding import Finding, FindingSeverity, Location, Origin, Position, did_you_mean, quoted
from reassay.register.frequencies import DAYS_PER_YEAR, Frequency
from reassay.register.incident_rate import IncidentRateSpec
from reassay.register.lint.trigger_places import trigger_places
from reassay.register.register import Register, RegisterEntry

_SPELL_YEARS: Final = 5
_OFTEN: Final = 0.5
"""From this chance of firing in five years on, at the rate that is expected, a promise says little."""
_LOOSE: Final = 3
"""A ceiling of more than so many times what is expected is found late."""
FALSE_ALARMS: Final = (
    "at 6 a year, ten years of half-yearly decisions bring a light false alarm in 29% and a full one in 6%"
)
"""Measured in tests/unit/signals/rates/test_simulations.py."""
_ANY_DAY: Final = date(2001, 1, 1)


def incident_rate_findings(register: Register) -> Iterator[Finding]:
    """The errors and warnings, in no order."""
    entries: list[RegisterEntry[Assessable]] = [*register.mitigations.values(), *register.commitments.values()]
    for entry in entries:
        for location, spec in trigger_places(entry.value):
            if isinstance(spec, IncidentRateSpec):
                trigger = _StatedRate(entry.origin, location, spec)
                yield from _sources(trigger, register)
                yield from _crowded(trigger)
                yield from _loose(trigger)


@dataclass(frozen=True, slots=True)
class _StatedRate:
    """A trigger with its place."""

    origin: Origin
    location: Location
    spec: IncidentRateSpec

    def at(self, field: str) -> Position:
        """The place of one of its fields."""
        return self.origin.at(*self.location, field)

    def warning(self, field: str, code: str, message: str, remedy: str) -> Finding:
        """A warning about one of its fields."""
        return Finding(self.at(field), code, message, remedy, FindingSeverity.WARNING)


def _sources(trigger: _StatedRate, register: Register) -> Iterator[Finding]:
    """Errors where a trigger names a source that is not declared, or that gives something else."""
    if register.configuration_is_broken:
        return
    signals = register.configuration.signals
    for gives, name in (("count", trigger.spec.count), ("exposure", trigger.spec.exposure)):
        if name is None:
            continue
        source = signals.source(name)
        at = trigger.at(gives)
        if source is None:
            guess = did_you_mean(name, sorted(own.id for own in signals.sources))
            remedy = guess or "Declare it in the configuration under 'signals.sources', or name one that is there."
            yield Finding(at, "unknown-source", f"there is no source {quoted(name)} under 'signals'", remedy)
        elif (given := getattr(source, "gives", None)) != gives:
            message = f"the source {quoted(name)} gives {given}, and {gives} is needed here"
            remedy = f"Name a source with 'gives: {gives}', or change what this one gives."
            yield Finding(at, "unknown-source", message, remedy)


def _crowded(trigger: _StatedRate) -> Iterator[Finding]:
    """A warning where a promise names about as many incidents as are expected anyway."""
    spec = trigger.spec
    if not (isinstance(spec.more_than, int) and isinstance(spec.window, Duration) and spec.expected):
        return
    days = (spec.window.after(_ANY_DAY) - _ANY_DAY).days
    mean = spec.expected.rate * days
    # In windows beside each other; in all of them it fires at least as often.
    windows = int(_SPELL_YEARS * DAYS_PER_YEAR / days)
    chance = 1 - _poisson_at_most(spec.more_than, mean) ** windows
    if chance < _OFTEN:
        return
    stated = f"{spec.more_than} in {spec.window.words()} is about what is expected ({mean:.2g})"
    often = f"at the expected rate this rule fires in at least {min(99, math.floor(100 * chance))}% of five-year spells"
    remedy = "Keep it if it was promised so. Otherwise state a ceiling: 'accepted: N per year', with 'stated_by'."
    yield trigger.warning("more_than", "rate-about-expected", f"{stated}: {often}", remedy)


def _loose(trigger: _StatedRate) -> Iterator[Finding]:
    """A warning where a ceiling accepts far more than is expected."""
    accepted, expected = trigger.spec.accepted, trigger.spec.expected
    if not (isinstance(accepted, Frequency) and expected and accepted.rate > _LOOSE * expected.rate):
        return
    times = f"{accepted.rate / expected.rate:.2g} times what is expected ({expected.words()})"
    message = f"{accepted.words()} is {times}: a rise is found late, or never"
    remedy = f"Accept at most {_LOOSE} times what is expected: {FALSE_ALARMS}."
    yield trigger.warning("accepted", "ceiling-loose", message, remedy)


def _poisson_at_most(most: int, mean: float) -> float:
    """The chance of at most `most` incidents where `mean` are expected."""
    terms = (math.exp(number * math.log(mean) - mean - math.lgamma(number + 1)) for number in range(most + 1))
    return min(1.0, math.fsum(terms))
