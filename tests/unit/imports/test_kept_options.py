"""`--value`, and the options of an import that are kept for next time."""

from argparse import ArgumentParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.cli import import_
from reassay.common.errors import UsageError
from reassay.imports.files.kept_options_file import KEPT, keep, read_kept
from reassay.imports.headers import MITIGATIONS
from reassay.imports.kept_options import KINDS, LISTS, NAMES, KeptOptions, OptionText, together
from reassay.imports.spreadsheet import Notes
from reassay.imports.values import read_value, with_values
from reassay.register.files import WorkingTree, read_register
from tests.unit.imports.sheets import laid_out, on_disk, run

SHEET = "Nr,Prosa,Wer,Alle\n1,Filter,Rot,jährlich ab Mai\n2,Probe,Rot,nach Plan\n"
OPTIONS = ("--map", "Prosa=title", "--map", "Wer=owner", "--map", "Alle=every", "--value", "Alle:nach Plan=1 year")
AT = ("--at", "2026-12-01")


def kept_in(folder: Path, text: str) -> Path:
    file = folder / KEPT
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


def test_options_are_kept_and_the_next_import_and_export_use_them(tmp_path: Path) -> None:
    sheet = on_disk(tmp_path, SHEET)
    code, out, _ = run("import", sheet, tmp_path, *AT, *OPTIONS, "--value", "jährlich ab Mai=1 year")
    assert code == 0
    assert f"Its options are kept in {KEPT} for next time." in out
    text = (tmp_path / KEPT).read_text(encoding="utf-8")
    assert text.endswith(
        "files:\n  - file: controls.csv\n    kind: mitigations\n    map:\n      - Prosa=title\n      - Wer=owner\n"
        "      - Alle=every\n    value:\n      - Alle:nach Plan=1 year\n      - jährlich ab Mai=1 year\n"
    )
    written = (tmp_path / "framework" / "imported-mitigations.yml").read_text(encoding="utf-8")
    assert written.count("every: 1 year") == 2
    code, out, _ = run("import", sheet, tmp_path, *AT, "--force")
    assert code == 0
    assert f"The options kept in {KEPT} are used; --no-saved ignores them." in out
    assert "kept in" not in out.replace("options kept in", "")
    assert (tmp_path / "framework" / "imported-mitigations.yml").read_text(encoding="utf-8") == written
    assert (tmp_path / KEPT).read_text(encoding="utf-8") == text
    code, out, _ = run("export", tmp_path, "--like", sheet, *AT)
    assert (code, out.removeprefix("\ufeff").splitlines()) == (0, SHEET.splitlines())


def test_no_saved_neither_reads_nor_keeps(tmp_path: Path) -> None:
    sheet = on_disk(tmp_path, SHEET)
    run("import", sheet, tmp_path, *AT, *OPTIONS, "--no-saved")
    assert not (tmp_path / KEPT).exists()
    run("import", sheet, tmp_path, *AT, *OPTIONS, "--force")
    assert "no column has the title" in run("import", sheet, tmp_path, *AT, "--force", "--no-saved")[2]


@pytest.mark.parametrize("more", [("--dry-run",), ("--out", "-")])
def test_what_writes_no_register_keeps_no_options(tmp_path: Path, more: tuple[str, ...]) -> None:
    assert run("import", on_disk(tmp_path, SHEET), tmp_path, *AT, *OPTIONS, *more)[0] == 0
    assert not (tmp_path / KEPT).exists()


def test_an_import_without_options_keeps_nothing(tmp_path: Path) -> None:
    assert run("import", on_disk(tmp_path, "Title,Owner\nA,o\n"), tmp_path, *AT)[0] == 0
    assert not (tmp_path / KEPT).exists()


def test_another_file_can_hold_the_options(tmp_path: Path) -> None:
    sheet, own = on_disk(tmp_path, SHEET), tmp_path / "docs" / "reading.yml"
    assert run("import", sheet, tmp_path, *AT, *OPTIONS, "--map-file", own)[0] == 0
    assert own.exists()
    assert not (tmp_path / KEPT).exists()
    assert run("import", sheet, tmp_path, *AT, "--map-file", own, "--force")[0] == 0


