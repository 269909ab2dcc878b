"""What landed is what was judged: everything else is recorded as a bypass, and nothing that is in order."""

from collections.abc import Callable

import pytest

from reassay.ledger.sweep_records import Bypass
from tests.gate_lab import APP, FILES, MITIGATION_FILE, MITIGATIONS, STAFF_APP, GateLab
from tests.lab import Lab

WATCHED = STAFF_APP + b"oversight: A person reads every answer.\n"
LOOSER = MITIGATIONS.replace(b"    every: 1 year\n    reassess", b"    every: 2 years\n    reassess")
TIGHTER = LOOSER.replace(b"2 years", b"6 months")
TITLES = {"filter": b"Input filter", "monitor": b"Usage monitoring", "training": b"Refusal training"}


def retired(*names: str) -> bytes:
    text = MITIGATIONS
    for name in names:
        text = text.replace(b"title: " + TITLES[name], b"title: " + TITLES[name] + b"\n    status: retired")
    return text


pytestmark = pytest.mark.long


@pytest.fixture
def gate(make_lab: Callable[..., Lab]) -> GateLab:
    found = GateLab.of(make_lab(dict(FILES)))
    found.lab.fine()
    found.lab.later(minutes=5)
    return found


def signed(gate: GateLab, files: dict[str, bytes | None], branch: str = "change") -> int:
    """A pull request with every signature that it needs, and a green check."""
    number = gate.propose(files, branch=branch)
    check = gate.judge(number)
    while check.conclusion != "SUCCESS":
        row = check.summary.partition("/reassay signoff ")[2][:1]
        for who in ("red-team-lead", "release-manager"):
            gate.say(who, number, f"/reassay signoff {row}")
            if gate.check(number).id != check.id:
                break
        assert gate.check(number).id != check.id, check.summary
        check = gate.check(number)
    gate.lab.later(minutes=1)
    return number


def bypasses(gate: GateLab) -> list[tuple[str, int | None]]:
    """What the ledger records, after an ordinary sweep."""
    gate.sweep()
    return [(body.why, body.pull) for body in gate.bodies() if isinstance(body, Bypass)]


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
def test_what_was_signed_is_no_bypass_however_it_is_merged_and_whatever_moved_on_meanwhile(
    gate: GateLab, how: str
) -> None:
    number = signed(gate, {MITIGATION_FILE: LOOSER, "README.md": b"words\n"})
    gate.push({"README.md": b"more words\n"})
    gate.judge(number)
    # Content of the same file, and of another one: neither is this pull request's.
    moved = signed(gate, {MITIGATION_FILE: MITIGATIONS + b"  # a note\n", APP: WATCHED}, branch="other")
    gate.lab.repo.merge_as("safety-lead", moved, how=how)
    gate.lab.repo.merge_as("safety-lead", number, how=how)
    gate.lab.fine(pull=number)
    assert bypasses(gate) == []


def test_a_merge_commit_with_other_content_than_the_green_request_has_is_a_bypass(gate: GateLab) -> None:
    number = gate.propose({"README.md": b"words\n"})
    assert gate.judge(number).conclusion == "SUCCESS"
    gate.lab.later(minutes=1)
    gate.lab.repo.merge_locally_as("auditor", number, {MITIGATION_FILE: LOOSER})
    assert bypasses(gate) == [("other-content", number)]
    (issue,) = [each for each in gate.lab.repo.issues() if each.title.startswith("Bypass")]
    assert "its check judged other content than the content that landed" in issue.body
    assert "`mitigation filter`" in issue.body


def test_a_merge_made_outside_with_the_content_that_was_judged_is_none(gate: GateLab) -> None:
    number = signed(gate, {APP: WATCHED})
    gate.lab.repo.merge_locally_as("auditor", number)
    assert bypasses(gate) == []


