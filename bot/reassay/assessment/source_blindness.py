"""Which triggers of a subject rest on sources of signals, and what of these sources is not known.

Nothing heard from a source that failed, was never read or is silent is not the same as nothing that happened.
"""

from collections.abc import Iterator
from typing import Final

from reassay.assessment.triggers.base import TriggerInput
from reassay.register.incident_rate import IncidentRateSpec
from reassay.register.mitigation import Mitigation
from reassay.register.signal_sources import SourceSpec
from reassay.register.trigger_base import TriggerSpec
from reassay.signals.source_health import SourceHealth, health

RESTS_ON: Final = {"incident-severity": "incidents", "incident-rate": "incidents", "new-information": "information"}
"""Kinds of triggers, and what a source has to give for them to rest on it."""


def unheard_words(kind: str, spec: TriggerSpec | None, facts: TriggerInput) -> str:
    """What of the sources that a trigger rests on is not known, as part of a sentence; empty if all of them are well.

    A rate of a leading indicator or by exposure says itself how its own source is.
    """
    counts_incidents = not isinstance(spec, IncidentRateSpec) or spec.count is None
    gives = RESTS_ON.get(kind) if counts_incidents else None
    if gives is None:
        return ""
    troubles = [own.words for own in _troubled(facts) if gives_of(own.source, facts) == gives]
    return f"{'; '.join(troubles)}; so not all {gives} may be known" if troubles else ""


def gives_of(source: str, facts: TriggerInput) -> str:
    """What a source of the configuration gives."""
    spec = facts.configuration.signals.source(source)
    return str(getattr(spec, "gives", ""))


def _troubled(facts: TriggerInput) -> Iterator[SourceHealth]:
    """The sources that may say something of the subject and cannot be relied on."""
    for spec in facts.configuration.signals.sources:
        if _concerns(spec, facts):
            own = health(spec, facts.register_index.sources.get(spec.id), facts.now)
            if not own.is_ok:
                yield own


def _concerns(spec: SourceSpec, facts: TriggerInput) -> bool:
    """Whether an item of a source may name the subject. An item can name others than the source's usual ones."""
    if not spec.mitigations or not isinstance(facts.subject, Mitigation):
        return True
    renamed = facts.register.renamed
    return facts.subject.id in {renamed.get(name, name) for name in spec.mitigations}
