"""Whatever spreadsheet programs write is read, or refused with what to do. Nothing is read without a bound."""

from pathlib import Path

import pytest

from reassay.common.errors import UsageError
from reassay.imports.files import spreadsheet_files, text_decoding
from tests.unit.imports.sheets import on_disk, read

TEXT = "Control ID,Title,Owner\r\n1,Größe in € geprüft,Sicherheit\r\n"
CELLS = [("Control ID", "Title", "Owner"), ("1", "Größe in € geprüft", "Sicherheit")]


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode("utf-8-sig"), ""),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), ""),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), ""),
        (TEXT.encode("cp1252"), "Windows-1252"),
        (TEXT.replace("\r\n", "\r").encode("mac_roman"), "Mac Roman"),
        (TEXT.replace("\r\n", "\n").encode(), ""),
        (TEXT.replace("\r\n", "\r").encode(), ""),
    ],
    ids=["utf-8", "utf-8-bom", "utf-16-le", "utf-16-be", "windows-1252", "mac", "unix-lines", "mac-lines"],
)
def test_every_encoding_that_excel_writes_is_read_and_a_guess_is_said(tmp_path: Path, data: bytes, note: str) -> None:
    sheet = read(tmp_path, data)
    assert [row.cells for row in sheet.rows] == CELLS
    assert len(sheet.notes) == bool(note)
    assert all(note in each and "looks wrong" in each for each in sheet.notes)


POLISH = (
    "Control ID,Title,Owner\r\n1,Zapobieganie wyciekom przez główne wejście,Zespół\r\n2,Przegląd zgłoszeń,Zespół\r\n"
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(POLISH, "Windows-1250"), ("Title,Owner\r\n¿Qué filtro? 5 m³ à la fin¹,Größe £5\r\n", "Windows-1252")],
)
def test_central_european_text_is_recognised_and_said(tmp_path: Path, text: str, encoding: str) -> None:
    data = text.encode({"Windows-1250": "cp1250", "Windows-1252": "cp1252"}[encoding])
    sheet = read(tmp_path, data)
    assert ["\r\n".join(",".join(row.cells) for row in sheet.rows)] == [text.removesuffix("\r\n")]
    assert f"It is not UTF-8 and was read as {encoding}" in sheet.notes[0]
    assert read(tmp_path, data, encoding=encoding.lower()).rows == sheet.rows


@pytest.mark.parametrize(("name", "sign"), spreadsheet_files.SEPARATORS.items())
def test_every_separator_is_found(tmp_path: Path, name: str, sign: str) -> None:
    # Commas inside cells are more than separators between them.
    rows = [("Control ID", "Title", "Owner"), ("1", "Blocks a, b, c, d; e | f", "Security, Legal; Policy")]
    quoted = "\n".join(sign.join(f'"{cell}"' if sign in cell else cell for cell in row) for row in rows)
    assert [row.cells for row in read(tmp_path, quoted).rows] == rows
    assert [row.cells for row in read(tmp_path, quoted, separator=name).rows] == rows


def test_excels_own_first_line_says_the_separator_and_is_no_row(tmp_path: Path) -> None:
    sheet = read(tmp_path, "sep=|\r\nTitle|Owner\r\nT, U, V|o\r\n")
    assert [(row.number, row.cells) for row in sheet.rows] == [(1, ("Title", "Owner")), (2, ("T, U, V", "o"))]


def test_rows_have_the_numbers_that_a_spreadsheet_program_shows(tmp_path: Path) -> None:
    sheet = read(tmp_path, 'Title,Owner,,\n"two\nlines",o,,\n,,,\n\n"a ""quoted"" word, and more",o,,\n')
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (1, ("Title", "Owner")),
        (2, ("two\nlines", "o")),
        (5, ('a "quoted" word, and more', "o")),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04rest", "this is an .ods workbook or another packed file, not text. Save the sheet as 'CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0rest", "this is an old .xls workbook"),
        (b"%PDF-1.7", "this is a PDF"),
        (b"<html><table>", "this is a page of HTML or XML"),
        (b"Title,Owner\nT\x00,o\n", "byte 13 is zero: this is not text, or it is UTF-16 without a byte order mark."),
        (b"Title,Owner\n\x81\xff,o\n", "byte 12 (0x81) fits neither UTF-8 nor Windows-1252."),
        (b"\xff\xfeT\x00i\x00t", "this is not utf-16"),
        (b"", "this file is empty."),
        (b" \r\n\r\n", "this file is empty."),
        (
            b'Title,Owner\n"never closed,o\nx,y\n',
            "row 2 cannot be read: unexpected end of data. Look for an unclosed quotation mark near line 3",
        ),
        (b'Title,Owner\n"said" loudly,o\n', "row 2 cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(tmp_path, data)
    assert words in str(refused.value)
    assert "controls.csv" in str(refused.value)


def test_there_is_a_bound_for_bytes_rows_columns_and_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="more than 5,000 rows"):
        read(tmp_path, "Title,Owner\n" + "T,o\n" * 1_000_000)
    with pytest.raises(UsageError, match="row 2 has 501 cells"):
        read(tmp_path, "Title,Owner\n" + "x," * 500 + "x\n")
    with pytest.raises(UsageError, match="field larger than field limit"):
        read(tmp_path, f"Title,Owner\n{'x' * 70_000},o\n")
    with pytest.raises(UsageError, match="larger than 10 MiB"):
        read(tmp_path, b"x" * (text_decoding.MAX_BYTES + 1))


def test_encoding_can_be_said(tmp_path: Path) -> None:
    data = TEXT.encode("mac_roman")
    assert read(tmp_path, data, encoding="mac-roman").rows[1].cells == CELLS[1]
    with pytest.raises(UsageError, match="this is not utf-8: byte 28 does not fit"):
        read(tmp_path, data, encoding="utf-8")


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    how = spreadsheet_files.ReadOptions({})
    with pytest.raises(UsageError, match="this is a folder"):
        spreadsheet_files.read_sheet(tmp_path, how)
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        spreadsheet_files.read_sheet(tmp_path / "nothing.csv", how)
    assert on_disk(tmp_path, TEXT).exists()
