"""Deadlines and requests over the wire: a mistyped anchor, a missing date, `within` of a request, and running twice."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from reassay.assessment.cells import State
from reassay.register.finding import Finding
from tests.lab import START, Lab

HEAD = b"""\
mode: remind
timezone: Europe/Berlin
commitments:
  - id: reports
    title: Critical incidents are reported
    owner: safety-lead
    assessor: red-team-lead
    statement: They are reported in time.
    source: {organisation: A legislature, document: An act}
    subject: {kind: framework}
"""
SEVERE = b"    triggers: [{kind: incident-severity, at_least: critical}]\n"
INCIDENT = b"""\
incidents:
  - {id: leak, title: Leak, severity: critical, first_seen_at: 2026-12-01T06:00Z%s}
"""


def with_deadline(written: bytes, triggers: bytes = SEVERE) -> dict[str, bytes]:
    return {"framework/mitigations.yml": HEAD + triggers + b"    deadlines: [" + written + b"]\n"}


def errors(lab: Lab) -> tuple[Finding, ...]:
    facts = lab.sweep().assessment_input
    assert facts is not None
    return facts.register.errors


def test_a_mistyped_anchor_is_an_error_with_the_word_that_was_meant(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(with_deadline(b"{anchor: discoverd, count: 15, unit: days}"))
    (finding,) = errors(lab)
    assert finding.code == "unknown-anchor"
    assert (finding.at.path, finding.at.line) == ("framework/mitigations.yml", 12)
    assert "Did you mean 'discovered'?" in finding.remedy


@pytest.mark.parametrize("triggers", [b"", b"    triggers: [{kind: interval, every: 1 year}]\n"])
def test_a_deadline_that_no_trigger_runs_is_an_error(make_lab: Callable[..., Lab], triggers: bytes) -> None:
    lab = make_lab(with_deadline(b"{anchor: discovered, count: 15, unit: days}", triggers))
    (finding,) = errors(lab)
    assert finding.code == "deadline-never-runs"
    assert "starts the clock 'discovered'" in finding.message
    assert "incident-severity" in finding.remedy


def test_a_missing_date_is_said_with_its_place_and_never_becomes_fourteen_days(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab(with_deadline(b"{anchor: aware, count: 24, unit: hours, what: report it}"))
    lab.fine()
    lab.repo.commit({"framework/incidents.yml": INCIDENT % b""})
    report = lab.fine()
    (cell,) = report.cells
    assert cell.is_blind
    assert cell.state is not State.CURRENT
    (issue,) = lab.repo.issues()
    assert "due Wed 2 Dec 2026 06:00 UTC" in issue.title
    assert "'leak' has no 'aware_at' (framework/incidents.yml:2)" in issue.body.replace("\\_", "_")
    with lab.box.readonly():
        assert lab.fine().done == ()
    lab.repo.commit({"framework/incidents.yml": INCIDENT % b", aware_at: 2026-12-01T08:30Z"})
    lab.fine()
    assert "| report it | Wed 2 Dec 2026 08:30 UTC |" in lab.repo.issue(1).body
    assert "| 'leak': aware Tue 1 Dec 2026 08:30 UTC |" in lab.repo.issue(1).body


@pytest.mark.long
def test_each_report_of_a_chain_opens_by_its_own_instant(make_lab: Callable[..., Lab]) -> None:
    chain = (
        b"{id: first, anchor: aware, count: 24, unit: hours, what: first report},"
        b" {id: interim, after: first, count: 4, unit: weeks, repeats: 4 weeks, until: resolved, what: interim report}"
    )
    lab = make_lab(with_deadline(chain))
    lab.repo.commit({"framework/incidents.yml": INCIDENT % b", aware_at: 2026-12-01T07:14Z"})
    lab.fine()
    assert "|  | does not run: 'first' is not met yet |" in lab.repo.issue(1).body
    lab.say("red-team-lead", 1, "/reassay conclude effective because it was reported")
    lab.fine()
    lab.fine()
    assert [title.rsplit(", due ", 1)[1] for title in lab.titles()] == [
        "Wed 2 Dec 2026 07:14 UTC",
        "Tue 29 Dec 2026 09:00 UTC",
    ]
    lab.say("red-team-lead", 2, "/reassay conclude effective because it was reported again")
    lab.fine()
    with lab.box.readonly():
        assert lab.fine().done == (), "the next period has not begun"
    lab.later(days=29)
    lab.fine()
    assert "due Tue 26 Jan 2027 09:00 UTC" in lab.titles()[-1]


MANUAL = b"    triggers: [{kind: manual, roles: [auditor], within: 30 days, depth: full, screening: Is it serious?}]\n"


def test_a_request_has_the_time_that_the_register_gives_and_a_second_sweep_writes_nothing(
    make_lab: Callable[..., Lab],
) -> None:
    other = b"mitigations: [{id: training, title: Training, owner: safety-lead, every: 1 year}]\n"
    lab = make_lab({"framework/mitigations.yml": HEAD + MANUAL + other})
    lab.fine()
    lab.say("auditor", 1, "/reassay assess reports because we heard of something")
    lab.fine()
    (title,) = (title for title in lab.titles() if title.startswith("Re-assess Critical"))
    assert title == "Re-assess Critical incidents are reported (full), due Thu 31 Dec 2026"
    with lab.box.readonly():
        assert lab.fine().done == ()


@pytest.mark.long
def test_an_interval_without_a_figure_reads_unknown_beside_whatever_else(make_lab: Callable[..., Lab]) -> None:
    models = b"models:\n  - {id: large, title: Large, version: '1', metrics: {uplift: 0.1}}\n"
    triggers = b"    triggers: [{kind: metric-threshold, metric: uplift, at_most: 0.5}, {kind: interval, every: unspecified}]\n"
    text = HEAD.replace(b"{kind: framework}", b"{kind: model}") + triggers + b"    last_assessed: 2026-11-01\n"
    lab = make_lab({"framework/mitigations.yml": text.replace(b"commitments:", models + b"commitments:")})
    (cell,) = lab.fine().cells
    assert cell.state is State.UNKNOWN
    assert datetime(2026, 12, 1, 9, tzinfo=UTC) == START


@pytest.mark.long
def test_every_text_on_github_has_the_hour_of_a_legal_clock(make_lab: Callable[..., Lab]) -> None:
    """Wherever the bot names the day of the deadline it names the hour: in title, body, reminders and replies."""
    lab = make_lab(with_deadline(b"{anchor: discovered, count: 75, unit: hours, what: report it}"))
    lab.repo.commit({"framework/incidents.yml": INCIDENT % b""})
    lab.fine()
    for said in (
        "/reassay explain",
        "/reassay snooze 2026-12-03 because the authority is closed",
        "/reassay waiting-on the authority until 2026-12-03",
        "/reassay assess reports because more is known",
        "/reassay extend until 2026-12-03 because it takes long",
        "/reassay plan until 2027-03-01",
    ):
        lab.say("red-team-lead", 1, said)
        lab.fine()
    for _ in range(12):
        lab.later(hours=12)
        lab.fine()
    lab.say("red-team-lead", 1, "/reassay conclude effective because it was reported")
    lab.fine()
    (issue,) = lab.repo.issues()
    texts = [issue.title, issue.body, *(comment.body for comment in issue.comments if comment.author == "reassay[bot]")]
    assert len(texts) > 8
    named = [text for text in texts if "4 Dec 2026" in text]
    assert len(named) > 5
    for text in named:
        assert not re.search(r"Fri 4 Dec 2026(?! 09:00 UTC)", text), text


@pytest.mark.long
def test_evidence_is_kept_as_long_as_its_commitment_promises(make_lab: Callable[..., Lab]) -> None:
    files = with_deadline(b"{anchor: discovered, count: 15, unit: days, what: report it, retain: 5 years}")
    lab = make_lab(files)
    sealed = b"""\
