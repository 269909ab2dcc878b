"""`reassay import`: forty rows become a register that checks; whatever was not taken over is said."""

import re
from pathlib import Path

import pytest

from reassay.cli import spreadsheet_options as options
from reassay.common.errors import UsageError
from reassay.imports.dates import DateOrder
from reassay.imports.names import DeclaredNames
from reassay.imports.row_reader import ImportOptions
from reassay.register.files import WorkingTree, read_register
from reassay.register.mitigation import Mitigation
from tests.golden import same_as_golden
from tests.unit.imports.sheets import EXAMPLE, TODAY, imported, on_disk, run
from tests.unit.register.trees import written

HEADER = ("ID", "Title", "Owner", "Frequency", "Last tested")
AT = ("--at", "2026-12-01")


def only(row: tuple[str, ...], header: tuple[str, ...] = HEADER) -> Mitigation:
    return imported(header, row).taken[0].mitigation


def test_the_report_on_the_example_says_every_column_row_and_cell(tmp_path: Path) -> None:
    code, out, err = run("import", EXAMPLE / "controls.csv", tmp_path, *AT)
    assert (code, err) == (1, "")
    same_as_golden("import-controls.txt", out)
    checked, said, _ = run("check", tmp_path, *AT)
    assert checked == 0, said
    assert len(read_register(WorkingTree(tmp_path)).mitigations) == 39


def test_every_row_of_the_example_can_be_taken_with_two_decisions(tmp_path: Path) -> None:
    decided = ("--owner", "policy", "--stubs", "--audience", "external", "--map", "Type=-", "--map", "Comments=-")
    code, out, _ = run("import", EXAMPLE / "controls.csv", tmp_path, *AT, *decided)
    assert code == 0
    register = read_register(WorkingTree(tmp_path))
    assert (len(register.mitigations), len(register.threat_models), len(register.deployments)) == (40, 6, 3)
    assert register.errors == ()
    assert "'Type': left out on purpose; e.g. 'Preventive'." in out
    assert register.mitigations["c-007"].value.threat_models == ("fraud-scams-and-abuse",)
    assert register.mitigations["c-002"].value.deployments == ("public-app", "developer-api")


def test_plan_opens_what_was_imported(tmp_path: Path) -> None:
    run("import", EXAMPLE / "controls.csv", tmp_path, *AT)
    code, out, _ = run("plan", tmp_path, *AT)
    assert code == 0
    assert "Tue 1 Dec 2026   open  c-003  decide by Wed 2 Dec 2026" in out
    assert out.count("Earliest day that pacing allows") > 5


def test_the_file_says_where_it_came_from_and_reads_like_written_by_hand(tmp_path: Path) -> None:
    sheet = on_disk(
        tmp_path, "Control ID,Title,Owner,Frequency,Last tested\nC-1,Filter,red-team,Quarterly,2026-06-01\n"
    )
    assert run("import", sheet, tmp_path, *AT)[0] == 0
    text = (tmp_path / "framework" / "imported-mitigations.yml").read_text(encoding="utf-8")
    assert re.match(
        r"# Imported by reassay \S+ from 'controls.csv' on 2026-12-01: 1 of 1 rows became mitigations.\n# sha256:[0-9a-f]{64} is",
        text,
    )
    assert text.endswith(
        "mitigations:\n  - id: c-1\n    title: Filter\n    owner: red-team\n    last_assessed: 2026-06-01\n    every: 3 months\n"
    )


def test_what_exists_is_never_overwritten_unless_asked(tmp_path: Path) -> None:
    sheet = on_disk(tmp_path, "Title,Owner\nFilter,red-team\n")
    run("import", sheet, tmp_path)
    file = tmp_path / "framework" / "imported-mitigations.yml"
    file.write_text("# mine\nmitigations: []\n")
    code, _, err = run("import", sheet, tmp_path)
    assert code == 2
    assert (
        "framework/imported-mitigations.yml: this file exists. To replace it, add --force; or give another one with --out."
        in err
    )
    assert file.read_text() == "# mine\nmitigations: []\n"
    assert run("import", sheet, tmp_path, "--force")[0] == 0
    assert "filter" in file.read_text()


