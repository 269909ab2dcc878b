"""Traits of a sheet that openpyxl's quick mode does not read: hidden rows and columns, merged cells, formulas without a value."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, TYPE_CHECKING, Final, TypeVar
from zipfile import ZipFile

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MOST: Final = 10_000
"""Most traits of one kind that are listed."""
_LAST_COLUMN: Final = 16_384
T = TypeVar("T")


@dataclass(slots=True)
class SheetTraits:
    """Traits of one sheet, in order."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    """Letters: `D`, `F-H`."""
    merged: list[str] = field(default_factory=list)
    """Ranges: `A4:A7`."""
    uncalculated: list[str] = field(default_factory=list)
    """Cells with a formula that no program has calculated yet."""


def read_traits(data: bytes, sheet: object) -> SheetTraits:
    """The traits of a sheet of a workbook. Raises the errors of zipfile and defusedxml."""
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415 -- an extra

    # openpyxl names the part of a sheet nowhere else.
    part = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
    traits = SheetTraits()
    with ZipFile(BytesIO(data)) as parts, parts.open(part) as opened:
        _walk(iterparse, opened, traits)
    return traits


def _walk(iterparse: object, opened: IO[bytes], traits: SheetTraits) -> None:
    assert callable(iterparse)  # noqa: S101 -- defusedxml has no types
    row = 0
    for event, element in iterparse(opened, events=("start", "end")):
        tag = element.tag.rpartition("}")[2]
        if event == "start":
            if tag == "row":
                row = int(element.get("r") or row + 1)
                _add(traits.hidden_rows, row, when=_is_true(element.get("hidden")))
            continue
        match tag:
            case "c":
                _cell(element, row, traits)
            case "col" if _is_true(element.get("hidden")):
                _add(traits.hidden_columns, _columns(element), when=True)
            case "mergeCell":
                _add(traits.merged, str(element.get("ref")), when=True)
            case "row":
                element.clear()
            case _:
                pass


def _cell(element: "Element", row: int, traits: SheetTraits) -> None:
    parts = {child.tag.rpartition("}")[2]: child.text for child in element}
    # A formula that gives an empty text has the type `str`.
    is_empty = "f" in parts and not parts.get("v") and element.get("t") != "str"
    _add(traits.uncalculated, str(element.get("r") or f"row {row}"), when=is_empty)


def _columns(element: "Element") -> str:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 -- an extra

    first, last = (min(int(element.get(name) or 1), _LAST_COLUMN) for name in ("min", "max"))
    letters = get_column_letter(first)
    return letters if last <= first else f"{letters}-{get_column_letter(last)}"


def _is_true(text: str | None) -> bool:
    return text in {"1", "true"}


def _add(to: list[T], item: T, *, when: bool) -> None:
    if when and len(to) < _MOST:
        to.append(item)
