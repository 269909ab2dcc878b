"""`reassay report`: a site on disk from a checkout, written whole or not at all, and what makes it less certain said."""

import io
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reassay.cli import main
from reassay.common.clock import SystemClock
from reassay.dashboard import site
from reassay.dashboard.values import Dashboard
from reassay.git.git import Git
from reassay.ledger.store.branch import additions, read_state
from reassay.ledger.store.keyring import Keyring
from tests.browser.playwright_pages import NARROW, Pages, assert_accessible, assert_fits, screenshot
from tests.unit.audit import world
from tests.unit.cli.checkouts import git
from tests.unit.ledger.worlds import key, ring
from tests.unit.register.trees import written

REGISTER = """\
mode: remind
timezone: Europe/Berlin
mitigations:
  - {id: late, title: Output filter, owner: safety-lead, every: 6 months, last_assessed: 2026-05-01}
  - {id: calm, title: Bug bounty <b>, owner: safety-lead, every: 1 year, last_assessed: 2026-11-01}
"""
LOST = "  - {id: lost, title: Staff training, owner: auditor, every: 1 year}\n"
UNREADABLE = "  - {id: lost, title: Staff training, ownr: auditor, every: 1 year}\n"
PAGES = {"index.html", "cells.html", "timeline.html", "coverage.html", "commitments.html", "incidents.html"}


@pytest.fixture(autouse=True)
def _a_later_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime(2027, 1, 1, tzinfo=UTC))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    place = tmp_path / "framework-repo"
    written(place, {"framework/m.yml": REGISTER})
    git(place, "init", "--quiet", "--initial-branch=main")
    commit(place)
    return place


def commit(place: Path) -> None:
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "-m", "Register")


