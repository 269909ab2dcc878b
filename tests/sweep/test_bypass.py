"""What comes past the gate: a ledger entry, one issue, re-assessments; whatever the run, the order or the fault."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from reassay.audit.audit_input import AuditInput
from reassay.audit.exceptions import recorded_exceptions
from reassay.audit.parameters import Period
from reassay.github.queries import COMMITS_PER_LOOK
from reassay.ledger.sweep_records import Bypass, BypassClaimed, BypassIssue
from reassay.ledger.trust import Trust
from reassay.sweep.interpreters import Budget
from reassay.sweep.report import Report
from reassay_sandbox import Fault
from reassay_sandbox.sandbox_repository import SandboxIssueView
from tests.gate_lab import API, APP, AUDIO, CONFIGURATION, FILES, MITIGATION_FILE, MITIGATIONS, STAFF_APP, GateLab
from tests.golden import same_as_golden
from tests.lab import Lab

pytestmark = pytest.mark.long

WATCHED = STAFF_APP + b"oversight: A person reads every answer.\n"
LOOSER = MITIGATIONS.replace(b"    every: 1 year\n    reassess", b"    every: 2 years\n    reassess")
INCIDENT = b"""\
incidents:
  - {id: leak, title: A leak, kind: incident, severity: low, first_seen_at: 2026-12-01T08:00:00Z, mitigations_failed: [filter]}
