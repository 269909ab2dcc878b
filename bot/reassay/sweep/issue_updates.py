"""Updates of issues and pull requests: title, section, labels, state, comments, replies and verdicts."""

from collections.abc import Iterator, Sequence

from reassay.common.errors import LimitError, ReassayError
from reassay.github.repository_state import Issue
from reassay.sweep.actions import IssueAction
from reassay.sweep.command_results import CommentReply, reply_actions
from reassay.sweep.dashboard_issue import show_dashboard
from reassay.sweep.follow_up_issue import closed_too_early, follow_up_changes, follow_up_of
from reassay.sweep.issue_changes import closed_by_hand, differences
from reassay.sweep.ledger_refusal import close_refusal_issue
from reassay.sweep.reconciliation import Reconciliation
from reassay.sweep.register_check import register_publications, unread_merges
from reassay.sweep.triage_issue import show_triage_issue
from reassay.sweep.unreadable_issue import show_unreadable_issue
from reassay.sweep.unwritable import locked, writable
from reassay.sweep.verdict_publication import publications, withheld_comments
from reassay.sweep.views.issue_context import IssueContext
from reassay.sweep.views.issue_model import issue_model


def show_issues(reconciliation: Reconciliation, issue_context: IssueContext, replies: Sequence[CommentReply]) -> None:
    """Updates each issue, and reads it again just before, because people and other runs may have changed it.

    Raises LimitError.
    """
    for issue in reconciliation.inputs.repository_state.issues.values():
        what = f"issue #{issue.number}"
        wanted = list(_actions(reconciliation, issue_context, issue, replies))
        if wanted != writable(issue, wanted):
            reconciliation.cannot_write(locked(what))
        if not writable(issue, wanted):
            continue
        try:
            now = reconciliation.context.github.look({issue.number}).issues.get(issue.number, issue)
        except LimitError:
            raise
        except ReassayError as error:
            reconciliation.failed(what, error)
        else:
            actions = list(_actions(reconciliation, issue_context, now, replies))
            reconciliation.carry_out(what, writable(now, actions))
    _show_standing_issues(reconciliation)


def _show_standing_issues(reconciliation: Reconciliation) -> None:
    """Updates, re-opens or closes the issues about the repository as a whole, one of a kind at a time. Raises LimitError."""
    show_unreadable_issue(reconciliation)
    show_triage_issue(reconciliation)
    close_refusal_issue(reconciliation)
    # Last: it lists the issues.
    show_dashboard(reconciliation)


def _actions(
    reconciliation: Reconciliation, issue_context: IssueContext, issue: Issue, replies: Sequence[CommentReply]
) -> Iterator[IssueAction]:
    inputs = reconciliation.inputs
    reassessment = inputs.assessment_input.history.by_issue(issue.number)
    about = inputs.assessment_input_of(reassessment, inputs.assessment_input) if reassessment else None
    if reassessment is not None and about is not None:
        model = issue_model(reassessment, about, issue_context)
        yield from differences(model, issue, inputs.bot_accounts)
        reconciliation.note(closed_by_hand(model, issue, inputs.bot_accounts))
    follow_up = follow_up_of(issue.number, inputs) if reassessment is None else None
    if follow_up is not None:
        yield from follow_up_changes(follow_up, issue, inputs)
        reconciliation.note(closed_too_early(follow_up, issue, inputs))
    for reply in replies:
        if reply.number == issue.number:
            yield from reply_actions(reply, issue, inputs.bot_accounts)


def show_pull_requests(reconciliation: Reconciliation, replies: Sequence[CommentReply]) -> None:
    """Writes replies, then verdicts. Raises LimitError."""
    inputs = reconciliation.inputs
    for pull in inputs.pull_requests.pulls.values():
        own = [reply for reply in replies if reply.number == pull.number]
        actions = [action for reply in own for action in reply_actions(reply, pull.issue, inputs.bot_accounts)]
        what = f"pull request #{pull.number}"
        if actions != writable(pull.issue, actions):
            reconciliation.cannot_write(locked(what))
        if writable(pull.issue, actions):
            reconciliation.carry_out(what, writable(pull.issue, actions))
    for number in withheld_comments(inputs):
        reconciliation.cannot_write(locked(f"pull request #{number}"))
    for what, publish in publications(inputs):
        reconciliation.carry_out(what, [publish])
    if reconciliation.focus.pull is not None:
        _show_register(reconciliation)


def _show_register(reconciliation: Reconciliation) -> None:
    """Publishes the check of the register; the Action's own step fails in its place, which needs no permission."""
    for words in unread_merges(reconciliation.inputs):
        reconciliation.note(words)
    if reconciliation.context.acting.program == "app":
        for what, publish in register_publications(reconciliation.inputs):
            reconciliation.carry_out(what, [publish])
