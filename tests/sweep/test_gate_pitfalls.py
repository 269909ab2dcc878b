"""Pitfalls of the gate, one named test each: what people, other apps and pushes may do to a verdict."""

import threading
from collections.abc import Callable

import pytest

from reassay.ledger.pull_requests import ChangeSigned
from tests.gate_lab import (
    API,
    APP,
    AUDIO,
    CHECK,
    CONFIGURATION,
    FILES,
    MITIGATION_FILE,
    MITIGATIONS,
    PUBLIC_API,
    STAFF_APP,
    GateLab,
)
from tests.lab import Lab

pytestmark = pytest.mark.long

WATCHED = STAFF_APP + b"oversight: A person reads every answer.\n"
RETIRED = MITIGATIONS.replace(b"    title: Usage monitoring\n", b"    title: Usage monitoring\n    status: retired\n")


@pytest.fixture
def gate(make_lab: Callable[..., Lab]) -> GateLab:
    found = GateLab.of(make_lab(dict(FILES)))
    found.lab.fine()
    return found


def signed(gate: GateLab) -> int:
    return sum(isinstance(body, ChangeSigned) for body in gate.bodies())


def test_pitfall_01_a_sign_off_races_a_push(gate: GateLab) -> None:
    number = gate.propose({APP: WATCHED})
    shown = gate.judge(number).external_id.split()[0].rsplit(":", 1)[-1][:12]
    gate.say("red-team-lead", number, "/reassay signoff 1", runs=False)
    gate.push({APP: STAFF_APP + b"oversight: Nobody reads anything.\n"})
    gate.judge(number)
    now = gate.check(number).external_id.split()[0].rsplit(":", 1)[-1][:12]
    assert shown != now
    assert f"your comment is about content {shown}, and the content is {now} now" in gate.last(number)
    assert signed(gate) == 0


def test_pitfall_01_an_unrelated_push_or_a_force_push_of_the_same_content_is_no_race(gate: GateLab) -> None:
    number = gate.propose({APP: WATCHED})
    gate.judge(number)
    gate.say("red-team-lead", number, "/reassay signoff 1", runs=False)
    head = gate.push({"README.md": b"More.\n"})
    assert gate.judge(number).conclusion == "SUCCESS"
    gate.lab.repo.push_over("change", gate.lab.repo.commit({APP: WATCHED}, branch="again", author="auditor"), "auditor")
    assert gate.head(number) != head
    assert gate.judge(number).conclusion == "SUCCESS"


def test_pitfall_05_a_file_moved_out_of_the_register_is_a_removal(gate: GateLab) -> None:
    number = gate.propose({MITIGATION_FILE: None, "docs/mitigations.yml": MITIGATIONS})
    check = gate.judge(number)
    assert check.conclusion == "FAILURE"
    assert "`mitigation filter`: removed" in check.summary


def test_pitfall_06_only_the_first_commit_touches_a_mitigation(gate: GateLab) -> None:
    number = gate.propose({MITIGATION_FILE: RETIRED})
    gate.push({"README.md": b"Only words.\n"})
    check = gate.judge(number)
    assert check.conclusion == "FAILURE"
    assert "retired (was active)" in check.summary


def test_pitfall_07_thousands_of_files_and_a_veto_on_the_second_page(gate: GateLab) -> None:
    many: dict[str, bytes | None] = {f"notes/{index}.txt": b"x\n" for index in range(3001)}
    number = gate.propose({**many, APP: WATCHED})
    assert gate.judge(number).conclusion == "FAILURE"
    for index in range(101):
        gate.lab.say("auditor", number, f"talk {index}")
    gate.say("red-team-lead", number, "/reassay signoff 1")
    assert gate.check(number).conclusion == "SUCCESS"
    gate.say("red-team-lead", number, "/reassay hold because the report is not in yet")
    assert gate.check(number).conclusion == "FAILURE"
    gate.say("red-team-lead", number, "/reassay unhold")
    assert gate.check(number).conclusion == "SUCCESS"


def test_pitfall_07_more_commits_than_one_page_holds(gate: GateLab) -> None:
    number = gate.propose({APP: WATCHED})
    git = gate.lab.repo.dispatcher.store.find(gate.lab.name).git  # type: ignore[union-attr] # it is there
    head = gate.head(number)
    for index in range(305):
        who = "safety-lead" if index == 200 else "auditor"
        files = {APP: WATCHED + b"# more\n"} if index == 200 else {f"n/{index % 7}": str(index).encode()}
        tree = git.tree([(path, "100644", git.blob(data)) for path, data in files.items()], head)
        head = git.commit_tree(tree, [head], "one more", who, gate.lab.box.clock.now())
    gate.lab.repo.push_over("change", head, "auditor")
    assert gate.judge(number).conclusion == "FAILURE"
    # Somebody else's name on one of 306 commits, and nothing proves it: nobody can sign before that is mended.
    assert "names an author, and no signature proves it" in gate.say("red-team-lead", number, "/reassay signoff 1")
    gate.lab.repo.verify(git.run("log", "--format=%H", "--author=safety-lead", "main..change").decode().split()[0])
    gate.say("red-team-lead", number, "/reassay signoff 1")
    assert gate.check(number).conclusion == "SUCCESS"


