"""Departures: people who signed in a role and have left it since."""

from collections.abc import Sequence

from reassay.assessment.cells import AssessmentInput
from reassay.common.calendar import day_words, local_date
from reassay.ledger.sweep_records import RoleChanged
from reassay.people.account import Account
from reassay.people.people import holds, recorded_role, spoken_role


def departed(role: str, person: int, roles: Sequence[str], assessment_input: AssessmentInput) -> str:
    """Why an account no longer counts in a recorded role, with the day if it is recorded; empty if it holds the role.

    `roles` are those that may sign. Nothing is said where GitHub was not asked: roles are not proved then.
    """
    register, people = assessment_input.register, assessment_input.people
    if not people.is_known:
        return ""
    own = (name for name in roles if role in {name, recorded_role(name, register, people)})
    if any(holds(Account("", person), name, register, people) for name in own):
        return ""
    day = _since(role, person, assessment_input)
    return f"they no longer hold {spoken_role(role, people)}{f' since {day}' if day else ''}"


def _since(role: str, person: int, assessment_input: AssessmentInput) -> str:
    """The day on which the departure was recorded, in words; empty if it is not recorded yet."""
    day = ""
    for record, body in assessment_input.history.records_of(RoleChanged):
        if body.role == role:
            is_gone = person not in body.people
            zone = assessment_input.register.configuration.timezone
            day = (day or day_words(local_date(record.at, zone), year=True)) if is_gone else ""
    return day
