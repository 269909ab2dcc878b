"""Excel workbooks: cells are taken as they are, what Excel made of an id is said, and nothing is read without a bound."""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reassay.common.errors import UsageError
from reassay.imports.files import spreadsheet_files, workbook_files
from reassay.imports.files.formats import read_list
from reassay.imports.files.spreadsheet_files import ReadOptions
from reassay.imports.headers import MITIGATIONS
from reassay.imports.spreadsheet import Spreadsheet
from reassay.register.files import WorkingTree, read_register
from tests.examples import examples
from tests.unit.imports.sheets import run

HEADER = ("Nr", "Control", "Owner", "Frequency", "Last review")
AT = ("--at", "2026-12-01")
Cells = Sequence[object]


def on_disk(
    folder: Path, *rows: Cells, change: Callable[[Worksheet], None] = lambda _: None, name: str = "controls.xlsx"
) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Controls"
    for row in rows:
        sheet.append(list(row))
    change(sheet)
    book.save(folder / name)
    return folder / name


def read(file: Path, sheet: str | None = None) -> Spreadsheet:
    return read_list(file, ReadOptions(MITIGATIONS, sheet=sheet))


def imported(folder: Path, *rows: Cells, change: Callable[[Worksheet], None] = lambda _: None) -> tuple[int, str]:
    code, out, err = run("import", on_disk(folder, *rows, change=change), folder, *AT)
    assert err == "", err
    return code, out


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        ("text", "General", "text"),
        (date(2026, 6, 1), "dd.mm.yyyy", "2026-06-01"),
        (datetime(2026, 6, 1, 9, 30), "yyyy-mm-dd hh:mm", "2026-06-01 09:30"),  # noqa: DTZ001 -- a workbook has no zones
        (time(9, 30), "hh:mm", "09:30:00"),
        (7, "General", "7"),
        (7, "000", "007"),
        (1.1, "General", "1.1"),
        (1.1, "0.00", "1.10"),
        (100000.0, "0", "100000"),
        (1e20, "General", "1e+20"),
        (0.05, "0%", "5%"),
        (True, "General", "yes"),
        ("two\nlines", "General", "two\nlines"),
    ],
)
def test_a_cell_is_read_as_a_person_sees_it(tmp_path: Path, value: object, number_format: str, text: str) -> None:
    def formatted(sheet: Worksheet) -> None:
        sheet["A2"].number_format = number_format

    rows = read(on_disk(tmp_path, HEADER, [value], change=formatted)).rows
    assert (rows[1].number, rows[1].cells) == (2, (text,))


def test_a_workbook_becomes_a_register_with_its_dates_and_row_numbers(tmp_path: Path) -> None:
    rows = [["AI controls"], HEADER, [], ["C-1", "Filter", "Red Team", "Quarterly", date(2026, 6, 1)], ["C-2", "Probe"]]
    code, out = imported(tmp_path, *rows)
    assert code == 1
    assert "'controls.xlsx': 1 of 2 rows became mitigations; wrote framework/imported-mitigations.yml." in out
    assert "row 5 'C-2': it has no owner." in out
    mitigation = read_register(WorkingTree(tmp_path)).mitigations["c-1"].value
    assert (str(mitigation.every), mitigation.last_assessed) == ("P3M", date(2026, 6, 1))


def test_what_excel_made_of_an_id_is_said_and_never_guessed(tmp_path: Path) -> None:
    rows = [HEADER, [date(2026, 2, 1), "Filter", "o", date(2026, 6, 3)], [100000, "Probe", "o", "1 year"]]
    code, out = imported(tmp_path, *rows)
    assert code == 0
    assert (
        "'Nr', row 2: '2026-02-01' → id from the title: Excel stores a date here, and no longer the text that was typed."
        in out
    )
    assert "'Frequency', row 2: '2026-06-03' → left out: Excel stores a date here" in out
    assert "'Nr' has numbers (1), such as 100000: Excel makes 7 of 007, 1.1 of 1.10 and 100000 of 1E5." in out
    assert set(read_register(WorkingTree(tmp_path)).mitigations) == {"filter", "100000"}


