"""The picture of an incident rate in a re-assessment's issue: on its own branch, written once, and never in the way."""

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import httpx
import pytest

from reassay.common.errors import StaleHeadError, UnavailableError
from reassay.github.branch_files import BranchFiles
from reassay.sweep.actions import KeepPictures
from reassay_sandbox.sandbox_repository import SandboxRepository
from tests.lab import Lab

BRANCH = "reassay-dashboard"
REGISTER = """\
mode: remind
timezone: Europe/Berlin
mitigations:
  - id: jailbreak-filter
    title: %s
    owner: safety-lead
    assessor: red-team-lead
    last_assessed: 2026-09-01
    reassess:
      every: 1 year
      triggers: [{kind: incident-rate, accepted: 6 per year, stated_by: safety-lead}]
incidents:
"""
TITLE = "Input filter blocks known jailbreak families"


def register(days: tuple[str, ...], title: str = TITLE) -> bytes:
    rows = (
        f"  - {{id: i{number}, title: Bypass, severity: low, occurred_at: {day}T08:00Z, first_seen_at: {day}T12:00Z,"
        f" mitigations_failed: [jailbreak-filter]}}\n"
        for number, day in enumerate(days, 1)
    )
    return (REGISTER % title + "".join(rows)).encode()


DAYS = ("2026-10-02", "2026-10-20", "2026-11-03", "2026-11-10", "2026-11-12", "2026-11-20", "2026-11-25")


@pytest.fixture
def alarmed(make_lab: Callable[..., Lab]) -> Lab:
    return make_lab({"framework/mitigations.yml": register(DAYS)})


def pictures(repo: SandboxRepository) -> dict[str, bytes]:
    names = [path for path in repo.ls(BRANCH) if path.startswith("pictures/")]
    return {name: content for name in names if (content := repo.read(BRANCH, name)) is not None}


def body_of(lab: Lab) -> str:
    (issue,) = [issue for issue in lab.repo.issues() if issue.title.startswith("Re-assess")]
    return str(issue.body)


def test_the_issue_has_the_picture_and_its_counts_as_text(alarmed: Lab) -> None:
    alarmed.fine()
    ((path, picture),) = pictures(alarmed.repo).items()
    body = body_of(alarmed)
    link = re.search(r"!\[(.+?)\]\((\S+)\)", body)
    assert link is not None
    assert link[2] == f"{alarmed.box.url}/{alarmed.name}/raw/{BRANCH}/{path}"
    assert link[1].startswith("7 incidents from Wed 2 Sep 2026 to Tue 1 Dec 2026; 1.49 were accepted by then;")
    assert "**Incidents:** 7 incidents from Wed 2 Sep 2026" in body
    assert "Alarm: Fri 20 Nov 2026 at 6." in body
    assert "| Tue 1 Dec 2026 | 7 | 1.49 |" in body
    root = ET.fromstring(picture)
    assert root.find("{http://www.w3.org/2000/svg}title").text == TITLE  # type: ignore[union-attr] # it has one


def test_the_address_of_the_picture_serves_it_as_an_image_that_can_run_nothing(alarmed: Lab) -> None:
    alarmed.fine()
    ((path, picture),) = pictures(alarmed.repo).items()
    answer = httpx.get(f"{alarmed.box.url}/{alarmed.name}/raw/{BRANCH}/{path}")
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "image/svg+xml", picture)
    assert "sandbox" in answer.headers["content-security-policy"]
    shown = httpx.get(f"{alarmed.box.url}/{alarmed.name}/issues/1").text
    assert f'src="{alarmed.box.url}/{alarmed.name}/raw/{BRANCH}/{path}"' in shown
    assert 'alt="7 incidents from Wed 2 Sep 2026' in shown


def test_a_second_sweep_writes_nothing_and_neither_does_a_later_day(alarmed: Lab) -> None:
    alarmed.fine()
    before = alarmed.repo.head(BRANCH)
    assert alarmed.fine().done == ()
    alarmed.later(days=3)
    report = alarmed.fine()
    assert not [action for action in report.done if isinstance(action, KeepPictures)]
    assert alarmed.repo.head(BRANCH) == before


@pytest.mark.long
def test_a_new_incident_replaces_the_picture(alarmed: Lab) -> None:
    alarmed.fine()
    (old,) = pictures(alarmed.repo)
    alarmed.later(days=2)
    alarmed.register(register((*DAYS, "2026-12-02")))
    alarmed.fine()
    (new,) = pictures(alarmed.repo)
    assert new != old
    assert new in body_of(alarmed)
    assert old not in body_of(alarmed)


