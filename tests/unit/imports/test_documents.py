"""Documents (Markdown with front matter, YAML, JSON) become the rows of an import, and nothing in them is lost in silence."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.common.errors import UsageError
from reassay.imports.documents import MAX_KEYS, MAX_LEVELS, flattened, in_natural_order, list_in
from reassay.imports.files.document_files import DocumentReader, read_documents
from reassay.imports.files.spreadsheet_files import ReadOptions
from reassay.imports.headers import MITIGATIONS
from reassay.imports.markdown_text import headings, opening_section, split_title, table_cells
from reassay.imports.spreadsheet import Spreadsheet
from tests.unit.imports.catalogues import write
from tests.unit.imports.sheets import run

OWNED = "owner: safety-lead\n"


def sheet(path: Path, list_at: str | None = None) -> Spreadsheet:
    return read_documents(path, ReadOptions(MITIGATIONS, list_at=list_at))


def as_rows(read: Spreadsheet) -> list[dict[str, str]]:
    header, *rows = read.rows
    return [{key: row.at(index) for index, key in enumerate(header.cells) if row.at(index)} for row in rows]


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        ({"a": "x", "b": 3, "c": True, "d": None}, {"a": "x", "b": "3", "c": "true", "d": ""}),
        ({"a": {"b": {"c": "deep"}}}, {"a.b.c": "deep"}),
        ({"a": ["x", "y"]}, {"a": "x; y"}),
        ({"a": ["x; y", "z"]}, {"a": "x; y\nz"}),
        ({"a": ["A sentence.", "z"]}, {"a": "A sentence.\n\nz"}),
        ({"a": ["one\nline", "z"]}, {"a": "one\nline\n\nz"}),
        ({"a": [{"id": "1", "use": "p"}, {"id": "2"}]}, {"a.id": "1; 2", "a.use": "p"}),
        ({"a": [], "b": {}}, {"a": "", "b": ""}),
    ],
)
def test_values_become_texts_by_dotted_key(data: dict[str, object], texts: dict[str, str]) -> None:
    assert flattened(data) == texts


WORDS = st.text(alphabet="abc", min_size=1, max_size=3)
VALUES = st.recursive(
    WORDS | st.integers(0, 99), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3)
)


def scalars(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in scalars(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in scalars(inner)]
    return [str(value)]


@given(st.dictionaries(WORDS, VALUES, max_size=4))
def test_every_value_is_in_some_text(data: dict[str, object]) -> None:
    pieces = [piece for text in flattened(data).values() for piece in text.replace("; ", "\n").split("\n") if piece]
    assert sorted(pieces) == sorted(scalars(data))


def test_a_document_that_goes_too_deep_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "deep.json"
    file.write_text('{"title": "x", "a": ' + "[" * (MAX_LEVELS + 5) + "]" * (MAX_LEVELS + 5) + "}")
    with pytest.raises(UsageError, match="levels of keys"):
        sheet(file)


def test_too_many_keys_are_refused_with_the_way_out(tmp_path: Path) -> None:
    file = tmp_path / "wide.json"
    file.write_text(json.dumps({"title": "x", **{f"key{number}": 1 for number in range(MAX_KEYS + 1)}}))
    with pytest.raises(UsageError, match="different keys") as error:
        sheet(file)
    assert "--list KEY" in error.value.remedy


def test_a_folder_of_markdown_is_a_row_a_file(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "_mitigations",
        {
            "mi-10.md": f"---\n{OWNED}tags: [a, b]\n---\n\n# Watch outputs\n\nText.\n",
            "mi-2.md": f"---\ntitle: Pin versions\n{OWNED}---\n\n# Pin versions\n\nMore.\n",
            "README.md": "# About these files\n",
            "logo.png": "no text",
            ".hidden.md": "---\ntitle: Hidden\n---\n",
        },
    )
    read = sheet(folder)
    assert as_rows(read) == [
        {"title": "Pin versions", "owner": "safety-lead", "file name": "mi-2", "body": "More."},
        {"title": "Watch outputs", "owner": "safety-lead", "tags": "a; b", "file name": "mi-10", "body": "Text."},
    ]
    assert [row.place for row in read.rows[1:]] == ["_mitigations/mi-2.md", "_mitigations/mi-10.md"]
    assert [(document.place, document.why) for document in read.unreadable] == [
        ("_mitigations/README.md", "it is about the folder and has no front matter")
    ]
    assert read.notes == ("Files of other kinds were not read: .png (1).",)


def test_an_id_in_the_file_goes_before_the_name_of_the_file(tmp_path: Path) -> None:
    folder = write(tmp_path, {"a.yml": "id: own\ntitle: A\n", "b.yml": "title: B\n"})
    assert [row["id"] for row in as_rows(sheet(folder))] == ["own", "b"]


def test_one_broken_file_is_said_with_its_line_and_the_others_are_imported(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "controls",
        {
            "good.md": f"---\ntitle: Good\n{OWNED}---\n",
            "bad.md": "---\ntitle: Bad\nkeys: [a\n---\n",
            "open.md": "---\ntitle: Never closed\n",
            "twice.json": '{"title": "x", "title": "y"}',
            "syntax.json": '{"title":\n oops}',
            "merge.yml": "title: x\n<<: {a: 1}\n",
            "utf.yml": "title: x\n",
        },
    )
    (folder / "utf.yml").write_bytes(b"title: caf\xe9\n")
    code, out, _ = run("import", folder, tmp_path)
    assert code == 1
    assert "1 of 1 rows became mitigations" in out
    for place in ("bad.md:3", "open.md:1", "twice.json:1", "syntax.json:2", "merge.yml:2", "utf.yml:1"):
        assert f"controls/{place}: " in out, out


def test_links_are_not_followed(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.md": "---\ntitle: A\n---\n"})
    (folder / "b.md").symlink_to("/etc/hostname")
    assert [document.why for document in sheet(folder).unreadable] == ["it is a link"]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"title": "Controls", "controls": [{"id": "a"}], "categories": [{"id": "c"}]}, ("controls",)),
        ({"title": "One control", "evidence": [{"kind": "log"}]}, ()),
        ({"rows": [{"id": "a"}], "version": 3}, ("rows",)),
        ([{"id": "a"}], ()),
        ({"id": "a"}, ()),
    ],
)
def test_the_list_in_a_document_is_looked_for(document: object, path: tuple[str, ...]) -> None:
    assert list_in(document, MITIGATIONS) == path


def test_several_lists_are_a_question(tmp_path: Path) -> None:
    file = tmp_path / "two.yml"
    file.write_text("first: [{a: 1}]\nsecond: [{b: 1}]\n")
    with pytest.raises(UsageError, match="several lists: 'first' and 'second'") as error:
        sheet(file)
    assert "--list KEY" in error.value.remedy
    assert as_rows(sheet(file, "second")) == [{"b": "1"}]
    assert sheet(file, "second").notes == ("two.yml: only 'second' was read, not first.",)


@pytest.mark.parametrize(
    "text", ["a: {b: [{title: X}]}", "a: [{b: [{title: X}]}, {c: 1}]", '{"a": {"b": {"key": {"title": "X"}}}}']
)
def test_a_dotted_list_goes_through_mappings_and_lists(tmp_path: Path, text: str) -> None:
    file = tmp_path / "deep.yml"
    file.write_text(text)
    assert [row["title"] for row in as_rows(sheet(file, "a.b"))] == ["X"]


def test_a_list_that_is_not_there_is_said(tmp_path: Path) -> None:
    file = tmp_path / "c.yml"
    file.write_text("controls: [{title: X}]\n")
    with pytest.raises(UsageError, match="there is no list at 'missing'"):
        sheet(file, "missing")


def test_a_row_of_a_list_is_found_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "c.yml"
    file.write_text("controls:\n  - title: A\n  - title: B\n")
    assert [row.place for row in sheet(file).rows[1:]] == ["c.yml:2", "c.yml:3"]


def test_the_report_lists_a_key_once_with_an_example_and_how_many_have_it(tmp_path: Path) -> None:
    files = {f"c{number}.md": f"---\ntitle: T{number}\n{OWNED}sequence: {number}\n---\n" for number in range(5)}
    code, out, _ = run("import", write(tmp_path / "in", files), tmp_path)
    assert code == 0
    assert out.count("'sequence'") == 1
    assert "'sequence': no field has this name; in 5 of 5, e.g. '0'." in out
    assert "--map 'KEY=FIELD'" in out
    assert "5 mitigations valid" in out


def test_a_key_that_is_left_out_by_hand_takes_no_advice(tmp_path: Path) -> None:
    file = tmp_path / "c.yml"
    file.write_text(f"- title: A\n  {OWNED}  layout: x\n")
    _, out, _ = run("import", file, tmp_path, "--map", "layout=-")
    assert "'layout': left out on purpose; in 1 of 1, e.g. 'x'." in out
    assert "--map 'KEY=FIELD'" not in out


def test_the_same_folder_has_the_same_digest_and_another_text_another(tmp_path: Path) -> None:
    folder = write(tmp_path, {"a.md": "---\ntitle: A\n---\n", "b.md": "---\ntitle: B\n---\n"})
    before = sheet(folder).digest
    assert sheet(folder).digest == before
    write(folder, {"b.md": "---\ntitle: C\n---\n"})
    assert sheet(folder).digest != before


def test_an_empty_folder_and_an_empty_list_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no documents"):
        sheet(tmp_path / "empty")
    file = tmp_path / "scalar.yml"
    file.write_text("just text\n")
    with pytest.raises(UsageError, match="neither an object nor a list"):
        sheet(file)


def test_files_are_in_natural_order() -> None:
    assert sorted(["mi-10", "mi-2", "mi-1", "a10b2", "a10b10"], key=in_natural_order) == [
        "a10b2",
        "a10b10",
        "mi-1",
        "mi-2",
        "mi-10",
    ]


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reassay.imports.files.document_files.MAX_FILES", 2)
    folder = write(tmp_path, {f"{number}.yml": "title: x\n" for number in range(3)})
    with pytest.raises(UsageError, match="more than 2 files"):
        DocumentReader(MITIGATIONS, folder=folder).of_folder(folder)


MARKDOWN = """\
# Title

