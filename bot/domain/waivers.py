"""Waivers: who may say that a ground holds, who has to confirm it, and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.domain.calendar import Duration
from bot.domain.canonical import canonical, digest
from bot.domain.cells import Situation
from bot.domain.commands.base import Waive
from bot.domain.conclusion import Refusal
from bot.domain.ledger.history import Reassessment
from bot.domain.ledger.waived import Asked, Waived
from bot.domain.register.assessable import Assessable
from bot.domain.register.base import names
from bot.domain.register.register import Register
from bot.domain.register.trigger_specs import IntervalUnlessSpec
from bot.domain.rules import rules_for
from bot.domain.triggers.clocks import flat
from bot.domain.world import Account

CONFIRM_WITHIN = timedelta(days=7)
"""So long a second person has to confirm."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """What to record."""

    waived: Waived
    objects: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """The first person's comment, as it stands now."""

    command: Waive
    by: Account
    asked: Asked


def grounds(subject: Assessable, register: Register, today: date) -> Mapping[str, Duration]:
    """Ids of the stated exceptions, each with the interval it may leave out once."""
    specs = flat(rule.spec for rule in rules_for(subject, register, today))
    return {each.id: spec.every for spec in specs if isinstance(spec, IntervalUnlessSpec) for each in spec.unless}


def may_ask(subject: Assessable, register: Register) -> tuple[str, ...]:
    """Logins of owner and assessors."""
    roles = (subject.owner, *subject.assessor_names)
    return tuple(dict.fromkeys(person for role in roles for person in register.configuration.people(role)))


def may_confirm(subject: Assessable, register: Register) -> tuple[str, ...]:
    """Logins of those who approve, where steps are stated; else of owner and assessors."""
    roles = [step.role for step in subject.approval if step.kind == "approve"]
    people = [person for role in roles for person in register.configuration.people(role)]
    return tuple(dict.fromkeys(people)) or may_ask(subject, register)


def refused(command: Waive, by: Account, each: Reassessment, situation: Situation) -> Refusal | None:
    """Why this cannot be asked for; None if it only waits for a second person."""
    entry = situation.register.subjects.get(each.subject)
    if entry is None:
        return Refusal(
            f"{each.subject} cannot be read from the register now", "Run `reassay check` and mend what it names."
        )
    if each.state != "open":
        return Refusal(f"{each.id} is already {each.state}", "There is nothing to leave out.")
    known = grounds(entry.value, situation.register, situation.today)
    if command.condition not in known:
        stated = (
            f"Stated are {names(*(f'`{name}`' for name in known))}." if known else "None is stated (`reassess.unless`)."
        )
        return Refusal(f"'{command.condition}' is no ground for leaving this out", stated)
    allowed = may_ask(entry.value, situation.register)
    if by.login.lower() not in {login.lower() for login in allowed}:
        return Refusal(
            "only owner and assessors may waive it", f"That is {names(*(f'@{login}' for login in allowed))}."
        )
    longest = known[command.condition].after(situation.today)
    if not situation.today <= command.until <= longest:
        return Refusal(
            f"{command.until} is not between today and {longest}",
            "One interval may be left out, once: write a day within it.",
        )
    return None


def confirm(request: Request, by: Account, each: Reassessment, situation: Situation) -> Waiver | Refusal:
    """The waiver, if everything still holds and the second person is another one who may."""
    again = refused(request.command, request.by, each, situation)
    if again is not None:
        return again
    subject = situation.register.subjects[each.subject].value
    if by.id is None or by.id == request.asked.by:
        return Refusal("it takes a second person", "Somebody else has to confirm it.")
    allowed = may_confirm(subject, situation.register)
    if by.login.lower() not in {login.lower() for login in allowed}:
        others = [login for login in allowed if login.lower() != request.by.login.lower()]
        who = (
            names(*(f"@{login}" for login in others))
            if others
            else "nobody else: name an assessor or an approver in the register"
        )
        return Refusal("you may not confirm this", f"That is for {who}.")
    because = canonical(request.command.because)
    waived = Waived(
        reassessment=each.id,
        subject=each.subject,
        cells=each.cells,
        condition=request.command.condition,
        until=request.command.until,
        because=digest(because),
        asked=request.asked,
        confirmed_by=by.id,
    )
    return Waiver(waived, {digest(because): because})
