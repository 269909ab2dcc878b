"""Commitments over the wire: an issue that says what was promised, concluded like a mitigation's; parts; before a change."""

import re
from collections.abc import Callable

from docs.generate_commitments import EXAMPLE
from reassay_sandbox.demo.environment import files_of
from tests.golden import same_as_golden
from tests.lab import PEOPLE, Lab

PROMISE = b"""\
mode: remind
models:
  - {id: large, title: Large, version: "1", metrics: {effective_compute: 1.0e25}}
deployments:
  - {id: public-api, title: Public API, audience: external, model: large}
commitments:
  - id: critical-incidents
    title: Critical incidents are reported and looked into
    owner: safety-lead
    assessor: red-team-lead
    statement: |
      A critical incident is reported within 15 days of discovery,
      24 hours if injury is imminent. @everyone <b>is told</b>
    source: {organisation: A legislature, document: An act, version: "2026", section: "7"}
    subject: {kind: deployment, in_words: deployed models}
    triggers: [{kind: incident-severity, at_least: critical, screening: Was it really critical?}]
    deadlines:
      - {anchor: discovered, count: 15, unit: days, what: report it}
      - {anchor: discovered, count: 24, unit: hours, circumstance: imminent-injury, what: report it}
    outputs: [{what: incident report, to: the authority, as_of: {anchor: publication, no_older_than: 30 days}}]
mitigations:
  - id: filter
    title: Filter
    owner: safety-lead
    assessors: [red-team-lead, auditor]
    every: 6 months
    last_assessed: 2026-11-01
    deployments: [public-api]
    reassess: {triggers: [{kind: model-change, must_complete: before_change, depth: full}]}
    parts:
      - {name: inputs, assessors: [red-team-lead], due: 1 week}
      - {name: outputs, assessors: [auditor], deployments: [public-api]}
"""
INCIDENT = b"""\
incidents:
  - {id: leak, title: Leak, severity: critical, first_seen_at: 2026-12-01T06:00Z, deployment: public-api}
"""


def test_a_commitment_has_an_issue_that_says_what_was_promised(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab({"framework/mitigations.yml": PROMISE})
    assert lab.fine().done == ()
    lab.repo.commit({"framework/incidents.yml": INCIDENT})
    lab.fine()
    (issue,) = lab.repo.issues()
    assert (
        issue.title
        == "Re-assess Critical incidents are reported and looked into (light), due Wed 16 Dec 2026 06:00 UTC"
    )
    words = re.sub(r"http://127[^)]*", "https://github.example/line", re.sub(r"[0-9a-f]{32}", "0" * 32, issue.body))
    words = re.sub(r"\n<!-- reassay:ledger [^\n]* -->", "", words)
    same_as_golden("issue-commitment.md", words)
    lab.say("red-team-lead", 1, "/reassay conclude effective because it was reported on the same day")
    lab.fine()
    assert lab.repo.issue(1).state == "closed"
    assert "| Commitment | `critical-incidents` version 1 |" in lab.repo.issue(1).comments[-1].body
    with lab.box.readonly():
        assert lab.fine().done == (), "the incident was there when it was decided"


def test_the_earliest_clock_that_runs_is_the_due_date(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab({"framework/mitigations.yml": PROMISE})
    lab.fine()
    lab.repo.commit(
        {"framework/incidents.yml": INCIDENT.replace(b"id: leak", b"id: leak, circumstances: [imminent-injury]")}
    )
    lab.fine()
    assert lab.titles() == [
        "Re-assess Critical incidents are reported and looked into (light), due Wed 2 Dec 2026 06:00 UTC"
    ]


def test_parts_and_before_the_change_are_said_in_the_issue(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab({"framework/mitigations.yml": PROMISE.replace(b"    last_assessed: 2026-11-01\n", b"")})
    lab.fine()
    lab.say("red-team-lead", 1, "/reassay conclude effective because tested")
    lab.fine()
    lab.repo.commit({"framework/mitigations.yml": PROMISE.replace(b'version: "1", metrics', b'version: "2", metrics')})
    lab.fine()
    body = lab.repo.issues()[-1].body
    for words in (
        "The model is another than in R-2026-001 of 2026-12-01 (effective, attested): large is version 2, and was 1",
        "**Before the change:** decide this before the change is made available.",
        "- `inputs`: red-team-lead, in 1 week before the rest",
        "- `outputs`: auditor for public-api",
        "- large: version 1 → 2",
    ):
        assert words in body, body
    assert lab.repo.issues()[-1].title.startswith("Re-assess Filter (full)"), lab.titles()


def test_every_public_commitment_is_swept_without_a_complaint(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(files_of(EXAMPLE))
    for login in ("commitments-lead", "responsible-scaling-officer", *PEOPLE):
        lab.box.add_user(login)
    lab.fine()
    assert len(lab.titles()) == 5, "paced"
    with lab.box.readonly():
        assert lab.fine().done == ()
