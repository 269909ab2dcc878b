"""The gate's other ways: modes, conflicts, drafts, overrides, what is late, plans, reviews, and what becomes of a proposal."""

from collections.abc import Callable

import pytest

from reassay.ledger.entry import Superseded
from reassay.ledger.pull_requests import ChangeSigned, Landed, Overridden
from reassay.ledger.sweep_records import Bypass
from reassay_sandbox.actions import MergeRefusedError
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

WATCHED = STAFF_APP + b"oversight: A person reads every answer.\n"
LOOSER = MITIGATIONS.replace(b"    every: 1 year\n    reassess", b"    every: 2 years\n    reassess")
TIGHTER = MITIGATIONS.replace(b"    every: 1 year\n    reassess", b"    every: 3 months\n    reassess")


@pytest.fixture
def make_gate(make_lab: Callable[..., Lab]) -> Callable[..., GateLab]:
    def make(**files: bytes) -> GateLab:
        known = {"configuration": ".github/reassay.yml", "mitigations": MITIGATION_FILE, "api": API}
        found = GateLab.of(make_lab({**FILES, **{known[name]: data for name, data in files.items()}}))
        found.lab.fine()
        return found

    return make


@pytest.fixture
def gate(make_gate: Callable[..., GateLab]) -> GateLab:
    return make_gate()


def test_advise_says_everything_and_holds_nothing_back(make_gate: Callable[..., GateLab]) -> None:
    gate = make_gate(configuration=CONFIGURATION.replace(b"enforce", b"advise"))
    check = gate.judge(gate.propose({API: AUDIO}))
    assert check.conclusion == "SUCCESS"
    assert check.title.startswith("Would be blocked in mode enforce: ")


@pytest.mark.parametrize("mode", [b"record", b"remind"])
def test_without_a_gate_nothing_is_published(make_gate: Callable[..., GateLab], mode: bytes) -> None:
    gate = make_gate(configuration=CONFIGURATION.replace(b"enforce", mode))
    number = gate.propose({API: AUDIO})
    gate.lab.fine(pull=number)
    gate.lab.fine()
    assert gate.lab.repo.checks() == ()


def test_a_conflict_fails_closed(gate: GateLab) -> None:
    number = gate.propose({APP: WATCHED})
    gate.lab.repo.commit({APP: STAFF_APP + b"oversight: Nobody.\n"})
    check = gate.judge(number)
    assert (check.conclusion, check.title) == ("FAILURE", "Blocked: this conflicts with main")
    assert "conflicts with main, so the merge result is not known" in check.summary
    assert "nothing can be signed off" in gate.say("red-team-lead", number, "/reassay signoff 1")


def test_what_github_has_not_computed_yet_is_computed_here(gate: GateLab) -> None:
    number = gate.propose({APP: WATCHED})
    gate.lab.repo.commit({API: PUBLIC_API + b"host: Our own cloud\n"})
    gate.lab.repo.set_slow_merge(number, slow=True)
    check = gate.judge(number)
    assert "staff-app" in check.summary
    assert "Our own cloud" not in check.summary


def test_a_draft_gets_a_verdict_and_cannot_be_merged(gate: GateLab) -> None:
    gate.lab.repo.commit({"README.md": b"x\n"}, branch="change", author="auditor")
    number = gate.lab.repo.open_pull_as("auditor", "change", draft=True)
    assert gate.judge(number).conclusion == "SUCCESS"
    with pytest.raises(MergeRefusedError):
        gate.lab.repo.merge_as("safety-lead", number)


def test_what_touches_nothing_gets_a_check_and_no_comment(gate: GateLab) -> None:
    number = gate.propose({"README.md": b"x\n"})
    assert gate.judge(number).title == "No gated change found"
    assert gate.sticky(number) == []


def test_an_override_is_for_one_head_opens_re_assessments_and_expires(gate: GateLab) -> None:
    number = gate.propose({API: AUDIO})
    gate.judge(number)
    assert "only board can" in gate.say("auditor", number, "/reassay override because it is late")
    said = gate.say("release-manager", number, "/reassay override because the exploit is live")
    assert "It opens re-assessments of filter, monitor, training" in said
    assert gate.check(number).conclusion == "SUCCESS"
    assert gate.check(number).title.startswith("Ready to merge by override")
    report = gate.sweep()
    states = {cell.subject: cell.reason for cell in report.cells if cell.cell == "public-api"}
    assert "was let through by an override" in states["monitor"]
    # A hold is stronger than an override, and a push ends it.
    gate.say("safety-lead", number, "/reassay hold")
    assert gate.check(number).conclusion == "FAILURE"
    gate.say("safety-lead", number, "/reassay unhold")
    assert gate.check(number).conclusion == "SUCCESS"
    gate.lab.later(days=7)
    gate.sweep()
    assert gate.check(number).conclusion == "FAILURE"
    gate.say("release-manager", number, "/reassay override because it is live again")
    assert gate.check(number).conclusion == "SUCCESS"
    gate.push({"README.md": b"y\n"})
    assert gate.judge(number).conclusion == "FAILURE"
    assert sum(isinstance(body, Overridden) for body in gate.bodies()) == 2


