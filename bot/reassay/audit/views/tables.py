"""The tables of a pack: their rows, CSV files, and columns on the page."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from reassay.audit.acts import ActRow
from reassay.audit.criterion_rows import CriterionRow
from reassay.audit.decisions import DecisionRow
from reassay.audit.evidence_rows import EvidenceRow
from reassay.audit.exceptions import ExceptionRow
from reassay.audit.figures import AuditFigures
from reassay.audit.follow_ups import FollowUpRow
from reassay.audit.gate_changes import GateChangeRow
from reassay.audit.obligations import Obligation
from reassay.audit.population import CellRow
from reassay.audit.roles import RoleRow
from reassay.audit.runs import RunRow
from reassay.audit.sample import SampleRow
from reassay.audit.sign_offs import SignOffRow
from reassay.common.csv_cells import neutralised
from reassay.common.inert import plain


def to_csv(kind: type, rows: Sequence[object]) -> bytes:
    """CSV in UTF-8 with a header and line feeds. Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    names = [field.name for field in fields(kind)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([neutralised(shown(getattr(row, name))) for name in names] for row in rows)
    return text.getvalue().encode("utf-8", "backslashreplace")


def shown(value: object) -> str:
    """A value as one line for CSV and page: yes or no, ISO dates, lists joined with `; `, "" for None."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}Z"
        case date():
            return value.isoformat()
        case tuple():
            return "; ".join(shown(item) for item in value)
        case _:
            return plain(str(value))


MOST_ROWS = 1000
"""Rows that the page shows at most; the CSV file has all."""
TABLES: Mapping[str, type] = {
    "population": CellRow,
    "obligations": Obligation,
    "decisions": DecisionRow,
    "criteria": CriterionRow,
    "evidence": EvidenceRow,
    "changes": GateChangeRow,
    "exceptions": ExceptionRow,
    "sign_offs": SignOffRow,
    "acts": ActRow,
    "follow_ups": FollowUpRow,
    "roles": RoleRow,
    "runs": RunRow,
    "sample": SampleRow,
}
"""Field of the figures and stem of the CSV file -> type of its rows."""
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "population": {
        "subject": "subject", "title": "title", "cell": "deployment", "state": "state", "due": "due",
        "due_at": "due at", "basis": "basis",
        "effectiveness": "effectiveness", "last_on": "last decided", "last_record": "record", "open_record": "open now",
    },
    "obligations": {
        "subject": "subject", "record": "record", "cells": "deployments", "outcome": "outcome", "due": "due",
        "due_at": "due at",
        "days_late": "days late", "closed_on": "closed on", "verdict": "decision", "extensions": "extensions",
        "note": "note",
    },
    "decisions": {
        "record": "record", "decided_on": "decided on", "subject": "subject", "cells": "deployments",
        "verdict": "decision", "criteria": "criteria", "deployment_decision": "deployment", "self_assessed": "self-assessed",
        "by": "by", "standing": "entry", "corrections": "since then", "because": "because",
    },
    "criteria": {
        "record": "record", "decided_on": "decided on", "subject": "subject", "decision": "decision", "criterion": "criterion",
        "verdict": "verdict", "basis": "basis",
    },
    "evidence": {
        "record": "record", "attached_on": "attached on", "subject": "subject", "criterion": "criterion",
        "evidence": "kind", "provenance": "provenance", "counted": "counted", "tool": "tool", "metric": "metric",
        "attempted": "attempted", "outcomes": "outcomes", "unscored": "unscored", "errored": "errored",
        "problems": "problems", "by": "by",
    },
    "changes": {
        "request": "request", "objects": "objects", "direction": "direction", "verdict": "let in", "merged": "merged",
        "merged_on": "on", "merged_by": "shown by", "signed": "signed", "answers": "answers", "decided": "decided before",
        "overridden": "overridden", "bypassed": "bypassed", "held": "held", "dissented": "dissents", "withdrawn": "taken back",
    },
    "exceptions": {
        "what": "what", "on": "on", "seq": "entry", "record": "record", "subject": "subject", "by": "by",
        "second": "second person", "until": "until", "status": "status", "text": "in their words",
    },
    "sign_offs": {
        "record": "record", "pull": "pull request", "seq": "entry", "subject": "subject", "by": "by", "role": "role",
        "says": "says",
        "items": "items", "opened_at": "opened (UTC)", "signed_at": "signed (UTC)", "minutes": "minutes between",
        "taken_back": "taken back",
    },
    "follow_ups": {
        "due": "due", "status": "status", "days_past_due": "days past due", "record": "record", "subject": "subject",
        "promised_on": "promised on", "done_on": "said done on", "done_by": "by", "verified_on": "verified on",
        "verified_by": "by another", "decided_again": "decided again in", "text": "what",
    },
    "roles": {
        "role": "role", "people": "account ids", "logins": "logins", "unresolved": "names without account",
        "recorded_on": "recorded on",
        "seq": "entry",
    },
    "runs": {
        "run": "run", "subject": "subject", "criterion": "criterion", "arm": "arm", "state": "state",
        "provenance": "provenance", "started_at": "started (UTC)", "ended_at": "ended (UTC)", "planned": "planned",
        "workflow": "workflow", "why": "why",
    },
    "sample": {
        "rank": "rank", "record": "record", "seq": "entry", "decided_on": "decided on", "subject": "subject",
        "verdict": "decision", "digest": "digest",
    },
}  # fmt: skip
"""Table -> field -> heading, for the columns that the page shows."""
STAND_OUT = frozenset(
    {
        "withdraw-ordered",
        "restrict-ordered",
        "ineffective",
        "degraded",
        "overdue",
        "late",
        "missed",
        "not opened",
        "past due",
        "not ratified",
        "unknown",
        "lasts at the end",
        "not covered",
        "bypassed",
        "overridden",
        "unreadable",
        "failed",
        "cancelled",
        "abandoned",
    }
)
"""Values that the page highlights."""
NUMBERS = frozenset(
    {"days_late", "extensions", "minutes", "days_past_due", "unresolved", "rank", "seq", "pull", "planned"}
)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of the page."""

    name: str
    heading: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the page; every cell is text, and none of it is trusted."""

    caption: str
    file: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int
    """Number of rows that only the CSV file has."""


def csv_files(figures: AuditFigures) -> Mapping[str, bytes]:
    """Every table as CSV, by file name."""
    return {f"{name}.csv": to_csv(kind, getattr(figures, name)) for name, kind in TABLES.items()}


def table(name: str, caption: str, rows: Sequence[object]) -> Table:
    """Rows of a table for the page, without empty columns."""
    wanted = COLUMNS[name]
    texts = [tuple(shown(getattr(row, field)) for field in wanted) for row in rows[:MOST_ROWS]]
    used = [place for place in range(len(wanted)) if any(row[place] for row in texts)] or list(range(len(wanted)))
    every = [TableColumn(field, heading, field in NUMBERS) for field, heading in wanted.items()]
    return Table(
        caption,
        f"{name}.csv",
        tuple(every[place] for place in used),
        tuple(tuple(row[place] for place in used) for row in texts),
        max(0, len(rows) - MOST_ROWS),
    )
