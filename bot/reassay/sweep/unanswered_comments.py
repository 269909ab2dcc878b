"""Comments that hold commands, and the files that those commands name: both are read before anything is decided."""

from collections.abc import Iterator, Mapping

from reassay.commands.evidence import Evidence
from reassay.commands.registry import parse_comment
from reassay.github.repository_state import Issue
from reassay.people.account import Comment

AT_ONCE = 10
"""Commands of one comment that are read; the rest are refused."""


def unanswered(issue: Issue) -> tuple[Comment, ...]:
    """Comments by people that hold a command and carry no reaction of ours yet."""
    return tuple(
        comment
        for comment in issue.comments
        if not comment.reacted and comment.author and not comment.author.is_bot and parse_comment(comment.body)
    )


def files_named(issues: Mapping[int, Issue], commit: str) -> Iterator[tuple[str, str]]:
    """Files that unanswered commands speak of, as (path, commit); `commit` is the register's."""
    for issue in issues.values():
        for comment in unanswered(issue):
            for command in parse_comment(comment.body)[:AT_ONCE]:
                if isinstance(command, Evidence) and command.source and not command.source.digest:
                    yield command.source.locator, command.source.commit or commit
