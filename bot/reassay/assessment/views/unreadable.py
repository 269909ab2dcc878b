"""Unreadable entries as a line of text and as a part of JSON documents."""

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.unreadable import UnreadableObject
from reassay.assessment.unreadable_cells import last_known_cells
from reassay.register.register import Register

LONGEST_LIST = 3
"""Number of entries, and of places, that a line names."""


def unreadable_part(assessment_input: AssessmentInput) -> dict[str, object]:
    """The keys `errors` and `unreadable`, which every document about cells has."""
    index = assessment_input.register_index
    return {
        "errors": len(assessment_input.register.errors),
        "unreadable": [_object(own, assessment_input) for own in index.unreadable],
    }


def _object(own: UnreadableObject, assessment_input: AssessmentInput) -> dict[str, object]:
    is_subject = own is assessment_input.register_index.unreadable_subjects.get(own.id or "")
    return {
        "kind": own.kind,
        "id": own.id,
        "owner": own.owner,
        "cells": list(last_known_cells(own, assessment_input)) if is_subject else [],
        "path": own.finding.at.path,
        "line": own.finding.at.line,
        "message": own.finding.message,
        "since": own.since.isoformat() if own.since else None,
    }


def unreadable_words(assessment_input: AssessmentInput) -> str:
    """Such as `1 entry cannot be read: jailbreak-filter, framework/m.yml:4`; empty if every entry can be read."""
    unreadable = assessment_input.register_index.unreadable
    names = list(dict.fromkeys(own.id for own in unreadable if own.id))
    places = list(dict.fromkeys([*(own.place for own in unreadable), *_places(assessment_input.register)]))
    if not names:
        return f"The register has errors: {_shortened(places)}" if places else ""
    subject = "1 entry cannot be read" if len(names) == 1 else f"{len(names)} entries cannot be read"
    return f"{subject}: {_shortened(sorted(names))}, {_shortened(places)}"


def _places(register: Register) -> list[str]:
    return [f"{finding.at.path}:{finding.at.line}" for finding in register.errors]


def _shortened(items: list[str]) -> str:
    more = len(items) - LONGEST_LIST
    return f"{', '.join(items[:LONGEST_LIST])}{f' and {more} more' if more > 0 else ''}"
