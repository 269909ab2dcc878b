"""Compared evaluations: the newest of a cell with those of its last record and of its reference record.

The last record is the last decision that moved the cell's clock and had results. The reference record is where the target was
accepted as it is now: the first `effective` decision with results since the criterion was last loosened, or began to count
something else. Without it, a loss just below `delta` at every re-assessment would never be a regression.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final, Literal

from reassay.evidence.counting import CountedCriterion, UncountableError
from reassay.evidence.criterion_bounds import criteria_of
from reassay.evidence.evidence_input import declared_criterion, readings_of
from reassay.evidence.reading import Reading
from reassay.evidence.regression import (
    MeasuredPrompts,
    RateComparison,
    compared,
    corrected,
    measured_prompts,
    why_not_comparable,
)
from reassay.ledger.history import History, LedgerRecord, Reassessment
from reassay.ledger.run_history import RecordedResult, results_about, results_of
from reassay.ledger.runs import RunEnded, RunRegistered
from reassay.register.criteria import RateCriterion, SampleCriterion
from reassay.register.mitigation import Mitigation

_TOLERANCE: Final = 1e-12
_DEFINING: Final = ("kind", "undesired", "measured", "tries", "judge", "comparator", "population")
"""Fields that say what is counted, where a criterion has them."""
Objects = Mapping[str, object]
"""Parsed objects of the ledger by digest."""


@dataclass(frozen=True, slots=True)
class DecidedResults:
    """A decision about a cell, with the results of its episode."""

    record: str
    """Id of the re-assessment."""
    decision: str
    results: tuple[RecordedResult, ...]

    @property
    def plan(self) -> str | None:
        """Digest of the criterion as declared with its last result; None if that was not recorded."""
        return self.results[-1].result.plan


@dataclass(frozen=True, slots=True)
class ComparedEvaluations:
    """All comparisons of a cell's newest evaluation, and what could not be compared."""

    comparisons: tuple[RateComparison, ...] = ()
    not_compared: tuple[str, ...] = ()
    """Sentences without their full stop."""
    missing: tuple[str, ...] = ()
    """Digests of readings that are not there."""

    @property
    def regressions(self) -> tuple[RateComparison, ...]:
        """The comparisons that are regressions."""
        return tuple(own for own in self.comparisons if own.is_regression)


def compared_evaluations(
    subject: Mitigation, cell: str, history: History, objects: Objects, delta: float
) -> ComparedEvaluations:
    """The newest evaluation of each counted criterion beside the last and the reference record of a cell."""
    comparisons: list[RateComparison] = []
    not_compared: list[str] = []
    missing: list[str] = []
    for criterion in criteria_of(subject):
        if not isinstance(criterion, RateCriterion | SampleCriterion):
            continue
        records = tuple(_records(criterion, decided_results(history, subject.id, cell, criterion.name), objects))
        for (role, record), now in product(records, _evaluations_now(history, subject.id, cell, criterion.name)):
            lost = [own.result.readings for own in (*record.results, *now) if _read(own, objects) is None]
            if lost:
                missing += lost
                continue
            try:
                before, after = _prompts(criterion, record.results, objects), _first_measured(criterion, now, objects)
            except UncountableError as error:
                not_compared.append(f"'{criterion.name}' is not compared with {record.record}: {error}")
                continue
            if why := why_not_comparable(before, after):
                not_compared.append(f"'{criterion.name}' is not compared with {record.record}: {why}")
            else:
                comparisons.append(compared(criterion.name, (record.record, role), before, after, delta))
    return ComparedEvaluations(
        corrected(comparisons), tuple(dict.fromkeys(not_compared)), tuple(dict.fromkeys(missing))
    )


def newest_results(
    history: History, subject: str, cell: str, criterion: str | None = None
) -> tuple[RecordedResult, ...]:
    """The results of the newest evaluation since the cell's last decision: the files of one run, or of one entry."""
    start = max((seq for seq, _ in _decisions(history, subject, cell)), default=0)
    since = [own for own in _measured(history, subject, cell, criterion) if own.seq > start]
    if not since:
        return ()
    last = since[-1]
    return tuple(own for own in since if (own.run, own.run or own.seq) == (last.run, last.run or last.seq))


def _evaluations_now(
    history: History, subject: str, cell: str, criterion: str | None
) -> tuple[tuple[RecordedResult, ...], ...]:
    """The newest evaluation, and with it all files that people attached of its version in the same re-assessment.

    So neither a small file after a bad one, nor a run in several files, hides a regression.
    """
    newest = newest_results(history, subject, cell, criterion)
    if not newest or newest[-1].run is not None:
        return (newest,) if newest else ()
    last, start = newest[-1], max((seq for seq, _ in _decisions(history, subject, cell)), default=0)
    together = tuple(
        own
        for own in _measured(history, subject, cell, criterion)
        if own.seq > start
        and own.run is None
        and (own.reassessment, own.result.version) == (last.reassessment, last.result.version)
    )
    return (newest,) if together == newest else (newest, together)


