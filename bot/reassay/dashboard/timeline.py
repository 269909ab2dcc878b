"""The timeline: past and coming events, day by day."""

from collections.abc import Iterator
from datetime import date

from reassay.assessment.cells import State
from reassay.assessment.schedule.forecast import forecast
from reassay.dashboard.dashboard_input import DashboardInput
from reassay.dashboard.records import imported_records, is_late
from reassay.dashboard.subject_values import TimelineEvent
from reassay.ledger.entry import Decided
from reassay.ledger.history import Reassessment


def dashboard_timeline(inputs: DashboardInput) -> tuple[TimelineEvent, ...]:
    """Openings, decisions and imports, dates at which cells are due now, and the forecast up to `planned_until`."""
    events = [*_past(inputs), *_imported(inputs), *_due(inputs)]
    dates = {(own.subject, own.on) for own in events if own.kind == "due"}
    events += (own for own in _forecast(inputs) if own.kind != "will-be-due" or (own.subject, own.on) not in dates)
    return tuple(sorted(events, key=lambda own: (own.on, own.subject, own.record, own.kind)))


def planned_until(inputs: DashboardInput) -> date | None:
    """The last day of the forecast; None without one: what the ledger would say of the future is unknown without it."""
    return None if inputs.ledger_problem else inputs.plan_until


def _past(inputs: DashboardInput) -> Iterator[TimelineEvent]:
    for own in inputs.assessment_input.history.reassessments.values():
        if " " in own.subject:
            continue  # its mitigation or commitment was removed, and nothing has its id
        yield TimelineEvent(
            on=own.opened.opened_on,
            subject=own.subject,
            title=inputs.title(own.subject),
            kind="opened",
            cells=own.cells,
            record=own.id,
            words="; ".join(dict.fromkeys(trigger.reason for trigger in own.triggers)),
        )
        if own.decided is not None:
            yield _decision(own, own.decided, inputs)


def _decision(own: Reassessment, decided: Decided, inputs: DashboardInput) -> TimelineEvent:
    withdrawn = ", withdrawn since" if own.withdrawn_seq is not None else ""
    return TimelineEvent(
        on=decided.decided_on,
        subject=own.subject,
        title=inputs.title(own.subject),
        kind="decided",
        cells=decided.cells,
        decision=decided.decision,
        is_late=is_late(own, inputs),
        record=own.id,
        words=f"{decided.verdict}{withdrawn}",
    )


def _imported(inputs: DashboardInput) -> Iterator[TimelineEvent]:
    for subject in inputs.assessment_input.register.subjects:
        for own in imported_records(subject, inputs):
            yield TimelineEvent(
                on=own.opened,
                subject=subject,
                title=inputs.title(subject),
                kind="imported",
                cells=own.cells,
                decision=own.decision,
                record=own.id,
                words="imported, not verified",
            )


def _due(inputs: DashboardInput) -> Iterator[TimelineEvent]:
    """The dates at which cells are due, as far as these are known now; one for each subject and day."""
    kept: dict[tuple[str, date], list[str]] = {}
    reasons: dict[tuple[str, date], dict[str, None]] = {}
    for cell in inputs.cells:
        if cell.due is not None and cell.state is not State.RETIRED:
            kept.setdefault((cell.subject, cell.due), []).append(cell.cell)
            reasons.setdefault((cell.subject, cell.due), {})[cell.reason] = None
    for (subject, due), cells in kept.items():
        opened = inputs.assessment_input.opened.get(subject)
        yield TimelineEvent(
            on=due,
            subject=subject,
            title=inputs.title(subject),
            kind="due",
            cells=tuple(cells),
            is_late=due < inputs.assessment_input.today,
            record=opened.id if opened else "",
            words="; ".join(reasons[subject, due]),
        )


def _forecast(inputs: DashboardInput) -> Iterator[TimelineEvent]:
    """Openings to come and their due dates, if everything is concluded effective on its due date."""
    until = planned_until(inputs)
    if until is None:
        return
    for step in forecast(inputs.assessment_input, until):
        if step.kind != "open":
            continue
        title = inputs.title(step.subject)
        yield TimelineEvent(on=step.when, subject=step.subject, title=title, kind="will-open", words=step.reason)
        if step.due is not None and step.due <= until:
            yield TimelineEvent(on=step.due, subject=step.subject, title=title, kind="will-be-due", words=step.reason)
