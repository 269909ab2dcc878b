"""Comments of issues and pull requests: unanswered commands, and the bot's own comments."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from reassay.commands.evidence import Evidence
from reassay.commands.registry import parse_comment, unheard
from reassay.github.repository_state import Issue
from reassay.github.section import key_of
from reassay.ledger.reassessment import Reassessment
from reassay.people.account import Comment

AT_ONCE = 50
"""Commands of one comment that are read, enough for a full checklist; the rest are refused."""
ANSWERED_WITHIN = timedelta(days=2)
"""Until when a line that only looks like a command is answered; one in an old comment bothers nobody any more."""


def unanswered(issue: Issue, now: datetime | None = None) -> tuple[Comment, ...]:
    """Comments by people with a command and without a reaction of the bot.

    Given the time, also new comments with a line that only looks like a command.
    """
    return tuple(
        comment
        for comment in issue.comments
        if not comment.reacted and comment.author and not comment.author.is_bot and _asks(comment, now)
    )


def _asks(comment: Comment, now: datetime | None) -> bool:
    if parse_comment(comment.body):
        return True
    is_new = now is not None and now - comment.created_at < ANSWERED_WITHIN and comment.edited_by is None
    return is_new and bool(unheard(comment.body))


def files_named(issues: Mapping[int, Issue], commit: str) -> Iterator[tuple[str, str]]:
    """Files that unanswered commands name, as (path, commit); `commit` is the register's."""
    for issue in issues.values():
        for comment in unanswered(issue):
            for command in parse_comment(comment.body)[:AT_ONCE]:
                if isinstance(command, Evidence) and command.source and not command.source.digest:
                    yield command.source.locator, command.source.commit or commit


_KEY = re.compile(r"content-(?P<number>\d+)-(?P<digest>[0-9a-f]{64})")
_PREFIX = "c14n/1:sha256:"


def statements(issue: Issue, bot_accounts: frozenset[str]) -> tuple[tuple[Comment, str], ...]:
    """The bot's comments that state the content to sign, oldest first, with its digest. A copied marker is just text."""
    shown = []
    for comment in issue.comments:
        if comment.author is None or comment.author.login not in bot_accounts or comment.edited_by is not None:
            continue
        match = _KEY.fullmatch(key_of(comment.body) or "")
        if match:
            shown.append((comment, _PREFIX + match["digest"]))
    return tuple(shown)


def content_shown_before(
    comment: Comment, reassessment: Reassessment, issue: Issue, bot_accounts: frozenset[str]
) -> str | None:
    """The digest that was shown last, strictly before a comment; at first that of the opening."""
    before = [
        digest for statement, digest in statements(issue, bot_accounts) if statement.created_at < comment.created_at
    ]
    return before[-1] if before else reassessment.opened.content


def content_shown(reassessment: Reassessment, issue: Issue, bot_accounts: frozenset[str]) -> str | None:
    """The digest that is shown now."""
    shown = statements(issue, bot_accounts)
    return shown[-1][1] if shown else reassessment.opened.content


def content_key(issue: Issue, bot_accounts: frozenset[str], content: str) -> str:
    """The key of the next statement, numbered because content may change back."""
    return f"content-{len(statements(issue, bot_accounts)) + 1}-{content.removeprefix(_PREFIX)}"


def own_keys(issue: Issue, bot_accounts: frozenset[str]) -> frozenset[str]:
    """Keys of the bot's own comments; a marker in another person's comment is just text."""
    own = (comment.body for comment in issue.comments if comment.author and comment.author.login in bot_accounts)
    return frozenset(key for body in own if (key := key_of(body)))
