"""The issue about what cannot be read in the register: its title and its text, made from the present state alone."""

from collections.abc import Sequence
from datetime import date

from reassay.assessment.cells import AssessmentInput, CellStatus, State
from reassay.assessment.unreadable import CONFIGURATION, SUBJECTS, UnreadableObject
from reassay.common.calendar import day_words
from reassay.common.environment import render
from reassay.common.inert import inert_title
from reassay.common.sentences import count_words, names
from reassay.people.people import may_act
from reassay.sweep.views.configuration import unreadable_words

NAME = "unreadable"
"""The name in the issue's marker, in place of the id of a re-assessment."""
MOST_NAMED = 3
"""Mitigations that the title names; the rest are counted."""
LONGEST_TITLE = 256
"""Characters that GitHub takes; ids may have a hundred each."""
MOST_LISTED = 100
"""Entries that the text lists; the rest are counted."""


def unreadable_title(unreadable: Sequence[UnreadableObject], since: date) -> str:
    """`The register has 1 error: jailbreak-filter is not watched since Wed 9 Dec 2026`."""
    longer = [_title(unreadable, since, most) for most in range(MOST_NAMED, 0, -1)]
    return next((title for title in longer if len(title) <= LONGEST_TITLE), longer[-1])


def _title(unreadable: Sequence[UnreadableObject], since: date, most: int) -> str:
    errors = len({own.finding for own in unreadable})
    subjects = list(dict.fromkeys(own.id for own in unreadable if own.id and own.kind in {*SUBJECTS, None}))
    day = day_words(since, year=True)
    if subjects:
        shown = subjects if len(subjects) <= most else [*subjects[:most], f"{len(subjects) - most} more"]
        what = f"{names(*shown)} {'is' if len(subjects) == 1 else 'are'} not watched since {day}"
    elif _is_configuration(unreadable):
        what = f"the configuration cannot be read since {day}"
    else:
        what = f"{unreadable[0].name} cannot be read since {day}"
    return inert_title(f"The register has {count_words(errors, 'error')}: {what}")


def unreadable_text(assessment_input: AssessmentInput, branch: str, since: date) -> str:
    """What cannot be read, why, whose it is, and its last known cells; nothing in it changes from day to day."""
    unreadable = assessment_input.register_index.unreadable
    last = assessment_input.last_readable
    return render(
        "sweep/unreadable",
        branch=branch,
        since=since,
        is_configuration=_is_configuration(unreadable),
        configuration=unreadable_words(assessment_input.register, branch),
        people=_addressed(unreadable, assessment_input),
        rows=[_row(own, assessment_input) for own in unreadable[:MOST_LISTED]],
        more=max(0, len(unreadable) - MOST_LISTED),
        commit=last.commit[:7] if last else "",
    )


def _is_configuration(unreadable: Sequence[UnreadableObject]) -> bool:
    """Whether the configuration is all that cannot be read."""
    return all(own.kind == CONFIGURATION for own in unreadable)


def _row(own: UnreadableObject, assessment_input: AssessmentInput) -> dict[str, object]:
    cells = [cell for cell in assessment_input.cells if cell.state is State.UNREADABLE and cell.subject == own.id]
    return {
        "name": own.name,
        "place": own.place,
        "message": own.finding.message,
        "remedy": own.finding.remedy,
        "is_declared": own.is_declared,
        "owner": own.owner or "",
        "people": people_behind(own.owner, assessment_input) if own.owner else (),
        "cells": [_cell(cell) for cell in cells] if own.kind in {*SUBJECTS, None} else [],
    }


def _cell(cell: CellStatus) -> dict[str, object]:
    return {"cell": cell.cell, "verdict": cell.verdict if cell.last else "", "due": cell.due, "due_at": cell.due_at}


def _addressed(unreadable: Sequence[UnreadableObject], assessment_input: AssessmentInput) -> tuple[str, ...]:
    """The last known owners; for the configuration, and where no owner is known, who signs changes of the policy."""
    owners = [own.owner for own in unreadable if own.owner]
    if any(own.kind == CONFIGURATION for own in unreadable) or not owners:
        owners += [step.role for step in assessment_input.register.configuration.gate.policy]
    if not owners:
        owners = [entry.value.owner for entry in assessment_input.register.subjects.values()]
    people = (login for role in dict.fromkeys(owners) for login in people_behind(role, assessment_input))
    return tuple(dict.fromkeys(people))


def people_behind(role: str, assessment_input: AssessmentInput) -> tuple[str, ...]:
    """Logins of those who may act in the last known role of something that cannot be read."""
    register, directory = assessment_input.register, assessment_input.people
    # An owner that the register does not name any more was not asked for: the name is the account as far as is known.
    return may_act(role, register, directory, assessment_input.today) or register.configuration.people(role)
