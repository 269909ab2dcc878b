"""The issue about what waits for triage: created once something waits, updated, closed when nothing does."""

from collections.abc import Iterator

from reassay.github.drafts import IssueDraft
from reassay.github.repository_state import Issue
from reassay.github.section import LIMIT, Section, ledger_marker
from reassay.sweep.actions import IssueAction
from reassay.sweep.input import SweepInput
from reassay.sweep.reconciliation import Reconciliation
from reassay.sweep.repository_issues import TRIAGE, RepositoryIssue, closing, update
from reassay.sweep.triage_reports import something_waits
from reassay.sweep.views.triage import NAME, triage_text, triage_title


def triage_draft(report: RepositoryIssue, inputs: SweepInput) -> IssueDraft:
    """The issue to create. Whichever run makes it says the same."""
    title = triage_title(inputs.assessment_input)
    return IssueDraft(title, _section(report, inputs).within(LIMIT), labels=(), assignees=())


def show_triage_issue(reconciliation: Reconciliation) -> None:
    """Updates, re-opens or closes the issue. Raises LimitError."""
    inputs = reconciliation.inputs
    report = TRIAGE.latest(inputs.assessment_input.history)
    issue = inputs.repository_state.issues.get(report.number) if report and report.number else None
    if report is None or issue is None or reconciliation.focus.is_narrow:
        return
    actions = list(_changes(report, issue, inputs))
    if actions:
        reconciliation.carry_out(f"issue #{issue.number}", actions)


def _changes(report: RepositoryIssue, issue: Issue, inputs: SweepInput) -> Iterator[IssueAction]:
    if report.ended is not None:
        text = "Nothing waits for triage any more. What comes in later gets another issue."
        yield from closing(issue, f"triage-done-{report.ended.seq}", text, inputs.bot_accounts)
        return
    if not something_waits(inputs.assessment_input):
        return
    yield from update(issue, triage_title(inputs.assessment_input), _section(report, inputs))


def _section(report: RepositoryIssue, inputs: SweepInput) -> Section:
    text = triage_text(inputs.assessment_input, inputs.objects)
    anchor = inputs.content.ledger.anchor_of(report.record.seq)
    return Section(NAME, report.claim.nonce, text, ledger_marker(inputs.repository_state.repository.id, anchor))
