"""Evaluation runs and results as they follow from the ledger: what is open, what failed, and what counts in an episode."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from reassay.ledger.answers import Attached, AttachedResult
from reassay.ledger.history import History
from reassay.ledger.reassessment import LedgerRecord
from reassay.ledger.runs import RunEnded, RunProvenance, RunRefused, RunRegistered

EVERYWHERE: Final = "*"
"""The one cell of a mitigation that names no deployment; it is about all of them."""
RunState = Literal["open", "result", "failed", "cancelled", "abandoned"]


@dataclass(frozen=True, slots=True)
class EvaluationRun:
    """An evaluation run, from its registration to its end."""

    run: str
    """Number of the workflow run, of its attempt, and name of the evaluation."""
    subject: str
    """Present id of the mitigation."""
    registered: RunRegistered | None
    """None for a result whose run never registered itself."""
    registered_at: datetime | None
    """Time of the entry; None likewise."""
    ended: RunEnded | None = None
    """Its end with a result, else its first end; None while it is open."""
    recorded_at: datetime | None = None
    """Time of that entry; None while it is open."""
    is_settled: bool = False
    """Whether its workflow said how it ended, and not only a person who gave it up: a result may come until then."""

    @property
    def state(self) -> RunState:
        """`open` until an end is recorded."""
        return self.ended.how if self.ended else "open"

    @property
    def provenance(self) -> RunProvenance:
        """The weaker of its registration and its end."""
        bodies = (self.registered, self.ended)
        return "uploaded" if any(body and body.provenance == "uploaded" for body in bodies) else "workflow-run"


@dataclass(frozen=True, slots=True)
class RecordedResult:
    """A result that the ledger has: attached by a person, or by a run."""

    seq: int
    recorded_at: datetime
    subject: str
    """Present id of the mitigation."""
    criterion: str | None
    """Name of the criterion that it is for; None for every criterion that it fits."""
    result: AttachedResult
    provenance: Literal["file", "sealed", "word", "workflow-run", "uploaded"]
    """`uploaded` for the result of a run that is not what `workflow-run` asks for."""
    reassessment: str | None
    """Id of the re-assessment that was open then; None without one."""
    run: str | None
    """Id of its run; None for a file that a person brought."""


def runs_of(history: History, subject: str | None = None) -> tuple[EvaluationRun, ...]:
    """The runs of a mitigation (present id), or of all, in order of the ledger.

    A result replaces an end without one: who gives up a run does not keep its result from counting.
    """
    runs: dict[str, EvaluationRun] = {}
    for record, body in _run_records(history):
        own = history.present(body.subject, record.seq)
        run = runs.get(body.run) or EvaluationRun(body.run, own, None, None)
        runs[body.run] = _with(run, record, body)
    return tuple(run for run in runs.values() if subject in {None, run.subject})


def unsettled_runs(history: History) -> tuple[EvaluationRun, ...]:
    """Registered runs that may still have a result: those that are open, and those that a person gave up."""
    return tuple(run for run in runs_of(history) if run.registered is not None and not run.is_settled)


def runs_since(history: History, subject: str, cell: str) -> tuple[EvaluationRun, ...]:
    """Runs of the cell's episode: recorded, or ended, after its last decision."""
    start = episode_start(history, subject, cell)
    late = {body.run for record, body in _run_records(history) if record.seq > start}
    return tuple(run for run in runs_of(history, subject) if run.run in late)


def results_since(history: History, subject: str, cell: str) -> tuple[RecordedResult, ...]:
    """Results of the cell's episode, in order of the ledger: of every re-assessment since, and of runs outside of one.

    A result that names deployments counts for these alone; one that names none counts for every cell that its re-assessment
    covers, and outside of a re-assessment for every cell. The cell `*` has the results of all deployments, and each deployment
    those of `*`: naming deployments, or naming none any more, makes no result disappear.
    """
    start = episode_start(history, subject, cell)
    return tuple(
        recorded
        for recorded in results_of(history, subject)
        if recorded.seq > start and _is_about(recorded, cell, history)
    )


