"""Status and plan as JSON documents, and status as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from reassay.assessment.cell_selection import Selection
from reassay.assessment.cells import AssessmentInput, CellStatus, summary
from reassay.assessment.subject_labels import NO_LABEL, SubjectLabel, subject_labels
from reassay.assessment.views.follow_ups import follow_ups_part
from reassay.assessment.views.sources import sources_part
from reassay.assessment.views.unreadable import unreadable_part
from reassay.common.csv_cells import neutralised

if TYPE_CHECKING:
    from reassay.assessment.schedule.forecast import Step

COLUMNS = (
    "subject", "deployment", "state", "due", "basis", "effectiveness", "reason", "scheduled", "kind", "due_at", "clock",
    "title", "owner",
)  # fmt: skip
"""Columns of the CSV, new ones last. `effectiveness` is the verdict with its basis, never the word alone."""


def status_document(
    cells: Sequence[CellStatus],
    assessment_input: AssessmentInput,
    provenance: dict[str, str],
    selection: Selection | None = None,
) -> dict[str, object]:
    """The document `reassay/status/v1`: `cells` of the whole register, or those of a selection from them."""
    labels = subject_labels(assessment_input)
    return {
        "schema": "reassay/status/v1",
        "at": assessment_input.now.isoformat(),
        **provenance,
        **unreadable_part(assessment_input),
        **sources_part(assessment_input),
        "filter": _filter(selection) if selection else None,
        "cells": [_cell(cell, labels) for cell in (selection.shown if selection else cells)],
        "follow_ups": follow_ups_part(assessment_input),
        "summary": dict(summary(tuple(cells))),
    }


def _filter(selection: Selection) -> dict[str, object] | None:
    """What the cells were chosen by; None where all are there."""
    chosen = selection.chosen
    if chosen.is_empty:
        return None
    return {"owner": chosen.owner, "states": sorted(chosen.states), "hidden": len(selection.hidden)}


def _cell(cell: CellStatus, labels: Mapping[str, SubjectLabel]) -> dict[str, object]:
    last, label = cell.last, labels.get(cell.subject, NO_LABEL)
    return {
        "mitigation": cell.subject if cell.kind == "mitigation" else None,
        "commitment": cell.subject if cell.kind == "commitment" else None,
        "title": label.title,
        "owner": label.owner,
        "deployment": cell.cell,
        "state": str(cell.state),
        "clock": str(cell.clock),
        "verdict": cell.verdict,
        "basis": cell.basis,
        "effectiveness": cell.effectiveness,
        "due": cell.due.isoformat() if cell.due else None,
        "due_at": cell.due_at.isoformat() if cell.due_at else None,
        "reason": cell.reason,
        "triggers": [{"kind": fired.kind, "reason": fired.reason} for fired in cell.fired],
        "last_decision": {
            "on": last.on.isoformat(),
            "provenance": last.provenance,
            "decision": last.decision,
            "record": last.record,
            "self_assessed": last.self_assessed,
            "not_measured": list(last.not_measured),
            "counts_in_favour": last.counts,
        }
        if last
        else None,
        "reassessment": cell.open.id if cell.open else None,
        "issue": cell.open.issue if cell.open else None,
        "scheduled": cell.scheduled.isoformat() if cell.scheduled else None,
    }


def status_csv(cells: Sequence[CellStatus], labels: Mapping[str, SubjectLabel] = MappingProxyType({})) -> str:
    """CSV with one row per cell; text that a spreadsheet would run as a formula is quoted."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for cell in cells:
        row = (
            cell.subject,
            cell.cell,
            cell.state,
            cell.due or "",
            cell.basis or "",
            cell.verdict,
            cell.reason,
            cell.scheduled or "",
            cell.kind,
            cell.due_at.isoformat() if cell.due_at else "",
            cell.clock,
            *(text or "" for text in labels.get(cell.subject, NO_LABEL)),
        )
        writer.writerow([neutralised(str(value)) for value in row])
    return text.getvalue()


def plan_document(
    steps: Sequence["Step"], assessment_input: AssessmentInput, provenance: dict[str, str]
) -> dict[str, object]:
    """The document `reassay/plan/v1`."""
    return {
        "schema": "reassay/plan/v1",
        "at": assessment_input.now.isoformat(),
        **provenance,
        **unreadable_part(assessment_input),
        **sources_part(assessment_input),
        "actions": [
            {
                "when": step.when.isoformat(),
                "kind": step.kind,
                "subject": step.subject,
                "reason": step.reason,
                "due": step.due.isoformat() if step.due else None,
                "due_at": step.due_at.isoformat() if step.due_at else None,
            }
            for step in steps
        ],
    }
