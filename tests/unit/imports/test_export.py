"""`reassay export`: the way back. What a spreadsheet holds comes back as it was."""

import csv
import io
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.common.calendar import Duration
from reassay.imports.cell_text import is_placeholder, says_nothing
from reassay.imports.columns import lay_out
from reassay.imports.export import export_mitigations
from reassay.imports.files.spreadsheet_files import ReadOptions, read_sheet, write_csv
from reassay.imports.headers import MITIGATIONS
from reassay.imports.mitigations import import_mitigations
from reassay.imports.names import DeclaredNames
from reassay.imports.row_reader import ImportOptions
from reassay.register.base import Depth, PublishedReference, Status
from reassay.register.criteria import Target
from reassay.register.mitigation import ControlKind, Layer, LifecycleStage, Mitigation, Reassess, RmfFunction, Standard
from tests.examples import examples
from tests.unit.imports.sheets import EXAMPLE, TODAY, on_disk, run
from tests.unit.register.trees import written

IDS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True).filter(lambda text: not says_nothing(text))
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))
LINES = st.text(LETTERS, min_size=1, max_size=60).map(str.strip).filter(lambda text: text and not says_nothing(text))
PROSE = (
    st.text(st.one_of(LETTERS, st.just("\n")), min_size=1, max_size=200)
    .map(str.strip)
    .filter(lambda text: text and not says_nothing(text))
)
# Words that say "nobody yet" are no names of roles in a spreadsheet, and capitals alone make no second role.
ROLES = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True).filter(
    lambda text: not says_nothing(text) and not is_placeholder(text)
)
DURATIONS = st.builds(Duration, months=st.integers(0, 60), days=st.integers(0, 400)).filter(
    lambda each: bool(each.months or each.days)
)
STANDARDS = st.builds(
    Standard,
    catalogue=st.sampled_from(["NIST-800-53", "ISO/IEC 27001", "RAND SL", "Our own policy 2026"]),
    control=st.from_regex(r"[A-Z]{2}-[1-9][0-9]?(\([1-9]\))?", fullmatch=True),
)
REFERENCES = st.builds(
    PublishedReference,
    source=st.sampled_from(["MITRE ATLAS", "FINOS"]),
    id=st.from_regex(r"[A-Z]{2}[.-][1-9][0-9]{0,3}", fullmatch=True),
    url=st.none() | st.just("https://example.org/a?b=c"),
)
THREATS, DEPLOYMENTS = ("fraud", "model-theft", "uplift"), ("api", "app")


@st.composite
def mitigations(draw: st.DrawFn) -> Mitigation:
    """All that a spreadsheet holds, in the one form in which it is written from there."""
    near = draw(st.none() | DURATIONS)
    every: Duration | str | None = draw(st.none() | st.just("unspecified") | DURATIONS)
    is_range = near and isinstance(every, Duration) and near.after(date(2001, 1, 1)) < every.after(date(2001, 1, 1))
    depth = draw(st.none() | st.sampled_from(Depth))
    inner = {"depth": depth} if depth else {}
    if is_range:
        inner |= {"every": every, "at_least_after": near}
    assessors = tuple(draw(st.lists(ROLES, max_size=3, unique=True)))
    named = {"assessor": assessors[0]} if len(assessors) == 1 else {"assessors": assessors} if assessors else {}
    statement = draw(st.none() | PROSE)
    return Mitigation.model_validate(
        {
            "id": draw(IDS), "title": draw(LINES), "owner": draw(ROLES), "description": draw(st.none() | PROSE),
            "status": draw(st.sampled_from(Status)), "layer": draw(st.none() | st.sampled_from(Layer)),
            "lifecycle_stage": draw(st.none() | st.sampled_from(LifecycleStage)),
            "every": None if is_range else every, "reassess": Reassess.model_validate(inner) if inner else None,
            "last_assessed": draw(st.none() | st.dates(date(1970, 1, 1), TODAY)),
            "standards": tuple(draw(st.lists(STANDARDS, max_size=3, unique_by=str))),
            "function": draw(st.none() | st.sampled_from(RmfFunction)), "actor": draw(st.none() | st.just("developer")),
            "kind_of_control": draw(st.none() | st.sampled_from(ControlKind)),
            "references": tuple(draw(st.lists(REFERENCES, max_size=3, unique_by=str))),
            "related": tuple(draw(st.lists(st.sampled_from(DEPLOYMENTS), unique=True))),
            "threat_models": tuple(draw(st.lists(st.sampled_from(THREATS), unique=True))),
            "deployments": tuple(draw(st.lists(st.sampled_from(DEPLOYMENTS), unique=True))),
            "target": Target(statement=statement) if statement else None, **named,
        }
    )  # fmt: skip


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None)
@given(st.lists(mitigations(), min_size=1, max_size=4, unique_by=lambda each: each.id))
def test_import_of_an_export_is_the_same_mitigations(given_ones: list[Mitigation]) -> None:
    text = write_csv(export_mitigations(given_ones).rows)
    with TemporaryDirectory() as folder:
        sheet = read_sheet(on_disk(Path(folder), text), ReadOptions(MITIGATIONS))
    declared = DeclaredNames(
        threat_models={name: name for name in THREATS},
        deployments={name: name for name in DEPLOYMENTS},
        ids=frozenset(DEPLOYMENTS),
    )
    found = import_mitigations(lay_out(sheet, MITIGATIONS, ()), declared, ImportOptions(TODAY))
    assert found.notes.left == ()
    assert found.notes.cells == ()
    assert [each.mitigation for each in found.taken] == given_ones


