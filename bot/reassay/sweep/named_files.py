"""Comments that hold commands, and the files that those commands name: both are read before anything is decided."""

from collections.abc import Iterator, Mapping

from reassay.commands.evidence import Evidence
from reassay.commands.registry import parse_comment
from reassay.github.repository_state import Comment, Issue

AT_ONCE = 10
"""So many commands of one comment are read."""


def unanswered(issue: Issue) -> tuple[Comment, ...]:
    """Comments by people that hold a command and carry no reaction of ours yet."""
    return tuple(
        each
        for each in issue.comments
        if not each.reacted and each.author and not each.author.is_bot and parse_comment(each.body)
    )


def files_named(issues: Mapping[int, Issue], commit: str) -> Iterator[tuple[str, str]]:
    """Files that unanswered commands speak of, as (path, commit); `commit` is the register's."""
    for issue in issues.values():
        for comment in unanswered(issue):
            for each in parse_comment(comment.body)[:AT_ONCE]:
                if isinstance(each, Evidence) and each.source and not each.source.digest:
                    yield each.source.locator, each.source.commit or commit
