"""Days on which a sheet says that a control is due next, rows of totals, and the headline of the report."""

from datetime import date
from pathlib import Path

import pytest

from reassay.common.calendar import parse_duration
from reassay.imports.durations import Cadence
from reassay.imports.next_due import compared
from reassay.imports.row_reader import ImportOptions
from reassay.register.files import WorkingTree, read_register
from tests.unit.imports.sheets import TODAY, imported, on_disk, run
from tests.unit.register.trees import written

LAST = date(2025, 12, 31)
HALF = Cadence(parse_duration("6 months"))
AT = ("--at", "2026-12-01")


@pytest.mark.parametrize(
    ("day", "last", "cadence", "starting", "why"),
    [
        (date(2026, 6, 30), LAST, HALF, None, ""),
        (date(2026, 5, 1), LAST, HALF, date(2026, 5, 1), "it is earlier than 6 months after the last assessment (2026-06-30), so it counts"),
        (date(2026, 8, 1), LAST, HALF, None, "6 months after the last assessment on 2025-12-31 is 2026-06-30, which is earlier and counts"),
        (date(2026, 5, 1), LAST, Cadence(HALF.every, parse_duration("3 months")), None, "the longer end of the range gives 2026-06-30, and a range cannot begin on a day of its own"),
        (date(2026, 8, 1), None, HALF, None, "no last assessment was read, so it counts as never assessed and is due at once"),
        (date(2026, 8, 1), LAST, None, None, "the register has an interval and a last assessment instead, and no interval was read"),
        (date(2026, 8, 1), LAST, Cadence("unspecified"), None, "the register has an interval and a last assessment instead, and no interval was read"),
    ],
)  # fmt: skip
def test_the_earlier_of_the_stated_and_the_counted_day_counts(
    day: date, last: date | None, cadence: Cadence | None, starting: date | None, why: str
) -> None:
    outcome = compared(day, last, cadence)
    assert (outcome.schedule.starting if outcome.schedule else None, outcome.why) == (starting, why)


def test_a_day_that_is_earlier_is_due_on_that_day(tmp_path: Path) -> None:
    sheet = on_disk(
        tmp_path,
        "ID,Title,Owner,Frequency,Last review,Next review due\nA,A,o,1 year,2026-06-01,2026-12-24\nB,B,o,1 year,2026-06-01,2027-06-01\n",
    )
    code, out, _ = run("import", sheet, tmp_path, *AT)
    assert code == 0
    assert "'Next review due', row 2: '2026-12-24' → every: 1 year from 2026-12-24 on: it is earlier than 1 year" in out
    assert "row 3" not in out.partition("Cells translated")[0]
    _, out, _ = run("status", tmp_path, *AT)
    assert "Thu 24 Dec 2026" in out
    assert "Tue 1 Jun 2027" in out
    like = run("export", tmp_path, "--like", sheet, *AT)
    assert like[1].splitlines()[1:] == sheet.read_text().splitlines()[1:]
    assert "'Next review due' is copied as it was; `reassay status` shows when each mitigation is due." in like[2]


def test_a_day_without_an_interval_is_said() -> None:
    header = ("Title", "Owner", "Last review", "Next review")
    notes = imported(header, ("A", "o", "2026-06-01", "2026-12-01"), ("B", "o", "", "soon")).notes.cells
    assert [(note.outcome, note.remedy) for note in notes] == [
        ("left out", "Write the interval. They are 183 days apart."),
        ("left out", "Write it as YYYY-MM-DD."),
    ]


@pytest.mark.parametrize(
    "row",
    [
        ("", "Summe: 30", "", "", ""), ("", "Total", "", "30", ""), ("Gesamt", "Gesamt", "", "12", ""), ("", "Total général", "", "7", ""),
        ("", "Suma", "", "", "30"), ("", "Total controls: 30", "", "", ""), ("", "Anzahl Maßnahmen: 30", "", "", ""),
    ],
)  # fmt: skip
def test_a_row_of_totals_is_not_a_mitigation(row: tuple[str, ...]) -> None:
    header = ("ID", "Title", "Owner", "Frequency", "Last tested")
    found = imported(header, ("1", "A", "o", "1 year", ""), row, choices=ImportOptions(TODAY, owner="safety"))
    assert len(found.taken) == 1
    assert [left.why for left in found.notes.left] == ["it is a row of totals"]


@pytest.mark.parametrize(
    "title", ["Total recall filter", "Summary of risks", "Overall monitoring of the deployed system", "Count"]
)
def test_a_control_that_begins_like_a_total_is_taken(title: str) -> None:
    header = ("ID", "Title", "Owner", "Frequency", "Last tested")
    assert len(imported(header, ("C-1", title, "red-team", "1 year", "2026-06-01")).taken) == 1


def headline(folder: Path, rows: str, *more: str) -> str:
    _, out, _ = run("import", on_disk(folder, f"ID,Title,Owner,Frequency,Status\n{rows}"), folder, *AT, *more)
    return out.partition("\n")[0]


def test_the_headline_says_how_many_never_become_due(tmp_path: Path) -> None:
    rows = "1,A,o,now and then,\n2,B,o,ongoing,\n3,C,o,,retired\n4,D,o,1 year,\n"
    words = "'controls.csv': 4 of 4 rows became mitigations; 2 of them never become due, because no interval is stated; wrote "
    assert headline(tmp_path, rows, "--out", f"{tmp_path / 'draft.yml'}").startswith(words)
    assert headline(tmp_path, rows).startswith(words)
    assert "never" not in headline(tmp_path, "1,A,o,1 year,\n", "--force")


def test_a_commitment_can_give_the_interval_that_a_row_lacks(tmp_path: Path) -> None:
    commitment = (
        "commitments:\n  - {id: yearly, title: Yearly, owner: o, statement: Each year., source: {organisation: ACME, document: Rules}, subject: {kind: mitigation}, "
        "triggers: [{kind: interval, every: 1 year}]}\n"
    )
    written(tmp_path, {"framework/c.yml": commitment})
    assert "never" not in headline(tmp_path, "1,A,o,,\n")


def test_the_roles_to_paste_are_no_error_until_logins_are_written(tmp_path: Path) -> None:
    _, out, _ = run("import", on_disk(tmp_path, "Title,Owner\nA,Red Team\n"), tmp_path, *AT)
    block = out[out.index("# roles:") :].partition("\n\n")[0]
    assert block == "# roles:\n#   red-team: {users: [LOGIN]}"
    configuration = tmp_path / ".github" / "reassay.yml"
    configuration.parent.mkdir()
    configuration.write_text(f"{block}\n")
    assert run("check", tmp_path, *AT)[0] == 0
    configuration.write_text(block.replace("# ", "").replace("#", "").replace("LOGIN", "red-lead") + "\n")
    assert read_register(WorkingTree(tmp_path)).configuration.roles["red-team"].users == ("red-lead",)
