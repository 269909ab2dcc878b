"""The GraphQL documents this program sends, and nothing else."""

import json
from collections.abc import Sequence

from bot.rendering.labels import DECLARED

ISSUES_PER_LOOK = 50
COMMENTS_PER_PAGE = 100

_ISSUE = """
fragment issue on Issue {
  number title body state url
  author { login __typename ... on User { databaseId } ... on Bot { databaseId } }
  labels(first: 100) { nodes { name } }
  assignees(first: 20) { nodes { login } }
  comments(first: 100) { pageInfo { hasNextPage endCursor } nodes { ...comment } }
  timelineItems(last: 20, itemTypes: [CLOSED_EVENT, REOPENED_EVENT]) {
    nodes {
      __typename
      ... on ClosedEvent { createdAt actor { login } }
      ... on ReopenedEvent { createdAt actor { login } }
    }
  }
}
"""

_COMMENT = """
fragment comment on IssueComment {
  id databaseId body createdAt lastEditedAt
  author { login __typename ... on User { databaseId } ... on Bot { databaseId } }
  editor { login }
  reactionGroups { viewerHasReacted }
}
"""

_REPOSITORY = """
    databaseId nameWithOwner isPrivate isArchived url
    defaultBranchRef { name }
    ledger: ref(qualifiedName: "refs/heads/reassay-ledger") { target { oid } }
"""
# By name: a repository may have more labels than a page holds.
_LABELS = "\n".join(
    f"    l{index}: label(name: {json.dumps(label.name)}) {{ name }}" for index, label in enumerate(DECLARED)
)


def look_query(numbers: Sequence[int]) -> str:
    """One look: the repository and up to ISSUES_PER_LOOK issues, by number. Numbers are ours, so they are safe here."""
    issues = "\n".join(f"    i{number}: issue(number: {number}) {{ ...issue }}" for number in numbers)
    fragments = f"{_ISSUE}{_COMMENT}" if numbers else ""
    return (
        "query Look($owner: String!, $name: String!) {\n"
        "  viewer { login }\n"
        f"  repository(owner: $owner, name: $name) {{{_REPOSITORY}{_LABELS}\n{issues}\n  }}\n}}\n{fragments}"
    )


COMMENTS = (
    """
query Comments($owner: String!, $name: String!, $number: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) {
      comments(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { ...comment } }
    }
  }
}
"""
    + _COMMENT
)

APPEND = """
mutation Append($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}
"""