def overridden(gate: GateLab) -> int:
    number = gate.propose({MITIGATION_FILE: LOOSER})
    gate.judge(number)
    gate.say("release-manager", number, "/reassay override because it cannot wait")
    assert gate.check(number).conclusion == "SUCCESS"
    gate.lab.later(minutes=1)
    return number


def test_an_override_in_its_time_is_none_and_its_merge_with_other_content_is_one(gate: GateLab) -> None:
    number = overridden(gate)
    gate.lab.repo.merge_locally_as("auditor", number, {APP: STAFF_APP.replace(b"internal", b"external")})
    assert bypasses(gate) == [("other-content", number)]


def test_merged_between_the_end_of_a_verdict_and_the_next_run(gate: GateLab) -> None:
    number = overridden(gate)
    gate.lab.later(days=4)
    gate.lab.repo.merge_as("auditor", number)
    assert bypasses(gate) == [("expired-verdict", number)]


@pytest.mark.parametrize("again", ["reopened", "new"])
def test_closed_and_merged_long_after_without_being_judged_again(gate: GateLab, again: str) -> None:
    number = overridden(gate)
    gate.lab.repo.close_as("auditor", number)
    gate.lab.fine(pull=number)
    check = gate.check(number)
    assert (check.conclusion, check.title) == ("FAILURE", "Closed without merging; judged again once it is re-opened")
    with gate.lab.box.readonly():
        gate.lab.fine(pull=number)
    gate.lab.later(days=10)
    gate.sweep()
    if again == "reopened":
        gate.lab.repo.reopen_as("auditor", number)
    else:
        number = gate.lab.repo.open_pull_as("auditor", "change")
    gate.lab.repo.merge_as("auditor", number)
    assert bypasses(gate) == [("no-green-verdict", number)]


def test_a_closing_whose_event_was_lost_is_found_by_a_sweep_and_re_opened_it_is_judged_at_once(gate: GateLab) -> None:
    number = signed(gate, {APP: WATCHED})
    gate.lab.repo.close_as("auditor", number)
    gate.sweep()
    assert gate.check(number).conclusion == "FAILURE"
    gate.lab.repo.reopen_as("auditor", number)
    assert gate.judge(number).conclusion == "SUCCESS"


def test_a_closing_leaves_the_check_to_another_open_request_of_the_same_head(gate: GateLab) -> None:
    number = gate.propose({"README.md": b"words\n"})
    gate.lab.repo.open_pull_as("auditor", "change")
    gate.judge(number)
    gate.lab.repo.close_as("auditor", number)
    gate.lab.fine(pull=number)
    assert gate.check(number).conclusion == "SUCCESS"


def test_two_fine_requests_that_jointly_remove_the_last_layer_back_to_back(gate: GateLab) -> None:
    first = signed(gate, {MITIGATION_FILE: retired("filter")}, branch="one")
    second = signed(gate, {MITIGATION_FILE: retired("training")}, branch="two")
    gate.lab.repo.merge_as("auditor", first)
    gate.lab.repo.merge_as("auditor", second)
    assert bypasses(gate) == [("failed-as-landed", second)]
    (issue,) = [each for each in gate.lab.repo.issues() if each.title.startswith("Bypass")]
    assert "fails when it is judged as it landed" in issue.body
    assert gate.sweep().problems == ()


def test_a_group_that_lands_with_our_own_failure(gate: GateLab) -> None:
    numbers = [signed(gate, {MITIGATION_FILE: retired(name)}, branch=name) for name in ("filter", "training")]
    groups = [gate.lab.repo.enqueue_as("auditor", number) for number in numbers]
    for group in groups:
        gate.lab.fine(group=group, base="main")
    assert gate.lab.repo.checks(groups[1])[-1].conclusion == "FAILURE"
    gate.lab.later(minutes=1)
    gate.lab.repo.land_as("auditor", groups[1])
    assert bypasses(gate) == [("failed-as-landed", numbers[1])]


