"""The issue about what cannot be read in the register: created once, updated as things change, closed when all can be read."""

from collections.abc import Iterator
from datetime import date

from reassay.common.calendar import local_date
from reassay.github.drafts import IssueDraft
from reassay.github.repository_state import Issue
from reassay.github.section import LIMIT, Section, ledger_marker
from reassay.sweep.actions import IssueAction
from reassay.sweep.input import SweepInput
from reassay.sweep.reconciliation import Reconciliation
from reassay.sweep.repository_issues import UNREADABLE, RepositoryIssue, closing, update
from reassay.sweep.views.unreadable import NAME, unreadable_text, unreadable_title


def unreadable_draft(report: RepositoryIssue, inputs: SweepInput) -> IssueDraft:
    """The issue to create. Whichever run makes it says the same."""
    return IssueDraft(_title(report, inputs), _section(report, inputs).within(LIMIT), labels=(), assignees=())


def show_unreadable_issue(reconciliation: Reconciliation) -> None:
    """Updates, re-opens or closes the issue. Raises LimitError."""
    inputs = reconciliation.inputs
    report = UNREADABLE.latest(inputs.assessment_input.history)
    issue = inputs.repository_state.issues.get(report.number) if report and report.number else None
    if report is None or issue is None or reconciliation.focus.is_narrow:
        return
    actions = list(_changes(report, issue, inputs))
    if actions:
        reconciliation.carry_out(f"issue #{issue.number}", actions)


def _changes(report: RepositoryIssue, issue: Issue, inputs: SweepInput) -> Iterator[IssueAction]:
    if report.ended is not None:
        text = "Everything in the register can be read again, and is watched again."
        yield from closing(issue, f"readable-{report.ended.seq}", text, inputs.bot_accounts)
        return
    if not inputs.assessment_input.register_index.unreadable:
        return
    yield from update(issue, _title(report, inputs), _section(report, inputs))


def _title(report: RepositoryIssue, inputs: SweepInput) -> str:
    return unreadable_title(inputs.assessment_input.register_index.unreadable, _since(report, inputs))


def _since(report: RepositoryIssue, inputs: SweepInput) -> date:
    return local_date(report.record.at, inputs.assessment_input.register.configuration.timezone)


def _section(report: RepositoryIssue, inputs: SweepInput) -> Section:
    text = unreadable_text(inputs.assessment_input, inputs.content.branch, _since(report, inputs))
    anchor = inputs.content.ledger.anchor_of(report.record.seq)
    return Section(NAME, report.claim.nonce, text, ledger_marker(inputs.repository_state.repository.id, anchor))