def results_of(history: History, subject: str) -> tuple[RecordedResult, ...]:
    """All results that were ever recorded for a mitigation, in order of the ledger; several of one run, too."""
    recorded = [*_attached(history, subject), *_ended(history, subject)]
    return tuple(sorted(recorded, key=lambda result: result.seq))


def results_about(history: History, subject: str, cell: str) -> tuple[RecordedResult, ...]:
    """All results that count for a cell, in order of the ledger: of its episode and of those that were decided."""
    return tuple(recorded for recorded in results_of(history, subject) if _is_about(recorded, cell, history))


def episode_start(history: History, subject: str, cell: str) -> int:
    """Seq of the decision at which a cell's episode began, which what it contains is after; 0 without one.

    Only a decision that moves the cell's clock ends an episode: an inconclusive or a withdrawn one, a side exit and a new
    trigger make no result disappear. A decision about the cell `*` was about every deployment.
    """
    decisions = history.last_decisions()
    last = [decisions.get((subject, name)) for name in (cell, EVERYWHERE)]
    return max((own.reassessment.decided_seq or 0 for own in last if own), default=0)


def artifacts_recorded(history: History) -> frozenset[int]:
    """Ids of artifacts that entries are about; they are not read again."""
    ids = {body.artifact for _, body in _run_records(history)} - {None}
    return frozenset(
        {artifact for artifact in ids if artifact} | {b.artifact for _, b in history.records_of(RunRefused)}
    )


def _run_records(history: History) -> Iterator[tuple[LedgerRecord, RunRegistered | RunEnded]]:
    records: list[tuple[LedgerRecord, RunRegistered | RunEnded]] = [
        *history.records_of(RunRegistered),
        *history.records_of(RunEnded),
    ]
    return iter(sorted(records, key=lambda record: record[0].seq))


def _with(run: EvaluationRun, record: LedgerRecord, body: RunRegistered | RunEnded) -> EvaluationRun:
    if isinstance(body, RunRegistered):
        return run if run.registered else replace(run, registered=body, registered_at=record.at)
    run = replace(run, is_settled=run.is_settled or body.how != "abandoned")
    if run.ended is not None and (run.ended.how == "result" or body.how != "result"):
        return run
    return replace(run, ended=body, recorded_at=record.at)


def _attached(history: History, subject: str) -> Iterator[RecordedResult]:
    for reassessment in history.reassessments.values():
        if reassessment.subject == subject:
            for record, body in reassessment.records_of(Attached):
                if body.result is not None:
                    yield RecordedResult(
                        record.seq, record.at, subject, body.criterion, body.result, body.provenance,
                        body.reassessment, body.result.run,
                    )  # fmt: skip


def _ended(history: History, subject: str) -> Iterator[RecordedResult]:
    runs = {run.run: run for run in runs_of(history, subject)}
    for record, body in history.records_of(RunEnded):
        if history.present(body.subject, record.seq) != subject:
            continue
        run = runs.get(body.run)
        weaker = "uploaded" if body.provenance == "uploaded" or run is None else run.provenance
        for result in body.results:
            yield RecordedResult(
                record.seq, record.at, subject, body.criterion, result, weaker, body.reassessment, body.run
            )


def measured_in(recorded: RecordedResult, history: History) -> tuple[str, ...]:
    """The cells in which a result was measured; none if it is about every cell."""
    if recorded.result.deployments or recorded.run is not None:
        return recorded.result.deployments
    reassessment = history.reassessments.get(recorded.reassessment or "")
    return reassessment.cells if reassessment else ()


def _is_about(recorded: RecordedResult, cell: str, history: History) -> bool:
    cells = measured_in(recorded, history)
    return not cells or cell == EVERYWHERE or cell in cells or EVERYWHERE in cells
