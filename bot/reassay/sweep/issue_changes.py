"""Differences between an issue and what it should be, as actions. Pure."""

from collections.abc import Iterator, Sequence

from reassay.assessment.schedule.reminders import latest_reminder
from reassay.common.inert import plain
from reassay.github.drafts import DECLARED, IssueChange, IssueDraft
from reassay.github.repository_state import Issue
from reassay.github.section import LIMIT, merge, same
from reassay.ledger.history import Reassessment
from reassay.ledger.risks import Corrected
from reassay.people.account import Account
from reassay.sweep.actions import AddComment, ChangeIssue, CreateIssue, IssueAction
from reassay.sweep.issue_comments import content_key, content_shown, own_keys
from reassay.sweep.views import comments
from reassay.sweep.views.comments import CommentDraft
from reassay.sweep.views.issue import ORDER_TITLE, ExpectedIssue, view
from reassay.sweep.views.issue_model import IssueModel

WITHDRAWN = "**Withdrawn** by ledger entry"
"""The start of the section of an issue whose record was withdrawn."""
REOPENINGS = 1
"""Times that an issue closed by hand is reopened; after that it stays closed and is listed."""


def draft(model: IssueModel) -> CreateIssue:
    """The issue of a re-assessment that has none yet."""
    wanted = view(model)
    return CreateIssue(
        model.reassessment.id,
        IssueDraft(
            title=wanted.title,
            body=wanted.section.within(LIMIT),
            labels=tuple(sorted(wanted.labels)),
            assignees=(model.driver,) if model.driver else (),
        ),
    )


def differences(model: IssueModel, issue: Issue, bot_accounts: frozenset[str]) -> Iterator[IssueAction]:
    """Actions for one issue, in an order that a later run can continue after any of them."""
    wanted = view(model)
    keys = own_keys(issue, bot_accounts)
    reopenings = sum(change.kind == "reopened" and change.by in bot_accounts for change in issue.changes)
    stays_closed = _stays_closed(wanted, issue, reopenings, bot_accounts)
    before, after = _comments(model, issue, reopenings, bot_accounts, stays_closed=stays_closed)
    change = _change(wanted, issue, bot_accounts, stays_closed=stays_closed)
    if change and change.is_open is False and issue.title.startswith(ORDER_TITLE):
        before.append(comments.order_ended(model, reopenings))
    yield from _additions(before, issue, keys)
    if change:
        yield ChangeIssue(issue.number, change, _what(change))
        if change.is_open:
            after = [*after, comments.reopened(model, _closed_by_hand(issue, bot_accounts), reopenings + 1)]
    yield from _additions(after, issue, keys)


def _stays_closed(wanted: ExpectedIssue, issue: Issue, reopenings: int, bot_accounts: frozenset[str]) -> bool:
    """Whether an issue stays closed that should be open, because people closed it again after it was reopened."""
    by_hand = bool(issue.changes) and _closed_by(issue) not in bot_accounts
    return wanted.is_open and not issue.is_open and reopenings >= REOPENINGS and by_hand


def _additions(wanted: Sequence[CommentDraft], issue: Issue, keys: frozenset[str]) -> Iterator[AddComment]:
    return (AddComment(issue.number, comment.key, comment.body) for comment in wanted if comment.key not in keys)


def _change(
    wanted: ExpectedIssue, issue: Issue, bot_accounts: frozenset[str], *, stays_closed: bool
) -> IssueChange | None:
    if not wanted.is_open and not issue.is_open and WITHDRAWN not in wanted.section.text:
        # The text of a closed issue stays, whatever changes in the register.
        return None
    if WITHDRAWN in wanted.section.text and WITHDRAWN in issue.body:
        return None
    body = merge(issue.body, wanted.section)
    declared = {label.name for label in DECLARED}
    change = IssueChange(
        title=wanted.title if plain(issue.title) != plain(wanted.title) else None,
        body=body if not same(body, issue.body) else None,
        is_open=None if stays_closed else _state(wanted, issue, bot_accounts),
        completed=wanted.completed,
        add_labels=tuple(sorted(wanted.labels - issue.labels)),
        remove_labels=tuple(sorted((declared & issue.labels) - wanted.labels)),
    )
    return change if change != IssueChange(completed=wanted.completed) else None


