"""A source proposes and a person triages in time: one issue lists what waits, commands in it are answered, and it ends."""

import json
from collections.abc import Callable

import pytest

from reassay.ledger.risks import Triaged
from reassay.ledger.signals import TriageClaimed, TriageDone, TriageIssue
from reassay.sweep.report import Report
from reassay_sandbox import Fault
from reassay_sandbox.sandbox_repository import SandboxIssueView
from tests.lab import Lab
from tests.sweep.test_signals import FILES, alert, reassessments, say, swept

NEWS = "monitoring/news.json"


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    lab = make_lab(FILES)
    swept(lab)
    return lab


def paper(key: str = "n1", **fields: object) -> dict[str, object]:
    return {
        "key": key,
        "title": "A paper on suffixes",
        "kind": "jailbreak",
        "first_seen_at": "2026-11-20T08:00:00Z",
    } | fields


def about(lab: Lab) -> list[SandboxIssueView]:
    return [issue for issue in lab.repo.issues() if issue.title.startswith(("Triage ", "Look at "))]


def kinds(report: Report) -> list[str]:
    assert report.assessment_input is not None
    own = (TriageClaimed, TriageIssue, TriageDone)
    records = [record for kind in own for record, _ in report.assessment_input.history.records_of(kind)]
    return [record.body.kind for record in sorted(records, key=lambda record: record.seq)]


def id_of(issue: SandboxIssueView, source: str) -> str:
    line = next(line for line in issue.body.splitlines() if line.startswith(f"| `{source}-"))
    return line.split("`")[1]


def test_what_waits_is_listed_with_its_words_as_data_and_its_date(lab: Lab) -> None:
    say(lab, paper(title="Ping @everyone | <b>#1</b>", url="https://example.com/paper"), path=NEWS)
    swept(lab)
    (issue,) = about(lab)
    assert issue.title == "Triage 1 signal, by Tue 8 Dec 2026"
    assert "@red-team-lead or @safety-lead, please triage." in issue.body
    row = next(line for line in issue.body.splitlines() if line.startswith("| `news-"))
    assert "| `news` | jailbreak | Fri 20 Nov 2026 | Tue 8 Dec 2026 | `jailbreak-filter` |" in row
    assert "@everyone" not in row
    assert "<b>" not in row.replace("\\<b", "")
    assert "\\|" in row
    assert reassessments(lab) == []


def test_of_one_day_the_most_severe_is_listed_first_and_is_the_example(lab: Lab) -> None:
    say(lab, *(alert(name, severity=name) for name in ("low", "medium", "high", "critical")))
    say(lab, paper(), path=NEWS)
    swept(lab)
    (issue,) = about(lab)
    kinds = [line.split(" | ")[3] for line in issue.body.splitlines() if line.startswith(("| `alerts-", "| `news-"))]
    assert kinds == ["critical incident", "high incident", "medium incident", "low incident", "jailbreak"]
    critical = id_of(issue, "alerts")
    assert f"/reassay triage {critical} material because" in issue.body


@pytest.mark.long
def test_triaged_as_not_material_in_time_nothing_opens_and_the_issue_closes(lab: Lab) -> None:
    say(lab, paper(), path=NEWS)
    swept(lab)
    (issue,) = about(lab)
    name = id_of(issue, "news")
    lab.say("red-team-lead", issue.number, f"/reassay triage {name} not-material because it is about another model")
    report = swept(lab)
    (issue,) = about(lab)
    assert issue.state == "closed"
    assert "Nothing waits for triage any more" in issue.comments[-1].body
    assert any("judged" in comment.body and "No re-assessment opens" in comment.body for comment in issue.comments)
    assert kinds(report) == ["triage-claimed", "triage-issue", "triage-done"]
    lab.later(days=30)
    swept(lab)
    assert reassessments(lab) == []
    # The next one gets another issue.
    say(lab, paper(), paper("n2"), path=NEWS)
    swept(lab)
    assert [own.state for own in about(lab)] == ["closed", "open"]