def test_groups_that_land_green_are_none(gate: GateLab) -> None:
    numbers = [
        signed(gate, {APP: WATCHED}, branch="one"),
        signed(gate, {MITIGATION_FILE: TIGHTER}, branch="two"),
    ]
    groups = [gate.lab.repo.enqueue_as("auditor", number) for number in numbers]
    gate.lab.fine(group=groups[1], base="main")
    assert gate.lab.repo.checks(groups[1])[-1].conclusion == "SUCCESS", gate.lab.repo.checks(groups[1])[-1].summary
    gate.lab.later(minutes=1)
    gate.lab.repo.land_as("auditor", groups[1])
    assert bypasses(gate) == []


@pytest.mark.parametrize(("others", "app"), [(6, "other-app"), (25, "other-app"), (25, "reassay")])
def test_other_suites_on_a_head_change_nothing(gate: GateLab, others: int, app: str) -> None:
    number = gate.propose({APP: WATCHED})
    bots = [gate.lab.box.add_bot("reassay" if app == "reassay" else f"{app}-{index}").login for index in range(others)]
    for index, bot in enumerate(bots):
        gate.lab.repo.check_as(bot, "tests", gate.head(number), suite=f"run-{index}")
    gate.judge(number)
    gate.say("red-team-lead", number, "/reassay signoff 1")
    assert gate.check(number).conclusion == "SUCCESS"
    for index, bot in enumerate(bots):
        gate.lab.repo.check_as(bot, "tests", gate.head(number), suite=f"later-{index}")
    with gate.lab.box.readonly():
        gate.lab.fine(pull=number)
    gate.lab.later(minutes=1)
    gate.lab.repo.merge_as("safety-lead", number)
    assert bypasses(gate) == []


def test_a_check_of_ours_behind_many_of_the_same_name_is_found(gate: GateLab) -> None:
    """Any workflow can make a run of this name, as often as it likes."""
    number = gate.propose({APP: WATCHED})
    gate.judge(number)
    gate.say("red-team-lead", number, "/reassay signoff 1")
    other = gate.lab.box.add_bot("other-app").login
    for index in range(120):
        gate.lab.repo.check_as(other, "reassay/main", gate.head(number), "FAILURE", suite=f"run-{index % 110}")
    with gate.lab.box.readonly():
        gate.lab.fine(pull=number)
    gate.lab.later(minutes=1)
    gate.lab.repo.merge_as("safety-lead", number)
    assert bypasses(gate) == []


TIGHT = MITIGATIONS.replace(b"    every: 1 year\n", b"    every: 6 months\n")


def updated(gate: GateLab, number: int) -> str:
    """The head of a request after the base was merged into its branch."""
    head, tip = gate.head(number), gate.lab.repo.head() or ""
    return gate.merge_by_hand("auditor", (head, tip), head, "change", also=tip)


@pytest.mark.parametrize("order", ["head-first", "former-tip-first"])
def test_a_merge_by_hand_is_compared_with_where_the_branch_stood_whatever_its_parents(
    gate: GateLab, order: str
) -> None:
    """Its first parent is not the branch, so against that it drops nothing of what had landed meanwhile."""
    number = gate.propose({"README.md": b"words\n"})
    assert gate.judge(number).conclusion == "SUCCESS"
    head, old = gate.head(number), gate.lab.repo.head() or ""
    gate.lab.repo.merge_as("safety-lead", signed(gate, {MITIGATION_FILE: TIGHT}, branch="tighter"))
    gate.sweep()
    gate.lab.later(minutes=1)
    tip = gate.lab.repo.head() or ""
    parents = (head, tip) if order == "head-first" else (old, tip, head)
    gate.merge_by_hand("auditor", parents, head)
    ((why, _),) = bypasses(gate)
    assert why in {"other-content", "no-pull-request"}
    (issue,) = [each for each in gate.lab.repo.issues() if each.title.startswith("Bypass")]
    assert "every lengthened from 6 months to 1 year" in issue.body