def report(root: Path, folder: Path, *arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    given = ["report", str(folder), str(root), "--at", "2026-12-01", *arguments]
    return main(given, out, err), out.getvalue(), err.getvalue()


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def dashboard(folder: Path) -> Dashboard:
    return Dashboard.model_validate_json((folder / "dashboard.json").read_bytes())


@pytest.mark.slow
def test_it_writes_every_file_of_the_site_and_says_where_to_open_it(root: Path, tmp_path: Path) -> None:
    code, out, err = report(root, tmp_path / "site")
    assert (code, err) == (0, "")
    assert out.startswith(
        "Wrote 8 pages, 2 pictures and a calendar of framework-repo on Tue 1 Dec 2026.\n"
        f"Open {tmp_path}/site/index.html in a browser.\n"
        "\nRegister "
    )
    made = files(tmp_path / "site")
    shown = dashboard(tmp_path / "site")
    assert made.keys() == {*site.Site(shown).paths(), "report.json"}
    assert made.keys() >= PAGES | {"subjects/late.html", "pictures/states.svg", "calendar.ics", "dashboard.css"}
    assert b"Bug bounty &lt;b&gt;" in made["cells.html"]
    assert [own.state for own in shown.cells if own.subject == "late"] == ["overdue"]
    assert str(shown.planned_until) == "2028-01-01"
    assert (shown.repository, shown.url, shown.verdicts) == ("framework-repo", "", ())


@pytest.mark.slow
def test_a_second_run_gives_the_same_bytes_and_leaves_nothing_else(root: Path, tmp_path: Path) -> None:
    report(root, tmp_path / "site")
    before = files(tmp_path / "site")
    (tmp_path / "site" / "subjects" / "late.html").write_text("changed")
    assert report(root, tmp_path / "site", "--quiet")[0] == 0
    assert files(tmp_path / "site") == before
    assert {path.name for path in tmp_path.iterdir()} == {"framework-repo", "site"}


def test_links_show_the_files_of_the_commit_and_of_changes_that_no_commit_has_the_default_branch(
    root: Path, tmp_path: Path
) -> None:
    git(root, "remote", "add", "origin", "https://github.com/example-lab/framework.git")
    report(root, tmp_path / "site", "--no-pictures")
    shown, page = dashboard(tmp_path / "site"), (tmp_path / "site/subjects/late.html").read_text()
    assert shown.commit == Git(root).resolve("HEAD")
    assert f"https://github.com/example-lab/framework/blob/{shown.commit}/framework/m.yml#L4" in page
    (root / "framework/m.yml").write_text(f"# moved by a line\n{REGISTER}")
    report(root, tmp_path / "site", "--no-pictures")
    page = (tmp_path / "site/subjects/late.html").read_text()
    assert dashboard(tmp_path / "site").commit == ""
    assert "https://github.com/example-lab/framework/blob/HEAD/framework/m.yml#L5" in page


@pytest.mark.slow
def test_what_an_earlier_report_had_and_this_one_has_not_is_gone(root: Path, tmp_path: Path) -> None:
    report(root, tmp_path / "site")
    (root / "framework/m.yml").write_text(REGISTER.rpartition("  - {id: calm")[0])
    report(root, tmp_path / "site", "--no-pictures")
    names = files(tmp_path / "site").keys()
    assert not {"subjects/calm.html", "pictures/states.svg"} & names
    assert "subjects/late.html" in names
    assert b"<img" not in files(tmp_path / "site")["index.html"]


@pytest.mark.slow
def test_a_folder_with_other_files_is_refused_and_with_force_they_stay(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    written(folder, {"CNAME": "a", "b": "b", "c/d": "c", "index.html": "mine"})
    code, out, err = report(root, folder)
    assert (code, out) == (2, "")
    assert "this folder holds files that are not of an earlier report: CNAME, b, c/d and 1 more." in err
    assert files(folder)["index.html"] == b"mine"
    assert report(root, folder, "--force")[0] == 0
    assert files(folder).keys() >= {"CNAME", "b", "c/d", "cells.html", "subjects/calm.html"}
    assert files(folder)["index.html"] != b"mine"
    # An earlier report beside them is replaced, and they are still somebody's.
    assert report(root, folder)[0] == 2
    (root / "framework/m.yml").write_text(REGISTER.rpartition("  - {id: calm")[0])
    assert report(root, folder, "--force")[0] == 0
    assert files(folder).keys() >= {"CNAME", "c/d"}
    assert "subjects/calm.html" not in files(folder)


@pytest.mark.parametrize(
    "marker", ["[]", "{", '{"schema": "another/v1", "files": ["precious"]}', '{"schema": "reassay/report/v1"}']
)
def test_a_folder_whose_marker_is_not_ours_is_refused(root: Path, tmp_path: Path, marker: str) -> None:
    written(tmp_path / "site", {"report.json": marker, "precious": "p"})
    assert report(root, tmp_path / "site")[0] == 2


def test_a_marker_cannot_name_a_file_outside(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "precious"
    outside.write_text("p")
    names = ["../precious", str(outside), "sub/../../precious"]
    written(tmp_path / "site", {"report.json": json.dumps({"schema": "reassay/report/v1", "files": names}), "a": "a"})
    assert report(root, tmp_path / "site", "--force")[0] == 0
    assert outside.read_text() == "p"


@pytest.mark.slow
@pytest.mark.parametrize("path", ["cells.html", "subjects/late.html", "dashboard.json"])
def test_a_run_that_fails_leaves_the_old_report_whole(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    report(root, tmp_path / "site")
    before, made = files(tmp_path / "site"), site.Site.file

    def full(self: site.Site, asked: str) -> site.SiteFile | None:
        if asked == path:
            raise OSError(28, "No space left on device")
        return made(self, asked)

    monkeypatch.setattr(site.Site, "file", full)
    code, _, err = report(root, tmp_path / "site")
    assert (code, "the report cannot be written (No space left on device)." in err) == (2, True)
    assert files(tmp_path / "site") == before
    assert {path.name for path in tmp_path.iterdir()} == {"framework-repo", "site"}


@pytest.mark.slow
def test_the_old_report_comes_back_where_the_new_one_cannot_be_moved(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(root, tmp_path / "site")
    before, rename = files(tmp_path / "site"), Path.rename

    def refused(self: Path, target: Path) -> Path:
        if self.suffix == ".partial":
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    assert report(root, tmp_path / "site")[0] == 2
    assert files(tmp_path / "site") == before


@pytest.mark.slow
def test_what_cannot_be_read_is_shown_and_the_exit_code_is_1(root: Path, tmp_path: Path) -> None:
    (root / "framework/m.yml").write_text(REGISTER + LOST)
    commit(root)
    (root / "framework/m.yml").write_text(REGISTER + UNREADABLE)
    commit(root)
    code, out, err = report(root, tmp_path / "site")
    assert code == 1
    assert "1 error" in err
    assert "The exit code is 1 because of this" in " ".join(out.split())
    assert max(map(len, out.splitlines()[2:])) <= 80
    problem = dashboard(tmp_path / "site").problems[0]
    assert (problem.kind, problem.owner) == ("unreadable", "auditor")
    assert "lost" in problem.what
    page = (tmp_path / "site" / "index.html").read_text()
    assert page.index("framework/m.yml:6") < page.index("Output filter")


@pytest.mark.slow
def test_without_the_ledger_of_the_clone_nothing_is_calm_and_the_exit_code_is_1(root: Path, tmp_path: Path) -> None:
    git(root, "remote", "add", "origin", "git@github.com:Example-Lab/Framework.git")
    code, _, err = report(root, tmp_path / "site")
    assert code == 1
    assert "The ledger is not in this clone" in err
    shown = dashboard(tmp_path / "site")
    assert (shown.repository, shown.url) == ("example-lab/framework", "https://github.com/example-lab/framework")
    assert shown.problems[0].kind == "ledger"
    assert {own.state for own in shown.cells} == {"overdue", "unknown"}


def test_addresses_of_other_hosts_are_no_links(root: Path, tmp_path: Path) -> None:
    git(root, "remote", "add", "origin", "https://git.example.org/lab/framework.git")
    report(root, tmp_path / "site")
    shown = dashboard(tmp_path / "site")
    assert (shown.repository, shown.url) == ("lab/framework", "")


@pytest.mark.slow
def test_a_range_adds_its_verdict_with_what_if(root: Path, tmp_path: Path) -> None:
    git(root, "checkout", "--quiet", "-b", "change")
    (root / "framework/m.yml").write_text(REGISTER.replace("6 months", "2 years"))
    commit(root)
    assert report(root, tmp_path / "site", "--base", "main", "--head", "change")[0] == 0
    (verdict,) = dashboard(tmp_path / "site").verdicts
    assert (verdict.name, verdict.title) == ("range", "main..change")
    (change,) = verdict.changes
    assert "mitigation late" in change
    assert "main..change" in (tmp_path / "site" / "verdicts" / "range.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--base", "main"), "a range has two ends."),
        (("--base", "main", "--head", "nothing"), "nothing"),
        (("--until", "soon"), "--until"),
        (("--until", "2100-01-01"), "too far ahead"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_written(
    root: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = report(root, tmp_path / "site", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert not (tmp_path / "site").exists()


def test_a_folder_without_a_register_and_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    assert report(tmp_path / "empty", tmp_path / "site")[0] == 2
    assert report(tmp_path / "empty", tmp_path / "file")[0] == 2
    assert not (tmp_path / "site").exists()


def test_until_sets_the_last_day_of_the_forecast(root: Path, tmp_path: Path) -> None:
    report(root, tmp_path / "site", "--until", "2030-01-01", "--no-pictures")
    shown = dashboard(tmp_path / "site")
    assert str(shown.planned_until) == "2030-01-01"
    assert max(own.on for own in shown.timeline).year == 2029


def test_without_the_extra_it_has_tables_and_says_so_once(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "can_draw", lambda: False)
    code, out, err = report(root, tmp_path / "site")
    assert code == 0
    assert (
        err == 'reassay: the report has tables and no pictures; for pictures, run `pip install "reassay[pictures]"`\n'
    )
    assert "Wrote 8 pages and a calendar of" in out
    assert not (tmp_path / "site" / "pictures").exists()
    assert b"<img" not in files(tmp_path / "site")["index.html"]


def test_pictures_that_cannot_be_drawn_do_not_cost_the_report(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reassay.common.errors import ReassayError

    def broken(_dashboard: Dashboard, _name: str) -> bytes:
        raise ReassayError("it could not be drawn.")

    monkeypatch.setattr(site, "picture", broken)
    code, _, err = report(root, tmp_path / "site")
    assert (code, err) == (0, "reassay: the report has tables and no pictures: it could not be drawn.\n")
    assert b"<img" not in files(tmp_path / "site")["index.html"]


@pytest.mark.slow
def test_it_opens_from_disk(root: Path, tmp_path: Path, pages: Pages) -> None:
    report(root, tmp_path / "site")
    page = pages.open(tmp_path / "site" / "index.html")
    page.click("text=Cells")
    page.click("text=Output filter")
    assert page.url.endswith("/subjects/late.html")
    assert_accessible(page)
    screenshot(page, "report-subject")
    narrow = pages.open(tmp_path / "site" / "index.html", width=NARROW)
    assert_fits(narrow)
    screenshot(narrow, "report-index-narrow")
    shutil.rmtree(tmp_path / "site")


@pytest.mark.slow
def test_a_link_inside_the_folder_leads_no_file_outside(root: Path, tmp_path: Path) -> None:
    """Nothing outside of the folder is written, replaced or deleted through a link in it."""
    outside = tmp_path / "outside"
    written(outside, {"late.html": "mine", "old.html": "mine"})
    names = ["subjects/late.html", "subjects/old.html"]
    marker = json.dumps({"schema": "reassay/report/v1", "files": names})
    written(tmp_path / "site", {"report.json": marker, "CNAME": "a", "index.html": "earlier"})
    (tmp_path / "site/subjects").symlink_to(outside, target_is_directory=True)
    before = files(outside), files(tmp_path / "site")
    code, _, err = report(root, tmp_path / "site", "--force")
    assert code == 2
    assert "subjects" in err
    assert (files(outside), files(tmp_path / "site")) == before


@pytest.mark.slow
def test_a_folder_in_the_place_of_a_file_leaves_everything_as_it_was(root: Path, tmp_path: Path) -> None:
    written(tmp_path / "site", {"CNAME": "a", "cells.html": "earlier", "index.html/mine": "m"})
    before = files(tmp_path / "site")
    code, _, err = report(root, tmp_path / "site", "--force")
    assert (code, files(tmp_path / "site")) == (2, before)
    assert "index.html" in err


@pytest.mark.parametrize("place", ["loop", "/", "x" * 300, "a\0b", "loop/site"])
def test_an_odd_place_is_refused_in_words(root: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    code, _, err = report(root, tmp_path / place, "--force")
    assert code == 2
    assert err.startswith("reassay: ")


def test_a_folder_that_cannot_be_listed_is_not_taken_for_an_empty_one(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "site", {"closed/precious": "p"})
    closed, listed = tmp_path / "site/closed", os.scandir

    def refused(path: int | str) -> object:
        if not isinstance(path, int) and Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", refused)
    code, _, err = report(root, tmp_path / "site", "--force")
    monkeypatch.undo()
    assert code == 2
    assert "ermission denied" in err
    assert files(tmp_path / "site") == {"closed/precious": b"p"}


@pytest.mark.slow
def test_entries_of_a_revoked_key_are_said_and_the_exit_code_is_1(tmp_path: Path) -> None:
    framework = world.checkout(tmp_path / "framework", keyring=ring("old"))
    assert report(framework, tmp_path / "before", "--no-pictures")[0] == 0
    state = read_state(Git(framework), world.git_at(framework, "2026-12-01", "rev-parse", "reassay-ledger"))
    last, keys = state.entries[-1], Keyring(key("new"), key("old"), revoked=((key("old").id, 20),))
    bodies = keys.due(state.book, len(state.entries))
    entries = [
        last.model_copy(update={"seq": last.seq + number, "body": body, "comment": None, "actor": None})
        for number, body in enumerate(bodies, 1)
    ]
    files, _ = additions(state, entries, {}, keys)
    world.commit_ledger(framework, "2026-12-01", changed=files)
    assert report(framework, tmp_path / "after", "--no-pictures")[0] == 1
    assert {own.kind for own in dashboard(tmp_path / "after").problems} == {"ledger"}
