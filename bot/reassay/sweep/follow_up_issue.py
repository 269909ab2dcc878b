"""The issue of a follow-up as it should be, and the actions that make it so. Pure."""

from collections.abc import Iterator

from reassay.assessment.follow_ups import TrackedFollowUp
from reassay.assessment.schedule.reminders import latest_reminder
from reassay.common.inert import plain
from reassay.github.drafts import FOLLOW_UP, OVERDUE, IssueChange, IssueDraft
from reassay.github.repository_state import Issue
from reassay.github.section import LIMIT, Section, ledger_marker, merge, same
from reassay.sweep.actions import AddComment, ChangeIssue, IssueAction
from reassay.sweep.input import SweepInput
from reassay.sweep.issue_comments import own_keys
from reassay.sweep.views.comments import CommentDraft
from reassay.sweep.views.follow_up import (
    FollowUpModel,
    follow_up_ended,
    follow_up_reminder,
    follow_up_reopened,
    follow_up_text,
    follow_up_title,
)

REOPENINGS = 1
"""Times that an issue closed by hand is reopened; after that it stays closed, and the report lists it."""


def follow_up_of(number: int, inputs: SweepInput) -> TrackedFollowUp | None:
    """The follow-up of an issue; None if it has none."""
    return inputs.assessment_input.register_index.follow_ups_by_issue.get(number)


def follow_up_draft(follow_up: TrackedFollowUp, inputs: SweepInput) -> IssueDraft:
    """The issue to create. Whichever run makes it says the same."""
    model = _model(follow_up, inputs)
    return IssueDraft(
        follow_up_title(model),
        _section(model, inputs).within(LIMIT),
        labels=tuple(sorted(_labels(follow_up, inputs))),
        assignees=model.doing[:1],
    )


def follow_up_changes(follow_up: TrackedFollowUp, issue: Issue, inputs: SweepInput) -> Iterator[IssueAction]:
    """Actions for its issue, in an order that a later run can continue after any of them."""
    model, keys = _model(follow_up, inputs), own_keys(issue, inputs.bot_accounts)
    if follow_up.is_open:
        yield from _open(model, issue, keys, inputs)
        return
    ended = follow_up_ended(model)
    if ended.key in keys:
        return
    body = merge(issue.body, _section(model, inputs))
    change = IssueChange(
        body=None if same(body, issue.body) else body,
        is_open=False if issue.is_open else None,
        completed=follow_up.progress == "verified",
        remove_labels=tuple({OVERDUE.name} & issue.labels),
    )
    if change != IssueChange(completed=change.completed):
        yield ChangeIssue(issue.number, change, "close" if issue.is_open else "update")
    yield _comment(ended, issue)


def closed_too_early(follow_up: TrackedFollowUp, issue: Issue, inputs: SweepInput) -> str | None:
    """A line for the report where an issue stays closed although the follow-up is not verified; None otherwise."""
    if not follow_up.is_open or issue.is_open or _reopenings(issue, inputs) < REOPENINGS:
        return None
    return (
        f"{follow_up.name} ({follow_up.subject}): not verified, closed by {_by(issue, inputs) or 'a deleted account'}"
    )


def _open(model: FollowUpModel, issue: Issue, keys: frozenset[str], inputs: SweepInput) -> Iterator[IssueAction]:
    reopenings = _reopenings(issue, inputs)
    stays_closed = not issue.is_open and reopenings >= REOPENINGS
    title, body = follow_up_title(model), merge(issue.body, _section(model, inputs))
    labels = _labels(model.follow_up, inputs)
    change = IssueChange(
        title=title if plain(issue.title) != plain(title) else None,
        body=None if same(body, issue.body) else body,
        is_open=None if issue.is_open or stays_closed else True,
        add_labels=tuple(sorted(labels - issue.labels)),
        remove_labels=tuple(sorted({OVERDUE.name} & issue.labels - labels)),
    )
    if change != IssueChange():
        yield ChangeIssue(issue.number, change, "reopen" if change.is_open else "update")
    wanted = []
    if reopenings or change.is_open:
        wanted.append(follow_up_reopened(model, max(1, reopenings)))
    facts = inputs.assessment_input
    due = latest_reminder(model.follow_up.due, model.follow_up.decided_on, facts.today, facts.register.configuration)
    if due and not stays_closed:
        wanted.append(follow_up_reminder(model, due))
    yield from (_comment(comment, issue) for comment in wanted if comment.key not in keys)


def _comment(draft: CommentDraft, issue: Issue) -> AddComment:
    return AddComment(issue.number, draft.key, draft.body)


def _reopenings(issue: Issue, inputs: SweepInput) -> int:
    return sum(change.kind == "reopened" and change.by in inputs.bot_accounts for change in issue.changes)


def _by(issue: Issue, inputs: SweepInput) -> str:
    closings = [
        change.by for change in issue.changes if change.kind == "closed" and change.by not in inputs.bot_accounts
    ]
    return f"@{closings[-1]}" if closings and closings[-1] else ""


def _model(follow_up: TrackedFollowUp, inputs: SweepInput) -> FollowUpModel:
    return FollowUpModel(follow_up, inputs.assessment_input, inputs.objects)


def _labels(follow_up: TrackedFollowUp, inputs: SweepInput) -> frozenset[str]:
    if not inputs.assessment_input.register.configuration.labels:
        return frozenset()
    is_late = follow_up.is_overdue(inputs.assessment_input.today)
    return frozenset({FOLLOW_UP.name, OVERDUE.name} if is_late else {FOLLOW_UP.name})


def _section(model: FollowUpModel, inputs: SweepInput) -> Section:
    claimed = model.follow_up.claimed
    if claimed is None:
        raise ValueError(f"{model.follow_up.name} is not claimed")
    anchor = inputs.content.ledger.anchor_of(claimed.record.seq)
    marker = ledger_marker(inputs.repository_state.repository.id, anchor)
    return Section(model.key, claimed.claim.nonce, follow_up_text(model), marker)
