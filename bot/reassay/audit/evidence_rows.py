"""Evidence that was attached to re-assessments, one row for each reading of a file and for each other piece of evidence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reassay.audit.audit_input import AuditInput
from reassay.ledger.answers import Attached
from reassay.ledger.entry import Entry


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One piece of evidence, with the counts of one reading of it. What a file does not say is empty, never 0."""

    record: str
    seq: int
    """Number of the ledger entry."""
    attached_on: date
    subject: str
    criterion: str
    evidence: str
    provenance: str
    counted: str
    """`117 of 120`, `passed` or `failed`, of evidence that a person counted; "" otherwise."""
    metric: str
    tool: str
    tool_version: str
    task: str
    models: tuple[str, ...]
    """Models that answered; where the file does not name them, models that were asked."""
    performed_at: str
    planned: str
    attempted: str
    outcomes: tuple[str, ...]
    """`refused 402`, one for each outcome as the tool names it."""
    unscored: str
    errored: str
    problems: tuple[str, ...]
    arm: str
    trained_on: str
    run: str
    digest: str
    """Digest of the raw file, or of the sealed content."""
    readings: str
    """Digest of the object with the readings."""
    by: str
    role: str
    independent: bool
    retention_until: date | None


def evidence_rows(audit: AuditInput) -> tuple[EvidenceRow, ...]:
    """Evidence attached in the period, in order of the ledger."""
    return tuple(
        row for entry in audit.in_period if isinstance(entry.body, Attached) for row in _rows(entry, entry.body, audit)
    )


def _rows(entry: Entry, body: Attached, audit: AuditInput) -> Iterator[EvidenceRow]:
    for reading in readings_of(body, audit.objects) or ({},):
        yield _row(entry, body, reading, audit)


def readings_of(body: Attached, objects: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    """The readings of a result file, as its object has them; empty for other evidence, and where the object was removed."""
    held = objects.get(body.result.readings) if body.result else None
    listed = held.get("readings") if isinstance(held, dict) else held
    listed = listed if isinstance(listed, list) else [held]
    return tuple(reading for reading in listed if isinstance(reading, dict))


def performed_at(reading: Mapping[str, object]) -> datetime | None:
    """When the run of a reading began; None where the file does not say, or says no instant with a zone."""
    try:
        instant = datetime.fromisoformat(str(reading.get("performed_at")))
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None


def _row(entry: Entry, body: Attached, reading: Mapping[str, object], audit: AuditInput) -> EvidenceRow:
    reassessment, result = audit.reassessment(entry), body.result
    return EvidenceRow(
        record=body.reassessment,
        seq=entry.seq,
        attached_on=audit.day(entry),
        subject=reassessment.subject if reassessment else "",
        criterion=body.criterion or "",
        evidence=body.evidence,
        provenance=body.provenance,
        counted=_counted(body),
        metric=_text(reading, "metric"),
        tool=_text(reading, "tool"),
        tool_version=_text(reading, "tool_version"),
        task=" ".join(filter(None, (_text(reading, "task"), _text(reading, "task_version")))),
        models=_listed(reading, "models_answered") or _listed(reading, "models_asked"),
        performed_at=_text(reading, "performed_at"),
        planned=_text(reading, "planned"),
        attempted=_text(reading, "attempted"),
        outcomes=_outcomes(reading),
        unscored=_text(reading, "unscored"),
        errored=_text(reading, "errored"),
        problems=_listed(reading, "problems"),
        arm=result.arm if result else "",
        trained_on=result.trained_on if result else "",
        run=(result.run or "") if result else "",
        digest=_text(reading, "digest") or body.digest or "",
        readings=result.readings if result else "",
        by=audit.person(entry.actor),
        role=body.role,
        independent=body.independent,
        retention_until=body.retention_until,
    )


def _counted(body: Attached) -> str:
    figures = body.figures
    if figures.counted is not None:
        return f"{figures.counted} of {figures.total}"
    return "" if figures.passed is None else "passed" if figures.passed else "failed"


def _text(reading: Mapping[str, object], name: str) -> str:
    value = reading.get(name)
    return "" if value is None else str(value)


def _listed(reading: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = reading.get(name)
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()


def _outcomes(reading: Mapping[str, object]) -> tuple[str, ...]:
    totals = reading.get("totals")
    pairs = [pair for pair in totals if isinstance(pair, list | tuple)] if isinstance(totals, list | tuple) else []
    return tuple(" ".join(str(part) for part in pair) for pair in pairs)
