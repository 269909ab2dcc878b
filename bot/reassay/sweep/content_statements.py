"""Statements in an issue of which content of the register is signed, and when: a signature is given to what was shown by then."""

import re

from reassay.github.repository_state import Issue
from reassay.github.section import key_of
from reassay.ledger.reassessment import Reassessment
from reassay.people.account import Comment

_KEY = re.compile(r"content-(?P<number>\d+)-(?P<digest>[0-9a-f]{64})")
_PREFIX = "c14n/1:sha256:"


def statements(issue: Issue, bot_accounts: frozenset[str]) -> tuple[tuple[Comment, str], ...]:
    """Our own comments that said what is being signed, oldest first, with their digests. A copied marker is just text."""
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
    """The digest that was shown last, strictly before a comment was written; at first the one it was opened with."""
    before = [digest for said, digest in statements(issue, bot_accounts) if said.created_at < comment.created_at]
    return before[-1] if before else reassessment.opened.content


def content_shown(reassessment: Reassessment, issue: Issue, bot_accounts: frozenset[str]) -> str | None:
    """The digest that is shown now."""
    said = statements(issue, bot_accounts)
    return said[-1][1] if said else reassessment.opened.content


def content_key(issue: Issue, bot_accounts: frozenset[str], content: str) -> str:
    """The key of the next statement: numbered, because content may change back to what it was."""
    return f"content-{len(statements(issue, bot_accounts)) + 1}-{content.removeprefix(_PREFIX)}"
