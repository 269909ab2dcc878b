"""What a person's checkout is read as, with its ledger, at any date."""

import io
import json
import os
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from reassay.cli import main
from reassay.common.calendar import day_words
from reassay.common.clock import SystemClock
from tests.golden import same_as_golden
from tests.lab import STARTER, Lab


def reassay(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return main(list(arguments), out, err), out.getvalue(), err.getvalue()


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=safety-lead", "-c", "user.email=safety-lead@example.org")
    subprocess.run(
        ["git", *identity, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
    )


@pytest.fixture
def checkout(lab: Lab, tmp_path: Path) -> Path:
    """A clone of the sandbox's repository after a sweep and a conclusion."""
    lab.fine()
    number = next(issue.number for issue in lab.repo.issues() if "filter" in issue.title)
    lab.say("red-team-lead", number, "/reassay conclude effective because fine")
    lab.fine()
    url = lab.box.url.replace("http://", f"http://x-access-token:{lab.settings.token}@")
    git(tmp_path, "clone", "--quiet", f"{url}/{lab.name}.git", "checkout")
    return tmp_path / "checkout"


def cells(*arguments: str) -> dict[str, tuple[str, str | None]]:
    _, out, _ = reassay("status", *arguments, "--format", "json")
    return {cell["mitigation"]: (cell["state"], cell["due"]) for cell in json.loads(out)["cells"]}


def test_the_ledger_of_a_clone_counts(checkout: Path) -> None:
    assert cells(str(checkout), "--at", "2026-12-02")["jailbreak-filter"] == ("current", "2027-06-01")
    assert cells(str(checkout), "--at", "2027-06-02")["jailbreak-filter"] == ("overdue", "2027-06-01")


def test_as_of_an_earlier_date_later_entries_are_ignored(checkout: Path) -> None:
    assert cells(str(checkout), "--at", "2026-11-30")["jailbreak-filter"] == ("due-soon", "2026-12-11")


def test_the_same_date_gives_the_same_words(checkout: Path) -> None:
    first = reassay("status", str(checkout), "--at", "2026-12-20")
    assert first == reassay("status", str(checkout), "--at", "2026-12-20")
    assert "ledger 4:" in first[1]
    assert "The ledger is not signed" in first[1]


@pytest.fixture(autouse=True)
def _examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples outside of this project's own repository, whose clones have a remote and no ledger."""
    folder = tmp_path / "elsewhere"
    shutil.copytree("examples", folder / "examples")
    monkeypatch.chdir(folder)


@pytest.mark.parametrize("day", ["2026-12-01", "2026-12-20"])
def test_the_terminal_view_of_the_example(day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime(2027, 1, 1, tzinfo=UTC))
    code, out, err = reassay("status", "examples/frontier-lab", "--at", day)
    lines = [line for line in out.splitlines() if not line.startswith("Register ")]
    assert (code, err) == (0, "")
    same_as_golden(f"status-{day}.txt", "\n".join(lines) + "\n")


@pytest.mark.parametrize(("day", "is_forecast"), [("2026-12-20", False), ("2026-12-21", True), ("2027-06-01", True)])
@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_a_date_that_has_not_come_is_said_to_be_a_forecast(
    day: str, is_forecast: bool, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("status", "examples/starter", "--at", day, "--format", form)
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime(2028, 1, 1, tzinfo=UTC))
    _, later, _ = reassay(*asked)
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime(2026, 12, 20, 22, tzinfo=UTC))
    code, out, err = reassay(*asked)
    assert (code, out) == (0, later)
    assert [line for line in err.splitlines() if "forecast" in line] == (
        [
            f"reassay: {day_words(date.fromisoformat(day), year=True)} is in the future: a forecast, as if nothing happened until then"
        ]
        if is_forecast
        else []
    )


def test_the_plan_of_the_example() -> None:
    code, out, _ = reassay("plan", "examples/frontier-lab", "--at", "2026-12-01", "--until", "2027-03-01")
    lines = [line for line in out.splitlines() if not line.startswith("Register ")]
    assert code == 0
    same_as_golden("plan.txt", "\n".join(lines) + "\n")


def test_csv_and_calendar_hold_the_same_cells(checkout: Path) -> None:
    _, table, _ = reassay("status", str(checkout), "--at", "2026-12-02", "--format", "csv")
    _, calendar, _ = reassay("status", str(checkout), "--at", "2026-12-02", "--format", "ics")
    assert table.splitlines()[1].startswith("jailbreak-filter,*,current,2027-06-01,attested,effective (attested),")
    assert "DTSTART;VALUE=DATE:20270601" in calendar


def test_fail_on_a_state(checkout: Path) -> None:
    assert reassay("status", str(checkout), "--at", "2026-12-02", "--fail-on", "overdue")[0] == 0
    assert reassay("status", str(checkout), "--at", "2027-06-02", "--fail-on", "overdue")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("status", "nowhere"), "there is no such folder"),
        (("status", "examples/starter", "--at", "tomorrow"), "'tomorrow' is not a valid date"),
        (("plan", "examples/starter", "--until", "soon"), "'soon' is not a valid date"),
        (("plan", "examples/starter", "--at", "2026-12-01", "--until", "9999-12-31"), "too far ahead"),
        (("status", "examples/starter", "--format", "xml"), ""),
    ],
)
def test_usage_errors_are_exit_2_and_say_what_to_write(arguments: tuple[str, ...], words: str) -> None:
    code, out, err = reassay(*arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_a_broken_register_is_said_and_the_rest_is_shown(tmp_path: Path) -> None:
    (tmp_path / "framework").mkdir()
    (tmp_path / "framework/mitigations.yml").write_bytes(STARTER.replace(b"owner: safety-lead\n", b"ownr: x\n", 1))
    code, out, err = reassay("status", str(tmp_path), "--at", "2026-12-01")
    assert code == 1
    assert "staff-training" in out
    assert "the register has 1 error; to see them, run `reassay check`" in err
    assert "1 entry cannot be read: jailbreak-filter, framework/mitigations.yml:" in out


def test_a_broken_ledger_is_never_no_ledger(checkout: Path) -> None:
    git(checkout, "switch", "--quiet", "reassay-ledger")
    entry = checkout / "entries/0000/0000001.json"
    entry.write_bytes(entry.read_bytes().replace(b"payload", b"pAyload", 1))
    git(checkout, "commit", "--quiet", "-am", "x")
    git(checkout, "update-ref", "refs/remotes/origin/reassay-ledger", "HEAD")
    git(checkout, "switch", "--quiet", "main")
    code, out, err = reassay("status", str(checkout))
    assert (code, out) == (3, "")
    assert "reassay-ledger:entries/0000/0000001.json" in err


def test_coverage_in_text_and_json_names_the_gaps(checkout: Path) -> None:
    code, text, _ = reassay("status", "examples/frontier-lab", "--coverage")
    assert code == 0
    assert (
        "insider-misuse / trusted-testers  declared 1, counted 0, 2 are required, release-review is the only mitigation"
        in text
    )
    assert "not cited  SL4, SL5" in text
    document = json.loads(reassay("status", "examples/frontier-lab", "--coverage", "--format", "json")[1])
    assert document["schema"] == "reassay/coverage/v1"
    assert {each["single_point_of_failure"] for each in document["threat_models"]} == {
        None,
        "incident-response",
        "release-review",
    }
    assert reassay("status", str(checkout), "--coverage", "--format", "csv")[0] == 2


def test_the_calendar_of_a_repository_names_it_by_its_number(checkout: Path) -> None:
    _, calendar, _ = reassay("status", str(checkout), "--at", "2026-12-02", "--format", "ics")
    _, text, _ = reassay("ledger", "verify", str(checkout), "--format", "json")
    identity = json.loads(text)["ledger"]
    uids = [line for line in calendar.replace("\r\n ", "").splitlines() if line.startswith("UID:")]
    assert f"UID:jailbreak-filter.*@{identity['repository_id']}.{identity['host']}" in uids
    assert len(set(uids)) == len(uids)
