"""Issues as they are and as they should be: the difference, as actions. Pure; nothing is read or written here."""

from collections.abc import Iterator, Sequence

from reassay.assessment.schedule.reminders import latest_reminder
from reassay.common.inert import plain
from reassay.github.labels import DECLARED
from reassay.github.repository_state import Account, Issue, IssueChange, IssueDraft
from reassay.github.section import LIMIT, key_of, merge, same
from reassay.ledger.history import Reassessment
from reassay.ledger.risks import Corrected
from reassay.sweep.actions import AddComment, ChangeIssue, CreateIssue, IssueAction
from reassay.sweep.shown_content import content_key, content_shown
from reassay.sweep.views import comments
from reassay.sweep.views.comments import Said
from reassay.sweep.views.issue import Facts, View, view

WITHDRAWN = "**Withdrawn** by ledger entry"
"""How the section of an issue begins whose record was withdrawn."""
REOPENINGS = 1
"""An issue closed by hand is reopened so often; after that it stays closed and is listed."""


def draft(found: Facts) -> CreateIssue:
    """The issue of a re-assessment that has none yet."""
    wanted = view(found)
    return CreateIssue(
        found.each.id,
        IssueDraft(
            title=wanted.title,
            body=wanted.section.within(LIMIT),
            labels=tuple(sorted(wanted.labels)),
            assignees=(found.driver,) if found.driver else (),
        ),
    )


def differences(found: Facts, issue: Issue, ours: frozenset[str]) -> Iterator[IssueAction]:
    """What to do, in the order that leaves a later run everything it needs to go on."""
    wanted = view(found)
    said = keys_said(issue, ours)
    reopenings = sum(change.kind == "reopened" and change.by in ours for change in issue.changes)
    stays_closed = wanted.is_open and not issue.is_open and reopenings >= REOPENINGS
    before, after = _sayings(found, issue, reopenings, ours, stays_closed=stays_closed)
    yield from _say(before, issue, said)
    change = _change(wanted, issue, ours, stays_closed=stays_closed)
    if change:
        yield ChangeIssue(issue.number, change, _what(change))
        if change.is_open:
            by = _closed_by(issue)
            after = [*after, comments.reopened(found, by, reopenings + 1)]
    yield from _say(after, issue, said)


def _say(wanted: Sequence[Said], issue: Issue, said: frozenset[str]) -> Iterator[AddComment]:
    return (AddComment(issue.number, each.key, each.body) for each in wanted if each.key not in said)


def keys_said(issue: Issue, ours: frozenset[str]) -> frozenset[str]:
    """Keys of the comments we made: a marker in anybody else's comment is just text."""
    own = (comment.body for comment in issue.comments if _is_ours(comment.author, ours))
    return frozenset(key for body in own if (key := key_of(body)))


def _is_ours(author: Account | None, ours: frozenset[str]) -> bool:
    return author is not None and author.login in ours


def _change(wanted: View, issue: Issue, ours: frozenset[str], *, stays_closed: bool) -> IssueChange | None:
    if not wanted.is_open and not issue.is_open and WITHDRAWN not in wanted.section.text:
        # Settled: what a closed issue says stays as it was, whatever becomes of the register.
        return None
    if WITHDRAWN in wanted.section.text and WITHDRAWN in issue.body:
        return None
    body = merge(issue.body, wanted.section)
    declared = {label.name for label in DECLARED}
    change = IssueChange(
        title=wanted.title if plain(issue.title) != plain(wanted.title) else None,
        body=body if not same(body, issue.body) else None,
        is_open=None if stays_closed else _state(wanted, issue, ours),
        completed=wanted.completed,
        add_labels=tuple(sorted(wanted.labels - issue.labels)),
        remove_labels=tuple(sorted((declared & issue.labels) - wanted.labels)),
    )
    return change if change != IssueChange(completed=wanted.completed) else None


def _state(wanted: View, issue: Issue, ours: frozenset[str]) -> bool | None:
    if wanted.is_open == issue.is_open:
        return None
    closed_before = any(change.kind == "closed" and change.by in ours for change in issue.changes)
    # Somebody opened a finished issue again, to talk: a decision is not undone by that, and we do not fight over it.
    if not wanted.is_open and closed_before and issue.changes[-1].kind == "reopened":
        return None
    return wanted.is_open


def _what(change: IssueChange) -> str:
    if change.is_open is not None:
        return "reopen" if change.is_open else "close"
    return "update"


def _content(found: Facts, issue: Issue, ours: frozenset[str]) -> list[Said]:
    """What is signed has changed, and nobody was told yet."""
    approvals = found.approvals
    if (
        not found.records
        or found.each.state != "open"
        or approvals is None
        or approvals.content == content_shown(found.each, issue, ours)
    ):
        return []
    return [comments.content_changed(found, content_key(issue, ours, approvals.content), approvals.content)]


def _sayings(
    found: Facts, issue: Issue, reopenings: int, ours: frozenset[str], *, stays_closed: bool
) -> tuple[list[Said], list[Said]]:
    """What should have been said by now: before the issue changes, and after it."""
    each = found.each
    before: list[Said] = []
    if each.state == "decided":
        before.append(comments.record(found, _account(each, issue)))
    if each.state == "superseded":
        before.append(comments.superseded(found))
    if each.state == "side-exit":
        before.append(comments.side_exit(found))
    before += [comments.corrected(found, noted, body.how, body.because) for noted, body in each.noted(Corrected)]
    before += _content(found, issue, ours)
    added = each.triggers[len(each.opened.triggers) :]
    if added:
        before.insert(0, comments.joined(found, added))
    after: list[Said] = []
    if reopenings:
        after.append(comments.reopened(found, _closed_by(issue), reopenings))
    if each.state == "open" and issue.is_open and not stays_closed and not found.is_snoozed:
        after += _reminder(found)
    return before, after


def _reminder(found: Facts) -> list[Said]:
    configuration = found.situation.register.configuration
    today = found.situation.today
    due = latest_reminder(found.each.due, found.each.opened.opened_on, today, configuration)
    return [comments.reminder(found, due, today)] if due else []


def _account(each: Reassessment, issue: Issue) -> Account | None:
    authors = (comment.author for comment in issue.comments if comment.author)
    return next((author for author in authors if author.id == each.decided_by), None)


def _closed_by(issue: Issue) -> str | None:
    closings = [change.by for change in issue.changes if change.kind == "closed"]
    return closings[-1] if closings else None


def closed_by_hand(found: Facts, issue: Issue, ours: frozenset[str]) -> str | None:
    """A line for the report where an undecided issue stays closed; None otherwise."""
    reopenings = sum(change.kind == "reopened" and change.by in ours for change in issue.changes)
    if found.each.state != "open" or issue.is_open or reopenings < REOPENINGS:
        return None
    word = "overdue" if found.is_overdue else "not decided"
    return f"{found.each.id} ({found.each.subject}): {word}, closed by @{_closed_by(issue) or 'a deleted account'}"