@pytest.mark.parametrize("arguments", [("--dry-run",), ("--out", "-")])
def test_printing_writes_nothing_and_keeps_document_and_talk_apart(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    sheet = on_disk(tmp_path, "Title,Owner,Budget\nFilter,red-team,7\n")
    code, out, err = run("import", sheet, tmp_path, *arguments)
    assert code == 0
    assert out.startswith("# Imported by reassay")
    assert out.endswith("mitigations:\n  - id: filter\n    title: Filter\n    owner: red-team\n")
    assert "'Budget': no field has this name; e.g. '7'. To use it: --map 'Budget=FIELD'." in err
    assert "would be written to framework/imported-mitigations.yml" in err
    assert list(tmp_path.iterdir()) == [sheet]


def test_rows_that_the_register_has_already_are_listed_and_the_rest_is_taken(tmp_path: Path) -> None:
    written(
        tmp_path,
        {"framework/old.yml": "mitigations:\n  - {id: c-1, title: Old, owner: o, every: 1 year, formerly: [c-9]}\n"},
    )
    sheet = on_disk(tmp_path, "ID,Title,Owner\nC-1,Old,o\nC-2,New,o\nC-9,Older,o\n")
    code, out, _ = run("import", sheet, tmp_path)
    assert code == 1
    assert (
        "row 2 'C-1': the register already has 'c-1' (framework/old.yml:2). Change it there, or give this row another id."
        in out
    )
    assert "row 4 'C-9': the register already has 'c-9' (a former id of 'c-1')." in out
    register = read_register(WorkingTree(tmp_path))
    assert set(register.mitigations) == {"c-1", "c-2"}
    assert register.errors == ()


def test_ids_that_collide_get_a_number_and_a_note() -> None:
    found = imported(HEADER, ("C 1", "A", "o"), ("C-1", "B", "o"), ("", "A long title", "o"), ("安", "安全", "o"))
    assert [each.mitigation.id for each in found.taken] == ["c-1", "c-1-2", "a-long-title", "row-5"]
    assert [(note.row, note.outcome, note.why) for note in found.notes.cells] == [
        (3, "id: c-1-2", "'c-1' is already the id of row 2"),
        (5, "id: row-5", "no id can be made from its characters"),
    ]


def test_headings_footers_and_repeated_headers_are_no_controls() -> None:
    found = imported(HEADER, ("Model layer",), HEADER, ("", "Filter", "o"), ("", "", "Total: 1"))
    assert [each.row.number for each in found.taken] == [4]
    assert [(left.row, left.why) for left in found.notes.left] == [
        (2, "it has no title"), (3, "it repeats the header"), (5, "it has no title"),
    ]  # fmt: skip


def test_blank_owners_of_merged_cells_are_filled_only_when_asked() -> None:
    rows = [HEADER, ("1", "A", "Red Team"), ("2", "B", ""), ("3", "C", "TBD")]
    assert [left.row for left in imported(*rows).notes.left] == [3, 4]
    filled = imported(*rows, choices=ImportOptions(TODAY, fill_down=("owner",)))
    assert [each.mitigation.owner for each in filled.taken] == ["red-team", "red-team"]
    assert "'Owner': row 3 is blank and got the value above." in filled.notes.remarks
    owned = imported(*rows, choices=ImportOptions(TODAY, owner="safety-lead"))
    assert [each.mitigation.owner for each in owned.taken] == ["red-team", "safety-lead", "safety-lead"]


def test_an_ambiguous_column_of_dates_asks_and_nothing_is_written(tmp_path: Path) -> None:
    sheet = on_disk(tmp_path, "Title,Owner,Last tested\nA,o,05/06/2026\nB,o,07/06/2026\n")
    code, _, err = run("import", sheet, tmp_path)
    assert code == 2
    assert (
        "column 'Last tested': 2 dates are ambiguous, and no other cell of the column shows the order: 05/06/2026 in row 2. "
        "Add --dates day-first or --dates month-first, or leave the column out: --map 'Last tested=-'."
    ) in err
    assert list(tmp_path.iterdir()) == [sheet]
    assert run("import", sheet, tmp_path, "--dates", "day-first", *AT)[0] == 0
    assert "last_assessed: 2026-06-05" in (tmp_path / "framework" / "imported-mitigations.yml").read_text()


def test_a_day_to_come_is_no_last_assessment() -> None:
    found = imported(HEADER, ("1", "A", "o", "", "2026-12-02"))
    assert found.taken[0].mitigation.last_assessed is None
    assert found.notes.cells[0].why == "2026-12-02 is in the future"


def test_an_unknown_status_is_left_out_and_what_follows_is_said() -> None:
    found = imported(("Title", "Owner", "Status"), ("A", "o", "Red"))
    assert (found.notes.cells[0].outcome, found.taken[0].mitigation.status) == (
        "left out; it counts as active",
        "active",
    )


def test_a_formula_is_plain_text() -> None:
    assert only(("1", "=cmd|'/c calc'!A1", "o")).title == "=cmd|'/c calc'!A1"
    assert only(("1", "'=1+1", "o")).title == "=1+1"


def test_a_range_and_a_depth_go_where_the_register_has_them() -> None:
    found = only(("1", "A", "o", "3-6 months", "full"), ("ID", "Title", "Owner", "Frequency", "Depth"))
    assert found.reassess is not None
    assert (str(found.reassess.at_least_after), str(found.reassess.every), found.reassess.depth) == (
        "P3M",
        "P6M",
        "full",
    )


def test_a_title_that_is_too_long_stands_in_the_description_in_full() -> None:
    found = only(("1", "word " * 100, "o"))
    assert len(found.title) <= 300
    assert found.description == ("word " * 100).strip()


def test_spellings_of_a_role_that_differ_in_capitals_are_one_role() -> None:
    found = imported(
        HEADER,
        ("1", "A", "Security"),
        ("2", "B", "security"),
        ("3", "C", "Red Team"),
        declared=DeclaredNames(roles={"red-team": "Red-Team"}),
    )
    assert [each.mitigation.owner for each in found.taken] == ["Security", "Security", "Red-Team"]
    assert found.roles == ("Security",)


def test_names_are_found_by_id_or_title_and_others_are_left_out_or_made() -> None:
    declared = DeclaredNames(threat_models={"fraud": "Fraud, scams and abuse", "theft": "Theft of weights"})
    header = ("Title", "Owner", "Risk", "Applies to", "Audience")
    rows = [
        ("A", "o", "Fraud, scams and abuse", "App", "Public"),
        ("B", "o", "theft; Sabotage", "App, Console", "staff"),
    ]
    found = imported(header, *rows, declared=declared)
    assert [each.mitigation.threat_models for each in found.taken] == [("fraud",), ("theft",)]
    assert [note.why for note in found.notes.cells] == [
        "the register declares no deployment 'App'",
        "the register declares no threat model 'Sabotage'",
        "the register declares no deployment 'App' and 'Console'",
    ]
    assert [column.why for column in found.unused] == ["only deployments created by --stubs need it"]
    made = imported(header, *rows, declared=declared, choices=ImportOptions(TODAY, stubs=True))
    assert [(each.id, each.title) for each in made.threat_models] == [("sabotage", "Sabotage")]
    assert [(each.id, each.audience) for each in made.deployments] == [("app", "external"), ("console", "internal")]
    assert [each.mitigation.deployments for each in made.taken] == [("app",), ("app", "console")]


def test_a_deployment_is_not_made_without_an_audience() -> None:
    found = imported(("Title", "Owner", "System"), ("A", "o", "App"), choices=ImportOptions(TODAY, stubs=True))
    assert found.deployments == ()
    assert found.notes.cells[0].remedy == "To create it, give --audience or a column for its audience."


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (
            ("ID", "Owner"),
            "no column has the title of a control. Name it: --map 'COLUMN=title'. Columns are 'ID' and 'Owner'.",
        ),
        (
            ("ID", "Title"),
            "no column has the owner of a control. Name it: --map 'COLUMN=owner', or give --owner ROLE for all.",
        ),
    ],
)
def test_a_column_that_every_control_needs_is_asked_for(header: tuple[str, ...], words: str) -> None:
    with pytest.raises(UsageError) as refused:
        imported(header, ("1", "x"))
    assert words in str(refused.value)


