"""What content of the register an issue has shown, and when: signatures are given to what was shown, never to what came after."""

import re

from reassay.github.repository_state import Comment, Issue
from reassay.github.section import key_of
from reassay.ledger.reassessment import Reassessment

_KEY = re.compile(r"content-(?P<number>\d+)-(?P<digest>[0-9a-f]{64})")
_PREFIX = "c14n/1:sha256:"


def statements(issue: Issue, ours: frozenset[str]) -> tuple[tuple[Comment, str], ...]:
    """Our own comments that said what is being signed, oldest first, each with its digest. A copied marker is just text."""
    found = []
    for comment in issue.comments:
        if comment.author is None or comment.author.login not in ours or comment.edited_by is not None:
            continue
        match = _KEY.fullmatch(key_of(comment.body) or "")
        if match:
            found.append((comment, _PREFIX + match["digest"]))
    return tuple(found)


def content_shown_before(comment: Comment, each: Reassessment, issue: Issue, ours: frozenset[str]) -> str | None:
    """The digest that was shown last, strictly before a comment was written; at first the one it was opened with."""
    before = [digest for said, digest in statements(issue, ours) if said.created_at < comment.created_at]
    return before[-1] if before else each.opened.content


def content_shown(each: Reassessment, issue: Issue, ours: frozenset[str]) -> str | None:
    """The digest that is shown now."""
    said = statements(issue, ours)
    return said[-1][1] if said else each.opened.content


def content_key(issue: Issue, ours: frozenset[str], content: str) -> str:
    """Of the next statement: numbered, because content may change back to what it was."""
    return f"content-{len(statements(issue, ours)) + 1}-{content.removeprefix(_PREFIX)}"
