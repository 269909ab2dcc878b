"""`reassay import-history`: past tests become history, once, and only what was assessed."""

from pathlib import Path

import pytest

from reassay.register.files import WorkingTree, read_register
from reassay.register.past_assessment import PastAssessment
from tests.golden import same_as_golden
from tests.unit.imports.sheets import EXAMPLE, on_disk, run
from tests.unit.register.trees import written

REGISTER = """\
mitigations:
  - {id: filter, title: Input filter, owner: red-team, every: 6 months, formerly: [old-filter]}
  - {id: training, title: Staff training, owner: red-team, every: 1 year, deployments: [app]}
  - {id: twin-1, title: Twin, owner: red-team, every: 1 year}
  - {id: twin-2, title: Twin, owner: red-team, every: 1 year}
deployments:
  - {id: app, title: The app, audience: external}
"""
HEADER = "Control,Date,Result,Depth,Tester,Notes,Applies to\n"
FILE = "framework/past-assessments.yml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    written(tmp_path, {"framework/mitigations.yml": REGISTER})
    return tmp_path


def bring(root: Path, rows: str, *arguments: str) -> tuple[int, str]:
    sheet = on_disk(root, HEADER + rows, "past.csv")
    code, out, err = run("import-history", sheet, root, "--attestor", "auditor", "--at", "2026-12-01", *arguments)
    assert (code == 2) == bool(err), err
    return code, out + err


def history(root: Path) -> dict[str, PastAssessment]:
    register = read_register(WorkingTree(root))
    assert register.errors == ()
    return {name: entry.value for name, entry in register.past_assessments.items()}


def test_the_report_on_the_example(tmp_path: Path) -> None:
    run("import", EXAMPLE / "controls.csv", tmp_path, "--at", "2026-12-01")
    arguments = ("import-history", EXAMPLE / "past.csv", tmp_path, "--attestor", "internal-audit", "--at", "2026-12-01")
    code, out, err = run(*arguments)
    assert (code, err) == (1, "")
    same_as_golden("import-history.txt", out)
    assert len(history(tmp_path)) == 11


def test_a_row_becomes_a_past_assessment_that_says_where_it_came_from(root: Path) -> None:
    code, out = bring(root, 'filter,2026-06-11,Pass,Full,Red Team,"Looked, and fine.",The app\n')
    assert code == 0, out
    found = history(root)["filter-2026-06-11"]
    assert (found.mitigation, str(found.assessed_on), found.decision, found.depth) == (
        "filter",
        "2026-06-11",
        "effective",
        "full",
    )
    assert (found.assessed_by, found.summary, found.deployments) == ("Red Team", "Looked, and fine.", ("app",))
    assert (found.attestor, found.source.file, found.source.row) == ("auditor", "past.csv", 2)
    assert found.title == "Input filter, 2026-06-11"


def test_mitigations_are_found_by_id_title_and_former_id_and_never_guessed(root: Path) -> None:
    code, out = bring(
        root,
        "INPUT FILTER,2026-01-01,ok,,,,\nold-filter,2026-01-02,ok,,,,\nTwin,2026-01-03,ok,,,,\nfilters,2026-01-04,ok,,,,\n",
    )
    assert code == 1
    assert {each.mitigation for each in history(root).values()} == {"filter"}
    assert "row 4 'Twin': the register has no mitigation 'Twin', by id, title or former id." in out
    assert "row 5 'filters': the register has no mitigation 'filters'" in out


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("filter,,Pass,,,,", "it has no date"),
        ("filter,June 2026,Pass,,,,", "its date 'June 2026': the day is missing"),
        ("filter,2026-12-24,Pass,,,,", "is in the future"),
        ("filter,2026-06-01,Not tested,,,,", "its result is 'Not tested': nothing was assessed"),
        ("filter,2026-06-01,Scheduled,,,,", "its result is 'Scheduled': nothing was assessed"),
        ("filter,2026-06-01,Pass,,,,Console", "the register declares no deployment 'Console'"),
        (",2026-06-01,Pass,,,,", "it names no mitigation"),
    ],
)
def test_a_row_that_would_claim_too_much_is_left_out(root: Path, row: str, why: str) -> None:
    code, out = bring(root, f"{row}\n")
    assert code == 1
    assert why in out
    assert not (root / FILE).exists()


