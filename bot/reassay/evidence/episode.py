"""The episode of a cell: every result since its last decision, across re-assessments, triggers and versions.

Only a decision that moves the cell's clock ends an episode. An inconclusive or withdrawn one, a side exit or a new trigger makes
no bad run disappear.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from reassay.evidence.counting import CountedCriterion
from reassay.evidence.criterion_bounds import criteria_of
from reassay.evidence.evidence_input import EvidenceInput, declared_criterion, declared_words
from reassay.evidence.history_as_of import as_of
from reassay.evidence.inputs import CellCase, MeasuredRun, RunWithoutResult
from reassay.evidence.model_names import names_of_model
from reassay.evidence.untrusted_names import shown
from reassay.ledger.entry import Decided, Joined
from reassay.ledger.history import History, Reassessment
from reassay.ledger.run_history import (
    EVERYWHERE,
    EvaluationRun,
    RecordedResult,
    episode_start,
    measured_in,
    results_of,
    results_since,
    runs_since,
)
from reassay.register.criteria import Provenance, RateCriterion, SampleCriterion
from reassay.register.detector_criterion import DetectorCriterion
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register

_VERSION_CHANGED: Final = "mitigation-change"


def cell_cases(
    subject: Mitigation, criterion: str, reassessment: Reassessment, facts: EvidenceInput
) -> tuple[CellCase, ...]:
    """A criterion in each cell of a re-assessment; the cell `*` is divided by the deployments of the register."""
    history = as_of(reassessment, facts.history)
    results = results_of(history, subject.id)
    return tuple(
        _case(subject, criterion, deployment, replace(facts, history=history), results)
        for cell in reassessment.cells
        for deployment in _deployments(cell, facts.register)
    )


def _deployments(cell: str, register: Register) -> tuple[str, ...]:
    return tuple(register.deployments) or (cell,) if cell == EVERYWHERE else (cell,)


def _case(
    subject: Mitigation, criterion: str, deployment: str, facts: EvidenceInput, ever: Sequence[RecordedResult]
) -> CellCase:
    register, history = facts.register, facts.history
    results = [
        result
        for result in (
            *results_since(history, subject.id, deployment),
            *_of_lost_cells(subject, deployment, facts, ever),
        )
        if _may_be_for(result.criterion, criterion, subject) or _was_for(result, criterion, subject, facts)
    ]
    results.sort(key=lambda result: result.seq)
    runs = [
        run
        for run in runs_since(history, subject.id, deployment)
        if _is_for(run, criterion, subject) and _runs_on(run, deployment, register)
    ]
    entry = register.deployments.get(deployment)
    written = entry.value.model if entry else None
    measured = tuple(_measured(result, criterion, deployment, subject, facts) for result in results)
    since = _in_force_since(subject, history, ever)
    return CellCase(
        cell=deployment,
        models=names_of_model(written, register) if written else _only_models(register) if entry is None else (),
        languages=entry.value.languages if entry else (),
        version=subject.version,
        in_force_since=since,
        since_entry=episode_start(history, subject.id, deployment),
        versions=tuple(dict.fromkeys(_tested(measured, runs, subject, history))),
        runs=measured,
        without_result=tuple(_without_result(runs, results, since, subject)),
    )


def _tested(
    measured: Sequence[MeasuredRun], runs: Sequence[EvaluationRun], subject: Mitigation, history: History
) -> Iterator[int]:
    """Versions that were tested, in order of their first result or registration: a run that was given up was a test as well."""
    tested = [(run.recorded_at, run.version) for run in measured if run.arm == "measured"]
    for run in runs:
        own = run.registered
        if own is not None and own.arm == "measured" and run.registered_at is not None:
            stated = own.version if own.version is not None else _version_at(own.started_at, subject, history)
            tested.append((run.registered_at, stated))
    for _, version in sorted(tested, key=lambda test: test[0]):
        if version is not None:
            yield version


def _runs_on(run: EvaluationRun, deployment: str, register: Register) -> bool:
    """Whether a run may be on a deployment: one on deployments that the register has no more may be on any."""
    named = run.registered.deployments if run.registered else ()
    return deployment in {EVERYWHERE, *named} or not set(named) & register.deployments.keys()


def _only_models(register: Register) -> tuple[str, ...]:
    """The model of a register without deployments, if it declares exactly one."""
    return names_of_model(next(iter(register.models)), register) if len(register.models) == 1 else ()


def _of_lost_cells(
    subject: Mitigation, deployment: str, facts: EvidenceInput, ever: Sequence[RecordedResult]
) -> Iterator[RecordedResult]:
    """Results of deployments that the register has no more, and about which nobody decided since: renaming one hides none."""
    history, register = facts.history, facts.register
    start = episode_start(history, subject.id, deployment)
    for result in ever:
        cells = measured_in(result, history)
        if result.seq <= start or deployment in {EVERYWHERE, *cells} or not _are_lost(cells, register):
            continue
        if all(result.seq > episode_start(history, subject.id, cell) for cell in cells):
            yield result


def _are_lost(cells: Sequence[str], register: Register) -> bool:
    return bool(cells) and not any(cell == EVERYWHERE or cell in register.deployments for cell in cells)


def _may_be_for(stated: str | None, criterion: str, subject: Mitigation) -> bool:
    """Whether a result may be for a criterion: one of a criterion that was renamed or removed stays, wherever it fits."""
    # A run may be for a whole detector, and counts for each of its rates that it fits.
    whole = next(
        (own for own in criteria_of(subject) if isinstance(own, DetectorCriterion) and own.name == stated), None
    )
    if whole is not None and criterion in whole.part_names:
        return True
    return stated in {None, criterion} or stated not in {own.name for own in criteria_of(subject)}


def _was_for(result: RecordedResult, criterion: str, subject: Mitigation, facts: EvidenceInput) -> bool:
    """Whether a result was recorded for what is this criterion now, while its name went to one that asks for something else."""
    declared = declared_criterion(facts.objects.get(result.result.plan or ""))
    own, named = (_counted(name, subject) for name in (criterion, result.criterion))
    if declared is None or own is None or (named and declared_words(named) == declared_words(declared)):
        return False
    return _subject_matter(declared) == _subject_matter(own)


def _counted(name: str | None, subject: Mitigation) -> CountedCriterion | None:
    counted = (own for own in criteria_of(subject) if isinstance(own, RateCriterion | SampleCriterion))
    return next((own for own in counted if own.name == name), None)


def _subject_matter(criterion: CountedCriterion) -> tuple[object, ...]:
    measured = criterion.measured
    return criterion.undesired, measured.metric, measured.task, frozenset(measured.adverse)


def _is_for(run: EvaluationRun, criterion: str, subject: Mitigation) -> bool:
    body = run.registered or run.ended
    return body is not None and _may_be_for(body.criterion, criterion, subject)


def _version_at(at: datetime, subject: Mitigation, history: History) -> int | None:
    """The version that the last record before an instant states; None if none does."""
    stated = [(when, version) for when, version in _versions(subject, history) if when <= at and version is not None]
    return max(stated)[1] if stated else None


def _without_result(
    runs: Sequence[EvaluationRun], results: Sequence[RecordedResult], since: datetime | None, subject: Mitigation
) -> Iterator[RunWithoutResult]:
    """Runs that were registered under the present version, and whose result nobody brought."""
    brought = {result.run for result in results}
    for run in runs:
        registered = run.registered
        if registered is None or registered.arm != "measured" or run.state == "result" or run.run in brought:
            continue
        is_present = since is None or registered.started_at >= since
        if registered.version == subject.version or (registered.version is None and is_present):
            yield RunWithoutResult(run=run.run, state=run.state, planned=registered.planned)


_PROVENANCE: Final[dict[str, Provenance]] = {"file": "uploaded", "uploaded": "uploaded", "workflow-run": "workflow-run"}


def _only_against(
    recorded: RecordedResult, criterion: str, deployment: str, subject: Mitigation, facts: EvidenceInput
) -> str | None:
    if not _may_be_for(recorded.criterion, criterion, subject):
        return f"it was recorded for {shown(str(recorded.criterion))}, a name that another criterion has now"
    cells = measured_in(recorded, facts.history)
    if deployment not in {EVERYWHERE, *cells} and _are_lost(cells, facts.register):
        return f"it was measured on {', '.join(cells)}, which the register does not have any more"
    return None


def _measured(
    recorded: RecordedResult, criterion: str, deployment: str, subject: Mitigation, facts: EvidenceInput
) -> MeasuredRun:
    result = recorded.result
    return MeasuredRun(
        entry=recorded.seq,
        recorded_at=recorded.recorded_at,
        readings=result.readings,
        arm=result.arm,
        version=result.version,
        # Of a sealed file the program saw nothing, so its counts are a person's word.
        provenance=_PROVENANCE.get(recorded.provenance, "attested"),
        trained_on=result.trained_on,
        languages=result.languages,
        run=recorded.run,
        is_for_any=recorded.criterion != criterion,
        plan=result.plan,
        only_against=_only_against(recorded, criterion, deployment, subject, facts),
    )


def _in_force_since(subject: Mitigation, history: History, ever: Sequence[RecordedResult]) -> datetime | None:
    """The time from which the present version is known to be in force; None if the ledger has no other version.

    That is its first record after the last one of another version. Where the first is a result, the change is only known to be
    later than that last record, because a result is recorded after it was performed.
    """
    records = list(_versions(subject, history))
    results = [(own.recorded_at, own.result.version) for own in ever if own.result.version is not None]
    others = [at for at, version in (*records, *results) if version not in {subject.version, None}]
    if not others:
        return None
    last = max(others)
    stated = [at for at, version in records if at > last and version in {subject.version, None}]
    measured = [at for at, version in results if at > last and version == subject.version]
    return min(stated) if stated and min(stated) <= min(measured, default=min(stated)) else last


def _versions(subject: Mitigation, history: History) -> Iterator[tuple[datetime, int | None]]:
    """Instants at which the ledger states a version of a mitigation; None where it says that the version changed."""
    for reassessment in history.reassessments.values():
        if reassessment.subject != subject.id or reassessment.proposal is not None:
            continue
        yield reassessment.opened_at, reassessment.opened.version
        for record in reassessment.log:
            if isinstance(record.body, Decided):
                yield record.at, record.body.version
            elif isinstance(record.body, Joined) and any(own.kind == _VERSION_CHANGED for own in record.body.triggers):
                yield record.at, None
