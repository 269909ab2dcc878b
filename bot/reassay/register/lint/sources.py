"""Sources of signals and what uses them: a trigger that names no declared source, and a source that nothing uses."""

from collections.abc import Iterator
from typing import Final

from pydantic import BaseModel

from reassay.register.finding import Finding, FindingSeverity, Origin, did_you_mean, quoted
from reassay.register.lint.trigger_places import trigger_places
from reassay.register.register import Register
from reassay.register.signal_sources import (
    AvidSource,
    CisaKevSource,
    GitHubAdvisoriesSource,
    IncidentDatabaseSource,
    OsvSource,
    SourceSpec,
)
from reassay.register.trigger_specs import AnyTrigger, DataUnknownSpec

_COUNTS: Final = frozenset({"count", "exposure"})
_NAMELESS: Final = (GitHubAdvisoriesSource, OsvSource, CisaKevSource, AvidSource, IncidentDatabaseSource)
"""Sources whose items name no mitigation of anybody's register."""


def source_findings(register: Register) -> Iterator[Finding]:
    """The findings, in no order."""
    if register.configuration_is_broken:
        return
    sources = {spec.id: spec for spec in register.configuration.signals.sources}
    used: set[str] = set()
    for entry in (*register.mitigations.values(), *register.commitments.values()):
        for location, trigger in trigger_places(entry.value):
            if sources:
                used |= names_in(trigger)
            if isinstance(trigger, DataUnknownSpec) and trigger.source not in sources:
                message = f"there is no source of signals {quoted(trigger.source)}"
                remedy = (
                    did_you_mean(trigger.source, sorted(sources)) or "Declare it under 'signals' of the configuration."
                )
                yield Finding(entry.origin.at(*location, "source"), "unknown-reference", message, remedy)
    if register.configuration_origin is not None:
        for index, spec in enumerate(sources.values()):
            if spec.id not in used and not _acts_alone(spec):
                yield _unused(index, spec, register.configuration_origin)


def _unused(index: int, spec: SourceSpec, origin: Origin) -> Finding:
    message = f"nothing uses what the source {quoted(spec.id)} gives"
    is_count = getattr(spec, "gives", "") in _COUNTS
    remedy = "Name it in a trigger, or delete it." if is_count else "Name the 'mitigations' that its items may affect."
    return Finding(origin.at("signals", "sources", index), "without-effect", message, remedy, FindingSeverity.WARNING)


def _acts_alone(spec: SourceSpec) -> bool:
    """Whether items of a source act without a trigger that names it: they bear on the mitigations that they or it name."""
    return getattr(spec, "gives", "") not in _COUNTS and (bool(spec.mitigations) or not isinstance(spec, _NAMELESS))


def names_in(trigger: AnyTrigger) -> frozenset[str]:
    """The texts in a trigger's fields that may be the id of a source."""
    values = (getattr(trigger, name) for name in type(trigger).model_fields)
    return frozenset(text for value in values for text in _texts(value))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name))
