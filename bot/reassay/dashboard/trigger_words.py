"""Triggers as the register states them, in words."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from reassay.common.calendar import Duration
from reassay.register.schedules import Schedule
from reassay.register.trigger_specs import (
    AllSpec,
    AnySpec,
    AnyTrigger,
    IntervalRangeSpec,
    IntervalSpec,
    IntervalUnlessSpec,
)

_SAID_ELSEWHERE: Final = frozenset({"kind", "in_words", "every", "of", "unless", "at_least_after"})
UNSTATED: Final = "with no figure stated"


def trigger_words(spec: AnyTrigger) -> str:
    """A trigger in words, with the words of the framework in brackets: `every 6 months (at least every six months)`."""
    quoted = f" ({spec.in_words})" if spec.in_words else ""
    return f"{_kind_words(spec)}{''.join(_options(spec))}{quoted}"


def _kind_words(spec: AnyTrigger) -> str:
    match spec:
        case AllSpec() | AnySpec():
            # Members of `all` joined by "and": each is said in full.
            joined = " and " if isinstance(spec, AllSpec) else " or "
            return joined.join(trigger_words(member) for member in spec.of)
        case IntervalRangeSpec():
            return f"every {spec.at_least_after.words()} to {spec.every.words()}"
        case IntervalUnlessSpec():
            return f"every {spec.every.words()}, unless {' or '.join(ground.text for ground in spec.unless)}"
        case IntervalSpec(every="unspecified"):
            return f"regularly, {UNSTATED}"
        case IntervalSpec(every=(Duration() | Schedule()) as every):
            return f"every {every.words()}"
        case _:
            return spec.kind.replace("-", " ")


def _options(spec: AnyTrigger) -> Iterator[str]:
    """Every other field that is stated, as `, at least high`."""
    for name, field in type(spec).model_fields.items():
        value = getattr(spec, name)
        if name not in _SAID_ELSEWHERE and value not in (None, (), field.get_default(call_default_factory=True)):
            words = _value_words(value)
            yield f", {name.replace('_', ' ')}{f' {words}' if words else ''}"


def _value_words(value: object) -> str:
    """A value in words; empty for a flag that is set."""
    match value:
        case True:
            return ""
        case Duration():
            return value.words()
        case StrEnum():
            return str(value)
        case tuple():
            return ", ".join(_value_words(item) for item in value)
        case _:
            return str(value).replace("_", " ")


def unstated_figures(specs: Iterable[AnyTrigger]) -> Iterator[str]:
    """Triggers that state that there is no figure, in words: nobody can compute from them whether a promise is kept."""
    for spec in specs:
        if isinstance(spec, AllSpec | AnySpec):
            yield from unstated_figures(spec.of)
        elif any(getattr(spec, name) == "unspecified" for name in type(spec).model_fields):
            yield trigger_words(spec)