def test_pitfall_08_retargeted_and_shared_heads_inherit_no_success(gate: GateLab) -> None:
    repo = gate.lab.repo
    repo.commit({APP: WATCHED}, branch="dev")
    number = gate.propose({APP: WATCHED}, branch="change")
    repo.retarget_as("auditor", number, "dev")
    gate.judge_on(number, "reassay/dev")
    assert gate.check(number, "reassay/dev").conclusion == "SUCCESS"
    assert [each.name for each in repo.checks(gate.head(number))] == ["reassay/dev"]
    repo.retarget_as("auditor", number, "main")
    assert gate.judge(number).conclusion == "FAILURE"


def test_pitfall_08_two_pull_requests_of_one_head_stand_or_fall_together(gate: GateLab) -> None:
    first = gate.propose({APP: WATCHED})
    second = gate.lab.repo.open_pull_as("auditor", "change")
    gate.judge(first)
    gate.say("red-team-lead", first, "/reassay signoff 1")
    assert gate.check(first).conclusion == "FAILURE"
    gate.judge(second)
    gate.say("red-team-lead", second, "/reassay signoff 1")
    assert gate.check(second).conclusion == "SUCCESS"


def test_pitfall_09_two_fine_pull_requests_that_jointly_break_a_rule(gate: GateLab) -> None:
    numbers = []
    for name, title in (("one", b"Input filter"), ("two", b"Refusal training")):
        text = MITIGATIONS.replace(b"title: " + title, b"title: " + title + b"\n    status: retired")
        number = gate.propose({MITIGATION_FILE: text}, branch=name)
        gate.judge(number)
        gate.say("red-team-lead", number, "/reassay signoff 1")
        gate.say("release-manager", number, "/reassay signoff 2")
        assert gate.check(number).conclusion == "SUCCESS", gate.check(number).summary
        numbers.append(number)
    good = gate.lab.repo.enqueue_as("auditor", numbers[0])
    bad = gate.lab.repo.enqueue_as("auditor", numbers[1])
    for group in (good, bad):
        gate.lab.fine(group=group, base="main")
        with gate.lab.box.readonly():
            gate.lab.fine(group=group, base="main")
    assert [each.conclusion for each in gate.lab.repo.checks(good)] == ["SUCCESS"]
    (check,) = gate.lab.repo.checks(bad)
    assert check.conclusion == "FAILURE"
    assert "`misuse` would have 1 layer for external, but 2 are required" in check.summary


def test_pitfall_10_a_change_is_not_judged_by_the_rules_it_brings(gate: GateLab) -> None:
    weaker = CONFIGURATION.partition(b"gate:")[0].replace(b"release-manager", b"auditor")
    workflow = b"on: push\njobs: {}\n"
    number = gate.propose({".github/reassay.yml": weaker, ".github/workflows/other.yml": workflow, API: AUDIO})
    check = gate.judge(number)
    assert check.conclusion == "FAILURE"
    assert "`policy configuration`" in check.summary
    assert ".github/workflows/other.yml" in check.summary
    assert "only board can" in gate.say("auditor", number, "/reassay signoff 1")
    gate.say("release-manager", number, "/reassay signoff 1")
    assert "row 1 (policy)" in gate.last(number)


@pytest.mark.parametrize("who", ["nobody-known", "red-team-lead"])
def test_pitfall_11_an_unmapped_or_spoofed_author_excludes_and_includes_nobody(gate: GateLab, who: str) -> None:
    gate.lab.repo.commit({APP: WATCHED}, branch="change", author=who, pusher="auditor")
    number = gate.lab.repo.open_pull_as("auditor", "change")
    gate.judge(number)
    for signer in ("red-team-lead", "safety-lead"):
        said = gate.say(signer, number, "/reassay signoff 1")
        assert "the authors of its commits are not known" in said
    assert gate.check(number).conclusion == "FAILURE"
    # No other person would count either: what helps is said instead.
    summary = gate.check(number).summary
    assert "Sign the commits so that GitHub shows each as verified, and push them again" in summary
    assert "Give the role to another person" not in summary