@pytest.mark.long
def test_material_opens_and_what_nobody_triages_in_time_counts_as_material(lab: Lab) -> None:
    say(lab, paper("n1"), paper("n2"), path=NEWS)
    swept(lab)
    (issue,) = about(lab)
    name = id_of(issue, "news")
    lab.say("safety-lead", issue.number, f"/reassay triage {name} material because it gets through")
    swept(lab)
    (opened,) = reassessments(lab)
    assert f"'{name}' (jailbreak) is material" in opened.body
    lab.later(days=15)
    swept(lab)
    (opened,) = reassessments(lab)
    assert "was not triaged in time, so it counts as material" in opened.body
    assert [own.state for own in about(lab)] == ["open"]


@pytest.mark.long
def test_an_owner_does_not_call_their_own_incident_none_and_another_may(lab: Lab) -> None:
    say(lab, alert("1"))
    swept(lab)
    (issue,) = about(lab)
    name = id_of(issue, "alerts")
    assert len(reassessments(lab)) == 1
    lab.say("safety-lead", issue.number, f"/reassay triage {name} not-material because it is a test of the alarm")
    report = swept(lab)
    assert report.assessment_input is not None
    assert list(report.assessment_input.history.records_of(Triaged)) == []
    assert (
        "an owner cannot triage news about their own mitigation as not material"
        in lab.repo.issue(issue.number).comments[-1].body
    )
    lab.say("red-team-lead", issue.number, f"/reassay triage {name} not-material because it is a test of the alarm")
    report = swept(lab)
    assert [str(cell.state) for cell in report.cells] == ["current"]
    assert [own.state for own in about(lab)] == ["closed"]
    assert any("It no longer counts as an incident" in own.body for own in lab.repo.issue(issue.number).comments)
    # The same alert in other words is the one that was triaged; a higher severity is not.
    say(lab, alert("1", title="The same in other words"))
    lab.later(days=1)
    report = swept(lab)
    assert [str(cell.state) for cell in report.cells] == ["current"]
    say(lab, alert("1", severity="critical"))
    lab.later(days=1)
    report = swept(lab)
    assert [str(cell.state) for cell in report.cells] == ["triggered"]
    assert [own.state for own in about(lab)] == ["closed", "open"]


@pytest.mark.long
def test_an_import_is_listed_for_a_while_and_one_of_it_can_be_made_to_count(lab: Lab) -> None:
    say(lab, *(alert(str(number)) for number in range(60)))
    lab.later(minutes=5)
    report = lab.fine()
    (issue,) = about(lab)
    assert issue.title == "Look at 60 items that set only a baseline"
    assert "Tue 1 Dec 2026: 60 items of `alerts`" in issue.body
    assert report.assessment_input is not None
    name = next(iter(report.assessment_input.register_index.signals))
    lab.say("safety-lead", issue.number, f"/reassay triage {name} material because it is new")
    swept(lab)
    assert len(reassessments(lab)) == 1
    lab.later(days=15)
    swept(lab)
    assert [own.state for own in about(lab)] == ["closed"]


@pytest.mark.long
def test_what_the_register_names_waits_no_longer(lab: Lab) -> None:
    say(lab, alert("1"))
    swept(lab)
    (issue,) = about(lab)
    entry = {
        "kind": "incident", "id": "leak", "title": "A leak", "severity": "high", "first_seen_at": "2026-12-01T08:00:00Z",
        "mitigations_failed": ["jailbreak-filter"], "signals": [id_of(issue, "alerts")],
    }  # fmt: skip
    text = "\n".join(f"{key}: {json.dumps(value)}" for key, value in entry.items()).replace("kind: ", "", 0)
    lab.repo.commit({"framework/incidents/leak.yml": text.encode()}, message="an incident", author="auditor")
    report = swept(lab)
    assert report.assessment_input is not None
    assert not report.assessment_input.register.errors
    assert [own.state for own in about(lab)] == ["closed"]
    assert [own.state for own in reassessments(lab)] == ["open"]


@pytest.mark.long
@pytest.mark.parametrize("writes", range(3))
def test_a_run_that_is_killed_anywhere_leaves_one_issue(lab: Lab, writes: int) -> None:
    say(lab, paper(), path=NEWS)
    lab.later(minutes=5)
    lab.box.faults.add(Fault("dead", "write", after=writes))
    lab.sweep()
    lab.box.faults.clear()
    lab.later(minutes=10)
    report = swept(lab)
    assert len(about(lab)) == 1
    assert kinds(report) == ["triage-claimed", "triage-issue"]