"""


@pytest.fixture
def make_gate(make_lab: Callable[..., Lab]) -> Callable[..., GateLab]:
    def make(name: str = "example-lab/framework", configuration: bytes = CONFIGURATION) -> GateLab:
        found = GateLab.of(make_lab({**FILES, ".github/reassay.yml": configuration}, name=name))
        found.lab.fine()
        found.lab.later(minutes=5)
        return found

    return make


@pytest.fixture
def gate(make_gate: Callable[..., GateLab]) -> GateLab:
    return make_gate()


def told(gate: GateLab) -> list[SandboxIssueView]:
    """Issues about bypasses."""
    return [issue for issue in gate.lab.repo.issues() if issue.title.startswith("Bypass: ")]


def words_of(issue: SandboxIssueView, *names: str) -> str:
    """Without what is random."""
    text = issue.body.replace("\u2060", "")
    for index, name in enumerate(names, 1):
        text = text.replace(name, str(index) * 40).replace(name[:7], str(index) * 7)
    text = re.sub(r"http://127\.0\.0\.1:\d+", "https://github.example.com", text)
    text = re.sub(r"\n<!-- reassay:ledger [^\n]* -->", "", text)
    return re.sub(r"begin bypass \w+", "begin bypass 0123456789abcdef", text)


def merged_red(gate: GateLab) -> int:
    number = gate.propose({APP: WATCHED})
    gate.judge(number)
    gate.lab.later(minutes=1)
    gate.lab.repo.merge_as("safety-lead", number)
    return number


def subjects(gate: GateLab) -> set[str]:
    return {cell.subject for cell in gate.lab.fine().cells for fired in cell.fired if fired.kind == "bypass"}


def test_pushes_past_the_gate_are_entries_one_issue_and_re_assessments(gate: GateLab) -> None:
    first = gate.lab.repo.commit({API: AUDIO}, author="safety-lead")
    second = gate.lab.repo.commit({MITIGATION_FILE: LOOSER, ".github/workflows/x.yml": b"on: push\n"}, author="auditor")
    gate.sweep()
    (issue,) = told(gate)
    same_as_golden("bypass.md", f"{issue.title}\n\n{words_of(issue, first, second)}\n")
    kinds = gate.kinds()
    assert [kinds.count(kind) for kind in ("bypass", "bypass-claimed", "bypass-issue")] == [2, 1, 1]
    assert kinds.index("bypass") < kinds.index("bypass-claimed") < kinds.index("bypass-issue")
    assert subjects(gate) == {"filter", "monitor", "training"}
    # Each of them is re-assessed in an issue of its own, and that settles it.
    for each in gate.lab.repo.issues():
        if each.number != issue.number:
            assert "bypassed the merge gate" in each.body
            gate.decide(each.number)
    assert subjects(gate) == set()


def test_what_is_merged_without_a_green_verdict_gets_its_issue_from_the_event_too(gate: GateLab) -> None:
    number = merged_red(gate)
    gate.lab.fine(pull=number)
    (issue,) = told(gate)
    assert f"#{number} was merged without a green check of this App on its head" in issue.body
    assert "Merged by @safety-lead." in issue.body
    with gate.lab.box.readonly():
        gate.lab.fine(pull=number)
    gate.sweep()
    assert len(told(gate)) == 1
    assert subjects(gate) == {"monitor"}


def test_a_merge_of_several_commits_is_one_bypass_and_all_of_them_are_looked_at(gate: GateLab) -> None:
    number = gate.propose({APP: WATCHED})
    gate.push({MITIGATION_FILE: LOOSER})
    gate.judge(number)
    gate.lab.later(minutes=1)
    gate.lab.repo.merge_as("safety-lead", number)
    gate.sweep()
    (issue,) = told(gate)
    assert issue.title.startswith("Bypass: 2 commits reached main")
    assert [body.pull for body in gate.bodies() if isinstance(body, Bypass)] == [number]
    assert subjects(gate) == {"filter", "monitor"}


@pytest.mark.parametrize("rebase", [False, True])
def test_by_its_event_a_merge_is_all_of_its_commits_however_it_was_made(gate: GateLab, rebase: bool) -> None:
    gate.lab.repo.commit({"notes.md": b"not part of it\n"})
    number = gate.propose({APP: WATCHED})
    gate.push({MITIGATION_FILE: LOOSER})
    gate.judge(number)
    gate.lab.later(minutes=1)
    gate.lab.repo.merge_as("safety-lead", number, how="rebase" if rebase else "merge")
    gate.lab.fine(pull=number)
    (issue,) = told(gate)
    assert issue.title.startswith("Bypass: 2 commits reached main")
    gate.sweep()
    assert len(told(gate)) == 1
    assert [body.pull for body in gate.bodies() if isinstance(body, Bypass)] == [number]
    assert subjects(gate) == {"filter", "monitor"}


def test_where_the_last_commit_of_a_rebase_touches_nothing_the_sweep_finds_the_others(gate: GateLab) -> None:
    number = gate.propose({APP: WATCHED})
    gate.push({"README.md": b"words\n"})
    gate.judge(number)
    gate.lab.later(minutes=1)
    gate.lab.repo.merge_as("safety-lead", number, how="rebase")
    gate.lab.fine(pull=number)
    gate.sweep()
    (issue,) = told(gate)
    assert f"#{number} was merged" in issue.body
    assert subjects(gate) == {"monitor"}


@pytest.mark.parametrize(
    "path", [".github/workflows/other.yml", ".github/actions/x/action.yml", "CODEOWNERS", ".github/CODEOWNERS"]
)
def test_what_decides_who_is_asked_is_watched_as_the_register_is(gate: GateLab, path: str) -> None:
    gate.lab.repo.commit({path: b"on: push\n"}, author="safety-lead")
    gate.sweep()
    (issue,) = told(gate)
    assert f"`policy {path}`: added" in issue.body


def test_it_stays_open_until_a_person_closes_it_and_is_never_opened_again(gate: GateLab) -> None:
    gate.lab.repo.commit({APP: WATCHED}, author="safety-lead")
    gate.sweep()
    (issue,) = told(gate)
    gate.lab.repo.edit_as("auditor", issue.number, title="Somebody called it something else", body="and wrote over it")
    gate.lab.repo.close_as("auditor", issue.number)
    gate.lab.later(days=2)
    gate.sweep()
    assert gate.lab.repo.issue(issue.number).state == "closed"
    assert gate.lab.repo.issue(issue.number).body == "and wrote over it"
    assert gate.kinds().count("bypass-claimed") == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"enforce", b"record"), (b"enforce", b"advise"), (b"enforce", b"remind")],
    ids=["record", "advise", "remind"],
)
def test_switching_the_gate_off_past_the_gate_is_told_all_the_same(gate: GateLab, old: bytes, new: bytes) -> None:
    gate.lab.repo.commit({".github/reassay.yml": CONFIGURATION.replace(old, new)}, author="safety-lead")
    gate.sweep()
    (issue,) = told(gate)
    assert f"mode lowered from enforce to {new.decode()}" in issue.body
    assert "no mitigation is affected" in issue.body


def test_merging_what_switches_the_gate_off_without_a_green_verdict_is_a_bypass(gate: GateLab) -> None:
    number = gate.propose({".github/reassay.yml": CONFIGURATION.replace(b"enforce", b"record")})
    gate.judge(number)
    gate.lab.later(minutes=1)
    gate.lab.repo.merge_as("safety-lead", number)
    gate.lab.fine(pull=number)
    gate.sweep()
    assert [body.pull for body in gate.bodies() if isinstance(body, Bypass)] == [number]
    assert len(told(gate)) == 1


@pytest.mark.parametrize("mode", [b"record", b"advise"])
def test_where_nothing_holds_a_merge_back_the_entry_alone_is_kept(
    make_gate: Callable[..., GateLab], mode: bytes
) -> None:
    gate = make_gate(configuration=CONFIGURATION.replace(b"enforce", mode))
    gate.lab.repo.commit({APP: WATCHED}, author="safety-lead")
    gate.sweep()
    assert gate.kinds().count("bypass") == 1
    assert gate.kinds().count("bypass-claimed") == 0
    assert told(gate) == []


def test_what_anybody_may_record_needs_nobodys_eyes(gate: GateLab) -> None:
    gate.lab.repo.commit({"framework/incidents.yml": INCIDENT}, author="safety-lead")
    gate.sweep()
    assert gate.kinds().count("bypass") == 1
    assert told(gate) == []


def test_a_claim_whose_object_was_removed_still_says_what_to_look_at(gate: GateLab) -> None:
    gate.lab.box.faults.add(Fault("forbidden", "POST .*/issues$", times=50))
    commit = gate.lab.repo.commit({APP: WATCHED}, author="safety-lead")
    gate.lab.sweep()
    gate.lab.box.faults.clear()
    report = gate.lab.sweep(budget=Budget(creations=0))
    assert report.content is not None
    (claim,) = [entry.body for entry in report.content.ledger.entries if isinstance(entry.body, BypassClaimed)]
    digits = claim.passed.removeprefix("sha256:")
    path = f"objects/{digits[0]}/{digits[1]}/{digits[2]}/{digits}"
    gate.lab.repo.commit({path: None}, message="redact", author="auditor", branch="reassay-ledger")
    gate.lab.later(minutes=6)
    gate.lab.fine()
    (issue,) = told(gate)
    assert "was removed from the ledger; the commits still show them" in issue.body
    assert commit in issue.body


def test_of_two_runs_one_makes_the_issue(gate: GateLab) -> None:
    gate.lab.repo.commit({APP: WATCHED}, author="safety-lead")
    gate.lab.box.faults.add(Fault("dead", "write", after=1))
    gate.lab.sweep(settings=replace(gate.lab.settings, run="first"))
    gate.lab.box.faults.clear()
    gate.lab.fine(settings=replace(gate.lab.settings, run="second"))
    assert told(gate) == []
    gate.lab.later(minutes=6)
    gate.lab.fine(settings=replace(gate.lab.settings, run="second"))
    (issue,) = told(gate)
    assert [body.issue for body in gate.bodies() if isinstance(body, BypassIssue)] == [issue.number]


def test_the_audit_pack_says_what_became_of_it(gate: GateLab) -> None:
    gate.lab.repo.commit({APP: WATCHED}, author="safety-lead")
    report = gate.sweep()
    assert _standing(report) == "to be re-assessed by 2026-12-04: monitor"
    (issue,) = [each for each in gate.lab.repo.issues() if each.title.startswith("Re-assess")]
    gate.decide(issue.number)
    assert _standing(gate.lab.fine()) == "re-assessed"


def _standing(report: Report) -> str:
    """How the bypass stands in the exceptions of a period that ends now."""
    assert report.content is not None
    assert report.assessment_input is not None
    period = Period(date(2026, 12, 1), date(2026, 12, 31), "UTC")
    facts = AuditInput(
        period, report.assessment_input, report.assessment_input, report.content.ledger.entries, Trust((), ()), {}
    )
    (row,) = [each for each in recorded_exceptions(facts) if each.kind == "bypass"]
    return row.status


@pytest.mark.parametrize("on", [datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)])
def test_a_commit_that_gives_a_date_of_its_choosing_is_found(gate: GateLab, on: datetime) -> None:
    gate.lab.repo.commit({API: AUDIO}, author="safety-lead", dated=on)
    for _ in range(2):
        gate.sweep()
        (issue,) = told(gate)
        assert "audio" in issue.body
        assert gate.kinds().count("bypass") == 1
        gate.lab.later(days=1)


def test_of_more_commits_than_a_page_holds_each_is_found(gate: GateLab) -> None:
    for number in range(COMMITS_PER_LOOK + 5):
        gate.lab.repo.commit({API: AUDIO if number % 2 else STAFF_APP}, author="safety-lead")
    gate.sweep()
    assert gate.kinds().count("bypass") == COMMITS_PER_LOOK + 5
    gate.sweep()
    assert gate.kinds().count("bypass") == COMMITS_PER_LOOK + 5


def test_a_merge_that_drops_what_was_there_is_told_for_what_it_drops(gate: GateLab) -> None:
    """Its content is that of one parent, so no path's usual history shows it."""
    lab = gate.lab
    old = lab.repo.head()
    assert old is not None
    lab.repo.commit({API: AUDIO}, author="safety-lead")
    gate.sweep()
    lab.repo.merge_over("auditor", old)
    gate.sweep()
    _, issue = told(gate)
    assert issue.title.startswith("Bypass: commit ")
    assert "audio" in issue.body


