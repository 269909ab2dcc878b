"""Changes that Excel makes to typed texts: `1-2` becomes a date, `1E5` and `007` numbers, `1.10` becomes 1.1.

What was typed is not in the file any more, so it is never guessed: a date in the place of an id or an interval is left out,
and numbers in their place are remarked on.
"""

import re
from collections.abc import Iterator
from typing import Final

from reassay.imports.columns import Column, Layout
from reassay.imports.spreadsheet import CellKind
from reassay.register.finding import quoted

NEVER_DATES: Final = frozenset({"id", "every", "standards", "mitigation"})
"""Fields whose texts look like dates to Excel: ids such as 1-2, ranges such as 3-6, controls such as 5.1."""
_IDS: Final = frozenset({"id", "standards", "mitigation"})
DATE_WHY: Final = "Excel stores a date here, and no longer the text that was typed"
DATE_REMEDY: Final = "Format the column as Text in Excel, type it again, and import again; or add --value 'TEXT=VALUE'."
_SHOWN: Final = re.compile(r"\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-\d{2}|\d{1,2}\. ?[A-Z][a-zä]{2}")
"""Dates as Excel shows them for `1-2` and `Feb 26` in English and German. `MAR-01` in capitals is an id."""
_SCIENTIFIC: Final = re.compile(r"\d[.,]?\d*E\+\d+")
_ERROR: Final = re.compile(r"#[^\W\d_]{2,}[/\w]*[!?]|#DIV/0!|#N/?A|#NV|#NULL!", re.IGNORECASE)


def is_error(text: str) -> bool:
    """Whether a text is an error of a spreadsheet program: `#REF!`, `#BEZUG!`, `#N/A`."""
    return _ERROR.fullmatch(text.strip()) is not None


def looks_changed(text: str) -> str:
    """Why an id of a text file looks as if Excel had changed it; "" if it does not."""
    if _SHOWN.fullmatch(text):
        return "it looks like a date that Excel made of an id such as 1-2"
    if _SCIENTIFIC.fullmatch(text):
        return "it looks like a number that Excel made of an id such as 1E5"
    return ""


def number_remarks(layout: Layout) -> Iterator[str]:
    """Sentences about columns of ids whose cells are numbers in the workbook."""
    for column in layout.columns:
        if column.field not in _IDS:
            continue
        texts = _numbers(layout, column)
        if texts:
            example = next((text for text in texts if "." in text), texts[0])
            yield (
                f"{quoted(column.name)} has numbers ({len(texts)}), such as {example}: Excel makes 7 of 007, 1.1 of 1.10 and "
                "100000 of 1E5. If one is wrong, format the column as Text and type it again."
            )


def _numbers(layout: Layout, column: Column) -> list[str]:
    return [row.at(column.index) for row in layout.rows if row.kind_at(column.index) is CellKind.NUMBER]
