"""The rule that a register's trigger states, ready for a series."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from reassay.common.calendar import Duration
from reassay.register.frequencies import Frequency
from reassay.register.incident_rate import IncidentRateSpec
from reassay.signals.rates.accepted import CalendarCeiling, Ceiling, ExposureCeiling
from reassay.signals.replay.rules import CeilingRule, ChangeRule, PromiseRule, RateRule

_ANY_DAY: Final = date(2001, 1, 1)


def rule_of(spec: IncidentRateSpec, exposure: Mapping[date, float]) -> RateRule:
    """The rule of a trigger. Raises ValueError with a reason if it has no figure, or needs an exposure that is not there."""
    stated = spec.frequency
    ceiling = None if stated is None else _ceiling(stated, exposure)
    if spec.more_than is not None:
        return _promise(spec, ceiling)
    if ceiling is None:
        raise ValueError("the trigger accepts 'unspecified', which is not a number")
    if spec.method == "change" and spec.run_length is not None:
        return ChangeRule(ceiling, days_of(spec.run_length))
    return CeilingRule(ceiling)


def rule_words(spec: IncidentRateSpec) -> str:
    """The rule as people say it: `accepted: 6 per year`."""
    if isinstance(spec.accepted, Frequency):
        change = f", change, run length {spec.run_length.words()}" if spec.run_length else ""
        return f"accepted: {spec.accepted.words()}{change}"
    most = spec.more_than.words() if isinstance(spec.more_than, Frequency) else str(spec.more_than)
    window = spec.window.words() if isinstance(spec.window, Duration) else str(spec.window)
    return f"more than {most} within {window}"


def days_of(span: Duration) -> int:
    """The days of a span of time, counted from 1 January 2001."""
    return (span.after(_ANY_DAY) - _ANY_DAY).days


def _promise(spec: IncidentRateSpec, by_exposure: Ceiling | None) -> PromiseRule:
    match spec.window, spec.more_than:
        case Duration() as window, int(most):
            return PromiseRule(window, most)
        case Duration() as window, Frequency() if by_exposure is not None:
            return PromiseRule(window, by_exposure=by_exposure)
        case _:
            raise ValueError("the trigger says 'unspecified' instead of a number or a window")


def _ceiling(stated: Frequency, exposure: Mapping[date, float]) -> Ceiling:
    if stated.is_of_time:
        return CalendarCeiling(stated.rate)
    if not exposure:
        guess = f" ({stated.guess})" if stated.guess else ""
        raise ValueError(f"it is per {stated.unit}{guess}, and no exposure is given: the rule is blind")
    return ExposureCeiling(stated.rate, exposure)
