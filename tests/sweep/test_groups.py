"""Groups of a merge queue: they follow whatever changes the verdict on one of their members."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from reassay.people.writers import RunOrigin
from reassay.sweep.options import Options
from reassay.sweep.sweep import sweep
from reassay_sandbox.state import CheckRun
from tests.gate_lab import APP, CONFIGURATION, FILES, MITIGATION_FILE, MITIGATIONS, STAFF_APP, GateLab
from tests.lab import PERMISSIONS, BoxClock, Lab

pytestmark = pytest.mark.long

WATCHED = STAFF_APP + b"oversight: A person reads every answer.\n"
LOOSER = MITIGATIONS.replace(b"    every: 1 year\n    reassess", b"    every: 2 years\n    reassess")


@pytest.fixture
def make_gate(make_lab: Callable[..., Lab]) -> Callable[..., GateLab]:
    def make(configuration: bytes = CONFIGURATION) -> GateLab:
        found = GateLab.of(make_lab({**FILES, ".github/reassay.yml": configuration}))
        found.lab.fine()
        found.lab.later(minutes=5)
        return found

    return make


@pytest.fixture
def gate(make_gate: Callable[..., GateLab]) -> GateLab:
    return make_gate()


def light(gate: GateLab, branch: str = "change") -> int:
    """A pull request that takes one signature, and has it."""
    number = gate.propose({APP: WATCHED}, branch=branch)
    gate.judge(number)
    gate.say("red-team-lead", number, "/reassay signoff 1")
    assert gate.check(number).conclusion == "SUCCESS"
    return number


def overridden(gate: GateLab, branch: str = "urgent") -> int:
    number = gate.propose({MITIGATION_FILE: LOOSER}, branch=branch)
    gate.judge(number)
    gate.say("release-manager", number, "/reassay override because it cannot wait")
    assert gate.check(number).conclusion == "SUCCESS"
    return number


def judged(gate: GateLab, group: str) -> CheckRun:
    """A run about a group, then one that writes nothing; its check."""
    gate.lab.fine(group=group, base="main")
    with gate.lab.box.readonly():
        gate.lab.fine(group=group, base="main")
    return gate.lab.repo.checks(group)[-1]


def test_a_hold_after_the_group_turned_green_turns_it_red_in_the_same_run_and_lifted_green_again(gate: GateLab) -> None:
    number = light(gate)
    readme = gate.propose({"README.md": b"words\n"}, branch="words")
    gate.judge(readme)
    groups = [gate.lab.repo.enqueue_as("auditor", each) for each in (number, readme)]
    assert [judged(gate, group).conclusion for group in groups] == ["SUCCESS", "SUCCESS"]
    said = gate.say("safety-lead", number, "/reassay hold because wrong")
    assert (
        "its check fails until the hold is lifted, and so does the check of a merge queue's group that contains it"
        in said
    )
    assert [gate.lab.repo.checks(group)[-1].conclusion for group in groups] == ["FAILURE", "FAILURE"]
    gate.say("safety-lead", number, "/reassay unhold")
    assert [gate.lab.repo.checks(group)[-1].conclusion for group in groups] == ["SUCCESS", "SUCCESS"]


def test_a_withdrawal_and_the_end_of_an_override_turn_the_group_red_too(gate: GateLab) -> None:
    urgent, number = overridden(gate), light(gate)
    groups = [gate.lab.repo.enqueue_as("auditor", each) for each in (urgent, number)]
    assert [judged(gate, group).conclusion for group in groups] == ["SUCCESS", "SUCCESS"]
    gate.say("red-team-lead", number, "/reassay withdraw 1")
    assert [gate.lab.repo.checks(group)[-1].conclusion for group in groups] == ["SUCCESS", "FAILURE"]
    gate.lab.later(days=4)
    gate.sweep()
    assert [gate.lab.repo.checks(group)[-1].conclusion for group in groups] == ["FAILURE", "FAILURE"]


@pytest.mark.parametrize("first", ["override", "readme"])
def test_an_override_covers_its_own_pull_request_and_asks_nothing_of_the_others(gate: GateLab, first: str) -> None:
    readme = gate.propose({"README.md": b"words\n"}, branch="words")
    gate.judge(readme)
    urgent = overridden(gate)
    order = (urgent, readme) if first == "override" else (readme, urgent)
    group = [gate.lab.repo.enqueue_as("auditor", each) for each in order][-1]
    check = judged(gate, group)
    assert check.conclusion == "SUCCESS", check.summary
    assert "**Overridden** by" in check.summary


def test_an_override_lets_nothing_of_another_pull_request_through(gate: GateLab) -> None:
    urgent = overridden(gate)
    unsigned = gate.propose({APP: WATCHED}, branch="unsigned")
    gate.judge(unsigned)
    gate.lab.repo.enqueue_as("auditor", urgent)
    check = judged(gate, gate.lab.repo.enqueue_as("auditor", unsigned))
    assert check.conclusion == "FAILURE"
    assert "1 sign-off" in check.title
    assert "deployment staff-app" in check.summary


def test_one_person_counts_once_in_each_pull_request_of_a_group(make_gate: Callable[..., GateLab]) -> None:
    both = CONFIGURATION.replace(
        b"  board: {users: [release-manager]}",
        b"  board: {users: [release-manager]}\n  review: {users: [release-manager, red-team-lead]}",
    ).replace(b"role: red-team-lead, kind: review", b"role: review, kind: review")
    gate = make_gate(both)
    numbers = []
    for branch, title, signers in (
        ("one", b"Input filter", (("red-team-lead", "review"), ("release-manager", "board"))),
        ("two", b"Usage monitoring", (("release-manager", "review"),)),
    ):
        text = MITIGATIONS.replace(b"title: " + title, b"title: " + title + b" (renamed)")
        if len(signers) > 1:
            text = text.replace(b"    every: 1 year\n    reassess", b"    every: 2 years\n    reassess")
        number = gate.propose({MITIGATION_FILE: text}, branch=branch)
        gate.judge(number)
        for row, (who, _) in enumerate(signers, 1):
            gate.say(who, number, f"/reassay signoff {row}")
        numbers.append(number)
    conclusions = [gate.check(number).conclusion for number in numbers]
    groups = [gate.lab.repo.enqueue_as("auditor", number) for number in numbers]
    assert [judged(gate, group).conclusion for group in groups] == conclusions


def test_a_group_that_the_queue_does_not_show_yet_is_looked_at_again(gate: GateLab) -> None:
    number = light(gate)
    group = gate.lab.repo.enqueue_as("auditor", number, shown=False)
    report = gate.lab.sweep(group=group, base="main")
    assert ["does not show its group" in problem.message for problem in report.problems] == [True]
    assert gate.lab.repo.checks(group) == ()
    gate.lab.fine()
    assert gate.lab.repo.checks(group) == ()
    # An ordinary sweep finds a group without a verdict, whatever became of its event.
    gate.lab.repo.show_groups()
    gate.sweep()
    assert [check.conclusion for check in gate.lab.repo.checks(group)] == ["SUCCESS"]


def test_a_group_that_left_the_queue_has_nothing_to_do(gate: GateLab) -> None:
    number = light(gate)
    group = gate.lab.repo.enqueue_as("auditor", number)
    gate.lab.repo.land_as("auditor", group)
    gate.lab.repo.delete_branch_as("auditor", f"gh-readonly-queue/main/pr-{number}-{group}")
    with gate.lab.box.readonly():
        gate.lab.fine(group=group, base="main")
    assert gate.lab.repo.checks(group) == ()


def test_a_queue_of_more_than_a_page_is_read_to_its_end(gate: GateLab) -> None:
    number = light(gate)
    with gate.lab.box.dispatcher.lock:
        store = gate.lab.box.dispatcher.store.find(gate.lab.name)
        assert store is not None
        group = gate.lab.box.dispatcher.actions.enqueue(
            store, store.issues[number], gate.lab.box.dispatcher.store.user("auditor")
        )
        # Whatever stands before it has no commit of its own.
        store.queue[:0] = [replace(group, group=None) for _ in range(150)]
    check = judged(gate, str(group.group))
    assert check.conclusion == "SUCCESS"
    assert isinstance(check, CheckRun)


def test_a_job_of_the_app_is_run_again_later(gate: GateLab) -> None:
    from reassay.cli.remote import remote_ports
    from reassay.hosted.jobs.reconcile import RetryLater, outcome_of
    from reassay.sweep.interpreters import Budget

    number = light(gate)
    group = gate.lab.repo.enqueue_as("auditor", number, shown=False)
    with remote_ports(gate.lab.name, gate.lab.settings, BoxClock(gate.lab.box)) as ports:
        acting = replace(ports, acting=RunOrigin("app", 1))
        report = sweep(acting, Options(group=group, base="main"), Budget(), gate.lab.said.append)
    outcome = outcome_of(report, gate.lab.box.clock.now())
    assert isinstance(outcome, RetryLater)
    assert not outcome.counts


def test_a_token_that_may_not_read_the_queue_says_so_and_judges_the_pull_request_all_the_same(gate: GateLab) -> None:
    number = light(gate)
    group = gate.lab.repo.enqueue_as("auditor", number)
    workflows = {name: level for name, level in PERMISSIONS.items() if name != "merge_queues"}
    token = gate.lab.box.token("reassay[bot]", gate.lab.name, permissions=workflows)
    blind = replace(gate, lab=replace(gate.lab, settings=replace(gate.lab.settings, token=token)))
    words = "Only an App with the permission `merge_queues: read` can read a merge queue"
    about_the_group = blind.lab.sweep(group=group, base="main")
    assert [words in problem.message for problem in about_the_group.problems] == [True]
    gate.lab.repo.comment_as("safety-lead", number, "/reassay hold because wrong")
    about_the_pull = blind.lab.sweep(pull=number)
    assert [problem.what for problem in about_the_pull.problems if words in problem.message] == ["merge queue"]
    assert gate.check(number).conclusion == "FAILURE"
    assert gate.lab.repo.checks(group) == ()
    # With it the group follows.
    gate.lab.fine()
    assert [check.conclusion for check in gate.lab.repo.checks(group)] == ["FAILURE"]