def decided_results(
    history: History, subject: str, cell: str, criterion: str | None = None
) -> tuple[DecidedResults, ...]:
    """The decisions about a cell that rest on results, in order of the ledger."""
    results = _measured(history, subject, cell, criterion)
    records, start = [], 0
    for seq, reassessment in _decisions(history, subject, cell):
        own = tuple(result for result in results if start < result.seq <= seq)
        start = seq
        if own and reassessment.decided:
            records.append(DecidedResults(reassessment.id, reassessment.decided.decision, own))
    return tuple(records)


def compared_objects(history: History) -> Iterator[str]:
    """Digests of the objects that comparisons read, of every cell with a decision that rests on results."""
    cells = history.last_decisions()
    for subject, own in measured_histories(history).items():
        for cell in {cell for name, cell in cells if name == subject}:
            yield from _objects_of(own, subject, cell)


def _objects_of(history: History, subject: str, cell: str) -> Iterator[str]:
    records = decided_results(history, subject, cell)
    firsts = {record.plan: record for record in reversed(records) if record.decision == "effective"}
    for record in (*records[-1:], *firsts.values()):
        yield from (own.result.readings for own in record.results)
    yield from (record.plan for record in records if record.plan)
    # Each criterion may have a newest evaluation of its own.
    for criterion in {own.criterion for own in _measured(history, subject, cell, None)}:
        for results in _evaluations_now(history, subject, cell, criterion):
            yield from (own.result.readings for own in results)


def measured_histories(history: History) -> Mapping[str, History]:
    """By mitigation that has results: its own part of the history, so that no cell looks through all of it."""
    reassessments: dict[str, dict[str, Reassessment]] = defaultdict(dict)
    for name, reassessment in history.reassessments.items():
        reassessments[reassessment.subject][name] = reassessment
    runs: dict[str, list[LedgerRecord]] = defaultdict(list)
    for record in history.others:
        if isinstance(record.body, RunRegistered | RunEnded):
            runs[history.present(record.body.subject, record.seq)].append(record)
    parts = {
        subject: replace(history, reassessments=reassessments.get(subject, {}), others=tuple(runs.get(subject, ())))
        for subject in reassessments.keys() | runs.keys()
    }
    return {subject: part for subject, part in sorted(parts.items()) if results_of(part, subject)}


def _measured(history: History, subject: str, cell: str, criterion: str | None) -> tuple[RecordedResult, ...]:
    return tuple(
        own
        for own in results_about(history, subject, cell)
        if own.result.arm == "measured" and (criterion is None or own.criterion in {None, criterion})
    )


def _decisions(history: History, subject: str, cell: str) -> Sequence[tuple[int, Reassessment]]:
    return sorted(
        (
            (own.decided_seq or 0, own)
            for own in history.reassessments.values()
            if own.subject == subject
            and own.counts
            and own.decided is not None
            and own.decided.decision != "inconclusive"
            and cell in own.decided.cells
        ),
        key=lambda pair: pair[0],
    )


def _records(
    criterion: CountedCriterion, records: Sequence[DecidedResults], objects: Objects
) -> Iterator[tuple[Literal["last", "reference"], DecidedResults]]:
    if not records:
        return
    yield "last", records[-1]
    reference = _reference(criterion, records, objects)
    if reference is not None and reference.record != records[-1].record:
        yield "reference", reference


def _reference(
    criterion: CountedCriterion, records: Sequence[DecidedResults], objects: Objects
) -> DecidedResults | None:
    first, later = None, criterion
    for record in reversed(records):
        declared = declared_criterion(objects.get(record.plan or ""))
        if declared is not None and _was_loosened(declared, later):
            break
        first = record if record.decision == "effective" else first
        later = declared or later
    return first


def _was_loosened(before: CountedCriterion, after: CountedCriterion) -> bool:
    """Whether a criterion accepts more than before, or counts something else."""
    if after.bound > before.bound + _TOLERANCE:
        return True
    return any(getattr(before, name, None) != getattr(after, name, None) for name in _DEFINING)


def _read(result: RecordedResult, objects: Objects) -> tuple[Reading, ...] | None:
    return readings_of(objects.get(result.result.readings))


def _prompts(criterion: CountedCriterion, results: Sequence[RecordedResult], objects: Objects) -> MeasuredPrompts:
    return measured_prompts(criterion, [_read(own, objects) or () for own in results])


def _first_measured(
    criterion: CountedCriterion, results: Sequence[RecordedResult], objects: Objects
) -> MeasuredPrompts:
    """The prompts of one evaluation: of a run all its files together, of files that people attached the first of each prompt.

    So running prompts again, until they pass or until one fails, changes nothing of what was measured first.
    """
    if results[-1].run is not None:
        return _prompts(criterion, results, objects)
    files = [_prompts(criterion, (own,), objects) for own in results]
    shares: dict[str, float] = {}
    for file in files:
        shares = {**file.shares, **shares}
    models = tuple(sorted({model for file in files for model in file.models}))
    return replace(files[-1], shares=shares, models=models)
