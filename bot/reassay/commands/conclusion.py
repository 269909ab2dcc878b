"""The conclusion of a re-assessment: the people who may decide, the conditions, and the next due dates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from reassay.approvals.arguments import Conclude, Promise
from reassay.approvals.command_context import CommandContext, Keep, Refusal, closed, on, unreadable
from reassay.approvals.readiness import is_accepted, unmet_criteria, unready
from reassay.assessment.authority import assessors, own_seat, owns
from reassay.assessment.cell_status import ORDERED, CellStatus
from reassay.assessment.cells import AssessmentInput, assess_subject
from reassay.assessment.content import proposed_content
from reassay.assessment.follow_up_people import differ, doing_roles, holders_known, verifying_roles
from reassay.assessment.joined import assessor_roles
from reassay.assessment.schedule.next_due import next_due
from reassay.assessment.snapshot import snapshot
from reassay.assessment.subjects import cells_of
from reassay.commands.base import word_shown
from reassay.common.sentences import alternatives
from reassay.evidence.counted_verdicts import inputs_object
from reassay.evidence.criterion_verdicts import basis, criterion_verdicts
from reassay.ledger.entry import Decided, NextDue
from reassay.ledger.follow_ups import FollowUp
from reassay.ledger.history import Reassessment
from reassay.people.account import Account
from reassay.people.people import holders, logins, recorded_role, who
from reassay.register.assessable import Assessable
from reassay.register.c14n import content_digest
from reassay.register.register import Register


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The decision to record."""

    decided: Decided
    objects: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deciders:
    """The roles that may conclude, and the accounts that hold them."""

    roles: tuple[str, ...]
    people: tuple[str, ...]
    self_assessed: bool
    """Whether the owner decides because no assessor is named."""


def deciders(subject: Assessable, register: Register, today: date) -> Deciders:
    """The assessors; the owner where none is named."""
    roles = assessors(subject, register, today)
    people = tuple(dict.fromkeys(person for role in roles for person in register.configuration.people(role)))
    owners = {person.lower() for person in register.configuration.people(subject.owner)}
    alone = all(person.lower() in owners for person in people)
    return Deciders(roles, people, self_assessed=not assessor_roles(subject, register, today) or alone)


def conclude(command: Conclude, context: CommandContext) -> Conclusion | Refusal:
    """The record of a decision, or a refusal."""
    by, reassessment, assessment_input = context.by, context.reassessment, context.assessment_input
    entry = assessment_input.register.subjects.get(reassessment.subject)
    if entry is None:
        return unreadable(reassessment)
    if refused := closed(reassessment):
        return refused
    subject = entry.value
    allowed = deciders(subject, *context.facts)
    if own_seat(by, allowed.roles, assessment_input) is None:
        return _not_allowed(allowed)
    records = assessment_input.register.configuration.records
    return (
        _unmet(command, reassessment, subject, assessment_input)
        or (unready(command, context) if records else _not_shown_by_numbers(command, subject, context))
        or _record(command, by, subject, context)
    )


def _not_shown_by_numbers(command: Conclude, subject: Assessable, context: CommandContext) -> Refusal | None:
    """Without answers and sign-offs, what the register states as criteria still has to be shown for `effective`."""
    wanted = tuple(unmet_criteria(command, subject, context))
    if not wanted:
        return None
    count = f"{len(wanted)} criteria are not met" if len(wanted) > 1 else "1 criterion is not met"
    return Refusal(count, "To list what is missing again, comment: `/reassay explain`", wanted)


def _not_allowed(allowed: Deciders) -> Refusal:
    role = "the owner" if allowed.self_assessed else alternatives(*allowed.roles)
    why = f"only {role} can conclude this"
    if set(allowed.people) == set(allowed.roles):
        return Refusal(why, "Ask them to comment.")
    people = alternatives(*(f"@{login}" for login in allowed.people))
    return Refusal(
        f"{why} ({people})" if people else why, "Ask them to comment." if people else "Name a person for it."
    )


def orders_open(reassessment: Reassessment, cells: Iterable[CellStatus]) -> tuple[CellStatus, ...]:
    """The cells that a re-assessment covers whose deployment was ordered to be restricted or withdrawn, and was not."""
    return tuple(cell for cell in cells if cell.cell in reassessment.cells and cell.state in ORDERED)


def _order_unanswered(
    command: Conclude, reassessment: Reassessment, assessment_input: AssessmentInput
) -> Refusal | None:
    """A decision that is silent about the deployment would leave an open order as it is, so it has to say what happens."""
    if command.deployment is not None or command.decision == "inconclusive" or reassessment.proposal is not None:
        return None
    ordered = orders_open(reassessment, assess_subject(reassessment.subject, assessment_input))
    if not ordered:
        return None
    return Refusal(
        f"an order about {', '.join(cell.cell for cell in ordered)} is not carried out: {ordered[0].reason}",
        f"Say what happens to the deployment: `/reassay conclude {command.decision} withdraw|restrict|continue because ...`",
    )


