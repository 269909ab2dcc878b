"""The dashboard on its branch: a page and pictures, written by sweeps when what they show changes."""

import io
import re
import sys
from collections.abc import Callable
from xml.etree import ElementTree as ET

import httpx
import pytest

from reassay.cli import main
from reassay.cli.remote import remote_ports
from reassay.common.errors import StaleHeadError, UnavailableError
from reassay.dashboard.branch_update import sweep_with_dashboard
from reassay.github.branch_files import BranchFiles
from reassay.sweep.actions import KeepDashboard
from reassay.sweep.interpreters import Budget
from reassay.sweep.options import Options
from reassay.sweep.report import Report
from tests.lab import STARTER, BoxClock, Lab
from tests.sweep.test_rate_pictures import DAYS, register

BRANCH = "reassay-dashboard"
WITH_IT = STARTER.replace(b"mode: remind\n", b"mode: remind\ndashboard: true\n")
STATES = "pictures/states.svg"


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    return make_lab({"framework/mitigations.yml": WITH_IT})


def swept(lab: Lab, **options: object) -> Report:
    with remote_ports(lab.name, lab.settings, BoxClock(lab.box)) as ports:
        return sweep_with_dashboard(ports, Options(**options), Budget(), lab.said.append)  # type: ignore[arg-type] # test options


def fine(lab: Lab, **options: object) -> Report:
    report = swept(lab, **options)
    assert report.problems == (), report.problems
    return report


def page(lab: Lab) -> str:
    content = lab.repo.read(BRANCH, "README.md")
    assert content is not None
    return content.decode()


def pictures(lab: Lab) -> set[str]:
    return {path for path in lab.repo.ls(BRANCH) if path != "README.md"}


def written(report: Report) -> list[KeepDashboard]:
    return [action for action in report.done if isinstance(action, KeepDashboard)]


def test_it_is_written_once_and_a_second_sweep_writes_nothing(lab: Lab) -> None:
    (action,) = written(fine(lab))
    assert {path for path, _ in action.files} == {"README.md", *pictures(lab)}
    assert STATES in pictures(lab)
    assert "# Re-assessment dashboard" in page(lab)
    assert "Input filter blocks known jailbreak families" in page(lab)
    with lab.box.readonly():
        assert fine(lab).done == ()


def test_without_the_line_in_the_configuration_it_does_nothing_and_costs_nothing(make_lab: Callable[..., Lab]) -> None:
    counts = []
    for number, text in enumerate((STARTER, WITH_IT)):
        lab = make_lab({"framework/mitigations.yml": text}, name=f"example-lab/framework-{number}")
        fine(lab)
        before = len(lab.box.traffic)
        fine(lab)
        counts.append(len(lab.box.traffic) - before)
        before = len(lab.box.traffic)
        lab.fine()
        counts.append(len(lab.box.traffic) - before)
    without, sweep_alone, with_it, with_it_alone = counts
    assert without == sweep_alone
    assert with_it == with_it_alone + 1
    assert lab.box.repo("example-lab/framework-0").head(BRANCH) is None


@pytest.mark.long
def test_days_alone_change_nothing_and_what_comes_due_does(lab: Lab) -> None:
    fine(lab)
    changes = []
    for day in range(2, 19):
        lab.later(days=1)
        if written(fine(lab)):
            changes.append(day)
    assert changes == [4, 8, 11, 12, 16]
    assert "**Overdue:** [#1](../../issues/1) Input filter" in page(lab)
    assert "| overdue | 2 |" in page(lab)


def test_links_lead_to_issues_and_pictures_have_their_text(lab: Lab) -> None:
    fine(lab)
    images = dict(re.findall(r"!\[(.+?)\]\((\S+)\)", page(lab)))
    assert set(images.values()) == pictures(lab)
    for text, path in images.items():
        content = lab.repo.read(BRANCH, path)
        assert content is not None
        assert ET.fromstring(content).findtext("{http://www.w3.org/2000/svg}desc") == text.replace("\\", "")
    (board,) = [issue for issue in lab.repo.issues() if issue.title == "Re-assessment dashboard"]
    assert f"The issue [#{board.number}](../../issues/{board.number}) also shows" in page(lab)
    assert "(../tree/reassay-dashboard)" in board.body