def test_nobody_overrides_where_no_role_may(make_gate: Callable[..., GateLab]) -> None:
    gate = make_gate(configuration=CONFIGURATION.replace(b"  override: board\n", b""))
    number = gate.propose({API: AUDIO})
    gate.judge(number)
    assert "nobody can override here" in gate.say("release-manager", number, "/reassay override because now")


def test_what_is_overdue_may_be_tightened_and_not_loosened_and_the_sweep_flips_a_verdict(gate: GateLab) -> None:
    looser, tighter = (
        gate.propose({MITIGATION_FILE: LOOSER}, branch="a"),
        gate.propose({MITIGATION_FILE: TIGHTER}, branch="b"),
    )
    for number in (looser, tighter):
        gate.judge(number)
        gate.say("red-team-lead", number, "/reassay signoff 1")
    gate.say("release-manager", looser, "/reassay signoff 2")
    assert gate.check(looser).conclusion == gate.check(tighter).conclusion == "SUCCESS"
    assert "Valid until Mon 1 Nov 2027; re-evaluated then" in gate.check(looser).summary
    gate.lab.later(days=340)
    gate.sweep()
    assert gate.check(looser).conclusion == "FAILURE"
    assert "`filter` for `public-api` is overdue" in gate.check(looser).summary
    assert gate.check(tighter).conclusion == "SUCCESS"


def test_a_deployment_is_taken_out_by_signatures_and_waits_for_nothing_that_is_overdue(
    make_gate: Callable[..., GateLab],
) -> None:
    everywhere = MITIGATIONS.replace(b"    deployments: [public-api]\n", b"").replace(
        b"    deployments: [public-api, staff-app]\n", b""
    )
    gate = make_gate(mitigations=everywhere)
    gate.lab.later(days=340)
    gate.sweep()
    out = gate.propose({APP: None}, branch="out")
    check = gate.judge(out)
    assert check.conclusion == "FAILURE"
    assert "it may still be live" in check.summary
    assert "overdue" not in check.title
    gate.say("red-team-lead", out, "/reassay signoff 1")
    gate.say("release-manager", out, "/reassay signoff 2")
    assert gate.check(out).conclusion == "SUCCESS", gate.check(out).summary
    wider = gate.judge(gate.propose({APP: STAFF_APP.replace(b"internal", b"external")}, branch="wider"))
    assert "is overdue" in wider.summary


def test_a_push_to_the_base_is_judged_anew_in_every_open_pull_request(gate: GateLab) -> None:
    number = gate.propose({APP: WATCHED})
    gate.judge(number)
    gate.say("red-team-lead", number, "/reassay signoff 1")
    gate.lab.repo.commit({APP: STAFF_APP.replace(b"Staff assistant", b"Assistant")}, author="safety-lead")
    gate.sweep()
    assert gate.check(number).conclusion == "FAILURE"
    assert "the signed content has changed" in gate.check(number).summary


def test_closing_ends_what_was_opened_and_a_decision_on_other_content_does_not_count(gate: GateLab) -> None:
    number = gate.propose({API: AUDIO})
    gate.judge(number)
    (issue,) = gate.lab.repo.issues()
    gate.decide(issue.number)
    assert "decision" not in gate.check(number).title
    gate.push({API: AUDIO.replace(b"audio", b"audio, video")})
    assert "1 decision" in gate.judge(number).title
    assert len(gate.lab.titles()) == 2
    gate.lab.repo.close_as("auditor", number)
    gate.sweep()
    (gone,) = [body for body in gate.bodies() if isinstance(body, Superseded)]
    assert gone.reason == f"#{number} was closed without being merged"
    assert [body.merged for body in gate.bodies() if isinstance(body, Landed)] == [False]
    report = gate.sweep()
    # What was decided about the proposal moved no clock of what is in force.
    assert {cell.subject: str(cell.last.provenance) for cell in report.cells if cell.last}["filter"] == "imported"


