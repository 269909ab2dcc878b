"""What cannot be read any more gets one issue: claimed, created once, updated, closed; in every mode that posts."""

from collections.abc import Callable

import pytest

from reassay.ledger.sweep_records import ReadableAgain, Removed, UnreadableClaimed, UnreadableIssue
from reassay.sweep.report import Report
from reassay_sandbox import Fault
from reassay_sandbox.sandbox_repository import SandboxIssueView
from tests.lab import STARTER, Lab

PATH = "framework/mitigations.yml"
CURRENT = STARTER.replace(b"last_assessed: 2026-06-11", b"last_assessed: 2026-11-01").replace(
    b"every: 1 year", b"every: 1 year, last_assessed: 2026-11-01"
)
TYPO = CURRENT.replace(b"every: 6 months", b"evry: 6 months")


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    lab = make_lab(
        {
            PATH: CURRENT,
            "framework/drill.yml": b"kind: mitigation\nid: drill\ntitle: Drill\nowner: auditor\nevery: 1 year\n",
        }
    )
    lab.fine()
    lab.later(days=8)
    return lab


def swept(lab: Lab) -> Report:
    lab.later(minutes=5)
    report = lab.fine()
    with lab.box.readonly():
        lab.fine()
    return report


def about(lab: Lab) -> list[SandboxIssueView]:
    return [issue for issue in lab.repo.issues() if issue.title.startswith("The register has ")]


def kinds(report: Report) -> list[str]:
    assert report.assessment_input is not None
    own = (UnreadableClaimed, UnreadableIssue, ReadableAgain)
    records = [record for kind in own for record, _ in report.assessment_input.history.records_of(kind)]
    return [record.body.kind for record in sorted(records, key=lambda record: record.seq)]


@pytest.mark.long
def test_a_typo_gets_one_issue_that_names_the_owner_and_is_closed_with_the_typo(lab: Lab) -> None:
    lab.register(TYPO)
    report = swept(lab)
    (issue,) = about(lab)
    assert issue.title == "The register has 1 error: jailbreak-filter is not watched since Wed 9 Dec 2026"
    assert "@safety-lead, please fix it" in issue.body
    assert "`framework/mitigations.yml:8`" in issue.body
    assert "Did you mean" in issue.body
    assert [line.what for line in report.unreadable] == ["mitigation jailbreak-filter"]
    # Another day, another error: the same issue says both.
    lab.later(days=3)
    lab.repo.commit(
        {"framework/drill.yml": b"kind: mitigation\nid: drill\nowner: auditor\n"},
        message="x",
        author="auditor",
        branch="main",
    )
    swept(lab)
    (issue,) = about(lab)
    assert issue.title.startswith("The register has 2 errors: drill and jailbreak-filter are not watched since")
    assert "@auditor" in issue.body
    lab.repo.commit(
        {
            PATH: CURRENT,
            "framework/drill.yml": b"kind: mitigation\nid: drill\ntitle: Drill\nowner: auditor\nevery: 1 year\n",
        },
        message="mended",
        author="auditor",
        branch="main",
    )
    report = swept(lab)
    (issue,) = about(lab)
    assert issue.state == "closed"
    assert "can be read again" in issue.comments[-1].body
    assert report.unreadable == ()
    assert kinds(report) == ["unreadable-claimed", "unreadable-issue", "readable-again"]
    # The next typo is another issue.
    lab.register(TYPO)
    lab.later(days=1)
    swept(lab)
    assert [own.state for own in about(lab)] == ["closed", "open"]


