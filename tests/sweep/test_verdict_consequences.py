"""A verdict has consequences, on the wire: states, orders, layers, the basis, criteria, own news, and commands that propose nothing."""

import base64
import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from reassay.assessment.cells import State
from reassay.assessment.views.documents import status_csv, status_document
from reassay.ledger.answers import Answered, SignedOff
from reassay.ledger.deferrals import SideExit
from reassay.ledger.risks import Triaged
from reassay.ledger.store.configured_keys import LedgerKeys
from reassay.sweep.options import AssessmentRequest
from reassay.sweep.report import count
from reassay.sweep.views.report import as_document, as_step_summary, as_text
from tests.gate_lab import API, AUDIO, CONFIGURATION, FILES, MITIGATION_FILE, MITIGATIONS, PUBLIC_API, GateLab
from tests.lab import Lab

pytestmark = pytest.mark.long

KEY = base64.b64encode(bytes(range(32))).decode()
IMAGES = PUBLIC_API.replace(b"[text]", b"[text, image]")
REGISTER = b"""\
mode: remind
deployments:
  - {id: public-api, title: Public API, audience: external, modalities_in: [text, image]}
mitigations:
  - id: filter
    title: Input filter
    owner: safety-lead
    assessors: [red-team-lead, auditor]
    deployments: [public-api]
    last_assessed: 2026-06-02
    every: 6 months
    target:
      statement: It works.
      criteria:
        - {kind: rate, name: jailbreaks that get through, at_most: 0.02, undesired: passed}
        - {kind: census, name: staff trained, at_least: 0.95}
information_items:
  - {id: news, title: A new attack, kind: jailbreak, known_at: 2026-12-01T08:00:00Z, source: a paper, affects: [filter]}
"""
CRITERIA = b"""      criteria:
        - {kind: rate, name: jailbreaks that get through, at_most: 0.02, undesired: passed}
        - {kind: census, name: staff trained, at_least: 0.95}
"""
WITHOUT_CRITERIA = REGISTER.replace(CRITERIA, b"")
"""A person's word is enough for it."""


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    found = make_lab({"framework/mitigations.yml": REGISTER})
    found.fine()
    return found


def say(lab: Lab, who: str, text: str, issue: int = 1) -> str:
    lab.later(minutes=2)
    lab.say(who, issue, text)
    lab.later(minutes=1)
    lab.fine()
    return str(lab.repo.issue(issue).comments[-1].body).replace("\u2060", "")


def bodies(lab: Lab, *kinds: type) -> list[object]:
    report = lab.fine()
    assert report.content is not None
    return [entry.body for entry in report.content.ledger.entries if isinstance(entry.body, kinds)]


def test_the_issue_proposes_no_verdict_and_says_what_each_criterion_takes(lab: Lab) -> None:
    body = lab.repo.issue(1).body
    assert "/reassay conclude ineffective|degraded|inconclusive|effective because" in body
    assert "conclude effective" not in body
    assert "jailbreaks that get through: at most 2% passed: needs at least 175 prompts without one passed" in body
    assert "staff trained: at least 95%, everyone counted. Not measured" in body
    printed = say(
        lab, "red-team-lead", "/reassay conclude ineffective|degraded|inconclusive|effective because it is printed so"
    )
    assert lab.repo.issue(1).state == "open"
    assert "is a choice of several; keep one of" in printed


def test_what_a_person_says_without_a_file_is_attested_and_the_record_says_so(lab: Lab) -> None:
    words = say(lab, "red-team-lead", "/reassay evidence census 120/120 for staff trained because trust me")
    assert "stated without a file, so its basis is attested" in words
    refused = say(lab, "red-team-lead", "/reassay conclude effective because of that")
    assert "1 criterion is not met" in refused
    assert "jailbreaks that get through': not measured, because no result file is attached for it" in refused
    promise = "follow-up 2027-01-15 measure it"
    record = say(lab, "red-team-lead", f"/reassay conclude degraded {promise} because of that")
    assert "**R-2026-001: degraded (attested)**" in record
    assert "staff trained: met (attested)" in record
    assert "jailbreaks that get through: not measured" in record
    assert "census 120/120 for staff trained (entry" in record
    assert "stated without a file" in record
    (cell,) = lab.fine().cells
    assert cell.verdict == "degraded (attested; not measured: jailbreaks that get through)"
    assert "**Decided Tue 1 Dec 2026: degraded (attested)**" in lab.repo.issue(1).body