@pytest.mark.parametrize("counts", [False, True])
def test_an_approving_review_counts_only_where_the_rules_say_so(
    make_gate: Callable[..., GateLab], counts: bool
) -> None:
    more = b"  approve_counts: true\n" if counts else b""
    gate = make_gate(configuration=CONFIGURATION + more)
    number = gate.propose({APP: WATCHED})
    gate.judge(number)
    # A review has to have seen the verdict.
    gate.lab.later(minutes=1)
    gate.lab.repo.review_as("red-team-lead", number)
    check = gate.judge(number)
    assert check.conclusion == ("SUCCESS" if counts else "FAILURE")
    assert ("a review is not a sign-off" in check.summary) is not counts
    assert sum(isinstance(body, ChangeSigned) for body in gate.bodies()) == int(counts)


def test_a_planned_change_is_declared_assessed_and_switched_on_on_its_day(gate: GateLab) -> None:
    planned = PUBLIC_API + b'planned: [{change: "modalities_in: add audio", not_before: 2026-12-20}]\n'
    first = gate.propose({API: planned}, branch="plan")
    gate.judge(first)
    gate.say("red-team-lead", first, "/reassay signoff 1")
    assert gate.check(first).conclusion == "SUCCESS", gate.check(first).summary
    gate.lab.repo.merge_as("safety-lead", first)
    report = gate.sweep()
    reasons = {
        cell.subject: (cell.due and str(cell.due), cell.reason) for cell in report.cells if cell.cell == "public-api"
    }
    assert reasons["monitor"][0] == "2026-12-20"
    assert "is planned for 2026-12-20 or later" in reasons["monitor"][1]
    switched = planned.replace(b"modalities_in: [text]", b"modalities_in: [text, audio]")
    second = gate.propose({API: switched}, branch="switch")
    assert "is planned for Sun 20 Dec 2026, not before" in gate.judge(second).summary
    for number in (issue.number for issue in gate.lab.repo.issues()):
        gate.decide(number)
    gate.lab.later(days=20)
    gate.sweep()
    summary = gate.check(second).summary
    assert "not before" not in summary
    assert "must be decided before the merge" not in summary
    assert "Planned for 2026-12-20 or later, and declared in advance" in summary


def test_the_stricter_of_two_branches_rules_applies(gate: GateLab) -> None:
    gate.lab.repo.commit({".github/reassay.yml": CONFIGURATION.partition(b"gate:")[0]}, branch="release")
    gate.lab.repo.commit({API: AUDIO}, branch="change", author="auditor")
    number = gate.lab.repo.open_pull_as("auditor", "change", "release")
    check = gate.judge_on(number, "reassay/release")
    assert check.conclusion == "FAILURE"
    assert "board" in check.title


def test_what_is_merged_without_a_green_verdict_is_a_bypass(gate: GateLab) -> None:
    red, green = (
        gate.propose({APP: WATCHED}, branch="red"),
        gate.propose({API: PUBLIC_API + b"oversight: Somebody.\n"}, branch="green"),
    )
    for number in (red, green):
        gate.judge(number)
    gate.say("red-team-lead", green, "/reassay signoff 1")
    gate.lab.later(minutes=1)
    for number in (red, green):
        gate.lab.repo.merge_as("safety-lead", number)
        gate.lab.fine(pull=number)
    report = gate.sweep()
    assert [(body.why, body.pull) for body in gate.bodies() if isinstance(body, Bypass)] == [("no-green-verdict", red)]
    assert not report.problems


def test_such_a_merge_is_found_by_the_sweep_if_its_event_was_lost(gate: GateLab) -> None:
    gate.lab.later(minutes=5)
    number = gate.propose({APP: WATCHED})
    gate.judge(number)
    gate.lab.later(minutes=1)
    gate.lab.repo.merge_as("safety-lead", number)
    gate.sweep()
    assert {body.pull for body in gate.bodies() if isinstance(body, Bypass)} == {number}


def test_rules_that_change_between_the_check_and_the_signature_are_a_race_too(gate: GateLab) -> None:
    number = gate.propose({APP: WATCHED, MITIGATION_FILE: LOOSER})
    gate.judge(number)
    gate.say("red-team-lead", number, "/reassay signoff 1", runs=False)
    asked = b"  questions: [{id: why, text: Is it worth it?, role: red-team-lead}]\n"
    gate.lab.repo.commit({".github/reassay.yml": CONFIGURATION + asked})
    gate.judge(number)
    assert "your comment is about content" in gate.last(number)
    assert not [body for body in gate.bodies() if isinstance(body, ChangeSigned)]
    gate.say("red-team-lead", number, "/reassay answer 1 yes because the risk is small")
    assert "answered `yes` to 'Is it worth it?' for mitigation/filter" in gate.last(number)