def rows_of(text: str, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator))


def test_export_like_the_original_gives_the_originals_rows_back(tmp_path: Path) -> None:
    run(
        "import",
        EXAMPLE / "controls.csv",
        tmp_path,
        "--at",
        "2026-12-01",
        "--owner",
        "policy",
        "--stubs",
        "--audience",
        "external",
    )
    code, out, err = run(
        "export", tmp_path, "--like", EXAMPLE / "controls.csv", "--owner", "policy", "--at", "2026-12-01"
    )
    assert (code, err) == (0, "40 rows; printed.\n")
    original = rows_of((EXAMPLE / "controls.csv").read_bytes().decode("cp1252"), ";")[2:]
    assert [["'" + cell if cell.startswith("=") else cell for cell in row] for row in original] == rows_of(out, ";")


def test_only_cells_whose_meaning_changed_change(tmp_path: Path) -> None:
    sheet = on_disk(
        tmp_path,
        "Ref,Title,Owner,Frequency,Budget\nC-1,Filter,Red Team,Quarterly,7\nC-2,Gate,Red Team,Annual,\nC-3,Gone,o,,\n",
    )
    run("import", sheet, tmp_path)
    file = tmp_path / "framework" / "imported-mitigations.yml"
    text = file.read_text().replace("every: 1 year", "every: 6 months").partition("  - id: c-3")[0]
    file.write_text(f"{text}  - {{id: new, title: New, owner: red-team, every: 2 years, layer: model}}\n")
    code, out, err = run("export", tmp_path, "--like", sheet)
    assert rows_of(out) == [
        ["Ref", "Title", "Owner", "Frequency", "Budget"],
        ["C-1", "Filter", "Red Team", "Quarterly", "7"],
        ["C-2", "Gate", "Red Team", "6 months", ""],
        ["new", "New", "red-team", "2 years", ""],
    ]
    assert code == 1
    assert "Row 4 ('c-3') is not in the register, so it was left out." in err
    assert "The given sheet has no column for layer: 1 of 3 mitigations state one." in err


def test_formulas_are_defused_and_what_has_no_column_is_said(tmp_path: Path) -> None:
    register = (
        "mitigations:\n  - id: a\n    title: =1+1\n    description: '@SUM(A1)'\n    owner: o\n    every: 1 year\n    version: 2\n"
        "    reassess: {grace: 1 week}\n    target: {statement: Holds, actor: novice}\n"
    )
    written(tmp_path, {"framework/a.yml": register})
    code, out, err = run("export", tmp_path)
    assert code == 0
    assert out.startswith("\ufeffid,title,description,status,owner,")
    assert rows_of(out)[1][1:3] == ["'=1+1", "'@SUM(A1)"]
    for what in ("version", "reassess.grace", "the criteria of a target"):
        assert f"A spreadsheet has no column for {what}; it stays in the register only (a)." in err


def test_standards_go_into_the_columns_that_the_sheet_has(tmp_path: Path) -> None:
    sheet = on_disk(tmp_path, 'Title,Owner,NIST control,ISO 27001\nA,o,"AC-2, AC-3",A.5.1\n')
    run("import", sheet, tmp_path)
    file = tmp_path / "framework" / "imported-mitigations.yml"
    file.write_text(file.read_text().replace("A.5.1", "A.8.3") + "      - {catalogue: SOC 2, control: CC1.1}\n")
    _, out, err = run("export", tmp_path, "--like", sheet)
    assert rows_of(out)[1] == ["A", "o", "AC-2, AC-3", "A.8.3"]
    assert "The given sheet has no column for controls of SOC 2." in err


def test_past_assessments_go_out_and_come_back_as_known(tmp_path: Path) -> None:
    run("import", EXAMPLE / "controls.csv", tmp_path, "--at", "2026-12-01")
    run("import-history", EXAMPLE / "past.csv", tmp_path, "--attestor", "auditor", "--at", "2026-12-01")
    out = tmp_path / "past.csv"
    assert run("export", tmp_path, "--kind", "past-assessments", "--out", out)[0] == 0
    code, said, _ = run("import-history", out, tmp_path, "--attestor", "auditor", "--at", "2026-12-01")
    assert code == 0
    assert "Skipped, because the register already has them: rows 2-12." in said


def test_a_file_that_exists_is_replaced_only_when_asked(tmp_path: Path) -> None:
    written(
        tmp_path, {"framework/a.yml": "mitigations: [{id: a, title: A, owner: o, every: 1 year}]\n", "out.csv": "mine"}
    )
    code, _, err = run("export", tmp_path, "--out", tmp_path / "out.csv")
    assert (code, "this file exists already. Replace it with --force" in err) == (2, True)
    assert run("export", tmp_path, "--out", tmp_path / "out.csv", "--force")[0] == 0
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfid,title")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--kind", "past-assessments", "--like", EXAMPLE / "past.csv"), "only mitigations can be exported"),
        (("--map", "A=id"), "it needs a spreadsheet."),
    ],
)
def test_options_that_do_not_go_together_are_refused(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    code, _, err = run("export", tmp_path, *arguments)
    assert code == 2
    assert words in err
