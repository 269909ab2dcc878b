"""`reassay status`: heading, order, filters, and that nothing unreadable is ever left out."""

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from reassay.assessment.cells import URGENCY, State
from reassay.cli import main
from reassay.cli.status import STATES
from reassay.common.clock import SystemClock
from tests.unit.register.trees import written

REGISTER = """\
timezone: Europe/Berlin
roles:
  safety: {users: [safety-lead, deputy]}
deployments:
  - {id: api, title: API, audience: external}
mitigations:
  - {id: late, title: Output filter, owner: safety, every: 6 months, last_assessed: 2026-05-01, deployments: [api]}
  - {id: soon, title: Account checks, owner: red-team-lead, every: 6 months, last_assessed: 2026-06-11}
  - {id: calm, title: Bug bounty, owner: safety, every: 1 year, last_assessed: 2026-11-01}
  - {id: fresh, title: Staff training, owner: auditor, every: 1 year}
"""
SOURCE = "signals: {sources: [{id: news, kind: issues, label: incident}]}\n"
DAY = date(2026, 12, 1)
BROKEN = "  - {id: lost, title: Lost, ownr: deputy, every: 1 year}\n"


@pytest.fixture(autouse=True)
def _a_later_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime(2027, 1, 1, tzinfo=UTC))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    written(tmp_path, {"framework/m.yml": REGISTER})
    return tmp_path


def status(root: Path, *arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return main(["status", str(root), "--at", "2026-12-01", *arguments], out, err), out.getvalue(), err.getvalue()


def shown(root: Path, *arguments: str) -> list[str]:
    """Ids of the subjects in text, in order."""
    _, text, _ = status(root, *arguments)
    return [line.split()[0] for line in text.splitlines() if line.startswith("  ") and line[2] != " "]


def test_the_states_of_the_option_are_those_of_a_cell() -> None:
    assert set(STATES) == {"any", *URGENCY}
    assert URGENCY[0] is State.UNREADABLE
    assert URGENCY.index(State.OVERDUE) < URGENCY.index(State.DUE) < URGENCY.index(State.CURRENT)


def test_the_heading_says_day_place_and_counts_and_rows_have_title_and_owner(root: Path) -> None:
    code, text, err = status(root)
    assert (code, err) == (0, "")
    assert text.startswith(
        "Mitigations on Tue 1 Dec 2026 (Europe/Berlin), not in git, no ledger entry\n"
        "4 mitigations: 1 overdue, 1 unassessed, 1 due-soon, 1 current\n"
        "Due this month, by Thu 31 Dec: 1 more\n"
        "\noverdue\n"
        "  late  Output filter\n"
        "    due Sun 1 Nov 2026, 30 days ago; owner safety; api\n"
    )


@pytest.mark.parametrize("arguments", [(), ("--sort", "due"), ("--owner", "safety")])
def test_lines_have_at_most_80_columns_and_no_blanks_at_their_end(root: Path, arguments: tuple[str, ...]) -> None:
    lines = status(root, *arguments)[1].splitlines()
    assert [line for line in lines if len(line) > 80 or line != line.rstrip()] == []


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ((), ["late", "fresh", "soon", "calm"]),
        (("--sort", "due"), ["late", "fresh", "soon", "calm"]),
        (("--sort", "owner"), ["fresh", "soon", "late", "calm"]),
        (("--sort", "id"), ["calm", "fresh", "late", "soon"]),
        (("--owner", "safety"), ["late", "calm"]),
        (("--owner", "@Deputy"), ["late", "calm"]),
        (("--owner", "red-team-lead"), ["soon"]),
        (("--overdue",), ["late"]),
        (("--state", "overdue", "--state", "unassessed"), ["late", "fresh"]),
        (("--overdue", "--owner", "auditor"), []),
        (("--state", "any"), ["late", "fresh"]),
    ],
)
def test_order_and_filters(root: Path, arguments: tuple[str, ...], ids: list[str]) -> None:
    assert shown(root, *arguments) == ids
    assert [*dict.fromkeys(cell["mitigation"] for cell in cells(root, *arguments))] == (
        ids if "--sort" in arguments else sorted(ids)
    )


