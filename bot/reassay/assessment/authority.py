"""Who may do what, by role: the rows of the table of commands."""

from collections.abc import Iterator
from datetime import date

from reassay.assessment.cells import Situation
from reassay.assessment.rules import rules_for
from reassay.assessment.subjects import not_assessed
from reassay.assessment.triggers.clocks import flat
from reassay.common.sentences import names
from reassay.people.account import Account
from reassay.people.people import Seat, holds, seat
from reassay.register.assessable import Assessable
from reassay.register.finding import did_you_mean
from reassay.register.register import Register
from reassay.register.trigger_specs import ManualSpec


def assessors(subject: Assessable) -> tuple[str, ...]:
    """Roles that assess; the owner where none is named."""
    return subject.assessor_names or (subject.owner,)


def parties(subject: Assessable) -> tuple[str, ...]:
    """Owner and assessors."""
    return tuple(dict.fromkeys((subject.owner, *subject.assessor_names)))


def approvers(subject: Assessable) -> tuple[str, ...]:
    """Roles that approve, where steps are stated; else owner and assessors, who then watch each other."""
    steps = tuple(dict.fromkeys(step.role for step in subject.approval if step.kind == "approve"))
    return steps or parties(subject)


def everyone(subject: Assessable, register: Register) -> tuple[str, ...]:
    """Every role that has to do with a subject, and every role that is declared."""
    named = (item.role for item in subject.checklist if item.role)
    steps = (step.role for step in subject.approval)
    return tuple(dict.fromkeys((*parties(subject), *steps, *named, *register.configuration.roles)))


def callers(subject: Assessable, register: Register, today: date) -> tuple[str, ...]:
    """Roles that may ask for a re-assessment, assert a condition, triage, or put a hold on it."""
    return tuple(dict.fromkeys((*parties(subject), *_called_by_trigger(subject, register, today), *approvers(subject))))


def on_call(subject: Assessable, register: Register) -> tuple[str, ...]:
    """Who may contain at once."""
    return (register.configuration.on_call or subject.owner,)


def _called_by_trigger(subject: Assessable, register: Register, today: date) -> Iterator[str]:
    specs = flat(rule.spec for rule in rules_for(subject, register, today))
    return (role for each in specs if isinstance(each, ManualSpec) for role in each.roles)


def may_not_call(subject: str, by: Account, situation: Situation) -> tuple[str, str] | None:
    """Why somebody may not ask for a re-assessment, and what to do; None if they may."""
    register, today = situation.register, situation.today
    entry = register.subjects.get(subject)
    if entry is None:
        hint = did_you_mean(subject, register.subjects).replace("'", "`")
        return f"no mitigation or commitment is called '{subject}'", hint or "`reassay status` lists them."
    stopped = not_assessed(entry.value, register, today)
    if stopped:
        return f"{subject} is not re-assessed: {stopped}", "Change that in the register first."
    roles = tuple(dict.fromkeys((*parties(entry.value), *_called_by_trigger(entry.value, register, today))))
    if any(seat(by, role, register, situation.people, today) for role in roles):
        return None
    people = tuple(dict.fromkeys(login for role in roles for login in register.configuration.people(role)))
    return f"asking for it takes {' or '.join(roles)}", f"That is {names(*(f'@{each}' for each in people))}."


def owns(by: Account, subject: Assessable, situation: Situation) -> bool:
    """Whether somebody is the owner of what is assessed: then their assessment of it is a self-assessment."""
    return holds(by, subject.owner, situation.register, situation.people)


def own_seat(by: Account, roles: tuple[str, ...], situation: Situation) -> Seat | None:
    """How somebody may act today in the first of some roles that is open to them."""
    found = (seat(by, role, situation.register, situation.people, situation.today) for role in roles)
    return next((each for each in found if each), None)