Opening.

```
# not a heading
```

## Next ##
More.
"""


def test_parts_of_markdown() -> None:
    assert [(heading.level, heading.text) for heading in headings(MARKDOWN)] == [(1, "Title"), (2, "Next")]
    assert split_title(MARKDOWN)[0] == "Title"
    assert split_title("Text first.\n\n# Title\n") == ("", "Text first.\n\n# Title\n")
    assert opening_section(MARKDOWN) == "Opening.\n\n```\n# not a heading\n```"
    assert opening_section("## Purpose\n\nA.\n\n---\n\nB.") == "A."
    assert opening_section("# A\n\n## B\n\nText.\n\n## C") == "Text."


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("| a | b |", ("a", "b")),
        ("| a \\| b | c |", ("a | b", "c")),
        ("| :---: | --- |", ()),
        ("no table", ()),
        ("| a |  |", ("a", "")),
    ],
)
def test_cells_of_a_table(line: str, cells: tuple[str, ...]) -> None:
    assert table_cells(line) == cells


@pytest.mark.parametrize(
    "text", ["- {id: 1.1, title: A}\n- {id: 1.10, title: B}\n- {id: 007, title: C}\n- {id: 1e5, title: D}\n"]
)
def test_numbers_are_as_they_were_written(tmp_path: Path, text: str) -> None:
    (tmp_path / "c.yaml").write_text(text)
    assert [row["id"] for row in as_rows(sheet(tmp_path / "c.yaml"))] == ["1.1", "1.10", "007", "1e5"]
    (tmp_path / "c.json").write_text('[{"id": 1.1, "title": "A"}, {"id": 1.10, "title": "B"}]')
    assert [row["id"] for row in as_rows(sheet(tmp_path / "c.json"))] == ["1.1", "1.10"]


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        ("c.json", '[{"title": "A"}, 5, {"title": "B"}, null]', ["c.json, entry 1", "c.json, entry 3"]),
        ("c.yaml", "- title: A\n- five\n- title: B\n-\n", ["c.yaml:2", "c.yaml:4"]),
    ],
)
def test_what_is_no_entry_in_a_list_is_said_and_the_others_are_imported(
    tmp_path: Path, name: str, text: str, places: list[str]
) -> None:
    (tmp_path / name).write_text(text)
    read = sheet(tmp_path / name)
    assert [row["title"] for row in as_rows(read)] == ["A", "B"]
    assert [document.place for document in read.unreadable] == places
    assert run("import", tmp_path / name, tmp_path, "--owner", "safety-lead")[0] == 1