def cells(root: Path, *arguments: str) -> list[dict[str, object]]:
    document = json.loads(status(root, *arguments, "--format", "json")[1])
    assert isinstance(document["cells"], list)
    return document["cells"]


def test_a_filter_says_what_it_hides_and_counts_stay_those_of_the_whole_register(root: Path) -> None:
    _, text, _ = status(root, "--owner", "safety", "--overdue")
    assert "4 mitigations: 1 overdue, 1 unassessed, 1 due-soon, 1 current" in text
    assert "Shown: owner safety, state overdue. Not shown: 3 rows of 3 mitigations and\ncommitments." in text
    code, out, err = status(root, "--overdue", "--format", "json")
    document = json.loads(out)
    assert code == 0
    assert document["filter"] == {"owner": None, "states": ["overdue"], "hidden": 3}
    assert document["summary"] == {"overdue": 1, "unassessed": 1, "due-soon": 1, "current": 1}
    assert "3 of 4 cells are not shown" in err
    assert json.loads(status(root, "--format", "json")[1])["filter"] is None


@pytest.mark.parametrize("arguments", [("--state", "current"), ("--owner", "auditor"), ("--overdue", "--sort", "id")])
@pytest.mark.parametrize("form", ["text", "json", "csv", "ics"])
def test_no_filter_hides_what_cannot_be_read(root: Path, arguments: tuple[str, ...], form: str) -> None:
    written(root, {"framework/m.yml": REGISTER + BROKEN})
    code, out, _ = status(root, *arguments, "--format", form)
    assert code == 1
    assert "lost" in out
    if form == "text":
        assert shown(root, *arguments)[0] == "lost"
        assert "1 unreadable" in out
        assert "1 entry cannot be read: lost, framework/m.yml:" in " ".join(out.split())


def test_a_filter_does_not_change_the_exit_code(root: Path) -> None:
    assert status(root, "--state", "current", "--fail-on", "overdue")[0] == 1


def test_table_and_calendar_have_titles_and_owners_of_what_is_shown(root: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(status(root, "--owner", "auditor", "--format", "csv")[1])))
    assert [(row["subject"], row["title"], row["owner"]) for row in rows] == [("fresh", "Staff training", "auditor")]
    _, calendar, _ = status(root, "--overdue", "--format", "ics")
    assert "Output filter" in calendar
    assert "Owner: safety" in calendar.replace("\r\n ", "")
    assert "Bug bounty" not in calendar


def test_the_calendar_is_that_of_the_report_and_has_what_has_no_date(root: Path, tmp_path: Path) -> None:
    written(root, {"framework/m.yml": SOURCE + REGISTER + BROKEN})
    code, calendar, _ = status(root, "--format", "ics")
    site = tmp_path.parent / f"{tmp_path.name}-site"
    arguments = ["report", str(site), str(root), "--at", "2026-12-01", "--no-pictures"]
    assert (code, main(arguments, io.StringIO(), io.StringIO())) == (1, 1)
    assert (site / "calendar.ics").read_bytes().decode() == calendar
    today = [
        str(event["SUMMARY"])
        for event in Calendar.from_ical(calendar).walk("VEVENT")
        if event.decoded("DTSTART") == DAY
    ]
    assert "Unreadable: lost" in today
    assert "Re-assess Staff training" in today
    assert "Source cannot be relied on: source news" in today
    filtered = status(root, "--owner", "auditor", "--format", "ics")[1]
    assert "Source cannot be relied on: source news" in filtered
    assert "Output filter" not in filtered


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("safty", "--owner: 'safty' owns nothing here, and is not a member of a role. Did you mean 'safety'?"),
        ("nobody-at-all", "Write a role, or a login of the register."),
    ],
)
def test_an_unknown_owner_is_an_error_and_not_an_empty_list(root: Path, name: str, words: str) -> None:
    code, out, err = status(root, "--owner", name)
    assert (code, out) == (2, "")
    assert words in err


def test_members_of_teams_are_not_read_and_that_is_said(root: Path) -> None:
    team = REGISTER.replace("{users: [safety-lead, deputy]}", "{teams: [example-lab/safety]}")
    written(root, {"framework/m.yml": team})
    assert "Members of teams are not read here; name the role." in status(root, "--owner", "deputy")[2]
    assert shown(root, "--owner", "example-lab/safety") == ["late", "calm"]
