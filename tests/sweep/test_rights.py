"""Rights on the wire: who lends a role, whom a name leads to, who answers and overrides, and what a sign-off names."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from reassay.ledger.pull_requests import ChangeAnswered, ChangeSigned, Overridden
from reassay.ledger.sweep_records import Bypass
from tests.gate_lab import API, APP, AUDIO, CONFIGURATION, FILES, MITIGATION_FILE, MITIGATIONS, STAFF_APP, GateLab
from tests.lab import PERMISSIONS, Lab

pytestmark = pytest.mark.long

WATCHED = STAFF_APP + b"oversight: A person reads every answer.\n"
TIGHTER = MITIGATIONS.replace(b"    every: 1 year\n    reassess", b"    every: 3 months\n    reassess")
SETTINGS = ".github/reassay.yml"
POLICY_ALONE = b"""\
mode: enforce
roles:
  board: {users: [release-manager]}
gate:
  policy: [{role: board, excludes: [author]}]
"""
LOAN = b"""\
delegations:
  - {id: holiday, title: Holiday, role: %s, from: %s, to: attacker, start: 2026-11-01, end: 2027-11-01}
"""
ACCEPTANCE = b"""\
risk_acceptances:
  - id: everything
    title: Everything
    mitigations: [%s]
    requester: auditor
    approver: attacker
    rationale: It will be fine.
    expires_at: 2027-06-01