DAMAGES: dict[str, dict[str, bytes | None]] = {
    "a typo": {PATH: TYPO},
    "an empty register": {PATH: b"mode: remind\n", "framework/drill.yml": b""},
    "the folder is gone": {PATH: None, "framework/drill.yml": None},
    "a syntax error": {PATH: CURRENT.replace(b"mitigations:", b"mitigations: [")},
    "a file that is renamed to another kind": {PATH: None, "framework/mitigations.yml.bak": CURRENT},
    "the folder is elsewhere": {".github/reassay.yml": b"mode: remind\nregister: saftey/\n"},
    "not text": {PATH: b"\xff\xfe\x00\x01"},
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_whatever_the_damage_no_issue_closes_and_everything_known_is_somewhere(lab: Lab, damage: str) -> None:
    open_before = {issue.number for issue in lab.repo.issues() if issue.state == "open"}
    report = lab.fine()
    known = {cell.subject for cell in report.cells}
    lab.repo.commit(DAMAGES[damage], message="x", author="auditor", branch="main")
    report = swept(lab)
    assert open_before <= {issue.number for issue in lab.repo.issues() if issue.state == "open"}
    assert report.assessment_input is not None
    removed = {name for _, body in report.assessment_input.history.records_of(Removed) for name in body.subjects}
    assert known <= {cell.subject for cell in report.cells} | removed
    assert report.unreadable
    assert len(about(lab)) == 1


def test_a_person_who_closes_it_is_answered_by_the_next_sweep(lab: Lab) -> None:
    lab.register(TYPO)
    swept(lab)
    (issue,) = about(lab)
    lab.repo.close_as("safety-lead", issue.number)
    swept(lab)
    assert about(lab)[0].state == "open"


@pytest.mark.long
@pytest.mark.parametrize("writes", range(3))
def test_a_run_that_is_killed_anywhere_leaves_one_issue(lab: Lab, writes: int) -> None:
    lab.register(TYPO)
    lab.later(minutes=5)
    lab.box.faults.add(Fault("dead", "write", after=writes))
    lab.sweep()
    lab.box.faults.clear()
    lab.later(minutes=10)
    report = swept(lab)
    assert len(about(lab)) == 1
    assert kinds(report) == ["unreadable-claimed", "unreadable-issue"]
    lab.register(CURRENT)
    lab.later(minutes=10)
    lab.box.faults.add(Fault("dead", "write", after=writes))
    lab.sweep()
    lab.box.faults.clear()
    lab.later(minutes=10)
    swept(lab)
    (issue,) = about(lab)
    assert issue.state == "closed"
    assert len(issue.comments) == 1


def test_it_is_ended_without_an_issue_where_none_was_created(lab: Lab) -> None:
    lab.register(TYPO)
    lab.box.faults.add(Fault("forbidden", "POST .*/issues$", times=50))
    lab.later(minutes=5)
    assert lab.sweep().problems
    lab.box.faults.clear()
    lab.register(CURRENT)
    lab.later(minutes=10)
    report = swept(lab)
    assert about(lab) == []
    assert kinds(report) == ["unreadable-claimed", "readable-again"]


@pytest.mark.long
def test_an_open_reassessment_goes_on_asking_its_last_known_owner(lab: Lab) -> None:
    issue = next(issue for issue in lab.repo.issues() if "Drill" in issue.title)
    before = issue.title
    lab.repo.commit(
        {"framework/drill.yml": b"kind: mitigation\nid: drill\ntitle: Drill\nowner: auditor\nevry: 1 year\n"},
        message="x",
        author="auditor",
    )
    lab.later(days=40)
    swept(lab)
    thread = lab.repo.thread(issue.number)
    assert thread.title == before
    assert thread.state == "open"
    assert thread.comments[-1].body.replace("\u2060", "").count("@auditor:") == 1
    assert "Nobody can conclude this now: its register entry has an error" in thread.comments[-1].body


@pytest.mark.long
def test_the_longest_ids_leave_a_title_that_github_takes(make_lab: Callable[..., Lab]) -> None:
    entry = "  - {id: %s, title: T, owner: safety-lead, %s: 1 year, last_assessed: 2026-11-01}\n"

    def written(key: str) -> bytes:
        return ("mode: remind\nmitigations:\n" + "".join(entry % (letter * 100, key) for letter in "abcd")).encode()

    lab = make_lab({PATH: written("every")})
    lab.fine()
    lab.register(written("evry"))
    swept(lab)
    (issue,) = about(lab)
    assert len(issue.title) <= 256, len(issue.title)
    assert f"{'a' * 100} and 3 more are not watched" in issue.title
