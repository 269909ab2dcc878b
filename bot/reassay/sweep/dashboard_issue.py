"""The dashboard issue: created once, updated when what it says changes, closed when it is switched off."""

from collections.abc import Iterator

from reassay.common.errors import ReassayError
from reassay.github.drafts import IssueChange, IssueDraft
from reassay.github.repository_state import Issue
from reassay.github.section import LIMIT, Section, keyed, ledger_marker, merge, same
from reassay.sweep.actions import AddComment, ChangeIssue, IssueAction
from reassay.sweep.dashboard_content import dashboard_content
from reassay.sweep.dashboard_reports import has_dashboard
from reassay.sweep.input import SweepInput
from reassay.sweep.issue_comments import own_keys
from reassay.sweep.reconciliation import Reconciliation
from reassay.sweep.repository_issues import DASHBOARD, RepositoryIssue, update
from reassay.sweep.views.dashboard import NAME, TITLE, dashboard_ended_text, dashboard_text

REOPENINGS = 1
"""Times that an issue closed by hand is reopened; after that it stays closed, and the report says so."""
REOPENED = (
    "Reopened, because the configuration asks for a dashboard. To switch it off, write `dashboard: false` there. Closed once"
    " more, this issue stays closed and is not kept up to date."
)


def dashboard_draft(report: RepositoryIssue, inputs: SweepInput) -> IssueDraft:
    """The issue to create. Whichever run makes it says the same."""
    return IssueDraft(TITLE, _section(report, inputs).within(LIMIT), labels=(), assignees=())


def show_dashboard(reconciliation: Reconciliation) -> None:
    """Updates, re-opens or closes the issue; it is read again just before it is written. Raises LimitError."""
    inputs = reconciliation.inputs
    report = DASHBOARD.latest(inputs.assessment_input.history)
    issue = inputs.repository_state.issues.get(report.number) if report and report.number else None
    if report is None or issue is None or reconciliation.focus.is_narrow:
        return
    section = _section(report, inputs)
    reconciliation.note(_stays_closed(report, issue, inputs))
    if not list(_changes(report, issue, section, inputs)):
        return
    what = f"issue #{issue.number}"
    try:
        now = reconciliation.context.github.look({issue.number}).issues.get(issue.number, issue)
    except ReassayError as error:
        reconciliation.failed(what, error)
        return
    reconciliation.carry_out(what, list(_changes(report, now, section, inputs)))


def _changes(report: RepositoryIssue, issue: Issue, section: Section, inputs: SweepInput) -> Iterator[IssueAction]:
    if report.ended is not None:
        # Once its text says so, the issue is left to people.
        body = merge(issue.body, section)
        if not same(body, issue.body):
            yield ChangeIssue(issue.number, IssueChange(body=body, is_open=False, completed=False), "close")
        return
    if not has_dashboard(inputs.assessment_input) or _is_closed_for_good(issue, inputs):
        return
    yield from update(issue, TITLE, section)
    key = "dashboard-reopened"
    if not issue.is_open and key not in own_keys(issue, inputs.bot_accounts) and not issue.is_locked:
        yield AddComment(issue.number, key, keyed(key, REOPENED))


def _is_closed_for_good(issue: Issue, inputs: SweepInput) -> bool:
    reopenings = sum(change.kind == "reopened" and change.by in inputs.bot_accounts for change in issue.changes)
    return not issue.is_open and reopenings >= REOPENINGS


def _stays_closed(report: RepositoryIssue, issue: Issue, inputs: SweepInput) -> str | None:
    """A line for the report where the issue stays closed although the configuration asks for it."""
    if report.ended is not None or not _is_closed_for_good(issue, inputs):
        return None
    return (
        f"the dashboard #{issue.number} was closed by hand twice, so it is not kept up to date; reopen it, or write"
        " `dashboard: false`"
    )


def _section(report: RepositoryIssue, inputs: SweepInput) -> Section:
    text = dashboard_ended_text() if report.ended is not None else dashboard_text(dashboard_content(inputs))
    anchor = inputs.content.ledger.anchor_of(report.record.seq)
    return Section(NAME, report.claim.nonce, text, ledger_marker(inputs.repository_state.repository.id, anchor))