def test_pitfall_11_whoever_provably_wrote_it_does_not_sign_it_and_merging_the_base_in_is_no_authorship(
    gate: GateLab,
) -> None:
    commit = gate.lab.repo.commit({APP: WATCHED}, branch="change", author="red-team-lead", pusher="auditor")
    gate.lab.repo.verify(commit)
    number = gate.lab.repo.open_pull_as("auditor", "change")
    gate.lab.repo.commit({API: PUBLIC_API + b"host: Our own cloud\n"}, author="safety-lead")
    git = gate.lab.repo.dispatcher.store.find(gate.lab.name).git  # type: ignore[union-attr] # it is there
    git.merge("main", "change", "Merge main", "auditor", gate.lab.box.clock.now())
    gate.judge(number)
    assert "they wrote part of this change" in gate.say("red-team-lead", number, "/reassay signoff 1")
    gate.say("safety-lead", number, "/reassay signoff 1")
    assert gate.check(number).conclusion == "SUCCESS"


def test_pitfall_12_another_apps_check_and_a_copied_marker_count_for_nothing(gate: GateLab) -> None:
    gate.lab.box.add_bot("other-app")
    number = gate.propose({APP: WATCHED})
    real = gate.judge(number)
    gate.lab.repo.check_as("other-app[bot]", CHECK, gate.head(number), "SUCCESS", real.external_id)
    gate.lab.say("auditor", number, gate.sticky(number)[0])
    gate.push({APP: STAFF_APP + b"oversight: Nobody.\n"})
    gate.lab.repo.check_as("other-app[bot]", CHECK, gate.head(number), "SUCCESS", "signed/1:sha256:0 0")
    assert gate.judge(number).app.login == "reassay[bot]"
    own = [each for each in gate.lab.repo.thread(number).comments if each.author == "reassay[bot]"]
    assert sum("reassay:comment gate-" in each.body for each in own) == 1
    assert "Nobody" in own[0].body


def test_pitfall_13_a_hostile_fork_is_data(gate: GateLab) -> None:
    gate.lab.box.add_user("stranger")
    fork = gate.lab.repo.fork_as("stranger")
    branch = "x$(touch${IFS}pwned)`id`"
    hostile = b"id: evil\ntitle: '<img src=x onerror=alert(1)> @safety-lead [x](javascript:1) ::error::x'\naudience: external\n"
    fork.commit(
        {"framework/deployments/evil.yml": hostile, "setup.py": b"raise SystemExit('ran')\n"},
        branch=branch,
        author="stranger",
    )
    title = "${{ github.token }} `$(id)`\u202e"
    number = gate.lab.repo.open_pull_as(
        "stranger", f"stranger/framework:{branch}", title=title, body="<!-- reassay:comment gate-0 -->"
    )
    check = gate.judge(number)
    assert check.conclusion == "FAILURE"
    assert "`deployment evil`: added" in check.summary
    assert gate.lab.box.complaints == []


def test_pitfall_14_at_once_dropped_or_reversed_the_end_is_the_same(gate: GateLab) -> None:
    numbers = [gate.propose({APP: WATCHED}, branch="one"), gate.propose({API: PUBLIC_API + b"host: X\n"}, branch="two")]
    gate.lab.later(minutes=1)
    runs = [threading.Thread(target=lambda number=number: gate.lab.sweep(pull=number)) for number in numbers]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    for number in reversed(numbers):
        gate.judge(number)
    gate.sweep()
    assert [len(gate.sticky(number)) for number in numbers] == [1, 1]
    assert {gate.check(number).conclusion for number in numbers} == {"FAILURE"}


def test_pitfall_15_one_broken_pull_request_does_not_hide_another(gate: GateLab) -> None:
    broken = gate.propose({APP: b"id: [\n"}, branch="broken")
    fine = gate.propose({"README.md": b"x\n"}, branch="fine")
    gate.sweep()
    assert gate.check(broken).conclusion == "FAILURE"
    assert gate.check(fine).conclusion == "SUCCESS"


@pytest.mark.parametrize(
    "data",
    [
        b"#" * 1_100_000,
        b"\xff\xfe\x00bad",
        b"a: &x [1]\nb: [*x, *x]\nid: staff-app\n",
        b"id: staff-app\nid: again\ntitle: x\n",
    ],
    ids=["huge", "binary", "aliased", "twice"],
)
def test_pitfall_17_what_cannot_be_read_is_an_error_at_its_place(gate: GateLab, data: bytes) -> None:
    number = gate.propose({APP: data, API: PUBLIC_API + b"host: Elsewhere\n"})
    check = gate.judge(number)
    assert check.conclusion == "FAILURE"
    assert check.title.startswith("Blocked: the register has errors")
    assert f"{APP}:" in check.summary
    assert "host added: Elsewhere" in check.summary


def test_pitfall_18_names_and_notes_are_inert(gate: GateLab) -> None:
    words = "'@safety-lead #1 <b>x</b> | `a` **b** \u202eabc https://example.org www.example.org'"
    number = gate.propose({APP: STAFF_APP + f"oversight: {words}\nhost: {words}\n".encode()})
    gate.judge(number)
    gate.say("red-team-lead", number, "/reassay dissent because @everyone <img> `x` | y")
    assert gate.lab.box.complaints == []
