"""Nothing is opened before somebody has seen what would be, and said yes."""

from collections.abc import Callable

import pytest

from reassay.register.finding import Origin
from reassay.sweep.actions import ChangeProposal, Notify, Propose
from reassay.sweep.first_contact import BRANCH, with_mode
from reassay_sandbox.faults import Fault, Kind
from reassay_sandbox.state import SandboxPull
from tests.golden import same_as_golden
from tests.lab import STARTER, Lab

NEW = STARTER.removeprefix(b"mode: remind\n")
FORBIDDEN = Fault("forbidden", "POST .*/pulls$", times=1000)
FILES = {"framework/mitigations.yml": NEW}


@pytest.fixture
def fresh(make_lab: Callable[..., Lab]) -> Lab:
    return make_lab(FILES, first_contact=True)


def test_the_first_contact_is_one_pull_request_that_shows_the_plan(fresh: Lab) -> None:
    report = fresh.fine()
    (pull,) = fresh.repo.pulls()
    assert fresh.repo.issues() == ()
    assert fresh.repo.ls("reassay-ledger") == ()
    assert [type(action) for action in report.done] == [Propose]
    assert report.notes == ("nothing is opened until #1 is merged, which writes `mode: remind`",)
    assert pull.title == "Let reassay open re-assessments"
    same_as_golden("first-contact.md", pull.body)
    assert fresh.repo.read(BRANCH, "framework/mitigations.yml") == b"mode: remind\ndashboard: true\n" + NEW


def test_looking_again_writes_nothing(fresh: Lab) -> None:
    fresh.fine()
    with fresh.box.readonly():
        assert fresh.fine().done == ()


def test_the_plan_is_kept_up_to_date_in_the_same_pull_request(fresh: Lab) -> None:
    fresh.fine()
    fresh.later(days=1)
    assert [type(action) for action in fresh.fine().done] == [ChangeProposal]
    assert len(fresh.repo.pulls()) == 1
    assert "Wed 2 Dec 2026" in fresh.repo.pulls()[0].body


def test_merging_it_is_the_acceptance(fresh: Lab) -> None:
    fresh.fine()
    fresh.repo.merge_as("safety-lead", 1)
    report = fresh.fine()
    assert report.notes == ()
    assert [issue.title for issue in fresh.repo.issues()][2:] == ["Re-assessment dashboard"]
    with fresh.box.readonly():
        fresh.fine()


def test_closing_it_declines_and_nothing_is_said_again(fresh: Lab) -> None:
    fresh.fine()
    fresh.repo.close_as("safety-lead", 1)
    with fresh.box.readonly():
        report = fresh.fine()
    assert report.notes == ("#1 was closed without merging, so nothing is opened; to start, write `mode: remind`",)
    fresh.register(b"mode: remind\n" + NEW)
    fresh.fine()
    assert len(fresh.repo.issues()) == 2


def test_where_pull_requests_are_not_allowed_one_comment_on_a_commit_says_it(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(FILES, first_contact=True)
    lab.box.faults.add(FORBIDDEN)
    report = lab.fine()
    assert [type(action) for action in report.done] == [Notify]
    assert "no pull request: " in report.notes[0]
    assert lab.repo.head(BRANCH) is None, "the branch that was made for it is gone again"
    assert lab.repo.issues() == ()
    (comment,) = lab.repo.commit_comments()
    assert "add the line `mode: remind` to `framework/mitigations.yml`" in comment
    with lab.box.readonly():
        lab.fine()
    lab.register(b"mode: remind\n" + NEW.replace(b"6 months", b"7 months"))
    lab.fine()
    assert lab.repo.issues()


def test_a_later_push_moves_no_second_comment(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(FILES, first_contact=True)
    lab.box.faults.add(FORBIDDEN)
    lab.fine()
    lab.register(NEW.replace(b"6 months", b"7 months"))
    lab.fine()
    assert len(lab.repo.commit_comments()) == 1


def test_a_repository_that_was_accepted_before_is_not_asked_again(lab: Lab) -> None:
    lab.fine()
    lab.register(NEW)
    lab.later(days=1)
    assert lab.fine().notes == ()
    assert lab.repo.pulls() == ()


def test_a_branch_left_by_a_crash_is_taken_up_again(fresh: Lab) -> None:
    fresh.repo.commit({"framework/mitigations.yml": b"half\n"}, branch=BRANCH)
    fresh.fine()
    assert fresh.repo.read(BRANCH, "framework/mitigations.yml") == b"mode: remind\ndashboard: true\n" + NEW


@pytest.mark.parametrize("fault", ["502-before", "502-after-commit", "500", "drop", "403-secondary"])
@pytest.mark.parametrize("operation", ["POST .*/git/refs$", "MUTATION createCommitOnBranch", "POST .*/pulls$"])
def test_after_any_fault_another_run_leaves_exactly_one_pull_request(fresh: Lab, operation: str, fault: Kind) -> None:
    fresh.box.faults.add(Fault(fault, operation))
    fresh.sweep()
    fresh.fine()
    assert len(fresh.repo.pulls()) == 1
    assert fresh.repo.read(BRANCH, "framework/mitigations.yml") == b"mode: remind\ndashboard: true\n" + NEW


def test_somebody_elses_pull_request_from_that_branch_is_left_alone(fresh: Lab) -> None:
    fresh.repo.commit({"framework/mitigations.yml": b"theirs\n"}, branch=BRANCH)
    with fresh.box.dispatcher.lock:
        known = fresh.box.dispatcher.store.find(fresh.name)
        assert known is not None
        theirs = fresh.box.dispatcher.store.user("auditor")
        fresh.box.dispatcher.actions.open_pull(known, theirs, "Mine", "Hands off", SandboxPull(BRANCH, "main"))
    with fresh.box.readonly():
        assert "is not by this bot" in fresh.fine().notes[0]


def test_a_dry_run_says_so_and_writes_nothing(fresh: Lab) -> None:
    with fresh.box.readonly():
        report = fresh.fine(dry_run=True)
    assert [type(action) for action in report.done] == [Propose]


def test_a_public_repository_is_silent_as_ever(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(FILES, private=False, first_contact=True)
    with lab.box.readonly():
        assert "publish: true" in lab.sweep().notes[0]


@pytest.mark.parametrize(
    ("text", "marks", "expected"),
    [
        (None, {}, "mode: remind\ndashboard: true\n"),
        ("timezone: UTC\n", {("timezone",): (1, 1)}, "mode: remind\ndashboard: true\ntimezone: UTC\n"),
        (
            "dashboard: false\n",
            {("dashboard",): (1, 1)},
            "mode: remind\ndashboard: false\n",
        ),
        (
            "# ours\n\ntimezone: UTC\n",
            {("timezone",): (3, 1)},
            "# ours\n\nmode: remind\ndashboard: true\ntimezone: UTC\n",
        ),
        ("timezone: UTC\r\n", {("timezone",): (1, 1)}, "mode: remind\r\ndashboard: true\r\ntimezone: UTC\r\n"),
        ("{timezone: UTC}\n", {("timezone",): (1, 2)}, None),
        ("", {}, "mode: remind\ndashboard: true\n"),
    ],
)
def test_the_line_goes_where_the_configuration_is(
    text: str | None, marks: dict[tuple[str], tuple[int, int]], expected: str | None
) -> None:
    origin = None if text is None else Origin("a.yml", {}, marks)  # type: ignore[arg-type] # a table of places
    assert with_mode(text, origin) == expected
