"""Sheets to read: bytes on disk, and what the command line makes of them."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from reassay.cli import main
from reassay.imports.columns import Layout, lay_out, read_map
from reassay.imports.files.spreadsheet_files import ReadOptions, read_sheet
from reassay.imports.headers import MITIGATIONS, Guide
from reassay.imports.mitigations import ImportedMitigations, import_mitigations
from reassay.imports.names import DeclaredNames
from reassay.imports.row_reader import ImportOptions
from reassay.imports.spreadsheet import SheetRow, Spreadsheet

EXAMPLE = Path(__file__).parents[3] / "examples" / "spreadsheet"
TODAY = date(2026, 12, 1)


def on_disk(folder: Path, data: str | bytes, name: str = "controls.csv") -> Path:
    file = folder / name
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return file


def read(folder: Path, data: str | bytes, *, encoding: str | None = None, separator: str | None = None) -> Spreadsheet:
    return read_sheet(on_disk(folder, data), ReadOptions(MITIGATIONS, (), encoding, separator))


def in_memory(*rows: Sequence[str]) -> Spreadsheet:
    numbered = tuple(SheetRow(number, tuple(cells)) for number, cells in enumerate(rows, start=1))
    return Spreadsheet("controls.csv", f"sha256:{'0' * 64}", tuple(row for row in numbered if not row.is_blank))


def laid_out(
    *rows: Sequence[str], maps: Sequence[str] = (), guide: Guide = MITIGATIONS, header: int | None = None
) -> Layout:
    return lay_out(in_memory(*rows), guide, [read_map(each, guide) for each in maps], header)


def imported(
    *rows: Sequence[str], declared: DeclaredNames | None = None, choices: ImportOptions | None = None
) -> ImportedMitigations:
    return import_mitigations(laid_out(*rows), declared or DeclaredNames(), choices or ImportOptions(TODAY))


def run(*arguments: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = main([str(each) for each in arguments], out, err)
    return code, out.getvalue(), err.getvalue()