def test_an_unknown_result_is_left_out_and_what_follows_is_said(root: Path) -> None:
    code, out = bring(root, "filter,2026-06-01,See report,,,,\n")
    assert code == 0
    assert "'See report' → left out; it counts as assessed, without a decision" in out
    assert history(root)["filter-2026-06-01"].decision is None


def test_importing_the_same_file_twice_adds_nothing_and_says_so(root: Path) -> None:
    rows = "filter,2026-06-01,Pass,,,,\ntraining,2026-06-02,Fail,,,,\n"
    bring(root, rows)
    before = (root / FILE).read_bytes()
    code, out = bring(root, rows)
    assert code == 0
    assert (root / FILE).read_bytes() == before
    assert "This file was imported before: framework/past-assessments.yml:4." in out
    assert "Skipped, because the register already has them: rows 2-3." in out
    assert "0 of 2 rows became past assessments; nothing was written." in out


def test_a_longer_file_adds_only_its_new_rows_and_keeps_what_people_wrote(root: Path) -> None:
    bring(root, "filter,2026-06-01,Pass,,,,\n")
    file = root / FILE
    file.write_text(file.read_text() + "  # checked by hand\n")
    code, out = bring(root, "training,2026-06-02,Fail,,,,\nfilter,2026-06-01,Pass,,,,\n")
    assert (code, set(history(root))) == (0, {"filter-2026-06-01", "training-2026-06-02"})
    assert "# checked by hand" in file.read_text()
    assert "Skipped, because the register already has them: row 3." in out


def test_another_result_for_the_same_day_is_not_written_over(root: Path) -> None:
    bring(root, "filter,2026-06-01,Pass,,,,\n")
    code, out = bring(root, "filter,2026-06-01,Fail,,,,\n")
    assert code == 1
    assert (
        "the register has effective for that date (framework/past-assessments.yml:4), this row has ineffective" in out
    )
    assert history(root)["filter-2026-06-01"].decision == "effective"


def test_force_replaces_and_says_how_much(root: Path) -> None:
    bring(root, "filter,2026-06-01,Pass,,,,\ntraining,2026-06-02,Fail,,,,\n")
    code, out = bring(root, "filter,2026-06-01,Fail,,,,\n", "--force")
    assert code == 0
    assert "2 past assessments in framework/past-assessments.yml were replaced." in out
    assert {name: each.decision for name, each in history(root).items()} == {"filter-2026-06-01": "ineffective"}


def test_two_results_of_one_day_in_one_file_are_two(root: Path) -> None:
    code, _ = bring(
        root,
        "filter,2026-06-01,Pass,,Red Team,,\nfilter,2026-06-01,Fail,,Auditors,,\nfilter,2026-06-01,Pass,,Red Team,,\n",
    )
    assert code == 1
    assert {name: each.decision for name, each in history(root).items()} == {
        "filter-2026-06-01": "effective",
        "filter-2026-06-01-2": "ineffective",
    }


def test_a_file_that_cannot_be_added_to_is_left_alone(root: Path) -> None:
    text = "past_assessments: []\n"
    written(root, {FILE: text})
    code, out = bring(root, "filter,2026-06-01,Pass,,,,\n")
    assert code == 2
    assert "the import would have an error" in out
    assert (root / FILE).read_text() == text


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Date,Result", "no column names the mitigation."),
        ("Control,Result", "no column has the date of the assessment."),
    ],
)
def test_columns_that_every_row_needs_are_asked_for(root: Path, header: str, words: str) -> None:
    sheet = on_disk(root, f"{header}\n1,2\n", "past.csv")
    code, _, err = run("import-history", sheet, root, "--attestor", "auditor")
    assert code == 2
    assert words in err