def _unmet(
    command: Conclude, reassessment: Reassessment, subject: Assessable, assessment_input: AssessmentInput
) -> Refusal | None:
    if (
        command.decision == "degraded"
        and not command.follow_ups
        and not is_accepted(reassessment, subject, assessment_input)
    ):
        return Refusal(
            "`degraded` needs a follow-up with a date",
            "Add e.g. `follow-up 2027-01-15 retrain the filter` before `because`, or comment `/reassay accept-risk` first.",
        )
    if command.decision == "ineffective" and command.deployment is None:
        return Refusal(
            "`ineffective` needs a decision about the deployments it serves",
            "Write e.g. `/reassay conclude ineffective withdraw|restrict|continue because ...`.",
        )
    if refused := _order_unanswered(command, reassessment, assessment_input):
        return refused
    if command.decision == "inconclusive" and command.because is None:
        return Refusal("`inconclusive` needs a reason", "Add `because` and what was missing.")
    past = next((promise for promise in command.follow_ups if promise.due < assessment_input.today), None)
    if past:
        return Refusal(f"the follow-up date {on(past.due)} is in the past", "Give a date in the future.")
    refusals = (_wrong_people(promise, subject, assessment_input) for promise in command.follow_ups)
    return next((refused for refused in refusals if refused), None)


def _wrong_people(promise: Promise, subject: Assessable, assessment_input: AssessmentInput) -> Refusal | None:
    """Why nobody could do, or verify, a follow-up for which the command names people; None if somebody can."""
    register, directory = assessment_input.register, assessment_input.people
    for name in filter(None, (promise.by, promise.verified_by)):
        if not holders_known(name, assessment_input):
            return Refusal(
                f"{word_shown(name)} is neither a role of the register nor an account that it names",
                "After `by` and `verified-by` write a role, or a login that the register names, then what is to be done.",
            )
    doing = doing_roles(promise.by, subject)
    verifying = verifying_roles(promise.verified_by, doing, subject, assessment_input)
    if (promise.by or promise.verified_by) and not differ(doing, verifying, assessment_input):
        people = logins((*doing, *verifying), register, directory, assessment_input.today)
        return Refusal(
            f"another person has to verify the follow-up than the one who does it, and only {who(people)} could do either",
            "Name another role after `verified-by`.",
        )
    return None


def _record(command: Conclude, by: Account, subject: Assessable, context: CommandContext) -> Conclusion:
    reassessment, assessment_input, keep = context.reassessment, context.assessment_input, Keep()
    verdicts = criterion_verdicts(subject, reassessment, context.evidence_input)
    for verdict in verdicts:
        if verdict.computed_from is not None:
            keep(inputs_object(verdict.computed_from))
    present = cells_of(subject, assessment_input.register)
    cells = tuple(cell for cell in reassessment.cells if cell in present) or reassessment.cells
    decided = Decided(
        reassessment=reassessment.id,
        subject=reassessment.subject,
        version=subject.version,
        cells=cells,
        decision=command.decision,  # type: ignore[arg-type] # the grammar admits only these words
        deployment_decision=command.deployment,  # type: ignore[arg-type] # same
        basis=basis(subject, reassessment, context.evidence_input),
        criteria=tuple(verdict.recorded() for verdict in verdicts),
        mode=assessment_input.register.configuration.mode or "remind",
        self_assessed=owns(by, subject, assessment_input) or not holders_differ(subject, assessment_input),
        because=keep(command.because) if command.because else None,
        follow_ups=tuple(_recorded(promise, keep, assessment_input) for promise in command.follow_ups),
        decided_on=assessment_input.today,
        next_due=tuple(
            NextDue(cell=cell, due=_next(command, reassessment, subject, cell, assessment_input)) for cell in cells
        ),
        snapshot=keep(snapshot(subject, reassessment.cells, assessment_input.register_index)),
        content=content_digest(assessment_input.register.subjects[subject.id].written),
        covered=proposed_content(reassessment.subject, reassessment.cells, assessment_input.register)
        if reassessment.proposal
        else None,
    )
    return Conclusion(decided, keep.objects)


def _recorded(promise: Promise, keep: Keep, assessment_input: AssessmentInput) -> FollowUp:
    register, people = assessment_input.register, assessment_input.people
    return FollowUp(
        due=promise.due,
        text=keep(promise.text),
        by=recorded_role(promise.by, register, people) if promise.by else None,
        verified_by=recorded_role(promise.verified_by, register, people) if promise.verified_by else None,
    )


def holders_differ(subject: Assessable, assessment_input: AssessmentInput) -> bool:
    """Whether at least one assessor is not an owner."""
    register, people = assessment_input.register, assessment_input.people
    own = {(account.id or account.login.lower()) for account in holders(subject.owner, register, people)}
    others = {
        (account.id or account.login.lower())
        for role in assessors(subject, register, assessment_input.today)
        for account in holders(role, register, people)
    }
    return bool(others - own)


def _next(
    command: Conclude, reassessment: Reassessment, subject: Assessable, cell: str, assessment_input: AssessmentInput
) -> date | None:
    return None if command.decision == "inconclusive" else next_due(subject, cell, reassessment.depth, assessment_input)
