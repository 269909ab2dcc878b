"""Concluding: who may decide a re-assessment, on which conditions, and when it is due next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from reassay.approvals.arguments import Conclude
from reassay.approvals.asking import Asking, Keep, Refusal, closed, unreadable
from reassay.approvals.readiness import is_accepted, unready
from reassay.assessment.authority import assessors, own_seat, owns
from reassay.assessment.cells import Situation
from reassay.assessment.content import content_of
from reassay.assessment.schedule.next_due import next_due
from reassay.assessment.snapshot import snapshot
from reassay.assessment.subjects import cells_of
from reassay.common.sentences import names
from reassay.evidence.criterion_verdicts import basis, criterion_verdicts
from reassay.ledger.entry import Decided, FollowUp, NextDue
from reassay.ledger.history import Reassessment
from reassay.people.account import Account
from reassay.people.people import holders
from reassay.register.assessable import Assessable
from reassay.register.c14n import content_digest
from reassay.register.register import Register


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What to record."""

    decided: Decided
    objects: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who may conclude: the roles, and the accounts that hold them."""

    roles: tuple[str, ...]
    people: tuple[str, ...]
    self_assessed: bool
    """True where the owner decides because no assessor is named."""


def deciders(subject: Assessable, register: Register) -> Deciders:
    """The assessors; the owner where none is named."""
    roles = assessors(subject)
    people = tuple(dict.fromkeys(person for role in roles for person in register.configuration.people(role)))
    owners = {person.lower() for person in register.configuration.people(subject.owner)}
    alone = all(person.lower() in owners for person in people)
    return Deciders(roles, people, self_assessed=not subject.assessor_names or alone)


def conclude(command: Conclude, asking: Asking) -> Conclusion | Refusal:
    """The record of a decision, or why there is none."""
    by, each, situation = asking.by, asking.reassessment, asking.situation
    entry = situation.register.subjects.get(each.subject)
    if entry is None:
        return unreadable(each)
    if refused := closed(each):
        return refused
    subject = entry.value
    if own_seat(by, assessors(subject), situation) is None:
        return _not_allowed(deciders(subject, situation.register))
    return (
        _unmet(command, each, subject, situation)
        or (unready(command, asking) if situation.register.configuration.records else None)
        or _record(command, by, each, subject, situation)
    )


def _not_allowed(allowed: Deciders) -> Refusal:
    role = "the owner, because no assessor is named" if allowed.self_assessed else names(*allowed.roles)
    known = () if set(allowed.people) == set(allowed.roles) else allowed.people
    who = names(*(f"@{person}" for person in known)) or "Ask them to write the command"
    return Refusal(f"concluding this takes {role}", f"That is {who}." if known else f"{who}.")


def _unmet(command: Conclude, each: Reassessment, subject: Assessable, situation: Situation) -> Refusal | None:
    if command.decision == "degraded" and not command.follow_ups and not is_accepted(each, subject, situation):
        return Refusal(
            "`degraded` needs something that will be done, with a date",
            "Add for example `follow-up 2027-01-15 retrain the filter` before `because`, or `/reassay accept-risk` first.",
        )
    if command.decision == "ineffective" and command.deployment is None:
        return Refusal(
            "`ineffective` needs a decision about the deployments it serves",
            "Write `conclude ineffective continue`, `restrict` or `withdraw`, and why.",
        )
    if command.decision == "inconclusive" and command.because is None:
        return Refusal("`inconclusive` needs a reason", "Add `because ...`: what was missing?")
    past = next((promise for promise in command.follow_ups if promise.due < situation.today), None)
    if past:
        return Refusal(f"the follow-up date {past.due} is past", "Give a date that is still to come.")
    return None


def _record(
    command: Conclude, by: Account, each: Reassessment, subject: Assessable, situation: Situation
) -> Conclusion:
    keep = Keep()
    known = cells_of(subject, situation.register)
    cells = tuple(cell for cell in each.cells if cell in known) or each.cells
    decided = Decided(
        reassessment=each.id,
        subject=each.subject,
        version=subject.version,
        cells=cells,
        decision=command.decision,  # type: ignore[arg-type] # the grammar admits only these words
        deployment_decision=command.deployment,  # type: ignore[arg-type] # same
        basis=basis(subject, each),
        criteria=tuple(one.recorded() for one in criterion_verdicts(subject, each)),
        mode=situation.register.configuration.mode or "remind",
        self_assessed=owns(by, subject, situation) or not holders_differ(subject, situation),
        because=keep(command.because) if command.because else None,
        follow_ups=tuple(FollowUp(due=promise.due, text=keep(promise.text)) for promise in command.follow_ups),
        decided_on=situation.today,
        next_due=tuple(NextDue(cell=cell, due=_next(command, each, subject, cell, situation)) for cell in cells),
        snapshot=keep(snapshot(subject, each.cells, situation.register_index)),
        content=content_digest(situation.register.subjects[subject.id].written),
        covered=content_of(each.subject, each.cells, situation.register) if each.proposal else None,
    )
    return Conclusion(decided, keep.objects)


def holders_differ(subject: Assessable, situation: Situation) -> bool:
    """Whether anybody assesses who does not own it."""
    register, people = situation.register, situation.people
    own = {(each.id or each.login.lower()) for each in holders(subject.owner, register, people)}
    others = {
        (each.id or each.login.lower()) for role in assessors(subject) for each in holders(role, register, people)
    }
    return bool(others - own)


def _next(command: Conclude, each: Reassessment, subject: Assessable, cell: str, situation: Situation) -> date | None:
    return None if command.decision == "inconclusive" else next_due(subject, cell, each.depth, situation)
