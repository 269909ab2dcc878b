"""The issue about what waits for triage: its title and its text, made from the present state alone."""

from collections.abc import Mapping, Sequence
from typing import Final

from reassay.assessment.authority import callers
from reassay.assessment.cells import AssessmentInput
from reassay.assessment.triage import RecentImport, WaitingSignal, recent_imports, waiting_signals
from reassay.common.calendar import day_words, local_date
from reassay.common.environment import render
from reassay.common.inert import inert_title
from reassay.common.sentences import count_words
from reassay.people.people import may_act
from reassay.signals.received_words import words_of

NAME: Final = "triage"
"""The name in the issue's marker, in place of the id of a re-assessment."""
MOST_LISTED: Final = 100
"""Signals that the text lists; the rest are counted."""
MOST_PEOPLE: Final = 10
"""People that the text addresses."""


def triage_title(assessment_input: AssessmentInput) -> str:
    """`Triage 3 signals, the first by Tue 8 Dec 2026`."""
    waiting, imports = waiting_signals(assessment_input), recent_imports(assessment_input)
    if not waiting:
        items = sum(own.count for own in imports)
        return inert_title(f"Look at {count_words(items, 'item')} that set only a baseline")
    first = day_words(waiting[0].due, year=True)
    return inert_title(
        f"Triage {count_words(len(waiting), 'signal')}, {'the first ' if len(waiting) > 1 else ''}by {first}"
    )


def triage_text(assessment_input: AssessmentInput, objects: Mapping[str, object]) -> str:
    """What waits, with what its source says of it; nothing in it changes from day to day."""
    waiting, imports = waiting_signals(assessment_input), recent_imports(assessment_input)
    return render(
        "sweep/triage",
        people=triage_people(waiting, assessment_input),
        rows=[_row(own, assessment_input, objects) for own in waiting[:MOST_LISTED]],
        more=max(0, len(waiting) - MOST_LISTED),
        example=waiting[0].id if waiting else "",
        has_incidents=any(own.recorded.signal.gives == "incident" for own in waiting),
        imports=[_import(own) for own in imports],
    )


def _import(own: RecentImport) -> dict[str, object]:
    return {"source": own.source, "on": own.on, "words": count_words(own.count, "item")}


def _row(own: WaitingSignal, assessment_input: AssessmentInput, objects: Mapping[str, object]) -> dict[str, object]:
    signal, zone = own.recorded.signal, assessment_input.register.configuration.timezone
    words = words_of(objects, signal.text)
    kind = f"{signal.severity} {signal.incident_kind}" if signal.gives == "incident" else str(signal.information_kind)
    return {
        "id": own.id,
        "title": words.title if words else "its text was not loaded",
        "url": words.url if words and words.url else "",
        "source": own.recorded.source,
        "kind": kind.replace("-", " "),
        "since": local_date(signal.first_seen_at, zone),
        "due": own.due,
        "affects": own.affects,
        "is_withdrawn": signal.withdrawn,
    }


def triage_people(waiting: Sequence[WaitingSignal], assessment_input: AssessmentInput) -> tuple[str, ...]:
    """People who may triage the waiting signals: assessors and others of the mitigations that it names, owners last."""
    register, today = assessment_input.register, assessment_input.today
    names = dict.fromkeys(name for own in waiting for name in own.affects if name in register.subjects)
    subjects = [register.subjects[name].value for name in names]
    owners = {subject.owner for subject in subjects}
    roles = dict.fromkeys(role for subject in subjects for role in callers(subject, register, today))
    ordered = sorted(roles, key=lambda role: role in owners)
    people = (login for role in ordered for login in may_act(role, register, assessment_input.people, today))
    return tuple(dict.fromkeys(people))[:MOST_PEOPLE]
