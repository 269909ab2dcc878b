"""The issue about what cannot be read in the register: created once, updated as things change, closed when all can be read."""

from collections.abc import Iterator
from datetime import date

from reassay.common.calendar import local_date
from reassay.github.drafts import IssueChange, IssueDraft
from reassay.github.repository_state import Issue
from reassay.github.section import LIMIT, Section, keyed, ledger_marker, merge, same
from reassay.sweep.actions import AddComment, ChangeIssue, IssueAction
from reassay.sweep.input import SweepInput
from reassay.sweep.issue_comments import own_keys
from reassay.sweep.reconciliation import Reconciliation
from reassay.sweep.unreadable_reports import UnreadableReport, latest_report
from reassay.sweep.views.unreadable import NAME, unreadable_text, unreadable_title


def unreadable_draft(report: UnreadableReport, inputs: SweepInput) -> IssueDraft:
    """The issue to create. Whichever run makes it says the same."""
    return IssueDraft(_title(report, inputs), _section(report, inputs).within(LIMIT), labels=(), assignees=())


def show_unreadable_issue(reconciliation: Reconciliation) -> None:
    """Updates, re-opens or closes the issue. Raises LimitError."""
    inputs = reconciliation.inputs
    report = latest_report(inputs.assessment_input.history)
    issue = inputs.look.issues.get(report.issue) if report and report.issue else None
    if report is None or issue is None or reconciliation.focus.is_narrow:
        return
    actions = list(_changes(report, issue, inputs))
    if actions:
        reconciliation.carry_out(f"issue #{issue.number}", actions)


def _changes(report: UnreadableReport, issue: Issue, inputs: SweepInput) -> Iterator[IssueAction]:
    if report.ended is not None:
        yield from _closing(report, issue, inputs)
        return
    if not inputs.assessment_input.register_index.unreadable:
        return
    title, body = _title(report, inputs), merge(issue.body, _section(report, inputs))
    change = IssueChange(
        title=title if issue.title != title else None,
        body=None if same(body, issue.body) else body,
        is_open=None if issue.is_open else True,
    )
    if change != IssueChange():
        yield ChangeIssue(issue.number, change, "update" if issue.is_open else "reopen")


def _closing(report: UnreadableReport, issue: Issue, inputs: SweepInput) -> Iterator[IssueAction]:
    """The comment comes last: once it is there, the issue is left to people."""
    key = f"readable-{report.ended.seq if report.ended else 0}"
    if key in own_keys(issue, inputs.bot_accounts):
        return
    if issue.is_open:
        yield ChangeIssue(issue.number, IssueChange(is_open=False), "close")
    text = "Everything in the register can be read again, and is watched again."
    yield AddComment(issue.number, key, keyed(key, text))


def _title(report: UnreadableReport, inputs: SweepInput) -> str:
    return unreadable_title(inputs.assessment_input.register_index.unreadable, _since(report, inputs))


def _since(report: UnreadableReport, inputs: SweepInput) -> date:
    return local_date(report.record.at, inputs.assessment_input.register.configuration.timezone)


def _section(report: UnreadableReport, inputs: SweepInput) -> Section:
    text = unreadable_text(inputs.assessment_input, inputs.content.branch, _since(report, inputs))
    anchor = inputs.content.ledger.anchor_of(report.record.seq)
    return Section(NAME, report.claim.nonce, text, ledger_marker(inputs.look.repository.id, anchor))