@pytest.mark.parametrize("is_updated", [False, True])
@pytest.mark.parametrize("is_signed", [False, True])
def test_a_branch_that_is_moved_forward_to_a_head_is_judged_by_all_that_the_request_brought(
    gate: GateLab, *, is_signed: bool, is_updated: bool
) -> None:
    """Also where the last commit of the request is a merge of the base, which itself brings nothing."""
    files: dict[str, bytes | None] = {MITIGATION_FILE: LOOSER}
    number = signed(gate, files) if is_signed else gate.propose(files)
    gate.push({"notes.md": b"words\n"})
    if is_updated:
        gate.lab.repo.merge_as("safety-lead", signed(gate, {APP: WATCHED}, branch="other"))
        gate.sweep()
        updated(gate, number)
    assert gate.judge(number).conclusion == ("SUCCESS" if is_signed else "FAILURE")
    gate.lab.later(minutes=1)
    gate.push_commit("auditor", gate.head(number))
    assert bypasses(gate) == ([] if is_signed else [("no-green-verdict", number)])


def test_a_branch_that_is_moved_back_loses_what_had_landed_and_that_is_a_bypass(gate: GateLab) -> None:
    old = gate.lab.repo.head() or ""
    gate.lab.repo.merge_as("safety-lead", signed(gate, {MITIGATION_FILE: TIGHT}, branch="tighter"))
    gate.sweep()
    gate.lab.later(minutes=1)
    gate.lab.repo.push_over("main", old, "auditor")
    assert bypasses(gate) == [("rewritten", None)]
    (issue,) = [each for each in gate.lab.repo.issues() if each.title.startswith("Bypass")]
    assert "The branch was force-pushed: commits that had landed are gone, and their changes with them." in issue.body
    assert "every lengthened from 6 months to 1 year" in issue.body
    assert gate.sweep().problems == ()


def test_a_red_request_that_is_merged_before_the_first_sweep_after_the_gate_was_switched_on(
    make_lab: Callable[..., Lab],
) -> None:
    """The base says that the gate is on before the ledger does."""
    advised = {**FILES, ".github/reassay.yml": FILES[".github/reassay.yml"].replace(b"enforce", b"advise")}
    gate = GateLab.of(make_lab(advised))
    gate.sweep()
    gate.lab.later(minutes=5)
    number = gate.propose({MITIGATION_FILE: LOOSER})
    gate.judge(number)
    gate.lab.repo.commit({".github/reassay.yml": FILES[".github/reassay.yml"]})
    gate.lab.fine(pull=number)
    assert gate.check(number).conclusion == "FAILURE"
    gate.lab.later(minutes=1)
    gate.lab.repo.merge_as("auditor", number)
    assert ("no-green-verdict", number) in bypasses(gate)


def test_a_configuration_that_cannot_be_read_where_the_gate_was_on_is_said_by_every_run(gate: GateLab) -> None:
    """The last one that could be read judges meanwhile (`tests/laws/test_configuration_stays_in_force.py`)."""
    gate.lab.repo.commit({".github/reassay.yml": FILES[".github/reassay.yml"].replace(b"Berlin", b"Nowhere")})
    number = gate.propose({"README.md": b"words\n"})
    for report in (gate.lab.fine(), gate.lab.fine(pull=number)):
        (said,) = report.unreadable
        assert said.what == "configuration"
        assert "is in force until that is fixed" in said.message
    assert gate.check(number).conclusion == "SUCCESS"


@pytest.mark.parametrize("is_held", [True, False])
def test_two_requests_of_one_head_publish_one_check_and_the_second_run_writes_nothing(
    gate: GateLab, *, is_held: bool
) -> None:
    number = signed(gate, {APP: WATCHED})
    if is_held:
        gate.say("safety-lead", number, "/reassay hold because wrong")
    other = gate.lab.repo.open_pull_as("auditor", "change")
    for _ in range(2):
        # Each judges once more without a write.
        assert gate.judge(other).conclusion == "FAILURE"
        assert gate.judge(number).conclusion == "FAILURE"
    gate.sweep()
