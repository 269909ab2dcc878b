"""Whatever goes wrong between two writes, the next sweep ends in the same state: one complete issue each."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from reassay.sweep.interpreters import Budget
from reassay_sandbox import Fault
from reassay_sandbox.faults import Kind
from tests.lab import Lab

pytestmark = pytest.mark.long

THREE = b"""\
mitigations:
  - {id: alpha, title: Alpha, owner: safety-lead, every: 6 months}
  - {id: beta, title: Beta, owner: safety-lead, every: 6 months}
  - {id: gamma, title: Gamma, owner: safety-lead, every: 6 months}
"""
EXPECTED = ["Alpha", "Beta", "Gamma"]


def titles_fine(lab: Lab) -> None:
    names = sorted(title.split(" ")[1] for title in lab.titles())
    assert names == EXPECTED
    assert all(set(issue.labels) == {"re-assessment"} for issue in lab.repo.issues())
    with lab.box.readonly():
        assert lab.fine().done == ()


@pytest.fixture
def three(make_lab: Callable[..., Lab]) -> Lab:
    return make_lab({"framework/mitigations.yml": THREE})


def test_a_sweep_killed_after_each_single_write_and_run_again(make_lab: Callable[..., Lab]) -> None:
    writes = 0
    for killed_after in range(40):
        name = f"example-lab/framework-{killed_after}"
        lab = make_lab({"framework/mitigations.yml": THREE}, name=name)
        lab.box.faults.add(Fault("dead", "write", after=killed_after))
        lab.sweep()
        finished = not lab.box.faults.fired()
        lab.box.faults.clear()
        lab.later(minutes=6)
        lab.fine()
        titles_fine(lab)
        if finished:
            break
        writes += 1
    # Genesis of the ledger, three labels, three issues, their numbers: each a place to die at.
    assert writes >= 9


def test_a_conclusion_killed_after_each_single_write_and_run_again(make_lab: Callable[..., Lab]) -> None:
    for killed_after in range(20):
        lab = make_lab({"framework/mitigations.yml": THREE}, name=f"example-lab/conclude-{killed_after}")
        lab.fine()
        lab.say("safety-lead", 1, "/reassay conclude effective because fine\n\n/reassay explain")
        lab.box.faults.add(Fault("dead", "write", after=killed_after))
        lab.sweep()
        finished = not lab.box.faults.fired()
        lab.box.faults.clear()
        lab.later(minutes=6)
        lab.fine()
        issue = lab.repo.issue(1)
        assert (issue.state, issue.state_reason) == ("closed", "completed")
        bodies = [comment.body for comment in issue.comments]
        assert sum(": effective (" in body for body in bodies) == 1
        assert sum("Nothing more is needed" in body for body in bodies) == 1
        with lab.box.readonly():
            lab.fine()
        if finished:
            break
    assert killed_after >= 5


@pytest.mark.parametrize("kind", ["502-after-commit", "502-before", "500", "drop", "timeout"])
@pytest.mark.parametrize(
    "what",
    ["POST .*/issues$", "POST .*/git/trees", "POST .*/git/refs", "MUTATION createCommitOnBranch", "POST .*/labels$"],
)
def test_a_fault_at_any_write_never_doubles_anything(three: Lab, kind: Kind, what: str) -> None:
    three.box.faults.add(Fault(kind, what))
    three.sweep()
    three.box.faults.clear()
    three.later(minutes=6)
    three.fine()
    titles_fine(three)


def test_a_502_after_commit_is_healed_within_the_same_sweep(three: Lab) -> None:
    three.box.faults.add(Fault("502-after-commit", "POST .*/issues$"))
    three.fine()
    titles_fine(three)


@pytest.mark.parametrize("kind", ["403-secondary", "429"])
def test_a_short_limit_is_waited_out(three: Lab, kind: Kind) -> None:
    three.box.faults.add(Fault(kind, "POST .*/issues$", retry_after=20))
    three.fine()
    assert any("GitHub asks to wait 20 s" in line for line in three.said)
    titles_fine(three)


@pytest.mark.parametrize(("kind", "retry_after"), [("403-primary", None), ("403-secondary", 3000), ("429", 3000)])
def test_a_long_limit_ends_the_run_which_says_when_to_go_on_and_resumes(
    three: Lab, kind: Kind, retry_after: int | None
) -> None:
    three.box.faults.add(Fault(kind, "POST .*/issues$", after=1, times=50, retry_after=retry_after))
    report = three.sweep()
    assert len(three.titles()) == 1
    assert any("The next run continues" in problem.message for problem in report.problems)
    three.box.faults.clear()
    three.later(hours=1)
    three.fine()
    titles_fine(three)


def test_a_run_creates_no_more_than_its_budget_and_the_next_goes_on(three: Lab) -> None:
    report = three.sweep(budget=Budget(creations=2))
    assert len(three.titles()) == 2
    assert report.problems
    three.later(minutes=6)
    three.fine()
    titles_fine(three)


def test_one_failing_issue_does_not_keep_the_others_from_being_done(three: Lab) -> None:
    three.fine()
    for number in (1, 2, 3):
        three.repo.edit_as("auditor", number, title="Changed")
    three.box.faults.add(Fault("forbidden", r"PATCH .*/issues/2$", times=50))
    report = three.sweep()
    assert [problem.what for problem in report.problems] == ["issue #2"]
    assert sorted(title for title in three.titles() if title == "Changed") == ["Changed"]
    three.box.faults.clear()
    three.fine()
    titles_fine(three)


def test_forbidden_says_which_permission_is_missing(three: Lab) -> None:
    three.box.faults.add(Fault("forbidden", "write", times=50))
    report = three.sweep()
    assert "contents: write" in report.problems[0].message


def test_overlapping_runs_make_one_issue_each(three: Lab) -> None:
    """A second run starts while the first is between its claims and its issues."""
    three.box.faults.add(Fault("dead", "write", after=2))
    three.sweep(settings=replace(three.settings, run="first"))
    three.box.faults.clear()
    report = three.fine(settings=replace(three.settings, run="second"))
    assert any("another run is creating its issue" in note for note in report.notes)
    assert three.titles() == []
    three.sweep(settings=replace(three.settings, run="first"))
    titles_fine(three)


def test_losing_the_race_for_the_ledger_means_looking_again(three: Lab) -> None:
    three.fine()
    three.register(THREE.replace(b"every: 6 months", b"every: 6 months, version: 2"))
    three.say("safety-lead", 1, "/reassay conclude effective because fine")
    three.box.faults.add(Fault("stale-head", "MUTATION createCommitOnBranch"))
    three.fine()
    assert three.repo.issue(1).state == "closed"


def test_a_broken_ledger_is_reported_and_nothing_is_written_to_it(three: Lab) -> None:
    three.fine()
    path = "entries/0000/0000001.json"
    data = three.repo.read("reassay-ledger", path)
    assert data is not None
    three.repo.commit(
        {path: data.replace(b"payload", b"pAyload", 1)}, message="x", author="auditor", branch="reassay-ledger"
    )
    head, titles = three.repo.head("reassay-ledger"), three.titles()
    report = three.sweep()
    assert "reassay-ledger:entries/0000/0000001.json" in report.problems[0].message
    # Nothing but one issue that says so; the second run writes nothing.
    assert three.repo.head("reassay-ledger") == head
    assert len(three.titles()) == len(titles) + 1
    with three.box.readonly():
        three.sweep()


def test_git_that_does_not_answer_is_reported(three: Lab) -> None:
    three.box.faults.add(Fault("500", "GIT .*", times=50))
    report = three.sweep()
    assert len(report.problems) == 1
    assert "git" in report.problems[0].message


def test_what_github_does_not_show_yet_is_not_created_twice(three: Lab) -> None:
    """The numbers cannot be recorded, and neither look nor list shows the last issue that was created."""
    three.box.faults.add(Fault("502-before", "MUTATION createCommitOnBranch", times=9))
    three.box.faults.add(Fault("stale-read", "QUERY Look|GET .*/issues$", after=1, times=50))
    three.sweep()
    assert len(three.titles()) == 3
    three.box.faults.clear()
    three.later(minutes=6)
    three.fine()
    titles_fine(three)


def test_a_creation_without_a_clear_answer_is_left_to_the_next_run(three: Lab) -> None:
    three.box.faults.add(Fault("502-before", "POST .*/issues$"))
    report = three.sweep()
    assert any("no clear response" in problem.message for problem in report.problems)
    assert len(three.titles()) == 2
    three.later(minutes=6)
    three.fine()
    titles_fine(three)


def test_a_new_issue_that_cannot_be_seen_yet_is_not_made_again(three: Lab) -> None:
    three.fine()
    three.repo.delete_issue(2)
    with three.box.readonly():
        three.fine()


def test_pitfall_14_comments_out_of_order_are_handled_in_the_order_they_were_written(three: Lab) -> None:
    three.fine()
    three.say("safety-lead", 1, "/reassay conclude effective because first")
    three.say("safety-lead", 1, "/reassay conclude ineffective withdraw because second")
    three.box.faults.add(Fault("reorder-comments", "QUERY Look"))
    three.fine()
    bodies = [comment.body for comment in three.repo.issue(1).comments]
    assert any(": effective (" in body for body in bodies)
    assert not any(": ineffective**" in body for body in bodies)


def test_a_renamed_repository_is_named(three: Lab) -> None:
    three.box.rename(three.name, "example-lab/renamed")
    three.box.add_repo("example-lab/unrelated", files={})
    report = three.sweep()
    assert report.problems
    assert three.box.repo("example-lab/renamed").issues() == ()


@pytest.mark.parametrize("what", ["QUERY Look", "GIT upload-pack"])
@pytest.mark.parametrize("kind", ["502-before", "drop", "500"])
def test_a_read_that_got_no_answer_is_asked_again(three: Lab, what: str, kind: Kind) -> None:
    three.box.faults.add(Fault(kind, what))
    three.fine()
    titles_fine(three)