@pytest.mark.long
def test_a_picture_that_cannot_be_written_is_a_problem_and_loses_nothing_else(
    alarmed: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise UnavailableError("GitHub is not there.")

    with monkeypatch.context() as patched:
        patched.setattr(BranchFiles, "replace", refuse)
        report = alarmed.sweep()
    assert [problem.what for problem in report.problems] == ["pictures of incident rates"]
    body = body_of(alarmed)
    assert "**Incidents:** 7 incidents" in body
    assert "| Tue 1 Dec 2026 | 7 | 1.49 |" in body
    assert "![" not in body
    # The next run has it.
    alarmed.fine()
    (path,) = pictures(alarmed.repo)
    assert path in body_of(alarmed)


@pytest.mark.long
def test_a_branch_that_cannot_be_read_takes_no_picture_away(alarmed: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    alarmed.fine()
    before = body_of(alarmed)

    def refuse(*arguments: object) -> None:
        raise UnavailableError("GitHub is not there.")

    monkeypatch.setattr(BranchFiles, "folder", refuse)
    assert [problem.what for problem in alarmed.sweep().problems] == ["pictures of incident rates"]
    assert body_of(alarmed) == before


@pytest.mark.long
def test_without_the_library_the_issue_is_opened_all_the_same(alarmed: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "reassay.signals.views.rate_drawing", None)
    (problem,) = alarmed.sweep().problems
    assert "reassay[pictures]" in problem.message
    assert "**Incidents:** 7 incidents" in body_of(alarmed)


@pytest.mark.long
def test_a_dry_run_says_so_and_writes_nothing(alarmed: Lab) -> None:
    report = alarmed.fine(dry_run=True)
    assert any(isinstance(action, KeepPictures) for action in report.done)
    assert alarmed.repo.head(BRANCH) is None


@pytest.mark.long
def test_a_run_that_another_was_faster_than_draws_again(alarmed: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    real = BranchFiles.replace
    calls: list[object] = []

    def late(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) == 1:
            raise StaleHeadError("another run has just created the branch")
        real(*arguments)  # type: ignore[arg-type] # as they came

    monkeypatch.setattr(BranchFiles, "replace", late)
    alarmed.fine()
    assert len(calls) == 2
    (path,) = pictures(alarmed.repo)
    assert path in body_of(alarmed)


@pytest.mark.long
@pytest.mark.parametrize(
    ("trigger", "rule", "shows"),
    [
        ("more_than: 3, window: 30 days", "more than 3 in 30 days", "fires. Alarm: "),
        (
            "accepted: 2 per year, stated_by: safety-lead, method: change, run_length: 10 years",
            "accepted: 2 per year, stated by safety-lead",
            "were accepted by then",
        ),
    ],
)
def test_every_method_has_a_picture(make_lab: Callable[..., Lab], trigger: str, rule: str, shows: str) -> None:
    content = register(DAYS).replace(b"accepted: 6 per year, stated_by: safety-lead", trigger.encode())
    lab = make_lab({"framework/mitigations.yml": content})
    lab.fine()
    ((path, picture),) = pictures(lab.repo).items()
    assert rule in picture.decode()
    assert path in body_of(lab)
    assert shows in body_of(lab)
    assert lab.fine().done == ()


@pytest.mark.long
def test_a_decided_re_assessment_keeps_its_picture(alarmed: Lab) -> None:
    alarmed.fine()
    (path,) = pictures(alarmed.repo)
    (issue,) = [issue for issue in alarmed.repo.issues() if issue.title.startswith("Re-assess")]
    alarmed.say("red-team-lead", issue.number, "/reassay conclude effective because the new filter stops all seven")
    alarmed.fine()
    assert list(pictures(alarmed.repo)) == [path]
    assert alarmed.fine().done == ()


@pytest.mark.long
def test_hostile_words_stay_words(make_lab: Callable[..., Lab]) -> None:
    hostile = '"</title><script>alert(1)</script> $x$ ](http://evil.example) @safety-lead"'
    lab = make_lab({"framework/mitigations.yml": register(DAYS, hostile)})
    lab.fine()
    (picture,) = pictures(lab.repo).values()
    root = ET.fromstring(picture)
    assert not [element for element in root.iter() if element.tag.endswith(("script", "image", "foreignObject", "a"))]
    assert b"<script" not in picture


@pytest.mark.long
def test_a_re_assessment_for_another_reason_has_no_picture(lab: Lab) -> None:
    lab.fine()
    assert lab.repo.head(BRANCH) is None
    assert all("**Incidents:**" not in issue.body for issue in lab.repo.issues())