def test_options_of_other_files_and_peoples_remarks_stay(tmp_path: Path) -> None:
    before = "# ours\nfiles:\n  # the old list\n  - file: old.csv\n    map: ['A=title']  # since May\n"
    file = kept_in(tmp_path, before)
    run("import", on_disk(tmp_path, SHEET), tmp_path, *AT, *OPTIONS)
    assert file.read_text(encoding="utf-8").startswith(before.rstrip())
    assert [entry.file for entry in read_kept(tmp_path, None)] == ["old.csv", "controls.csv"]


def test_lists_of_past_assessments_have_their_own_options(tmp_path: Path) -> None:
    run("import", on_disk(tmp_path, "ID,Title,Owner\nC-1,A,o\n"), tmp_path, *AT)
    past = on_disk(tmp_path, "Was,Wann,Urteil\nC-1,2026-01-05,trägt\n", "past.csv")
    options = ("--map", "Was=mitigation", "--map", "Wann=assessed_on", "--map", "Urteil=decision")
    code, out, _ = run(
        "import-history", past, tmp_path, *AT, "--attestor", "audit", *options, "--value", "trägt=effective"
    )
    assert code == 0
    assert "Its options are kept" in out
    assert [entry.kind for entry in read_kept(tmp_path, None)] == ["past-assessments"]
    assert read_register(WorkingTree(tmp_path)).past_assessments["c-1-2026-01-05"].value.decision == "effective"
    code, out, _ = run("import-history", past, tmp_path, *AT, "--attestor", "audit")
    assert (code, "nothing was written" in out) == (0, True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("files: 7\n", ":1: this is not a list"),
        ("- a\n", ":1: this is not a list of keys with values"),
        ("sources: []\n", ":1: 'sources' is not a key of this file. Its key is 'files'."),
        ("files:\n  - map: []\n", ":2: this entry names no file"),
        (
            "files:\n  - file: controls.csv\n    maps: []\n",
            ":3: 'maps' is not an option that is kept. Did you mean 'map'?",
        ),
        ("files:\n  - file: controls.csv\n    kind: other\n", ":3: 'other' is not a possible value"),
        ("files:\n  - file: controls.csv\n    map: [{a: b}]\n", ":3: this is not a text"),
        (
            "files:\n  - file: controls.csv\n    map: [Prosa=titel]\n",
            ":3: there is no field 'titel'. Did you mean 'title'?",
        ),
        (
            "files:\n  - file: controls.csv\n    map: [Nowhere=title]\n",
            ":3, controls.csv: there is no column 'Nowhere'",
        ),
        ("files:\n  - file: controls.csv\n    value:\n      - abc\n", ":4: 'abc' is not a valid value"),
        ("files:\n  - file: controls.csv\n    dates: sometimes\n", ":3: 'sometimes' is not a possible value"),
        ("files:\n  - file: controls.csv\n    header: top\n", ":3: this is not a number of a row"),
        ("files:\n  - file: controls.csv\n    header: 9\n", ":3: row 9 is empty or does not exist"),
        (
            "files:\n  - file: controls.csv\n    sheet: Two\n",
            ":3: controls.csv is CSV, on which this option has no effect",
        ),
        ("files:\n  - file: controls.csv\n    fill-down: [Wer, Wo]\n", ":3: there is no column 'Wo'"),
        ("files:\n  - file: controls.csv\n    stubs: 7\n", ":3: '7' is not a possible value"),
        ("files: [\n", ":1: this bracket is not closed"),
        ("a: &x [*x]\n", ":1: "),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    kept_in(tmp_path, text)
    code, out, err = run("import", on_disk(tmp_path, SHEET), tmp_path, *AT, "--owner", "o")
    assert (code, out) == (2, "")
    assert f"{KEPT}{words}" in err
    assert not (tmp_path / "framework").exists()


def test_options_of_the_command_line_go_before_kept_ones() -> None:
    kept = texts(
        map=["A=title", "B=owner", "C=standards"], value=["x=1 year", "y=2 years"], owner=["old"], stubs=["true"]
    )
    given_now = texts(map=["A=description", "D=owner", "E=standards"], value=["X=3 years"], owner=["new"])
    assert plain(together(kept, given_now, MITIGATIONS)) == {
        "owner": ["new"],
        "stubs": ["true"],
        "map": ["C=standards", "A=description", "D=owner", "E=standards"],
        "value": ["y=2 years", "X=3 years"],
    }


def texts(**options: list[str]) -> dict[str, tuple[OptionText, ...]]:
    return {name: tuple(OptionText(text, "--here") for text in given) for name, given in options.items()}


def plain(options: object) -> dict[str, list[str]]:
    assert isinstance(options, dict)
    return {name: [option.text for option in kept] for name, kept in options.items()}


LINE = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Cn", "Co"), max_codepoint=0x2FFF), min_size=1
)
ENTRY = st.builds(
    lambda file, kind, lists: KeptOptions(file, kind, {name: tuple(OptionText(text, "") for text in given) for name, given in lists.items()}),
    LINE,
    st.sampled_from(KINDS),
    st.dictionaries(st.sampled_from(LISTS), st.lists(LINE, min_size=1, max_size=3), max_size=3),
)  # fmt: skip