def test_evidence_that_is_too_old_blocks_loosening(make_gate: Callable[..., GateLab]) -> None:
    stale = b"      triggers:\n        - {kind: evidence-stale, older_than: 1 month}\n"
    gate = make_gate(
        mitigations=MITIGATIONS.replace(
            b"      triggers: [{kind: deployment-change, must_complete: before_change}]\n", stale
        )
    )
    old = b"""evidence_items:
  - {id: drill, title: A drill, mitigations: [filter], method: exercise, performed_by: red-team-lead, performed_at: 2026-10-01, finding: it held}
"""
    gate.lab.repo.commit({"framework/evidence.yml": old})
    text = gate.lab.repo.read("main", MITIGATION_FILE)
    assert text is not None
    looser = text.replace(b"    every: 1 year\n    reassess", b"    every: 2 years\n    reassess")
    number = gate.propose({MITIGATION_FILE: looser})
    assert "relies on evidence that is too old" in gate.judge(number).summary


def test_annotations_go_out_fifty_at_a_time(gate: GateLab) -> None:
    many: dict[str, bytes | None] = {
        f"framework/deployments/d-{index}.yml": f"id: d-{index}\ntitle: D {index}\naudience: internal\n".encode()
        for index in range(60)
    }
    number = gate.propose(many)
    check = gate.judge(number)
    assert len(check.annotations) > 100
    assert len({(each["path"], each["message"]) for each in check.annotations}) == len(check.annotations)
    assert check.conclusion == "FAILURE"


@pytest.mark.parametrize("word", ["no", "not-tested"])
def test_an_answer_that_is_not_fine_holds_until_somebody_bears_the_risk_for_all_of_it(
    make_gate: Callable[..., GateLab], word: str
) -> None:
    asked = b"  questions: [{id: why, text: Was it tested?, role: red-team-lead}]\n"
    gate = make_gate(configuration=CONFIGURATION + asked)
    number = gate.propose({MITIGATION_FILE: LOOSER})
    gate.judge(number)
    gate.say("red-team-lead", number, f"/reassay answer 1 {word} because the bench is broken")
    assert gate.check(number).conclusion == "FAILURE"
    assert f"answered `{word}`. Change what the question is about" in gate.check(number).summary
    assert "or have the risk of `filter` accepted" in gate.check(number).summary
    acceptance = (
        "risk_acceptances:\n  - {id: bench, title: The bench is broken, mitigations: [filter], %srequester: safety-lead,"
        " approver: release-manager, rationale: Few use it., expires_at: 2026-12-20}\n"
    )
    # What is accepted for one deployment does not cover a mitigation as a whole.
    gate.lab.repo.commit({"framework/risks.yml": (acceptance % "deployments: [public-api], ").encode()})
    assert gate.judge(number).conclusion == "FAILURE"
    gate.lab.repo.commit({"framework/risks.yml": (acceptance % "").encode()})
    gate.judge(number)
    gate.say("red-team-lead", number, "/reassay signoff 2")
    gate.say("release-manager", number, "/reassay signoff 3")
    assert gate.judge(number).conclusion == "SUCCESS", gate.check(number).summary
    assert "Valid until Sun 20 Dec 2026; re-evaluated then" in gate.check(number).summary
    gate.lab.later(days=30)
    gate.sweep()
    assert gate.check(number).conclusion == "FAILURE"


def test_a_typo_beside_a_change_that_asks_for_a_decision_before_is_an_error_and_no_crash(gate: GateLab) -> None:
    typo = MITIGATIONS.replace(b"every: 1 year", b"evry: 1 year", 1)
    number = gate.propose({API: AUDIO, MITIGATION_FILE: typo})
    assert "register has errors" in gate.judge(number).title
    # Once it can be read, the decision is asked for.
    gate.push({MITIGATION_FILE: MITIGATIONS})
    assert "1 decision" in gate.judge(number).title
    # One that was opened before the typo stays open, and whatever else would join it waits.
    gate.push({MITIGATION_FILE: typo, API: PUBLIC_API.replace(b"[text]", b"[text, audio, image]")})
    assert "register has errors" in gate.judge(number).title
    assert "superseded" not in gate.kinds()
