"""Evaluation runs of the period, also those without a result: a run that failed is listed as a run that succeeded is."""

from dataclasses import dataclass
from datetime import datetime

from reassay.audit.audit_input import AuditInput
from reassay.ledger.entry import Entry
from reassay.ledger.run_history import EvaluationRun, runs_of
from reassay.ledger.runs import RunEnded, RunRegistered


@dataclass(frozen=True, slots=True)
class RunRow:
    """One evaluation run."""

    run: str
    subject: str
    criterion: str
    arm: str
    registered_seq: int | None
    """Seq of the entry that registered it; None for a result without a registration."""
    ended_seq: int | None
    """Seq of the entry with its end; None if it was open at the end of the period."""
    state: str
    """At the end of the period: open, result, failed, cancelled or abandoned."""
    provenance: str
    started_at: datetime | None
    """When GitHub received its registration, in UTC."""
    ended_at: datetime | None
    planned: int | None
    """Prompts that it set out to ask, as it said at its start."""
    workflow: str
    branch: str
    commit: str
    results: int
    """Number of result files."""
    why: str


def runs(audit: AuditInput) -> tuple[RunRow, ...]:
    """Runs with an entry in the period, and runs that were open when it began, in order of the ledger."""
    seqs: dict[str, list[Entry]] = {}
    for entry in audit.until_end:
        if isinstance(entry.body, RunRegistered | RunEnded):
            seqs.setdefault(entry.body.run, []).append(entry)
    rows = ((run, seqs.get(run.run, [])) for run in runs_of(audit.history))
    return tuple(_row(run, entries) for run, entries in rows if entries and _is_of_period(entries, audit))


def _is_of_period(entries: list[Entry], audit: AuditInput) -> bool:
    is_open = not any(isinstance(entry.body, RunEnded) for entry in entries)
    return is_open or any(audit.period.contains(entry.recorded_at) for entry in entries)


def _row(run: EvaluationRun, entries: list[Entry]) -> RunRow:
    start = next((entry for entry in entries if isinstance(entry.body, RunRegistered)), None)
    end = next((entry for entry in entries if isinstance(entry.body, RunEnded)), None)
    registered, ended = run.registered if start else None, run.ended if end else None
    reasons = (body.why for body in (registered, ended) if body and body.why)
    return RunRow(
        run=run.run,
        subject=run.subject,
        criterion=next((body.criterion for body in (registered, ended) if body and body.criterion), ""),
        arm=registered.arm
        if registered
        else ", ".join(dict.fromkeys(each.arm for each in ended.results))
        if ended
        else "",
        registered_seq=start.seq if start else None,
        ended_seq=end.seq if end else None,
        state=ended.how if ended else "open",
        provenance=run.provenance,
        started_at=registered.started_at if registered else None,
        ended_at=ended.ended_at if ended else None,
        planned=registered.planned if registered else None,
        workflow=registered.workflow if registered else "",
        branch=registered.branch if registered else "",
        commit=registered.commit if registered else "",
        results=len(ended.results) if ended else 0,
        why="; ".join(dict.fromkeys(reasons)),
    )