evidence_items:
  - id: report-of-2026
    title: Report
    mitigations: [reports]
    method: inspection
    performed_by: safety team
    performed_at: 2026-11-20
    finding: It was sent.
    sealed:
      {locator: vault, custodian: safety-lead, salted_digest: "sha256:%s", summary: The report.,
       retention_until: %s}
"""
    lab.repo.commit({"framework/evidence.yml": sealed % (b"0" * 64, b"2031-11-19")})
    (finding,) = errors(lab)
    assert finding.code == "kept-too-short"
    assert "'reports' promises at least 2031-11-20" in finding.message
    assert finding.at.line == 11
    lab.repo.commit({"framework/evidence.yml": sealed % (b"0" * 64, b"2031-11-20")})
    lab.repo.commit({"framework/incidents.yml": INCIDENT % b""})
    assert errors(lab) == ()
    issue = next(issue for issue in lab.repo.issues() if issue.title.startswith("Re-assess"))
    assert "| report it; evidence of it is kept for 5 years | Wed 16 Dec 2026 06:00 UTC |" in issue.body


UNNAMED = b"{anchor: discovered, count: 15, unit: days, what: report it}"
FIRST = b"{id: first, anchor: discovered, count: 15, unit: days, what: report it}"


@pytest.mark.long
@pytest.mark.parametrize("written", [UNNAMED, FIRST])
@pytest.mark.parametrize("changed", [b"formerly: [reports]", b"version: 1"])
def test_what_was_reported_stays_so_when_the_commitment_has_another_id_or_a_shorter_time(
    make_lab: Callable[..., Lab], written: bytes, changed: bytes
) -> None:
    lab = make_lab(with_deadline(written))
    lab.repo.commit({"framework/incidents.yml": INCIDENT % b""})
    lab.fine()
    lab.say("red-team-lead", 1, "/reassay conclude effective because it was reported")
    lab.fine()
    lab.later(days=40)
    renamed = HEAD.replace(b"id: reports", b"id: incident-reports\n    " + changed)
    head = renamed if b"formerly" in changed else HEAD
    shorter = written.replace(b"15", b"10")
    lab.repo.commit({"framework/mitigations.yml": head + SEVERE + b"    deadlines: [" + shorter + b"]\n"})
    (cell,) = lab.fine().cells
    assert (cell.state, cell.due) == (State.CURRENT, None)
    assert len(lab.repo.issues()) == 1


@pytest.mark.long
def test_a_shorter_deadline_of_a_circumstance_that_is_learned_later_is_not_met_by_the_other_one(
    make_lab: Callable[..., Lab],
) -> None:
    urgent = b", {anchor: discovered, count: 24, unit: hours, circumstance: injury, what: report it}"
    lab = make_lab(with_deadline(UNNAMED + urgent))
    lab.repo.commit({"framework/incidents.yml": INCIDENT % b""})
    lab.fine()
    lab.say("red-team-lead", 1, "/reassay conclude effective because it was reported")
    lab.fine()
    lab.repo.commit({"framework/incidents.yml": INCIDENT % b", circumstances: [injury]"})
    (cell,) = lab.fine().cells
    assert cell.due_at == datetime(2026, 12, 2, 6, tzinfo=UTC)


@pytest.mark.long
def test_a_clock_that_repeated_for_years_leaves_room_for_the_next_steps(make_lab: Callable[..., Lab]) -> None:
    daily = b"{id: daily, anchor: discovered, count: 1, unit: days, repeats: 1 day, until: resolved, what: report it}"
    lab = make_lab(with_deadline(daily))
    lab.repo.commit({"framework/incidents.yml": INCIDENT.replace(b"2026-12-01", b"2023-12-01") % b""})
    lab.fine()
    body = lab.repo.issue(1).body
    assert "dates between" in body
    assert "more; all of them are in the ledger" in body
    assert "/reassay conclude" in body
    with lab.box.readonly():
        lab.fine()
