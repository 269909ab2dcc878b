"""Replies to comments: what is said, and the reaction that acknowledges the comment."""

from collections.abc import Iterator

from reassay.github.repository_state import Issue
from reassay.github.section import key_of
from reassay.sweep.actions import AddComment, IssueAction, React
from reassay.sweep.command_results import Answer


def replies(answer: Answer, issue: Issue, bot_accounts: frozenset[str]) -> Iterator[IssueAction]:
    """Nothing if another run has answered meanwhile."""
    if any(comment.id == answer.comment.id and comment.reacted for comment in issue.comments):
        return
    keys = keys_said(issue, bot_accounts)
    for said in answer.said:
        if said.key not in keys:
            yield AddComment(issue.number, said.key, said.body)
    yield React(issue.number, answer.comment, answer.reaction)


def keys_said(issue: Issue, bot_accounts: frozenset[str]) -> frozenset[str]:
    """Keys of the comments we made: a marker in anybody else's comment is just text."""
    own = (comment.body for comment in issue.comments if comment.author and comment.author.login in bot_accounts)
    return frozenset(key for body in own if (key := key_of(body)))
