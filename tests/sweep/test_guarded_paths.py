"""Guarded paths on the wire: what is signed, what is a bypass, and who does not count, wherever content is read from."""

from collections.abc import Callable
from unittest.mock import patch

import pytest

from reassay.git.git import Git
from reassay.ledger.sweep_records import Bypass, BypassClaimed
from reassay_sandbox.gitstore import SymbolicLink
from tests.gate_lab import (
    API,
    APP,
    AUDIO,
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

MOVED = {path.replace("framework/", "policy/"): data for path, data in FILES.items() if path.startswith("framework/")}
MOVE = {**MOVED, ".github/reassay.yml": b"register: policy/\n" + CONFIGURATION}
RETIRED = MITIGATIONS.replace(b"title: Input filter", b"title: Input filter\n    status: retired")
LOOSER = MITIGATIONS.replace(b"    every: 1 year\n    reassess", b"    every: 2 years\n    reassess")
WATCHED = STAFF_APP + b"oversight: A person reads every answer.\n"
WORDS = b"R-2026-001: effective. Recorded as ledger entry 999 on Tue 1 Dec 2026, decided by @safety-lead.\n\n</details><!--\n"


@pytest.fixture
def make_gate(make_lab: Callable[..., Lab]) -> Callable[..., GateLab]:
    def make(files: dict[str, bytes] | None = None, configuration: bytes = CONFIGURATION) -> GateLab:
        gate = GateLab.of(make_lab({**FILES, ".github/reassay.yml": configuration, **(files or {})}))
        gate.lab.fine()
        gate.lab.later(minutes=5)
        return gate

    return make


@pytest.fixture
def gate(make_gate: Callable[..., GateLab]) -> GateLab:
    return make_gate()


def linked(gate: GateLab) -> None:
    """The mitigations are read through a link from now on; a sweep has seen it."""
    gate.lab.repo.commit(
        {"docs/m.yml": MITIGATIONS, MITIGATION_FILE: SymbolicLink(b"../docs/m.yml")}, author="safety-lead"
    )
    gate.sweep()
    gate.lab.later(minutes=5)


def bypassed(gate: GateLab) -> set[str]:
    """Commits that are recorded as bypasses."""
    return {body.commit for body in gate.bodies() if isinstance(body, Bypass)}


def test_what_is_swapped_in_the_new_folder_after_the_signature_voids_it(gate: GateLab) -> None:
    number = gate.propose(dict(MOVE))
    assert "`policy policy/`: added" in gate.judge(number).summary
    gate.say("release-manager", number, "/reassay signoff all")
    assert gate.check(number).conclusion == "SUCCESS"
    gate.push({"policy/mitigations.yml": RETIRED})
    check = gate.judge(number)
    assert check.conclusion == "FAILURE"
    assert "`mitigation filter`: retired (was active)" in check.summary
    gate.say("release-manager", number, "/reassay signoff all")
    assert gate.check(number).conclusion == "FAILURE"  # red-team-lead reviews what is looser


def test_what_does_not_come_along_is_removed(gate: GateLab) -> None:
    number = gate.propose({".github/reassay.yml": b"register: nowhere/\n" + CONFIGURATION})
    summary = gate.judge(number).summary
    for about in ("mitigation filter", "mitigation training", "deployment public-api", "threat-model misuse"):
        assert f"`{about}`: removed" in summary
    assert "register moves to nowhere/ and it is not there" in summary


def test_after_a_signed_move_a_push_to_the_new_folder_is_a_bypass(gate: GateLab) -> None:
    number = gate.propose(dict(MOVE))
    gate.judge(number)
    gate.say("release-manager", number, "/reassay signoff all")
    gate.lab.repo.merge_as("release-manager", number)
    gate.lab.fine(pull=number)
    commit = gate.lab.repo.commit({"policy/mitigations.yml": RETIRED}, author="auditor")
    gate.sweep()
    assert bypassed(gate) == {commit}
    (claim,) = [body for body in gate.bodies() if isinstance(body, BypassClaimed)]
    assert "filter" in claim.subjects


def test_a_file_of_the_register_that_becomes_a_link_needs_the_policy_signature(gate: GateLab) -> None:
    number = gate.propose({"docs/m.yml": MITIGATIONS, MITIGATION_FILE: SymbolicLink(b"../docs/m.yml")})
    check = gate.judge(number)
    assert check.conclusion == "FAILURE"
    assert f"`policy {MITIGATION_FILE}`: changed" in check.summary
    assert "symbolic link, so its content comes from another place" in check.summary
    assert "`policy docs/m.yml`: added" in check.summary
    gate.say("release-manager", number, "/reassay signoff all")
    assert gate.check(number).conclusion == "SUCCESS"
    # What the link leads to may not be exchanged on main before the merge either.
    gate.lab.repo.commit({"docs/m.yml": LOOSER}, author="safety-lead")
    assert gate.judge(number).conclusion == "FAILURE"


def test_a_push_to_the_target_of_a_link_is_a_bypass(gate: GateLab) -> None:
    linked(gate)
    before = bypassed(gate)
    gate.lab.repo.commit({"docs/other.md": b"words\n"}, author="auditor")
    commit = gate.lab.repo.commit({"docs/m.yml": LOOSER}, author="auditor")
    gate.sweep()
    assert bypassed(gate) - before == {commit}


def test_a_red_pull_request_that_changes_only_the_target_of_a_link_is_a_bypass_when_merged(gate: GateLab) -> None:
    linked(gate)
    number = gate.propose({"docs/m.yml": LOOSER})
    check = gate.judge(number)
    assert check.conclusion == "FAILURE"
    assert "`policy docs/m.yml`: changed" in check.summary
    gate.lab.repo.merge_as("auditor", number)
    gate.lab.fine(pull=number)
    assert number in {body.pull for body in gate.bodies() if isinstance(body, Bypass)}


@pytest.mark.parametrize("path", [".github/reassay/record.md", "ci/gate/action.yml", "action.yaml", ".gitmodules"])
def test_words_and_actions_anywhere_are_policy_and_a_push_of_them_is_a_bypass(gate: GateLab, path: str) -> None:
    number = gate.propose({path: b"runs: {using: composite, steps: []}\n"})
    check = gate.judge(number)
    assert check.conclusion == "FAILURE"
    assert f"`policy {path}`: added" in check.summary
    commit = gate.lab.repo.commit({path: b"runs: {using: node20}\n"}, author="auditor")
    gate.sweep()
    assert bypassed(gate) == {commit}


def _signs(gate: GateLab, who: str, number: int) -> str:
    gate.judge(number)
    return gate.say(who, number, "/reassay signoff 1")


@pytest.mark.parametrize("place", ["framework/tmp.yml", "docs/tmp.yml", "notes/new.md"])
def test_who_wrote_it_before_it_was_renamed_does_not_sign_it(gate: GateLab, place: str) -> None:
    new = b"id: new\ntitle: New\naudience: external\n"
    written = gate.lab.repo.commit({place: new}, branch="change", author="red-team-lead", pusher="auditor")
    gate.lab.repo.verify(written)
    gate.lab.repo.commit({place: None, "framework/deployments/new.yml": new}, branch="change", author="auditor")
    number = gate.lab.repo.open_pull_as("auditor", "change")
    assert "they wrote part of this change" in _signs(gate, "red-team-lead", number)


def test_who_wrote_the_target_of_a_link_does_not_sign_it(gate: GateLab) -> None:
    linked(gate)
    written = gate.lab.repo.commit({"docs/m.yml": LOOSER}, branch="change", author="red-team-lead", pusher="auditor")
    gate.lab.repo.verify(written)
    number = gate.lab.repo.open_pull_as("auditor", "change")
    gate.judge(number)
    assert "they wrote part of this change" in gate.say("red-team-lead", number, "/reassay signoff all")


def test_who_wrote_only_what_nobody_reads_may_sign(gate: GateLab) -> None:
    other = gate.lab.repo.commit({"README.md": b"x\n"}, branch="change", author="red-team-lead", pusher="auditor")
    gate.lab.repo.verify(other)
    gate.lab.repo.commit({APP: WATCHED}, branch="change", author="auditor")
    number = gate.lab.repo.open_pull_as("auditor", "change")
    _signs(gate, "red-team-lead", number)
    assert gate.check(number).conclusion == "SUCCESS"


def test_of_a_fork_nobody_knows_who_pushed_so_a_step_without_pushers_counts_nobody(
    make_gate: Callable[..., GateLab],
) -> None:
    gate = make_gate(configuration=CONFIGURATION.replace(b"excludes: [author]", b"excludes: [author, pusher]"))
    gate.lab.box.add_user("stranger")
    fork = gate.lab.repo.fork_as("stranger")
    fork.commit({API: AUDIO}, branch="change", author="stranger")
    number = gate.lab.repo.open_pull_as("stranger", "stranger/framework:change")
    said = _signs(gate, "red-team-lead", number)
    assert "GitHub does not show who pushed to a fork" in said
    assert "push the same commits to a branch of this repository" in said
    assert gate.check(number).conclusion == "FAILURE"


def test_history_is_fetched_once_and_not_at_each_judgement(gate: GateLab) -> None:
    number = gate.propose({APP: WATCHED})
    gate.push({API: PUBLIC_API + b"host: Ours\n"})
    fetched: list[tuple[str, ...]] = []
    fetch = Git.fetch_history

    def counting(self: Git, url: str, *heads: str) -> None:
        fetched.append(heads)
        fetch(self, url, *heads)

    with patch.object(Git, "fetch_history", counting):
        gate.lab.fine(pull=number)
    assert fetched == [(gate.head(number),)]


def test_words_of_ones_own_never_take_the_place_of_a_decision(make_gate: Callable[..., GateLab]) -> None:
    names = ("record", "reminder", "issue-introduction", "issue-how-to-go-on")
    gate = make_gate(
        {
            **{f".github/reassay/{name}.md": WORDS for name in names},
            MITIGATION_FILE: MITIGATIONS.replace(b"last_assessed: 2026-11-01\n    every: 1 year\n    reassess",
                                                 b"last_assessed: 2025-11-01\n    every: 1 year\n    reassess"),
        }
    )  # fmt: skip
    (issue,) = [own for own in gate.lab.repo.issues() if own.title.startswith("Re-assess Input filter")]
    body = issue.body.replace("\u2060", "")
    head, _, below = body.partition("**Words of this framework:**")
    assert "**Overdue: it was due" in head
    assert "effective. Recorded" not in head
    assert "> R-2026-001: effective. Recorded as ledger entry 999" in below
    comment = gate.decide(issue.number, "ineffective withdraw")
    lines = [line for line in comment.replace("\u2060", "").splitlines() if not line.startswith("<!-- reassay:ledger")]
    entry = next(record.seq for record in _entries(gate) if record.body.kind == "decided")
    assert lines[1].startswith(
        f"**R-2026-001: ineffective (attested)**, deployments: withdraw. Recorded as ledger entry {entry} on"
    )
    heading = lines.index("**Words of this framework:**")
    assert any(line.startswith("| Basis |") for line in lines[:heading])
    assert [line for line in lines[heading + 1 :] if line and not line.startswith(">")] == []
    assert "> R-2026-001: effective. Recorded as ledger entry 999" in lines[heading + 2]
    posted = [line for line in comment.splitlines()[1:] if not line.startswith("<!-- reassay:ledger")]
    assert not any("<!--" in line for line in posted)
    # The issue says what was decided before anything of the framework's own words.
    after = gate.lab.repo.issue(issue.number).body.replace("\u2060", "")
    assert "**Decided Tue 1 Dec 2026: ineffective (attested)**" in after.partition("**Words of this framework:**")[0]


def _entries(gate: GateLab) -> tuple:  # type: ignore[type-arg] # entries of the ledger
    report = gate.lab.fine()
    assert report.content is not None
    return tuple(report.content.ledger.entries)
