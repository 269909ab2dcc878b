"""Authority: the roles that may use each command on a subject."""

from collections.abc import Iterator
from datetime import date

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.joined import approval_steps, assessor_roles, extra_items
from reassay.assessment.rules import rules_for
from reassay.assessment.subjects import not_assessed
from reassay.assessment.triggers.clocks import flat
from reassay.common.sentences import alternatives
from reassay.people.account import Account
from reassay.people.people import Seat, holds, seat
from reassay.register.assessable import Assessable
from reassay.register.finding import did_you_mean
from reassay.register.register import Register
from reassay.register.trigger_specs import ManualSpec


def assessors(subject: Assessable, register: Register, today: date) -> tuple[str, ...]:
    """The roles that assess a subject; its owner if none is named."""
    return assessor_roles(subject, register, today) or (subject.owner,)


def parties(subject: Assessable, register: Register, today: date) -> tuple[str, ...]:
    """The owner and the assessors of a subject."""
    return tuple(dict.fromkeys((subject.owner, *assessor_roles(subject, register, today))))


def approvers(subject: Assessable, register: Register, today: date) -> tuple[str, ...]:
    """The roles of its approval steps; owner and assessors if it has none."""
    asked = (own.step for own in approval_steps(subject, register, today))
    steps = tuple(dict.fromkeys(step.role for step in asked if step.kind == "approve"))
    return steps or parties(subject, register, today)


def everyone(subject: Assessable, register: Register, today: date) -> tuple[str, ...]:
    """Every role that a subject names, and that commitments name for it, then every declared role."""
    named = (own.item.role for own in extra_items(subject, register, today) if own.item.role)
    steps = (own.step.role for own in approval_steps(subject, register, today))
    return tuple(dict.fromkeys((*parties(subject, register, today), *steps, *named, *register.configuration.roles)))


def callers(subject: Assessable, register: Register, today: date) -> tuple[str, ...]:
    """The roles that may request a re-assessment, assert a condition, triage or hold."""
    called = _called_by_trigger(subject, register, today)
    roles = (*parties(subject, register, today), *called, *approvers(subject, register, today))
    return tuple(dict.fromkeys(roles))


def on_call(subject: Assessable, register: Register) -> tuple[str, ...]:
    """The roles that may contain: on call, or the owner if nobody is configured."""
    return (register.configuration.on_call or subject.owner,)


def _called_by_trigger(subject: Assessable, register: Register, today: date) -> Iterator[str]:
    specs = flat(rule.spec for rule in rules_for(subject, register, today))
    return (role for spec in specs if isinstance(spec, ManualSpec) for role in spec.roles)


def may_not_call(subject: str, by: Account, assessment_input: AssessmentInput) -> tuple[str, str] | None:
    """Why an account may not request a re-assessment, and what to do next; None if it may."""
    register, today = assessment_input.register, assessment_input.today
    entry = register.subjects.get(subject)
    lost = assessment_input.register_index.unreadable_subjects.get(subject)
    if entry is None and lost is not None:
        return f"the register entry of {subject} cannot be read ({lost.place})", "Fix it first, then comment again."
    if entry is None:
        hint = did_you_mean(subject, register.subjects).replace("'", "`")
        return f"no mitigation or commitment is called '{subject}'", hint or "`reassay status` lists them."
    stopped = not_assessed(entry.value, register, today)
    if stopped:
        return f"{subject} is not re-assessed: {stopped}", "Change that in the register first, then comment again."
    roles = tuple(
        dict.fromkeys((*parties(entry.value, register, today), *_called_by_trigger(entry.value, register, today)))
    )
    if any(seat(by, role, register, assessment_input.people, today) for role in roles):
        return None
    people = tuple(dict.fromkeys(login for role in roles for login in register.configuration.people(role)))
    return f"only {alternatives(*roles)} can request it", f"Ask {alternatives(*(f'@{login}' for login in people))}."


def owns(by: Account, subject: Assessable, assessment_input: AssessmentInput) -> bool:
    """Whether an account holds the role of the owner, so that its assessment is a self-assessment."""
    return holds(by, subject.owner, assessment_input.register, assessment_input.people)


def own_seat(by: Account, roles: tuple[str, ...], assessment_input: AssessmentInput) -> Seat | None:
    """The first of some roles in which an account may act today; None if there is none."""
    seats = (
        seat(by, role, assessment_input.register, assessment_input.people, assessment_input.today) for role in roles
    )
    return next((open_seat for open_seat in seats if open_seat), None)