def test_a_value_says_what_was_typed(tmp_path: Path) -> None:
    file = on_disk(tmp_path, HEADER, [date(2026, 2, 1), "Filter", "o", date(2026, 6, 3)])
    code, out, _ = run(
        "import", file, tmp_path, *AT, "--value", "Nr:2026-02-01=1-2", "--value", "2026-06-03=3-6 months"
    )
    assert code == 0
    assert "'Nr': '2026-02-01' → 1-2, by --value (row 2)" in out
    mitigation = read_register(WorkingTree(tmp_path)).mitigations["1-2"].value
    assert (str(mitigation.earliest), str(mitigation.interval)) == ("P3M", "P6M")


def test_ids_of_a_text_file_that_look_changed_are_kept_and_said(tmp_path: Path) -> None:
    file = tmp_path / "controls.csv"
    file.write_text("ID,Title,Owner\n2-Jan,A,o\n1.00E+05,B,o\nMAR-01,C,o\n")
    code, out, _ = run("import", file, tmp_path, *AT)
    assert code == 0
    assert "'2-Jan' → id: 2-jan: it looks like a date that Excel made of an id such as 1-2." in out
    assert "'1.00E+05' → id: 1-00e-05: it looks like a number that Excel made of an id such as 1E5." in out
    assert "MAR-01" not in out


