"""invalidation-condition: fires when a person asserts that a stated condition has come about (EU CoP 7.2(2), 7.6(1)).

A condition that names a modality, a form of access, an affordance or an audience also fires when a deployment of the cell
gains exactly that: whoever wrote it down had foreseen the change, and nobody has to remember to assert it.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from pydantic import ValidationError

from reassay.assessment.snapshot import DEPLOYMENTS
from reassay.assessment.subjects import deployments_of
from reassay.assessment.triggers.base import Fired, LastAssessment, Result, Skipped, StatedTrigger, TriggerInput
from reassay.common.canonical import canonical, digest
from reassay.register.deployment import Access, Affordance, Audience, Deployment, Modality
from reassay.register.foreign_keys import read_written
from reassay.register.trigger_specs import InvalidationConditionSpec

KIND = "invalidation-condition"


def _pattern(word: str) -> re.Pattern[str]:
    stem = r"[-\s]+".join(re.escape(part) for part in word.removesuffix("s").split("-"))
    return re.compile(rf"(?<![\w-]){stem}s?(?![\w-])", re.IGNORECASE)


_VOCABULARY: Final[tuple[StrEnum, ...]] = (*Modality, *Access, *Affordance, *Audience)
"""The closed vocabularies of a deployment whose words a condition may use."""
_PATTERNS: Final = {str(word): _pattern(str(word)) for word in _VOCABULARY}


def condition_digest(text: str) -> str:
    """The ledger's name of a condition: the digest of its text, as conditions have no id."""
    return f"condition/1:{digest(canonical(text))}"


def named_values(text: str) -> frozenset[str]:
    """The vocabulary words in a condition: whole words in any case, singular or plural, with a hyphen or a space."""
    return frozenset(word for word, pattern in _PATTERNS.items() if pattern.search(text))


def evaluate(spec: InvalidationConditionSpec, facts: TriggerInput) -> Result:
    """The result for assertions after the last assessment, which settles earlier ones, and for what was added since it."""
    last = facts.baseline(spec.depth)
    since = (last.seq or 0) if last is not None else 0
    asserted = [body for seq, body in facts.register_index.asserted.get(facts.subject.id, ()) if seq > since]
    if any(body.condition == condition_digest(spec.condition) for body in asserted):
        about = condition_digest(spec.condition)[-12:]
        return Fired(KIND, f"somebody reported that this has occurred: {spec.condition}", about=about)
    added = tuple(_added(spec.condition, last, facts)) if last is not None else ()
    if added:
        words = f"{', '.join(added)} is new, and this condition names it: {spec.condition}"
        return Fired(KIND, words, about=f"{condition_digest(spec.condition)[-12:]} {', '.join(added)}")
    return Skipped(KIND, f"nobody has reported that this has occurred: {spec.condition}")


def _added(condition: str, last: LastAssessment, facts: TriggerInput) -> Iterator[str]:
    """What the deployments of a cell have gained since the last assessment, of the values that a condition names."""
    for deployment in deployments_of(facts.subject, facts.cell, facts.register):
        declared, written = facts.register.deployments[deployment], last.part(DEPLOYMENTS).get(deployment)
        then = _read(written) if written != declared.written else None
        gained = set(_gained(then, declared.value)) if then is not None else set()
        if gained:
            yield from (f"{value} on {deployment}" for value in sorted(gained & named_values(condition)))


def _gained(then: Deployment, now: Deployment) -> Iterator[str]:
    for field in ("modalities_in", "modalities_out", "access", "affordances"):
        yield from (str(value) for value in getattr(now, field) if value not in getattr(then, field))
    audiences = list(Audience)
    if audiences.index(now.audience) > audiences.index(then.audience):
        yield str(now.audience)


def _read(written: object) -> Deployment | None:
    if not isinstance(written, Mapping):
        return None
    try:
        return read_written(Deployment, written)
    except (ValidationError, TypeError):
        return None


TRIGGER = StatedTrigger(KIND, InvalidationConditionSpec, evaluate, frozenset({"deployment"}))