def test_a_branch_that_was_rewritten_is_compared_with_where_it_stood(gate: GateLab) -> None:
    old = gate.lab.repo.head()
    assert old is not None
    gate.lab.repo.commit({"notes.md": b"words\n"})
    gate.sweep()
    gate.lab.later(days=1)
    gate.sweep()
    gate.lab.repo.push_over("main", old, "safety-lead")
    made = gate.lab.repo.commit({API: AUDIO}, author="safety-lead", dated=datetime(2020, 1, 1, tzinfo=UTC))
    gate.sweep()
    (issue,) = told(gate)
    assert made[:7] in issue.body.replace("\u2060", "")


def test_what_came_by_a_green_pull_request_is_none_whatever_its_date(gate: GateLab) -> None:
    number = gate.propose({"README.md": b"words\n"})
    gate.judge(number)
    gate.lab.repo.commit({"notes.md": b"words\n"}, dated=datetime(2020, 1, 1, tzinfo=UTC))
    gate.lab.later(minutes=1)
    gate.lab.repo.merge_as("safety-lead", number)
    gate.sweep()
    assert "bypass" not in gate.kinds()
    assert told(gate) == []


def test_where_the_last_tip_is_gone_the_run_says_that_it_goes_by_dates(gate: GateLab) -> None:
    old = gate.lab.repo.head()
    assert old is not None
    gate.lab.repo.commit({"notes.md": b"words\n"})
    gate.lab.later(days=1)
    gate.sweep()
    gate.lab.repo.push_over("main", old, "safety-lead")
    with gate.lab.box.dispatcher.lock:
        found = gate.lab.box.dispatcher.store.find(gate.lab.name)
        assert found is not None
        found.git.run("gc", "--prune=now", "--quiet")
    gate.lab.later(minutes=1)
    gate.lab.repo.commit({API: AUDIO}, author="safety-lead")
    gate.lab.later(minutes=1)
    report = gate.lab.sweep()
    (problem,) = report.problems
    assert "was rewritten" in problem.message
    assert "by their dates only" in problem.message
    assert len(told(gate)) == 1
