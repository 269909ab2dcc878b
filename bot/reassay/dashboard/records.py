"""The re-assessments of a subject, with their figures, signatures, evidence and ledger entries; newest first."""

from collections.abc import Iterator
from typing import Final

from reassay.approvals.ledger_entries import answers_given, sign_offs_given
from reassay.common.calendar import day_words, local_date
from reassay.common.sentences import count_words
from reassay.dashboard.dashboard_input import DashboardInput
from reassay.dashboard.decided_figures import DecidedFigures
from reassay.dashboard.ledger_lines import EntryTrusts, evidence_words, ledger_lines
from reassay.dashboard.subject_values import DashboardRecord
from reassay.ledger.answers import Attached
from reassay.ledger.entry import Decided, basis_word
from reassay.ledger.history import Reassessment
from reassay.ledger.reassessment import LedgerRecord
from reassay.people.people import spoken_role
from reassay.register.past_assessment import PastAssessment

NOT_HERE: Final = "(not read here, or redacted)"
"""In the place of a text of the ledger that was not read."""
EVERYWHERE: Final = "*"
IMPORTED: Final = "imported"


def records_of(
    subject: str, inputs: DashboardInput, figures: DecidedFigures, trusts: EntryTrusts
) -> tuple[DashboardRecord, ...]:
    """Everything that was opened, decided or imported about a subject."""
    own = [_record(reassessment, inputs, figures, trusts) for reassessment in inputs.of_subject(subject)]
    return (*reversed(own), *imported_records(subject, inputs))


def is_late(reassessment: Reassessment, inputs: DashboardInput) -> bool:
    """Whether it was decided after its due date, extensions included, or is open past it. Closed otherwise it is not late."""
    if reassessment.decided is not None:
        closed = reassessment.closed_at
        is_past = bool(reassessment.due_at and closed and closed > reassessment.due_at)
        return reassessment.decided.decided_on > reassessment.due or is_past
    if reassessment.state != "open":
        return False
    facts = inputs.assessment_input
    return facts.now > reassessment.due_at if reassessment.due_at else facts.today > reassessment.due


def imported_records(subject: str, inputs: DashboardInput) -> tuple[DashboardRecord, ...]:
    """Assessments from before the ledger, newest first. They are not verified."""
    facts = inputs.assessment_input
    past = (_past(own) for own in facts.register_index.past.get(subject, ()))
    entry = facts.register.subjects.get(subject)
    stated = entry.value.last_assessed if entry else None
    alone = (
        DashboardRecord(
            id=IMPORTED,
            state=IMPORTED,
            depth="",
            cells=(EVERYWHERE,),
            opened=stated,
            why=("stated as `last_assessed` in the register",),
            decided=stated,
            basis=IMPORTED,
            by=IMPORTED,
        )
        for stated in (stated,)
        if stated is not None
    )
    return tuple(sorted((*past, *alone), key=lambda own: (own.opened, own.id), reverse=True))


def _past(own: PastAssessment) -> DashboardRecord:
    return DashboardRecord(
        id=own.id,
        state=IMPORTED,
        depth=str(own.depth) if own.depth else "",
        cells=own.deployments or own.models or (EVERYWHERE,),
        opened=own.assessed_on,
        why=(f"imported from {own.source.file}, row {own.source.row}",),
        decided=own.assessed_on,
        decision=own.decision or "",
        basis=IMPORTED,
        by=IMPORTED,
        reason=own.summary or "",
    )


def _record(own: Reassessment, inputs: DashboardInput, figures: DecidedFigures, trusts: EntryTrusts) -> DashboardRecord:
    decided = own.decided
    return DashboardRecord(
        id=own.id,
        state=own.state,
        depth=str(own.depth),
        cells=own.cells,
        opened=own.opened.opened_on,
        why=tuple(dict.fromkeys(_why(own, inputs))),
        due=own.due,
        decided=decided.decided_on if decided else None,
        decision=_decision(decided) if decided else "",
        basis=basis_word(decided.basis) if decided else "",
        by=inputs.names.actor(own.decided_by).removeprefix("@") if decided else "",
        reason=_reason(own, inputs),
        issue=own.issue,
        figures=figures.of_record(own.id),
        sign_offs=tuple(_sign_offs(own, inputs)),
        evidence=tuple(_evidence(record, body, inputs) for record, body in own.records_of(Attached)),
        is_withdrawn=own.withdrawn_seq is not None,
        is_late=is_late(own, inputs),
        entries=ledger_lines(own, inputs, trusts),
    )


def _decision(decided: Decided) -> str:
    """The decision with what it says of the deployment and of itself: `ineffective, restrict`."""
    parts = (decided.decision, decided.deployment_decision or "", "self-assessed" if decided.self_assessed else "")
    return ", ".join(filter(None, parts))


def _why(own: Reassessment, inputs: DashboardInput) -> Iterator[str]:
    for trigger in own.triggers:
        if trigger.because is None:
            yield trigger.reason
        else:
            who = inputs.names.actor(trigger.requested_by)
            yield f"requested by {who}: {_text(trigger.because, inputs)}"


def _reason(own: Reassessment, inputs: DashboardInput) -> str:
    """Why it was decided so, or closed without a decision; empty without a reason."""
    if own.decided is not None:
        return _text(own.decided.because, inputs) if own.decided.because else ""
    if own.superseded is not None:
        return own.superseded.reason
    if own.side_exit is not None:
        into = f" {own.side_exit.into}" if own.side_exit.into else ""
        return f"closed without a decision: {own.side_exit.how.replace('-', ' ')}{into}"
    return ""


def _text(digest: str | None, inputs: DashboardInput) -> str:
    value = inputs.objects.get(digest or "")
    return value if isinstance(value, str) else NOT_HERE


def _sign_offs(own: Reassessment, inputs: DashboardInput) -> Iterator[str]:
    """Signatures that nobody took back, each as role, act, person and day."""
    people, zone = inputs.assessment_input.people, inputs.assessment_input.register.configuration.timezone
    signed = {(given.record.seq, given.body.role, given.body.says): given.record for given in sign_offs_given(own.log)}
    answers: dict[tuple[int | None, str], list[LedgerRecord]] = {}
    for answer in answers_given(own.log).values():
        if answer.body.signed:
            answers.setdefault((answer.record.actor, answer.body.role), []).append(answer.record)
    for (_, role, says), record in signed.items():
        day = day_words(local_date(record.at, zone), year=True)
        yield f"{spoken_role(role, people)} ({says}): {inputs.names.actor(record.actor)}, {day}"
    for (actor, role), records in answers.items():
        day = day_words(max(local_date(record.at, zone) for record in records), year=True)
        count = count_words(len(records), "answer")
        yield f"{spoken_role(role, people)} ({count}): {inputs.names.actor(actor)}, {day}"


def _evidence(record: LedgerRecord, body: Attached, inputs: DashboardInput) -> str:
    says = f": {_text(body.says, inputs)}" if body.says else ""
    return f"{evidence_words(body)} (entry {record.seq}){says}"