def test_pictures_of_issues_stay(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(
        {"framework/mitigations.yml": register(DAYS).replace(b"mode: remind\n", b"mode: remind\ndashboard: true\n")}
    )
    fine(lab)
    (incident,) = [path for path in lab.repo.ls(BRANCH) if path.startswith("pictures/R-")]
    assert "pictures/incidents-1.svg" in pictures(lab)
    lab.later(days=1)
    assert written(fine(lab)) == []
    lab.later(days=40)
    assert written(fine(lab))
    assert incident in lab.repo.ls(BRANCH)
    (issue,) = [
        issue for issue in lab.repo.issues() if issue.title.startswith("Re-assess:") or "Input filter" in issue.title
    ]
    assert incident in issue.body


@pytest.mark.long
def test_a_picture_that_is_no_longer_part_of_it_is_deleted(lab: Lab) -> None:
    fine(lab)
    before = pictures(lab)
    lab.repo.commit(
        {"pictures/effectiveness-9.svg": b"<svg/>"}, message="left over", author="safety-lead", branch=BRANCH
    )
    (action,) = written(fine(lab))
    assert action.gone == ("pictures/effectiveness-9.svg",)
    assert pictures(lab) == before


@pytest.mark.long
@pytest.mark.parametrize("path", ["README.md", STATES])
def test_what_somebody_changed_by_hand_is_written_over(lab: Lab, path: str) -> None:
    fine(lab)
    before = lab.repo.read(BRANCH, path)
    assert before is not None
    lab.repo.commit(
        {path: before.replace(b"<", b"< ") + b"all fine"}, message="calmer", author="safety-lead", branch=BRANCH
    )
    assert written(fine(lab))
    assert lab.repo.read(BRANCH, path) == before
    assert fine(lab).done == ()


@pytest.mark.long
def test_a_dry_run_says_so_and_writes_nothing(lab: Lab) -> None:
    (action,) = written(fine(lab, dry_run=True))
    assert action.head is None
    assert any(
        line.startswith("would write the dashboard to the branch reassay-dashboard (README.md") for line in lab.said
    )
    assert lab.repo.head(BRANCH) is None


@pytest.mark.long
def test_the_command_writes_it_and_its_dry_run_does_not(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REASSAY_TOKEN", "GH_TOKEN", "GITHUB_RUN_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GITHUB_TOKEN", lab.settings.token)
    monkeypatch.setenv("REASSAY_WRITE_PAUSE", "0")
    place = ["--repo", lab.name, "--api-url", lab.box.api_url, "--server-url", lab.box.url]
    out = io.StringIO()
    with lab.box.readonly():
        main(["sweep", *place, "--dry-run"], out, io.StringIO())
    assert "write the dashboard to the branch reassay-dashboard (README.md" in out.getvalue()
    assert main(["sweep", *place], io.StringIO(), io.StringIO()) == 0
    assert "# Re-assessment dashboard" in page(lab)


@pytest.mark.long
def test_a_run_about_a_pull_request_leaves_it(lab: Lab) -> None:
    assert written(swept(lab, pull=1)) == []
    assert lab.repo.head(BRANCH) is None


@pytest.mark.long
def test_switched_off_it_says_so_once_and_its_pictures_go(lab: Lab) -> None:
    fine(lab)
    lab.register(WITH_IT.replace(b"dashboard: true", b"dashboard: false"))
    (action,) = written(fine(lab))
    assert action.ends
    assert lab.repo.ls(BRANCH) == ("README.md",)
    assert "The dashboard was switched off, so this page is no longer updated." in page(lab)
    assert "Input filter" not in page(lab)
    assert written(fine(lab)) == []
    lab.register(WITH_IT)
    assert written(fine(lab))
    assert STATES in pictures(lab)


@pytest.mark.long
def test_one_that_never_was_is_not_begun_to_say_that_it_is_off(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab({"framework/mitigations.yml": WITH_IT})
    lab.fine()
    lab.register(WITH_IT.replace(b"dashboard: true", b"dashboard: false"))
    assert written(fine(lab)) == []
    assert lab.repo.head(BRANCH) is None


@pytest.mark.long
def test_a_page_that_cannot_be_written_is_a_problem_and_loses_nothing_else(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise UnavailableError("GitHub is not there.")

    with monkeypatch.context() as patched:
        patched.setattr(BranchFiles, "replace", refuse)
        report = swept(lab)
    assert [problem.what for problem in report.problems] == ["dashboard on its branch"]
    assert len(lab.repo.issues()) == 3
    assert report.cells
    assert written(fine(lab))


@pytest.mark.long
def test_a_branch_that_cannot_be_read_is_a_problem(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise UnavailableError("GitHub is not there.")

    monkeypatch.setattr(BranchFiles, "content", refuse)
    assert [problem.what for problem in swept(lab).problems] == ["dashboard on its branch"]


@pytest.mark.long
@pytest.mark.parametrize(("races", "problems"), [(1, []), (9, ["dashboard on its branch"])])
def test_a_run_that_another_was_faster_than_tries_again(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, races: int, problems: list[str]
) -> None:
    real, calls = BranchFiles.replace, [0]

    def late(*arguments: object) -> None:
        calls[0] += 1
        if calls[0] <= races:
            raise StaleHeadError("another run has just created the branch")
        real(*arguments)  # type: ignore[arg-type] # as they came

    monkeypatch.setattr(BranchFiles, "replace", late)
    assert [problem.what for problem in swept(lab).problems] == problems
    assert calls[0] == min(races + 1, 3)


@pytest.mark.long
def test_without_the_library_the_page_is_written_and_says_why_it_has_no_pictures(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "reassay.dashboard.pictures.drawings", None)
        report = fine(lab)
        assert any("reassay[pictures]" in note for note in report.notes)
        assert lab.repo.ls(BRANCH) == ("README.md",)
        assert 'needs `pip install "reassay[pictures]"`' in page(lab)
        assert fine(lab).done == ()
    # A run that can draw does, and one that cannot takes nothing away.
    assert written(fine(lab))
    assert STATES in pictures(lab)
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "reassay.dashboard.pictures.drawings", None)
        assert fine(lab).done == ()


@pytest.mark.long
def test_what_cannot_be_read_is_on_the_page_first(lab: Lab) -> None:
    fine(lab)
    lab.register(WITH_IT.replace(b"    every: 6 months", b"    evry: 6 months"))
    swept(lab)
    shown = page(lab)
    assert shown.index("## Problems") < shown.index("## Needed this week")
    assert "**Unreadable:** " in shown
    assert "framework/mitigations.yml#L" in shown
    lab.register(WITH_IT)
    fine(lab)
    assert "## Problems" not in page(lab)


@pytest.mark.long
def test_a_ledger_that_is_refused_is_on_the_page_and_nothing_reads_current(lab: Lab) -> None:
    lab.register(WITH_IT.replace(b"2026-06-11", b"2026-11-30"))
    fine(lab)
    assert "| current | " in page(lab)
    lab.repo.delete_branch_as("safety-lead", "reassay-ledger")
    report = swept(lab)
    assert [problem.what for problem in report.problems] == ["ledger"]
    shown = page(lab)
    assert "**Ledger:** the ledger: " in shown
    assert "| current | " not in shown
    assert "the ledger was not read; by the register alone" in shown
    assert written(swept(lab)) == []


@pytest.mark.long
def test_the_branch_shows_the_page_with_its_pictures(lab: Lab) -> None:
    fine(lab)
    base = f"{lab.box.url}/{lab.name}"
    shown = httpx.get(f"{base}/tree/{BRANCH}").text
    assert ">Re-assessment dashboard</h1>" in shown
    addresses = re.findall(r'(?:<img[^>]* src|<a href)="(/[^"]*)"', shown.split("markdown readme")[1])
    assert f"/{lab.name}/raw/{BRANCH}/{STATES}" in addresses
    assert {httpx.get(f"{lab.box.url}{address}").status_code for address in addresses} == {200}


@pytest.mark.long
def test_hostile_words_stay_words_and_notify_nobody(make_lab: Callable[..., Lab]) -> None:
    hostile = b'"<script>x</script> @safety-lead #1 ](http://evil.example) | `$x$` https://evil.example"'
    lab = make_lab(
        {"framework/mitigations.yml": WITH_IT.replace(b"Input filter blocks known jailbreak families", hostile)}
    )
    fine(lab)
    shown = page(lab)
    assert "<script" not in shown.replace("\\<script", "")
    assert "@safety-lead" not in shown
    assert "(http" not in shown.replace("\\](", "")
    assert "://" not in shown