def _state(wanted: ExpectedIssue, issue: Issue, bot_accounts: frozenset[str]) -> bool | None:
    if wanted.is_open == issue.is_open:
        return None
    closed_before = any(change.kind == "closed" and change.by in bot_accounts for change in issue.changes)
    # Somebody reopened a decided issue to talk: that does not undo the decision, and the bot leaves it open.
    last = issue.changes[-1] if issue.changes else None
    by_hand = last is not None and last.kind == "reopened" and last.by not in bot_accounts
    if not wanted.is_open and closed_before and by_hand:
        return None
    return wanted.is_open


def _what(change: IssueChange) -> str:
    if change.is_open is not None:
        return "reopen" if change.is_open else "close"
    return "update"


def _content(model: IssueModel, issue: Issue, bot_accounts: frozenset[str]) -> list[CommentDraft]:
    """The statement of the content to sign, if it has changed since the last one."""
    approvals = model.approvals
    if (
        not model.records
        or model.reassessment.state != "open"
        or approvals is None
        or approvals.content == content_shown(model.reassessment, issue, bot_accounts)
    ):
        return []
    return [comments.content_changed(model, content_key(issue, bot_accounts, approvals.content), approvals.content)]


def _comments(
    model: IssueModel, issue: Issue, reopenings: int, bot_accounts: frozenset[str], *, stays_closed: bool
) -> tuple[list[CommentDraft], list[CommentDraft]]:
    """Comments that the issue should have: those to write before it changes, and those after."""
    reassessment = model.reassessment
    before: list[CommentDraft] = []
    if reassessment.state == "decided":
        before.append(comments.record(model, _account(reassessment, issue)))
    if reassessment.state == "superseded":
        before.append(comments.superseded(model))
    if reassessment.state == "side-exit":
        before.append(comments.side_exit(model))
    before += [
        comments.corrected(model, record, body.how, body.because) for record, body in reassessment.records_of(Corrected)
    ]
    before += _content(model, issue, bot_accounts)
    added = reassessment.triggers[len(reassessment.opened.triggers) :]
    if added:
        before.insert(0, comments.joined(model, added))
    after: list[CommentDraft] = []
    if reopenings:
        after.append(comments.reopened(model, _closed_by_hand(issue, bot_accounts), reopenings))
    if reassessment.state == "open" and issue.is_open and not stays_closed:
        after += _reminder(model)
    if model.own_orders and issue.is_open:
        after += _order_reminder(model)
    return before, after


def _reminder(model: IssueModel) -> list[CommentDraft]:
    configuration = model.assessment_input.register.configuration
    today = model.assessment_input.today
    due = latest_reminder(model.reassessment.due, model.reassessment.opened.opened_on, today, configuration)
    # The owner can pause reminders, but not those to whoever they are escalated to.
    if due is None or (due.escalate_to is None and model.is_snoozed):
        return []
    return [comments.reminder(model, due, today)]


def _order_reminder(model: IssueModel) -> list[CommentDraft]:
    """The reminder of an order that is not carried out; it was due on the day of the decision."""
    decided = model.reassessment.decided
    if decided is None:
        return []
    configuration = model.assessment_input.register.configuration
    since = decided.decided_on
    due = latest_reminder(since, since, model.assessment_input.today, configuration)
    return [comments.order_reminder(model, since, due)] if due else []


def _account(reassessment: Reassessment, issue: Issue) -> Account | None:
    authors = (comment.author for comment in issue.comments if comment.author)
    return next((author for author in authors if author.id == reassessment.decided_by), None)


def _closed_by(issue: Issue) -> str | None:
    closings = [change.by for change in issue.changes if change.kind == "closed"]
    return closings[-1] if closings else None


def _closed_by_hand(issue: Issue, bot_accounts: frozenset[str]) -> str | None:
    """The person who closed it last; None if the bot did, because an order was carried out."""
    by = _closed_by(issue)
    return None if by in bot_accounts else by


def closed_by_hand(model: IssueModel, issue: Issue, bot_accounts: frozenset[str]) -> str | None:
    """A line for the report where an undecided issue stays closed; None otherwise."""
    reopenings = sum(change.kind == "reopened" and change.by in bot_accounts for change in issue.changes)
    is_wanted = model.reassessment.state == "open" or bool(model.own_orders)
    if not is_wanted or issue.is_open or reopenings < REOPENINGS:
        return None
    word = "order not carried out" if model.own_orders else "overdue" if model.is_overdue else "not decided"
    by = _closed_by(issue) or "a deleted account"
    return f"{model.reassessment.id} ({model.reassessment.subject}): {word}, closed by @{by}"