def test_an_order_stays_first_until_a_narrower_deployment_is_registered(lab: Lab) -> None:
    say(lab, "red-team-lead", "/reassay conclude ineffective restrict because images get through")
    (cell,) = lab.fine().cells
    assert cell.state is State.RESTRICT_ORDERED
    assert "R-2026-001 of 2026-12-01 ordered to restrict it: public-api is registered no narrower" in cell.reason
    assert {"ineffective", "overdue", "any", "restrict-ordered"} <= cell.conditions
    report = lab.fine()
    assert report.assessment_input is not None
    document = json.loads(json.dumps(status_document(report.cells, report.assessment_input, {})))
    assert document["cells"][0]["verdict"].startswith("ineffective (attested")
    lab.register(REGISTER.replace(b"title: Public API", b"title: The public API"))
    assert lab.fine().cells[0].state is State.RESTRICT_ORDERED, "another title restricts nothing"
    lab.register(REGISTER.replace(b"    deployments: [public-api]\n", b""))
    assert State.RESTRICT_ORDERED in {cell.state for cell in lab.fine().cells}, "to look away restricts nothing"
    lab.register(REGISTER.replace(b"[text, image]", b"[text]"))
    (cell,) = lab.fine().cells
    assert cell.state is State.INEFFECTIVE
    lab.register(REGISTER)
    assert lab.fine().cells[0].state is State.RESTRICT_ORDERED, "it has grown again"


def test_only_a_decision_that_says_continue_ends_an_order(lab: Lab) -> None:
    say(lab, "red-team-lead", "/reassay conclude ineffective withdraw because it fails")
    lab.later(days=200)
    lab.fine()
    assert lab.fine().cells[0].state is State.WITHDRAW_ORDERED
    lab.register(WITHOUT_CRITERIA)
    lab.fine()
    number = lab.repo.issues()[-1].number
    assert "is not carried out" in say(lab, "red-team-lead", "/reassay conclude effective because mended", number)
    say(lab, "red-team-lead", "/reassay conclude effective continue because mended", number)
    assert lab.fine().cells[0].state is State.CURRENT


def test_owners_do_not_call_news_about_their_own_mitigation_not_material(lab: Lab) -> None:
    words = say(lab, "safety-lead", "/reassay triage news not-material because it is old")
    assert "you own filter, and an owner cannot triage news about their own mitigation as not material" in words
    assert "Ask @red-team-lead or @auditor" in words
    assert bodies(lab, Triaged, SideExit) == []
    assert "judged `news` not material" in say(lab, "auditor", "/reassay triage news not-material because it is old")


RECORD = REGISTER.replace(b"mode: remind", b"mode: record").replace(
    b"last_assessed: 2026-06-02", b"last_assessed: 2026-06-01"
)


