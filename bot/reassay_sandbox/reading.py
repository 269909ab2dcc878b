"""What a token may read, by its permissions: as GitHub refuses it, not only what it may write.

(GitHub's documentation: "Permissions required for GitHub Apps". What it does not say is what was seen there: the merge queue
needs `merge_queues`, in public repositories too, and the token of a workflow never has it.)
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from reassay_sandbox.state import Repo, Token

EITHER = ("issues", "pull_requests")
"""Issues and pull requests share numbers, labels and comments: GitHub takes either permission for those."""
FIELDS: Mapping[str, tuple[str, ...]] = {
    "defaultBranchRef": ("contents",),
    "ref": ("contents",),
    "object": ("contents",),
    "label": EITHER,
    "labels": EITHER,
    "issue": ("issues",),
    "issues": ("issues",),
    "pullRequest": ("pull_requests",),
    "pullRequests": ("pull_requests",),
    "mergeQueue": ("merge_queues",),
}
"""Fields of a repository in GraphQL, with the permission that reading them needs."""
NODES: Mapping[str, tuple[str, ...]] = {"I": ("issues",), "PR": ("pull_requests",), "CS": ("checks",)}
"""The same for objects by the start of their id."""
ROUTES = (
    (r"/issues.*|/labels", EITHER),
    (r"/pulls.*", ("pull_requests",)),
    (r"/git/.*|/branches|/activity|/comments", ("contents",)),
)
"""The same for routes below a repository. Those of its settings have their own."""
ALWAYS = ("merge_queues",)
"""A permission that a public repository needs as well."""


def may_read(token: Token, repo: Repo, accepted: tuple[str, ...]) -> bool:
    """Whether a token may read what one of these permissions shows, of a repository that it opens."""
    if token.through is not None or (not repo.is_private and accepted != ALWAYS):
        # A person reads what they may read; what is public, everybody.
        return True
    return any(name in token.permissions for name in accepted)


def guarded(fields: dict[str, Any], token: Token, repo: Repo, refuse: Callable[[], Exception]) -> dict[str, Any]:
    """The fields of a repository; those that the token may not read raise."""

    def refused(*_arguments: object, **_named: object) -> None:
        raise refuse()

    return {
        name: value if name not in FIELDS or may_read(token, repo, FIELDS[name]) else refused
        for name, value in fields.items()
    }


def permissions_of(template: str) -> tuple[str, ...] | None:
    """Permissions, one of which reading a route below a repository needs; None for `metadata`, or the route's own affair."""
    path = template.removeprefix("/repos/{owner}/{repo}")
    return next((permission for pattern, permission in ROUTES if re.fullmatch(pattern, path)), None)