def test_a_sheet_of_which_nothing_can_be_taken_writes_nothing(tmp_path: Path) -> None:
    sheet = on_disk(tmp_path, "Title,Owner\nA,\n")
    code, _, err = run("import", sheet, tmp_path)
    assert code == 2
    assert "no row became a mitigation. row 2: it has no owner." in err
    assert list(tmp_path.iterdir()) == [sheet]


def test_it_writes_into_the_register_folder_that_the_configuration_names(tmp_path: Path) -> None:
    written(tmp_path, {".github/reassay.yml": "register: docs/safety/\nroles: {red-team: {users: [red-lead]}}\n"})
    code, out, _ = run("import", on_disk(tmp_path, "Title,Owner\nA,Red Team\n"), tmp_path)
    assert code == 0
    assert (tmp_path / "docs" / "safety" / "imported-mitigations.yml").exists()
    assert "Roles to declare" not in out


def test_a_file_outside_the_register_is_written_and_said(tmp_path: Path) -> None:
    sheet = on_disk(tmp_path, "Title,Owner\nA,o\n")
    code, out, _ = run("import", sheet, tmp_path, "--out", tmp_path / "draft.yml")
    assert (code, (tmp_path / "draft.yml").exists()) == (0, True)
    assert "draft.yml is not in framework/; move it there, or it is not read." in out
    assert "a register file must be YAML." in run("import", sheet, tmp_path, "--out", tmp_path / "draft.csv")[2]


def test_a_broken_configuration_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    sheet = on_disk(tmp_path, "Title,Owner\nA,o\n")
    assert "there is no such folder." in run("import", sheet, tmp_path / "nowhere")[2]
    written(tmp_path, {".github/reassay.yml": "register: 7\n"})
    code, _, err = run("import", sheet, tmp_path)
    assert (code, "the configuration has errors." in err) == (2, True)


def test_hostile_text_of_a_sheet_cannot_steer_the_terminal(tmp_path: Path) -> None:
    sheet = on_disk(tmp_path, "Title,Owner,Stat\x1b[2Jus\u202e\nA\x07,o,\x1b]0;owned\x07\n")
    code, out, _ = run("import", sheet, tmp_path)
    assert code == 0
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert read_register(WorkingTree(tmp_path)).mitigations["a"].value.title == "A"


def test_the_options_are_those_of_the_modules_that_read() -> None:
    from reassay.cli.spreadsheet_options import AUDIENCES
    from reassay.imports.files.spreadsheet_files import SEPARATORS
    from reassay.imports.files.text_decoding import ENCODINGS
    from reassay.register.deployment import Audience

    assert options.ENCODINGS == ENCODINGS
    assert tuple(SEPARATORS) == options.SEPARATORS
    assert tuple(DateOrder) == options.ORDERS
    assert tuple(Audience) == AUDIENCES