def test_an_answer_that_nobody_gave_is_never_a_yes(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab({"framework/mitigations.yml": RECORD})
    lab = replace(lab, settings=replace(lab.settings, ledger_keys=LedgerKeys(key=KEY)))
    lab.fine()
    for text in ("/reassay signoff 1 2", "/reassay signoff all", "/reassay signoff 1"):
        words = say(lab, "safety-lead", text)
        assert "no answer yet, and signing off is not answering" in words
        assert "/reassay answer 1 no|not-tested|n/a|yes because ..." in words
    assert bodies(lab, Answered, SignedOff) == []


TITLES = {"filter": "Input filter", "monitor": "Usage monitoring"}


def found_ineffective(gate: GateLab, name: str, where: str = "continue") -> None:
    """Asks for a re-assessment of a mitigation, answers it, and finds it ineffective."""
    account = gate.lab.box.dispatcher.store.users["red-team-lead"].id
    gate.lab.later(minutes=1)
    gate.lab.fine(request=AssessmentRequest(name, "one got through", "red-team-lead", account))
    issue = next(each.number for each in gate.lab.repo.issues() if TITLES[name] in each.title and each.state == "open")
    gate.decide(issue, f"ineffective {where}")
    # The issue of an order stays open until the order is carried out.
    assert gate.lab.repo.issue(issue).state == ("closed" if where == "continue" else "open")


@pytest.fixture
def gate(make_lab: Callable[..., Lab]) -> GateLab:
    found = GateLab.of(make_lab({**FILES, API: IMAGES, ".github/reassay.yml": CONFIGURATION}))
    found.lab.fine()
    return found


def test_the_last_layer_beside_ineffective_ones_is_not_retired(gate: GateLab) -> None:
    for name in ("filter", "monitor"):
        found_ineffective(gate, name)
    retired = MITIGATIONS.replace(b"layer: model", b"layer: model\n    status: retired")
    check = gate.judge(gate.propose({MITIGATION_FILE: retired}))
    assert check.conclusion == "FAILURE"
    assert "would have no layer that counts for external" in check.summary
    assert "`filter` does not count (last found ineffective)" in check.summary.replace("\u2060", "")


def test_a_degraded_layer_reopens_its_siblings_and_the_last_other_layer_is_not_removed(gate: GateLab) -> None:
    gate.lab.later(minutes=1)
    account = gate.lab.box.dispatcher.store.users["red-team-lead"].id
    gate.lab.fine(request=AssessmentRequest("filter", "one got through", "red-team-lead", account))
    (issue,) = (own.number for own in gate.lab.repo.issues() if "Input filter" in own.title and own.state == "open")
    gate.decide(issue, "degraded continue follow-up 2027-01-15 retrain the filter")
    gate.sweep()
    left = "declared layers 3, effective 2, minimum 2; left: monitor (imported, not verified) and training (imported, not verified)"
    record = next(own.body for own in gate.lab.repo.issue(issue).comments if "**R-2026-" in own.body)
    assert f"| Layers left | misuse for external: {left} |" in record.replace("\u2060", "")
    for sibling in ("Usage monitoring", "Refusal training"):
        (reopened,) = (own for own in gate.lab.repo.issues() if sibling in own.title and own.state == "open")
        assert "filter was found degraded (misuse)" in reopened.body
        assert f"misuse for external: {left}" in reopened.body.replace("\u2060", "")
    # A sibling that is degraded, too, leaves one layer, and that one is not removed.
    (other,) = (own.number for own in gate.lab.repo.issues() if "Usage monitoring" in own.title and own.state == "open")
    gate.decide(other, "degraded continue follow-up 2027-01-15 watch more")
    gate.sweep()
    (reopened,) = (own for own in gate.lab.repo.issues() if "Refusal training" in own.title and own.state == "open")
    assert "effective 1, minimum 2, too few; left: training" in reopened.body
    removed = MITIGATIONS[: MITIGATIONS.index(b"  - id: training")]
    check = gate.judge(gate.propose({MITIGATION_FILE: removed}))
    summary = check.summary.replace("\u2060", "")
    assert check.conclusion == "FAILURE"
    assert "`misuse` would have no layer that counts for external, but 2 are required (now 1)" in summary
    assert (
        "`filter` does not count (degraded, without a `continue` that somebody else than the assessor approved)"
        in summary
    )


def test_an_order_blocks_widening_and_growing_back(gate: GateLab) -> None:
    found_ineffective(gate, "filter", "restrict")
    wider = gate.propose({API: AUDIO.replace(b"[text, audio]", b"[text, image, audio]")})
    check = gate.judge(wider)
    assert check.conclusion == "FAILURE"
    assert "serves a deployment that was ordered to be restricted" in check.summary
    gate.lab.repo.commit({API: PUBLIC_API})
    gate.sweep()
    back = gate.propose({API: IMAGES}, branch="back")
    check = gate.judge(back)
    assert "serves a deployment that was ordered to be restricted" in check.summary


def test_an_order_keeps_its_issue_open_and_is_reminded_of_until_it_is_carried_out(lab: Lab) -> None:
    words = say(lab, "red-team-lead", "/reassay conclude ineffective restrict because images get through")
    issue = lab.repo.issue(1)
    assert "this issue stays open until a narrower deployment is registered" in words
    assert issue.state == "open"
    assert issue.title == "Order to restrict, not carried out: Input filter (R-2026-001)"
    assert "re-assessment: overdue" in issue.labels
    assert "**Order:** R-2026-001 of 2026-12-01 ordered to restrict it" in issue.body
    answer = say(lab, "safety-lead", "/reassay explain")
    assert "**Not carried out:**" in answer
    assert "Nothing more is needed" not in answer
    for days in (2, 60):
        lab.later(days=days)
        lab.fine()
        with lab.box.readonly():
            lab.fine()
        last = lab.repo.issue(1).comments[-1].body
        assert "the order of R-2026-001 has not been carried out since Tue 1 Dec 2026" in last
        assert "restrict-ordered" in last
        assert "conclude effective" not in last
    lab.repo.close_as("safety-lead", 1)
    lab.fine()
    assert lab.repo.issue(1).state == "open"
    assert "closing the issue does not carry out the order" in lab.repo.issue(1).comments[-1].body
    for text, state, comment in (
        (REGISTER.replace(b"[text, image]", b"[text]"), "closed", "The order of R-2026-001 is closed"),
        (REGISTER, "open", "Reopened: the order is open again"),
        (REGISTER.replace(b"[text, image]", b"[text]"), "closed", "The order of R-2026-001 is closed"),
    ):
        lab.register(text)
        lab.fine()
        with lab.box.readonly():
            lab.fine()
        assert lab.repo.issue(1).state == state
        assert comment in lab.repo.issue(1).comments[-1].body
    assert lab.repo.issue(1).title.startswith("Re-assess Input filter")
    assert "re-assessment: overdue" not in lab.repo.issue(1).labels


def test_a_decision_that_says_continue_closes_the_issue_of_the_order(lab: Lab) -> None:
    say(lab, "red-team-lead", "/reassay conclude ineffective withdraw because it fails")
    lab.later(days=200)
    lab.fine()
    lab.register(WITHOUT_CRITERIA)
    lab.fine()
    number = lab.repo.issues()[-1].number
    say(lab, "red-team-lead", "/reassay conclude effective continue because mended", number)
    assert {issue.state for issue in lab.repo.issues()} == {"closed"}


def test_reports_of_a_sweep_count_verdicts_and_name_orders_and_what_they_cannot_read(lab: Lab) -> None:
    say(lab, "red-team-lead", "/reassay conclude ineffective restrict because images get through")
    broken = b"  - {id: monitor, title: Monitoring, owner: safety-lead, every: often}\ninformation_items:"
    lab.register(REGISTER.replace(b"information_items:", broken))
    report = lab.fine()
    assert (count(report).ineffective, count(report).ordered) == (1, 1)
    document = json.loads(as_document([report]))["repositories"][0]
    assert document["cells"] == {"unreadable": 1, "restrict-ordered": 1}
    assert document["orders"][0].startswith("not carried out, filter: R-2026-001 of 2026-12-01 ordered to restrict it")
    assert document["orders"][0] in as_text(report)
    summary = as_step_summary(report)
    assert "in the register:** the table lists what cannot be read as *unreadable*" in summary
    assert "restrict-ordered" in summary
    row = next(csv.DictReader(io.StringIO(status_csv(report.cells))))
    assert row["effectiveness"].startswith("ineffective (attested")
