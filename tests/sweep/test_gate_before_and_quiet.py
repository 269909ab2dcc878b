"""On the wire: a pull request that would end a re-assessment unsigned, and exposures that are decided before they merge."""

from collections.abc import Callable

import pytest

from reassay.ledger.entry import Superseded
from reassay.ledger.pull_requests import Landed
from tests.gate_lab import API, AUDIO, CONFIGURATION, FILES, PUBLIC_API, GateLab
from tests.lab import Lab

pytestmark = pytest.mark.long

FACTS = "framework/facts.yml"
LEAK = b"""\
incidents:
  - {id: leak, title: A leak, kind: incident, severity: critical, first_seen_at: 2026-11-25, mitigations_failed: [filter], deployment: public-api}
"""
ONE = b"""\
mitigations:
  - id: filter
    title: Input filter
    owner: safety-lead
    assessor: red-team-lead
    layer: system
    deployments: [public-api]
    last_assessed: 2026-11-01
    every: 1 year
"""
PROMISE = b"""\
commitments:
  - id: threshold-first
    title: Safeguards are decided on before a model above the threshold is deployed
    owner: safety-lead
    assessor: red-team-lead
    statement: A model above the threshold is deployed only after a decision on its safeguards.
    source: {organisation: Example lab, document: Framework}
    subject: {kind: model}
    must_complete: before_change
    last_assessed: 2026-11-20
    triggers: [{kind: metric-threshold, metric: uplift_score, at_most: 0.5}]
models:
  - {id: titan, title: Titan, version: "5", metrics: {uplift_score: 0.41}}
  - {id: titan-next, title: Titan next, version: "6", metrics: {uplift_score: 0.63}}
"""
RUNS = PUBLIC_API + b"model: titan\n"
NO_LAYERS = {"framework/mitigations.yml": ONE}


@pytest.fixture
def make_gate(make_lab: Callable[..., Lab]) -> Callable[..., GateLab]:
    def make(**files: bytes) -> GateLab:
        names = {"facts": FACTS, "api": API, "configuration": ".github/reassay.yml"}
        own = {names[name]: data for name, data in files.items()}
        gate = GateLab.of(make_lab({**FILES, **NO_LAYERS, ".github/reassay.yml": CONFIGURATION, **own}))
        gate.lab.fine()
        gate.lab.later(minutes=5)
        return gate

    return make


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"kind: incident", b"kind: hazard"),
        (b"2026-11-25", b"2099-11-25"),
        (b"deployment: public-api", b"deployment: staff-app"),
    ],
)
def test_an_open_re_assessment_is_not_closed_by_a_word_that_nobody_signed(
    make_gate: Callable[..., GateLab], old: bytes, new: bytes
) -> None:
    gate = make_gate(facts=LEAK)
    gate.sweep()
    assert any("Re-assess" in title for title in gate.lab.titles())
    number = gate.propose({FACTS: LEAK.replace(old, new)}, by="auditor")
    assert gate.judge(number).conclusion == "FAILURE"
    summary = gate.check(number).summary
    assert "| 1 | " in summary
    assert "`incident leak`" in summary
    rows = [line for line in summary.splitlines() if line.startswith("| ") and "incident leak" in line]
    assert rows, "the steps for a loosening sign that it goes quiet"
    gate.sweep()
    assert not [body for body in gate.bodies() if isinstance(body, Superseded)]


def test_new_incidents_stay_free(make_gate: Callable[..., GateLab]) -> None:
    gate = make_gate()
    number = gate.propose({FACTS: LEAK}, by="auditor")
    assert gate.judge(number).conclusion == "SUCCESS"


def test_a_significant_change_is_decided_before_it_is_merged_without_a_word_in_the_register(
    make_gate: Callable[..., GateLab],
) -> None:
    gate = make_gate()
    number = gate.propose({API: AUDIO})
    assert "1 decision" in gate.judge(number).title
    gate.say("red-team-lead", number, "/reassay signoff 1")
    gate.say("release-manager", number, "/reassay signoff 2")
    assert gate.check(number).conclusion == "FAILURE"
    (issue,) = gate.lab.repo.issues()
    gate.decide(issue.number)
    assert gate.check(number).conclusion == "SUCCESS"
    gate.lab.later(minutes=1)
    gate.lab.repo.merge_as("safety-lead", number)
    gate.sweep()
    assert [body.merged for body in gate.bodies() if isinstance(body, Landed)] == [True]
    # What was decided before is not asked for again afterwards.
    assert [title for title in gate.lab.titles() if "Re-assess" in title] == [issue.title]


def test_a_model_above_its_threshold_waits_for_its_decision(make_gate: Callable[..., GateLab]) -> None:
    gate = make_gate(facts=PROMISE, api=RUNS)
    number = gate.propose({API: RUNS.replace(b"titan", b"titan-next")})
    gate.judge(number)
    gate.say("red-team-lead", number, "/reassay signoff 1")
    gate.say("release-manager", number, "/reassay signoff 2")
    assert gate.check(number).conclusion == "FAILURE"
    assert "`threshold-first` for `titan-next` must be decided before the merge" in gate.check(number).summary
    for issue in gate.lab.repo.issues():
        gate.decide(issue.number)
    assert gate.check(number).conclusion == "SUCCESS", gate.check(number).summary


def test_a_push_after_the_decision_takes_it_back(make_gate: Callable[..., GateLab]) -> None:
    """The decision is about the model too, and not about the words of the commitment alone."""
    gate = make_gate(facts=PROMISE, api=RUNS)
    number = gate.propose({API: RUNS.replace(b"titan", b"titan-next")})
    gate.judge(number)
    gate.sweep()
    for issue in gate.lab.repo.issues():
        gate.decide(issue.number)
    assert "decision" not in gate.check(number).title
    gate.push({FACTS: PROMISE.replace(b"0.63", b"0.93")})
    assert "decision" in gate.judge(number).title
