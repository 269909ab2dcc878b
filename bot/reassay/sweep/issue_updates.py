"""Issues and pull requests brought to what they should be: title, section, labels, state, comments, replies, verdicts."""

from collections.abc import Iterator, Sequence

from reassay.common.errors import LimitError, ReassayError
from reassay.github.repository_state import Issue
from reassay.sweep.actions import IssueAction
from reassay.sweep.command_results import CommentReply, replies
from reassay.sweep.issue_changes import closed_by_hand, differences
from reassay.sweep.reconciliation import Reconciliation
from reassay.sweep.verdict_publication import publications
from reassay.sweep.views.issue_model import IssueContext, issue_model


def show_issues(reconciliation: Reconciliation, issue_context: IssueContext, answers: Sequence[CommentReply]) -> None:
    """Each issue that was looked at. It is read again just before it is written: people and other runs did not wait.

    Raises LimitError.
    """
    for issue in reconciliation.inputs.look.issues.values():
        what = f"issue #{issue.number}"
        if not list(_actions(reconciliation, issue_context, issue, answers)):
            continue
        try:
            now = reconciliation.context.github.look({issue.number}).issues.get(issue.number, issue)
        except LimitError:
            raise
        except ReassayError as error:
            reconciliation.failed(what, error)
        else:
            reconciliation.carry_out(what, list(_actions(reconciliation, issue_context, now, answers)))


def _actions(
    reconciliation: Reconciliation, issue_context: IssueContext, issue: Issue, answers: Sequence[CommentReply]
) -> Iterator[IssueAction]:
    inputs = reconciliation.inputs
    reassessment = inputs.assessment_input.history.by_issue(issue.number)
    about = inputs.assessment_input_of(reassessment, inputs.assessment_input) if reassessment else None
    if reassessment is not None and about is not None:
        model = issue_model(reassessment, about, issue_context)
        yield from differences(model, issue, inputs.bot_accounts)
        reconciliation.note(closed_by_hand(model, issue, inputs.bot_accounts))
    for answer in answers:
        if answer.number == issue.number:
            yield from replies(answer, issue, inputs.bot_accounts)


def show_pull_requests(reconciliation: Reconciliation, answers: Sequence[CommentReply]) -> None:
    """Replies first, then the verdicts that follow from what was recorded. Raises LimitError."""
    inputs = reconciliation.inputs
    for pull in inputs.pull_requests.pulls.values():
        own = [answer for answer in answers if answer.number == pull.number]
        actions = [action for answer in own for action in replies(answer, pull.issue, inputs.bot_accounts)]
        if actions:
            reconciliation.carry_out(f"pull request #{pull.number}", actions)
    for what, publish in publications(inputs):
        reconciliation.carry_out(what, [publish])
