"""Rows of typed values as CSV, one column for each field."""

import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime

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
