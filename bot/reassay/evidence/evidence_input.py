"""The input of verdicts on criteria, besides the subject and its re-assessment."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from reassay.common.canonical import canonical
from reassay.evidence.counting import CountedCriterion
from reassay.evidence.history_as_of import as_of
from reassay.evidence.reading import Reading
from reassay.ledger.answers import Attached
from reassay.ledger.history import History, Reassessment
from reassay.ledger.run_history import episode_start, results_of
from reassay.ledger.runs import RunEnded
from reassay.register.criteria import Criterion, RateCriterion, SampleCriterion
from reassay.register.register import Register

_READINGS: TypeAdapter[tuple[Reading, ...]] = TypeAdapter(tuple[Reading, ...])
_CRITERION: TypeAdapter[Criterion] = TypeAdapter(Criterion)


@dataclass(frozen=True, slots=True)
class EvidenceInput:
    """Register, history and the objects of the ledger that results name."""

    register: Register = field(default_factory=Register)
    history: History = field(default_factory=History)
    """The ledger until the instant of the verdict."""
    objects: Mapping[str, object] = field(default_factory=dict)
    """Parsed objects of the ledger by digest; a result whose readings are missing does not count."""


def readings_object(readings: Sequence[Reading]) -> list[object]:
    """The readings of a result file as kept in the ledger (`AttachedResult.readings` is its digest)."""
    value: list[object] = _READINGS.dump_python(tuple(readings), mode="json")
    return value


def readings_of(value: object) -> tuple[Reading, ...] | None:
    """The readings that an object of the ledger holds; None if it cannot be read."""
    try:
        # Objects are plain JSON values, where a time is a text and a tuple a list.
        return _READINGS.validate_python(value, strict=False)
    except ValidationError:
        return None


def plan_object(criterion: Criterion) -> object:
    """A criterion as kept in the ledger with each result (`AttachedResult.plan` is its digest), so that a later change shows."""
    value: object = criterion.model_dump(mode="json")
    return value


def declared_words(criterion: Criterion) -> str:
    """A criterion in canonical JSON."""
    return canonical(plan_object(criterion)).decode()


def declared_criterion(value: object) -> CountedCriterion | None:
    """The criterion that an object holds, or its canonical JSON; None if it is not one that is counted."""
    try:
        criterion = _CRITERION.validate_json(value if isinstance(value, str) else json.dumps(value))
    except ValidationError:
        return None
    return criterion if isinstance(criterion, RateCriterion | SampleCriterion) else None


def result_objects(history: History) -> Iterator[str]:
    """Digests of the objects that verdicts on open re-assessments need: readings and plans of all results of their episodes."""
    measured = measured_subjects(history)
    for reassessment in history.open:
        if reassessment.subject in measured:
            yield from objects_of_results(reassessment, history)


def measured_subjects(history: History) -> frozenset[str]:
    """Present ids of the mitigations that have a result, of a person or of a run; one pass over the ledger."""
    attached = {
        reassessment.subject
        for reassessment in history.reassessments.values()
        if any(body.result is not None for _, body in reassessment.records_of(Attached))
    }
    ended = {history.present(body.subject, record.seq) for record, body in history.records_of(RunEnded) if body.results}
    return frozenset(attached | ended)


def objects_of_results(reassessment: Reassessment, history: History) -> Iterator[str]:
    """Digests of the objects that verdicts on one re-assessment need; on a decided one as they were when it was decided."""
    then = as_of(reassessment, history)
    # Of other cells, too: results of a deployment that the register has no more still count against the others.
    start = min(episode_start(then, reassessment.subject, cell) for cell in reassessment.cells)
    for recorded in results_of(then, reassessment.subject):
        if recorded.seq > start:
            yield recorded.result.readings
            if recorded.result.plan is not None:
                yield recorded.result.plan
