"""The issue about what waits for triage: created once something waits, updated, closed when nothing does."""

from collections.abc import Iterator

from reassay.github.drafts import IssueChange, IssueDraft
from reassay.github.repository_state import Issue
from reassay.github.section import LIMIT, Section, keyed, ledger_marker, merge, same
from reassay.sweep.actions import AddComment, ChangeIssue, IssueAction
from reassay.sweep.input import SweepInput
from reassay.sweep.issue_comments import own_keys
from reassay.sweep.reconciliation import Reconciliation
from reassay.sweep.triage_reports import TriageReport, latest_triage_report, something_waits
from reassay.sweep.views.triage import NAME, triage_text, triage_title


def triage_draft(report: TriageReport, inputs: SweepInput) -> IssueDraft:
    """The issue to create. Whichever run makes it says the same."""
    title = triage_title(inputs.assessment_input)
    return IssueDraft(title, _section(report, inputs).within(LIMIT), labels=(), assignees=())


def show_triage_issue(reconciliation: Reconciliation) -> None:
    """Updates, re-opens or closes the issue. Raises LimitError."""
    inputs = reconciliation.inputs
    report = latest_triage_report(inputs.assessment_input.history)
    issue = inputs.look.issues.get(report.issue) if report and report.issue else None
    if report is None or issue is None or reconciliation.focus.is_narrow:
        return
    actions = list(_changes(report, issue, inputs))
    if actions:
        reconciliation.carry_out(f"issue #{issue.number}", actions)


def _changes(report: TriageReport, issue: Issue, inputs: SweepInput) -> Iterator[IssueAction]:
    if report.ended is not None:
        yield from _closing(report, issue, inputs)
        return
    if not something_waits(inputs.assessment_input):
        return
    title, body = triage_title(inputs.assessment_input), merge(issue.body, _section(report, inputs))
    change = IssueChange(
        title=title if issue.title != title else None,
        body=None if same(body, issue.body) else body,
        is_open=None if issue.is_open else True,
    )
    if change != IssueChange():
        yield ChangeIssue(issue.number, change, "update" if issue.is_open else "reopen")


def _closing(report: TriageReport, issue: Issue, inputs: SweepInput) -> Iterator[IssueAction]:
    """The comment comes last: once it is there, the issue is left to people."""
    key = f"triage-done-{report.ended.seq if report.ended else 0}"
    if key in own_keys(issue, inputs.bot_accounts):
        return
    if issue.is_open:
        yield ChangeIssue(issue.number, IssueChange(is_open=False), "close")
    text = "Nothing waits for triage any more. What comes in later gets another issue."
    yield AddComment(issue.number, key, keyed(key, text))


def _section(report: TriageReport, inputs: SweepInput) -> Section:
    text = triage_text(inputs.assessment_input, inputs.objects)
    anchor = inputs.content.ledger.anchor_of(report.record.seq)
    return Section(NAME, report.claim.nonce, text, ledger_marker(inputs.look.repository.id, anchor))
