"""Comments that steps suggest: in the issue of a mitigation, or in a pull request."""

from collections.abc import Callable

from reassay_sandbox.demo.environment import DemoEnvironment
from reassay_sandbox.demo.facts import open_issue, pull_from
from reassay_sandbox.demo.tours.tour_step import SuggestedComment

Comments = Callable[[DemoEnvironment], tuple[SuggestedComment, ...]]


def in_issue_of(subject: str, *rows: tuple[str, str]) -> Comments:
    """`rows` of an account and a text, for the open re-assessment of a mitigation; none while there is none."""

    def comments(demo: DemoEnvironment) -> tuple[SuggestedComment, ...]:
        issue = open_issue(demo, subject)
        return tuple(SuggestedComment(who, issue.number, text) for who, text in rows) if issue else ()

    return comments


def in_pull_from(branch: str, *rows: tuple[str, str]) -> Comments:
    """`rows` of an account and a text, for the pull request from a branch; none while there is none."""

    def comments(demo: DemoEnvironment) -> tuple[SuggestedComment, ...]:
        pull = pull_from(demo, branch)
        return tuple(SuggestedComment(who, pull.number, text) for who, text in rows) if pull else ()

    return comments
