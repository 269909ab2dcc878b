"""Obligations for which no re-assessment was opened.

They follow from the register at both dates and from the dates that decisions set. A date that one change of the register
set and another one removed within the period is not found.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from reassay.assessment.cells import CellStatus, State
from reassay.audit.audit_input import AuditInput
from reassay.audit.obligations import Obligation, Outcome
from reassay.ledger.reassessment import Reassessment

Place = tuple[str, str]
"""Subject and cell."""


@dataclass(frozen=True, slots=True)
class _Expected:
    """A due date that calls for a re-assessment."""

    due: date | None
    since: int
    """Seq of the entry after which a re-assessment would have been opened."""
    because: str


def unopened_obligations(audit: AuditInput) -> tuple[Obligation, ...]:
    """Obligations without a re-assessment, in order of subject and cell."""
    closing = {(status.subject, status.cell): status for status in audit.closing_cells}
    rows: list[Obligation] = []
    for place, wanted in sorted(_expected(audit).items()):
        if not any(_covers(reassessment, place, wanted) for reassessment in audit.by_subject.get(place[0], ())):
            row = _row(place, wanted, closing.get(place), audit)
            rows += [row] if row else []
    return tuple(rows)


def _expected(audit: AuditInput) -> Mapping[Place, _Expected]:
    """The earliest due date of each cell; a cell that is due at the end of the period takes precedence."""
    expected: dict[Place, _Expected] = {}
    for place, wanted in (*_by_decisions(audit), *_at_the_start(audit)):
        earlier = expected.get(place)
        if earlier is None or (wanted.due or date.max) < (earlier.due or date.max):
            expected[place] = wanted
    return expected | dict(_at_the_end(audit))


def _at_the_start(audit: AuditInput) -> Iterator[tuple[Place, _Expected]]:
    since = audit.opening.history.seq
    for status in audit.opening_cells:
        if (
            status.open is None
            and status.clock is not State.RETIRED
            and _asks(status, audit, audit.period.contains_day(status.due))
        ):
            place = (audit.history.present(status.subject), status.cell)
            yield place, _Expected(_stated(status), since, f"due by the register of {audit.period.start}")


def _by_decisions(audit: AuditInput) -> Iterator[tuple[Place, _Expected]]:
    for (subject, cell), last in audit.history.last_decisions().items():
        name, seq = last.reassessment.id, last.reassessment.decided_seq or 0
        for due_date in last.decided.next_due:
            if due_date.cell == cell and audit.period.contains_day(due_date.due):
                yield (subject, cell), _Expected(due_date.due, seq, f"due by {name}")


def _at_the_end(audit: AuditInput) -> Iterator[tuple[Place, _Expected]]:
    for status in audit.closing_cells:
        if status.open is None and _asks(status, audit, otherwise=False):
            yield (status.subject, status.cell), _Expected(_stated(status), audit.history.seq, "due at the end")


def _asks(status: CellStatus, audit: AuditInput, otherwise: bool) -> bool:  # noqa: FBT001 -- the result where nothing fired
    """Whether a cell calls for a re-assessment by the end of the period."""
    due = _stated(status)
    return (due is None or due <= audit.period.end) if status.fired else otherwise


def _stated(status: CellStatus) -> date | None:
    """The date that a clock states; None for a cell that was never assessed, which is due on any day."""
    return min((fired.due for fired in status.fired if fired.due), default=None if status.fired else status.due)


def _covers(reassessment: Reassessment, place: Place, wanted: _Expected) -> bool:
    """Whether a re-assessment covers a due date: an open one always, a closed one only if opened after the date was set."""
    return place[1] in reassessment.cells and (reassessment.state == "open" or reassessment.opened_seq > wanted.since)


def _row(place: Place, wanted: _Expected, now: CellStatus | None, audit: AuditInput) -> Obligation | None:
    asked = now is not None and bool(now.fired)
    is_uncovered = wanted.due is not None and audit.covered_until < wanted.due <= audit.period.end
    outcome: Outcome = "not covered" if is_uncovered else "not opened" if asked else "moved"
    if now is None or now.clock is State.RETIRED:
        note = "retired, or no longer in the register"
    elif asked:
        note = f"{wanted.because}: {now.reason}" + (f"; scheduled for {now.scheduled}" if now.scheduled else "")
    else:
        last = f"; last assessment: {now.last.words()}" if now.last else ""
        note = f"{wanted.because}; now {f'due {now.due}' if now.due else 'without a date'}: {now.reason}{last}"
    late = (audit.covered_until - wanted.due).days if asked and wanted.due else 0
    return Obligation(
        record="",
        subject=place[0],
        cells=(place[1],),
        depth="",
        triggers=tuple(dict.fromkeys(fired.kind for fired in now.fired)) if now else (),
        opened_on=None,
        first_due=wanted.due,
        due_without_extension=wanted.due,
        due=wanted.due,
        grace_until=None,
        extensions=0,
        outcome=outcome,
        closed_on=None,
        decision="",
        days_late=max(0, late),
        missed_recorded_on=None,
        note=note,
        verdict="",
    )