def test_hidden_merged_and_uncalculated_cells_are_said(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["E"].hidden = True
        sheet.merge_cells("C2:C3")
        sheet["D2"] = '="1"&" year"'

    code, out = imported(tmp_path, HEADER, ["1", "A", "o"], ["2", "B", None], change=change)
    assert code == 1
    assert "Hidden rows were read, too (1): 3." in out
    assert "Hidden columns were read, too: E." in out
    assert "Merged cells (1), such as C2:C3: only the first cell has the text; --fill-down COLUMN" in out
    assert "Formulas without a stored value (1) were read as empty: D2. Open the workbook" in out
    assert "row 3 '2': it has no owner." in out
    assert run("import", tmp_path / "controls.xlsx", tmp_path, *AT, "--force", "--fill-down", "Owner")[0] == 0


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#BEZUG!", "#WERT!"])
def test_an_error_cell_is_left_out_and_said(tmp_path: Path, text: str) -> None:
    code, out = imported(tmp_path, HEADER, ["1", "A", "o", text])
    assert code == 0
    assert f"'Frequency', row 2: '{text}' → left out: the cell shows an error of the spreadsheet program." in out
    assert "1 of them never becomes due, because no interval is stated" in out


def several(folder: Path) -> Path:
    book = Workbook()
    book.worksheets[0].title = "Notes"
    book.worksheets[0].append(["Written by the safety team"])
    for title in ("Old", "Controls"):
        sheet = book.create_sheet(title)
        sheet.append(list(HEADER))
        sheet.append(["1", title, "o"])
    book["Old"].sheet_state = "hidden"
    book.save(folder / "several.xlsx")
    return folder / "several.xlsx"


def test_the_first_visible_sheet_with_a_header_is_read_and_the_others_are_said(tmp_path: Path) -> None:
    file = several(tmp_path)
    sheet = read(file)
    assert sheet.rows[1].cells == ("1", "Controls", "o")
    assert sheet.notes == (
        "The sheet 'Controls' was read. Not read: 'Notes' and 'Old' (hidden); to read one, add --sheet NAME.",
    )
    assert read(file, "Old").rows[1].cells == ("1", "Old", "o")
    with pytest.raises(UsageError) as refused:
        read(file, "Control")
    assert "there is no sheet 'Control'. Did you mean 'Controls'?" in str(refused.value)
    assert "Sheets are 'Notes', 'Old' (hidden) and 'Controls'." in str(refused.value)


def test_a_past_assessment_is_imported_from_a_workbook_too(tmp_path: Path) -> None:
    imported(tmp_path, HEADER, ["C-1", "Filter", "o", "1 year"])
    rows = [
        ("Control", "Date", "Ergebnis"),
        ("C-1", date(2026, 5, 5), "wirksam"),
        (date(2026, 2, 1), date(2026, 5, 6), "rot"),
    ]
    code, out, _ = run(
        "import-history", on_disk(tmp_path, *rows, name="past.xlsx"), tmp_path, *AT, "--attestor", "audit"
    )
    assert code == 1
    assert "1 of 2 rows became past assessments" in out
    assert "its mitigation '2026-02-01': Excel stores a date here" in out
    past = read_register(WorkingTree(tmp_path)).past_assessments["c-1-2026-05-05"].value
    assert (past.decision, past.source.file, past.source.row) == ("effective", "past.xlsx", 2)


def test_export_has_the_columns_of_a_workbook(tmp_path: Path) -> None:
    imported(tmp_path, HEADER, ["C-1", "Filter", "o", "yearly", date(2026, 6, 1)])
    code, out, _ = run("export", tmp_path, "--like", tmp_path / "controls.xlsx", *AT)
    assert code == 0
    assert out.splitlines()[1] == "C-1,Filter,o,yearly,2026-06-01"


def test_without_the_extra_the_error_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = on_disk(tmp_path, HEADER)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    code, _, err = run("import", file, tmp_path)
    assert code == 2
    assert "reading workbooks needs the extra 'xlsx'. Install it with: pip install \"reassay[xlsx]\"." in err


def test_bounds_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = on_disk(tmp_path, HEADER, *(["1", "A", "o"] for _ in range(8)))
    monkeypatch.setattr(spreadsheet_files, "MAX_ROWS", 5)
    monkeypatch.setattr(workbook_files, "MAX_ROWS", 5)
    with pytest.raises(UsageError, match="there are more than 5 rows"):
        read(file)
    monkeypatch.setattr(workbook_files, "MAX_UNPACKED", 1_000)
    with pytest.raises(UsageError, match="this workbook unpacks to 0 MiB"):
        read(file)


def test_a_workbook_that_unpacks_to_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    file = on_disk(tmp_path, HEADER)
    with ZipFile(file, "a") as parts, parts.open("xl/bomb.xml", "w") as part:
        part.write(b"")
    data = bytearray(file.read_bytes())
    # The stated size of the part in the central directory: 4 GiB minus 2 bytes.
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = b"\xfe\xff\xff\xff"
    file.write_bytes(data)
    with pytest.raises(UsageError, match=r"this workbook unpacks to 4,0\d\d MiB"):
        read(file)


def test_entities_of_xml_are_refused(tmp_path: Path) -> None:
    file = on_disk(tmp_path, HEADER)
    with ZipFile(file) as parts:
        contents = {name: parts.read(name) for name in parts.namelist()}
    sheet = contents["xl/worksheets/sheet1.xml"].replace(b"<?xml version='1.0' encoding='UTF-8'?>", b"")
    contents["xl/worksheets/sheet1.xml"] = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">]>' + sheet
    with ZipFile(file, "w") as parts:
        for name, content in contents.items():
            parts.writestr(name, content)
    with pytest.raises(UsageError, match="this workbook cannot be read"):
        read(file)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 not a zip", "this workbook cannot be read"),
        (b"\xd0\xcf\x11\xe0rest", "this is an old .xls workbook, or one with a password"),
        (b"Title,Owner\nA,o\n", ""),
    ],
)
def test_other_contents_under_the_name_of_a_workbook(tmp_path: Path, data: bytes, words: str) -> None:
    file = tmp_path / "controls.xlsx"
    file.write_bytes(data)
    if not words:
        assert len(read(file).rows) == 2
        return
    with pytest.raises(UsageError, match=words):
        read(file)


@pytest.mark.parametrize(
    ("name", "option"), [("controls.xlsx", "--encoding=utf-8"), ("c.csv", "--sheet=A"), ("c.json", "--separator=tab")]
)
def test_an_option_that_has_no_effect_on_a_format_is_refused(tmp_path: Path, name: str, option: str) -> None:
    file = on_disk(tmp_path, HEADER) if name.endswith("xlsx") else tmp_path / name
    if not file.exists():
        file.write_text("Title,Owner\nA,o\n")
    code, _, err = run("import", file, tmp_path, option)
    assert code == 2
    assert "on which this option has no effect. Leave it out." in err


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return on_disk(tmp_path_factory.mktemp("book"), HEADER, ["1", "A", "o", "1 year", date(2026, 6, 1)]).read_bytes()


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused_and_never_a_traceback(
    whole: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    at = data.draw(st.integers(4, len(whole) - 1))
    length = data.draw(st.integers(0, 40))
    damaged = whole[:at] + data.draw(st.binary(max_size=20)) + whole[at + length :]
    file = tmp_path_factory.getbasetemp() / "damaged.xlsx"
    file.write_bytes(damaged)
    # Any other exception fails the test.
    with suppress(UsageError):
        assert isinstance(read(file), Spreadsheet)