@given(st.lists(ENTRY, max_size=4, unique_by=lambda entry: (entry.file, entry.kind)), ENTRY)
def test_what_is_kept_is_read_again_and_a_second_time_writes_nothing(
    tmp_path_factory: pytest.TempPathFactory, entries: list[KeptOptions], entry: KeptOptions
) -> None:
    folder = tmp_path_factory.mktemp("kept")
    for one in (*entries, entry):
        keep(folder, None, one, read_kept(folder, None))
    after = read_kept(folder, None)
    wanted = next((kept for kept in after if kept.is_for(entry.file, entry.kind)), None)
    assert (wanted.texts if wanted else {}) == entry.texts
    assert keep(folder, None, entry, after) is None


def test_every_kept_option_is_an_option_of_import() -> None:
    parser = ArgumentParser()
    import_.add_arguments(parser)
    assert [name for name in NAMES if f"--{name}" not in parser.format_help()] == []


@pytest.mark.parametrize(
    ("choice", "texts_after"),
    [
        ("jährlich=1 year", ["1 year", "1 year"]),
        ("Turnus:jährlich=1 year", ["1 year", "JÄHRLICH"]),
        ("turnus: jährlich =1 year", ["1 year", "JÄHRLICH"]),
        ("Elsewhere:jährlich=1 year", ["jährlich", "JÄHRLICH"]),
        ("ab: heute=1 year", ["jährlich", "JÄHRLICH"]),
    ],
)
def test_a_value_is_for_one_column_or_for_all(choice: str, texts_after: list[str]) -> None:
    layout = laid_out(("Title", "Turnus", "Status"), ("A", " jährlich", "JÄHRLICH"))
    notes = Notes()
    after = with_values(layout, [read_value(choice)], notes)
    assert [after.rows[0].at(index).strip() for index in (1, 2)] == texts_after
    is_used = texts_after[0] == "1 year"
    assert [remark.startswith("--value: no cell has the text of") for remark in notes.remarks] == (
        [] if is_used else [True]
    )


def test_a_value_with_a_colon_in_the_text_is_no_column() -> None:
    layout = laid_out(("Title", "Turnus"), ("A", "ab: heute"))
    assert with_values(layout, [read_value("ab: heute=1 year")], Notes()).rows[0].at(1) == "1 year"


def test_the_value_of_a_column_goes_before_that_of_all_and_unmapped_columns_are_left_alone() -> None:
    layout = laid_out(("Title", "Turnus", "Budget"), ("A", "x", "x"))
    choices = [read_value("x=1 year"), read_value("Turnus:x=2 years")]
    assert with_values(layout, choices, Notes()).rows[0].cells == ("A", "2 years", "x")


@pytest.mark.parametrize("text", ["", "=", "a=", "=b", "a", " =x"])
def test_a_value_needs_a_text_and_what_it_stands_for(text: str) -> None:
    with pytest.raises(UsageError, match="is not a valid value"):
        read_value(text)