"""


@pytest.fixture
def make_gate(make_lab: Callable[..., Lab]) -> Callable[..., GateLab]:
    def make(configuration: bytes = CONFIGURATION, files: dict[str, bytes] | None = None) -> GateLab:
        gate = GateLab.of(make_lab({**FILES, SETTINGS: configuration, **(files or {})}))
        gate.lab.box.add_user("attacker")
        gate.lab.fine()
        return gate

    return make


@pytest.fixture
def gate(make_gate: Callable[..., GateLab]) -> GateLab:
    return make_gate()


def signed(gate: GateLab) -> list[tuple[str, str]]:
    return [(body.role, item.item) for body in gate.bodies() if isinstance(body, ChangeSigned) for item in body.items]


def test_no_assessor_hands_out_a_role(make_gate: Callable[..., GateLab]) -> None:
    gate = make_gate(POLICY_ALONE)
    number = gate.propose({"framework/loans.yml": LOAN % (b"board", b"release-manager")}, by="attacker")
    assert gate.judge(number).conclusion == "FAILURE"
    for who in ("red-team-lead", "safety-lead", "attacker"):
        assert "Nothing was recorded" in gate.say(who, number, "/reassay signoff 1"), who
    assert gate.check(number).conclusion == "FAILURE"
    gate.say("release-manager", number, "/reassay signoff 1")
    assert gate.check(number).conclusion == "SUCCESS", gate.check(number).summary


def test_a_lender_signs_the_loan_of_their_own_role_and_of_no_other(make_gate: Callable[..., GateLab]) -> None:
    roles = POLICY_ALONE.replace(b"gate:", b"  triage: {users: [red-team-lead]}\ngate:")
    gate = make_gate(roles)
    own = gate.propose({"framework/loans.yml": LOAN % (b"triage", b"red-team-lead")}, by="attacker", branch="own")
    gate.judge(own)
    gate.say("red-team-lead", own, "/reassay signoff 1")
    assert gate.check(own).conclusion == "SUCCESS", gate.check(own).summary
    other = gate.propose({"framework/loans.yml": LOAN % (b"board", b"red-team-lead")}, by="attacker", branch="other")
    gate.judge(other)
    assert "Nothing was recorded" in gate.say("red-team-lead", other, "/reassay signoff 1")


@pytest.mark.parametrize("policy", [b"", b"  policy: [{role: board, excludes: [author]}]\n"])
def test_no_assessor_of_anything_accepts_the_risk_of_everything(
    make_gate: Callable[..., GateLab], policy: bytes
) -> None:
    configuration = POLICY_ALONE.partition(b"  policy")[0] + b"  questions: []\n" + policy
    split = MITIGATIONS.replace(b"id: training", b"id: training\n    approval: [{role: board}]")
    gate = make_gate(configuration, {MITIGATION_FILE: split})
    number = gate.propose({"framework/accepted.yml": ACCEPTANCE % b"filter, monitor, training"}, by="attacker")
    gate.judge(number)
    gate.say("red-team-lead", number, "/reassay signoff all")
    assert gate.check(number).conclusion == "FAILURE"
    gate.say("release-manager", number, "/reassay signoff all")
    assert gate.check(number).conclusion == "SUCCESS", gate.check(number).summary


def test_a_login_that_somebody_else_took_holds_nothing_until_the_account_is_pinned(gate: GateLab) -> None:
    gate.lab.box.rename_user("red-team-lead", "red-team-former")
    number = gate.propose({APP: WATCHED})
    gate.judge(number)
    taker = gate.lab.box.add_user("red-team-lead")
    answer = gate.say("red-team-lead", number, "/reassay signoff 1")
    assert "Nothing was recorded" in answer
    assert f"is account {taker.id} now, so it holds nothing" in answer
    assert f"`red-team-lead#{taker.id}` under `roles`" in answer
    assert f"is account {taker.id} now" in gate.check(number).summary
    gate.sweep()
    gate.lab.later(days=2)
    gate.sweep()
    assert "Nothing was recorded" in gate.say("red-team-lead", number, "/reassay signoff 1")
    assert signed(gate) == []
    # A signed change of the policy that pins the new account gives it the role.
    pin = CONFIGURATION.replace(b"  board:", b"  red-team-lead: {users: ['red-team-lead#%d']}\n  board:" % taker.id)
    pinned = gate.propose({SETTINGS: pin}, branch="pin")
    gate.judge(pinned)
    gate.say("release-manager", pinned, "/reassay signoff 1")
    gate.lab.repo.merge_as("safety-lead", pinned)
    gate.sweep()
    assert "Recorded" in gate.say("red-team-lead", number, "/reassay signoff 1")
    assert gate.check(number).conclusion == "SUCCESS", gate.check(number).summary


def test_a_pinned_account_keeps_its_role_under_another_login(make_gate: Callable[..., GateLab]) -> None:
    gate = make_gate(CONFIGURATION.replace(b"[release-manager]", b"['release-manager#1003']"))
    gate.lab.box.rename_user("release-manager", "release-former")
    gate.lab.box.add_user("release-manager")
    number = gate.propose({"README.md": b"x\n", ".github/workflows/a.yml": b"on: push\n"})
    gate.judge(number)
    assert "Nothing was recorded" in gate.say("release-manager", number, "/reassay signoff 1")
    assert "Recorded" in gate.say("release-former", number, "/reassay signoff 1")
    assert gate.check(number).conclusion == "SUCCESS"


def test_a_team_that_took_a_free_name_holds_nothing(make_lab: Callable[..., Lab]) -> None:
    teams = CONFIGURATION.replace(b"{users: [release-manager]}", b"{teams: [example-lab/board]}") + b"app_id: 4711\n"
    lab = make_lab({**FILES, SETTINGS: teams})
    token = lab.box.token("reassay[bot]", lab.name, permissions={**PERMISSIONS, "members": "read"})
    gate = GateLab.of(replace(lab, settings=replace(lab.settings, token=token)))
    box = gate.lab.box
    box.add_user("attacker")
    box.add_team("example-lab/board", "release-manager")
    gate.lab.fine()
    number = gate.propose({".github/workflows/a.yml": b"on: push\n"})
    gate.judge(number)
    # Somebody who joins the same team is fine.
    box.add_team("example-lab/board", "release-manager", "safety-lead")
    assert "Recorded" in gate.say("safety-lead", number, "/reassay signoff 1")
    assert gate.check(number).conclusion == "SUCCESS"
    box.rename_team("example-lab/board", "example-lab/directors")
    box.add_team("example-lab/board", "attacker", "safety-lead")
    answer = gate.say("attacker", number, "/reassay signoff 1")
    assert "Nothing was recorded" in answer
    assert "@example-lab/board led to team" in answer
    # What was signed in the role counts no more: nobody is known to hold it.
    assert gate.check(number).conclusion == "FAILURE"


def test_the_author_neither_answers_nor_overrides(make_gate: Callable[..., GateLab]) -> None:
    asked = b"  questions:\n    - {id: reads, text: Who reads it?, role: board}\n"
    both = b"  board: {users: [release-manager, auditor]}\n"
    gate = make_gate((CONFIGURATION + asked).replace(b"  board: {users: [release-manager]}\n", both))
    number = gate.propose({API: AUDIO})
    gate.judge(number)
    assert "Ask @release-manager" in gate.say("auditor", number, "/reassay answer 1 yes because I wrote it")
    refused = gate.say("auditor", number, "/reassay override because I wrote it")
    assert "you are the author of the pull request" in refused
    assert "Ask @release-manager" in refused
    assert not [body for body in gate.bodies() if isinstance(body, ChangeAnswered | Overridden)]
    # No verdict advertises an override that somebody can avoid; help tells its holders.
    assert "/reassay override" not in gate.check(number).summary
    now = "`/reassay override because <reason>` lets this head be merged"
    assert now in gate.say("release-manager", number, "/reassay help")
    assert now not in gate.say("auditor", number, "/reassay help")
    gate.say("release-manager", number, "/reassay answer 1 yes because I read it")
    assert sum(isinstance(body, ChangeAnswered) for body in gate.bodies()) == 1
    gate.say("release-manager", number, "/reassay override because of an exploit")
    assert gate.check(number).conclusion == "SUCCESS"


def test_a_sign_off_that_names_a_content_counts_for_that_content_alone(gate: GateLab) -> None:
    number = gate.propose({APP: WATCHED})
    first = gate.judge(number)
    command = first.summary.partition("`/reassay signoff 1 ")[2].partition("`")[0]
    assert len(command) == 7
    # Still tighter than the base, so that one signature is enough.
    gate.push({APP: STAFF_APP + b"oversight: Two people read every answer.\n"})
    gate.judge(number)
    now = gate.check(number).summary.partition("`/reassay signoff 1 ")[2].partition("`")[0]
    assert now != command
    refused = gate.say("red-team-lead", number, f"/reassay signoff 1 {command}")
    assert f"your comment signs content {command}, and the content is {now}" in refused
    assert "Nothing was recorded" in gate.say("red-team-lead", number, f"/reassay signoff {now}")
    assert "Recorded" in gate.say("red-team-lead", number, f"/reassay signoff 1 {now.upper()} because it is fine")
    assert gate.check(number).conclusion == "SUCCESS"


def test_a_program_takes_one_signature_more(make_gate: Callable[..., GateLab]) -> None:
    gate = make_gate(POLICY_ALONE)
    gate.lab.box.add_bot("updates")
    number = gate.propose({MITIGATION_FILE: TIGHTER}, by="updates[bot]")
    gate.lab.repo.verify(gate.head(number))
    check = gate.judge(number)
    assert "(2 of them; one more than usual, because the author is a program" in check.summary
    gate.say("red-team-lead", number, "/reassay signoff 1")
    assert gate.check(number).conclusion == "FAILURE"
    gate.say("red-team-lead", number, "/reassay signoff 1")
    assert gate.check(number).conclusion == "FAILURE"
    gate.say("safety-lead", number, "/reassay signoff 1")
    assert gate.check(number).conclusion == "SUCCESS", gate.check(number).summary


@pytest.mark.parametrize("former", [False, True])
def test_a_question_about_a_field_is_asked_of_a_new_deployment(make_gate: Callable[..., GateLab], former: bool) -> None:
    of = b"  questions:\n    - {id: spoken, text: Is audio covered?, role: board, of: [deployment.modalities_in]}\n"
    gate = make_gate(CONFIGURATION + of)
    new = AUDIO.replace(b"id: public-api", b"id: public-api-2")
    files: dict[str, bytes | None] = {"framework/deployments/public-api-2.yml": new}
    if former:
        files |= {API: None, MITIGATION_FILE: MITIGATIONS.replace(b"public-api", b"public-api-2")}
    number = gate.propose(files)
    assert "Is audio covered?" in gate.judge(number).summary


def test_who_left_the_role_before_the_merge_no_longer_counts(make_gate: Callable[..., GateLab]) -> None:
    two = CONFIGURATION.replace(b"[release-manager]", b"[release-manager, auditor]")
    gate = make_gate(two)
    number = gate.propose({APP: WATCHED}, by="attacker")
    gate.judge(number)
    gate.say("auditor", number, "/reassay signoff 1")
    assert gate.check(number).conclusion == "SUCCESS"
    leaving = gate.propose({SETTINGS: CONFIGURATION}, by="attacker", branch="leaving")
    gate.judge(leaving)
    gate.say("release-manager", leaving, "/reassay signoff 1")
    gate.lab.repo.merge_as("safety-lead", leaving)
    gate.sweep()
    gate.sweep()
    check = gate.check(number)
    assert check.conclusion == "FAILURE"
    assert "they no longer hold board since Tue 1 Dec 2026" in check.summary


def test_a_signature_of_a_merged_pull_request_stands_although_its_signer_left(
    make_gate: Callable[..., GateLab],
) -> None:
    two = CONFIGURATION.replace(b"[release-manager]", b"[release-manager, auditor]")
    gate = make_gate(two)
    number = gate.propose({APP: WATCHED}, by="attacker")
    gate.judge(number)
    gate.say("auditor", number, "/reassay signoff 1")
    gate.lab.repo.merge_as("safety-lead", number)
    gate.lab.repo.commit({SETTINGS: CONFIGURATION}, author="safety-lead", message="leaves")
    gate.sweep()
    assert gate.check(number).conclusion == "SUCCESS"
    bypasses = [body for body in gate.bodies() if isinstance(body, Bypass)]
    assert number not in {body.pull for body in bypasses}


def test_a_person_named_like_the_app_is_not_the_app(gate: GateLab) -> None:
    gate.lab.box.add_user("reassay")
    number = gate.propose({APP: WATCHED})
    gate.judge(number)
    (own,) = gate.sticky(number)
    gate.lab.say("reassay", number, own.replace("oversight", "nothing"))
    copied = gate.sticky(number)[-1]
    gate.push({APP: WATCHED + b"description: For staff.\n"})
    gate.judge(number)
    mine, theirs = gate.sticky(number)
    assert theirs == copied
    assert mine != own
