"""The issues about the repository as a whole, one of a kind at a time: unreadable entries, triage, a refused ledger, board."""

from reassay.sweep.dashboard_issue import show_dashboard
from reassay.sweep.ledger_refusal import close_refusal_issue
from reassay.sweep.reconciliation import Reconciliation
from reassay.sweep.triage_issue import show_triage_issue
from reassay.sweep.unreadable_issue import show_unreadable_issue


def show_standing_issues(reconciliation: Reconciliation) -> None:
    """Updates, re-opens or closes each of them. Raises LimitError."""
    show_unreadable_issue(reconciliation)
    show_triage_issue(reconciliation)
    close_refusal_issue(reconciliation)
    # Last: it lists the issues.
    show_dashboard(reconciliation)
