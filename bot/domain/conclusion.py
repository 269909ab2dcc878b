"""Concluding: who may decide a re-assessment, on which conditions, and when it is due next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.domain.c14n import content_digest
from bot.domain.canonical import canonical, digest
from bot.domain.cells import Situation
from bot.domain.commands.base import Conclude
from bot.domain.ledger.entry import Decided, FollowUp, NextDue
from bot.domain.ledger.history import Reassessment
from bot.domain.next_due import next_due
from bot.domain.register.assessable import Assessable
from bot.domain.register.base import names
from bot.domain.register.register import Register
from bot.domain.snapshot import snapshot
from bot.domain.subjects import cells_of
from bot.domain.world import Account


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was recorded, and what would be."""

    why: str
    remedy: str


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

    def allow(self, account: Account) -> bool:
        """Logins are compared as GitHub does, without regard to case."""
        return account.login.lower() in {person.lower() for person in self.people}


def deciders(subject: Assessable, register: Register) -> Deciders:
    """The assessors; the owner where none is named."""
    roles = subject.assessor_names or (subject.owner,)
    people = tuple(dict.fromkeys(person for role in roles for person in register.configuration.people(role)))
    owners = {person.lower() for person in register.configuration.people(subject.owner)}
    alone = all(person.lower() in owners for person in people)
    return Deciders(roles, people, self_assessed=not subject.assessor_names or alone)


def conclude(command: Conclude, by: Account, each: Reassessment, situation: Situation) -> Conclusion | Refusal:
    """The record of a decision, or why there is none."""
    entry = situation.register.subjects.get(each.subject)
    if entry is None:
        return Refusal(
            f"{each.subject} cannot be read from the register now, so nobody knows who may conclude it",
            "Run `reassay check`, mend what it names, and write the command again.",
        )
    if each.state != "open":
        return Refusal(f"{each.id} is already {each.state}", "A decision is not changed by another one.")
    allowed = deciders(entry.value, situation.register)
    if not allowed.allow(by):
        return _not_allowed(allowed)
    return _unmet(command, situation) or _record(command, by, each, entry.value, situation)


def _not_allowed(allowed: Deciders) -> Refusal:
    role = "the owner, because no assessor is named" if allowed.self_assessed else names(*allowed.roles)
    known = () if set(allowed.people) == set(allowed.roles) else allowed.people
    who = names(*(f"@{person}" for person in known)) or "Ask them to write the command"
    return Refusal(f"concluding this takes {role}", f"That is {who}." if known else f"{who}.")


def _unmet(command: Conclude, situation: Situation) -> Refusal | None:
    if command.decision == "degraded" and not command.follow_ups:
        return Refusal(
            "`degraded` needs something that will be done, with a date",
            "Add for example `follow-up 2027-01-15 retrain the filter` before `because`.",
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
    objects: dict[str, bytes] = {}

    def keep(value: object) -> str:
        data = canonical(value)
        objects[digest(data)] = data
        return digest(data)

    owners = {person.lower() for person in situation.register.configuration.people(subject.owner)}
    known = cells_of(subject, situation.register)
    cells = tuple(cell for cell in each.cells if cell in known) or each.cells
    decided = Decided(
        reassessment=each.id,
        subject=each.subject,
        version=subject.version,
        cells=cells,
        decision=command.decision,  # type: ignore[arg-type] # the grammar admits only these words
        deployment_decision=command.deployment,  # type: ignore[arg-type] # same
        self_assessed=by.login.lower() in owners,
        because=keep(command.because) if command.because else None,
        follow_ups=tuple(FollowUp(due=promise.due, text=keep(promise.text)) for promise in command.follow_ups),
        decided_on=situation.today,
        next_due=tuple(NextDue(cell=cell, due=_next(command, each, subject, cell, situation)) for cell in cells),
        snapshot=keep(snapshot(subject, each.cells, situation.around)),
        content=content_digest(situation.register.subjects[subject.id].written),
    )
    return Conclusion(decided, objects)


def _next(command: Conclude, each: Reassessment, subject: Assessable, cell: str, situation: Situation) -> date | None:
    return None if command.decision == "inconclusive" else next_due(subject, cell, each.depth, situation)
