"""Rows of typed values as CSV. One column for each field, so that a table has no column that the rows have not."""

import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime

from reassay.common.csv_cells import neutralised
from reassay.common.inert import plain


def to_csv(kind: type, rows: Sequence[object]) -> bytes:
    """UTF-8 with a header; lines end in a line feed. Text that a spreadsheet would run begins with an apostrophe."""
    names = [field.name for field in fields(kind)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([neutralised(shown(getattr(row, name))) for name in names] for row in rows)
    return text.getvalue().encode("utf-8", "backslashreplace")


def shown(value: object) -> str:
    """A value in one line, the same in CSV and page: yes and no, ISO dates, lists with `; `, nothing for None."""
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
            return "; ".join(shown(each) for each in value)
        case _:
            return plain(str(value))
