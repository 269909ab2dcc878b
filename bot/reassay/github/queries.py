"""GraphQL documents for repositories, issues, teams, accounts and the ledger."""

import json
from collections.abc import Sequence

from reassay.github.drafts import LABELS, REASSESSMENT
from reassay.github.own_checks import OwnCheck
from reassay.github.pull_queries import (
    AUTHORED,
    OPEN_PULLS,
    PULL,
    QUEUE_ENTRIES,
    RECENT,
    RECENT_ISSUE,
    RECENT_PULL,
    RECENT_PULLS,
    RECENTLY_CLOSED,
    REMARK,
    REVIEW,
)
from reassay.github.repository_state import EMPTY_QUERY, RepositoryQuery

ISSUES_PER_LOOK = 50

_ISSUE = """
fragment issue on Issue {
  number title body state locked url lastEditedAt editor { __typename login }
  author { login __typename ... on User { databaseId } ... on Bot { databaseId } }
  labels(first: 100) { nodes { name } }
  assignees(first: 20) { nodes { login } }
  comments(first: 100) { pageInfo { hasNextPage endCursor } nodes { ...comment } }
  timelineItems(last: 20, itemTypes: [CLOSED_EVENT, REOPENED_EVENT]) {
    nodes {
      __typename
      ... on ClosedEvent { createdAt actor { __typename login } }
      ... on ReopenedEvent { createdAt actor { __typename login } }
    }
  }
}
"""

COMMENT = """
fragment comment on IssueComment {
  id databaseId body createdAt lastEditedAt
  author { login __typename ... on User { databaseId } ... on Bot { databaseId } }
  editor { __typename login }
  reactionGroups { viewerHasReacted }
}
"""

_REPOSITORY = """
    id databaseId nameWithOwner isPrivate isArchived hasIssuesEnabled url
    defaultBranchRef { name HISTORY}
    ledger: ref(qualifiedName: "refs/heads/reassay-ledger") { target { oid } }
"""
# By name: a repository may have more labels than a page holds.
_LABELS = "\n".join(
    f"    l{index}: label(name: {json.dumps(label.name)}) {{ name }}" for index, label in enumerate(LABELS)
)


ACCOUNTS_PER_LOOK = 100
COMMITS_PER_LOOK = 50
_CAME_BY = """oid committedDate
        committer { user { databaseId } }
        associatedPullRequests(first: 25) { pageInfo { hasNextPage } nodes { number merged baseRefName } }"""
_COMMITS = """h{index}: history(first: {count}, since: {since}, path: {path}) {{
      nodes {{
        {came_by}
      }}
    }}"""
_COMMIT = """    c{index}: object(oid: {oid}) {{ ... on Commit {{
        {came_by}
    }} }}"""
COMMIT_PULLS = """
query CommitPulls($owner: String!, $name: String!, $oid: GitObjectID!, $after: String) {
  repository(owner: $owner, name: $name) {
    object(oid: $oid) {
      ... on Commit {
        associatedPullRequests(first: 100, after: $after) {
          pageInfo { hasNextPage endCursor } nodes { number merged baseRefName }
        }
      }
    }
  }
}
"""


def _history(wanted: RepositoryQuery) -> str:
    """The part for commits on the default branch to the paths of the query; empty without paths."""
    if wanted.since is None or not wanted.register:
        return ""
    since = json.dumps(wanted.since.strftime("%Y-%m-%dT%H:%M:%SZ"))
    parts = [
        _COMMITS.format(
            index=index,
            count=COMMITS_PER_LOOK,
            since=since,
            path=json.dumps(path),
            came_by=_CAME_BY,
        )
        for index, path in enumerate(wanted.register)
    ]
    return f"target {{ ... on Commit {{ {' '.join(parts)} }} }} "


def commits_query(oids: Sequence[str]) -> str:
    """A query for the pull requests of some commits, by their ids."""
    commits = "\n".join(
        _COMMIT.format(index=index, oid=json.dumps(oid), came_by=_CAME_BY) for index, oid in enumerate(oids)
    )
    return (
        "query Commits($owner: String!, $name: String!) {\n"
        f"  repository(owner: $owner, name: $name) {{ defaultBranchRef {{ name }}\n{commits}\n  }}\n}}\n"
    )


def accounts_query(logins: Sequence[str]) -> str:
    """A query for account ids. Logins were checked before and have only letters, digits and dashes."""
    return f"query Accounts {{\n{_accounts(logins)}\n}}"


def _accounts(logins: Sequence[str]) -> str:
    return "\n".join(
        f"  u{index}: user(login: {json.dumps(name)}) {{ databaseId }}" for index, name in enumerate(logins)
    )


TEAM = """
query Team($organisation: String!, $team: String!, $after: String) {
  organization(login: $organisation) {
    team(slug: $team) {
      databaseId
      members(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { login databaseId } }
    }
  }
}
"""


_LABELLED = {"labelled": f"labels: [{json.dumps(REASSESSMENT.name)}], ", "any": ""}


def look_query(numbers: Sequence[int], wanted: RepositoryQuery = EMPTY_QUERY, app: int | None = None) -> str:
    """A query for the repository's state with up to ISSUES_PER_LOOK issues, by number; `app` is the id of our App."""
    issues = "\n".join(f"    i{number}: issue(number: {number}) {{ ...issue }}" for number in numbers)
    pulls = "\n".join(f"    p{number}: pullRequest(number: {number}) {{ ...pull }}" for number in wanted.pulls)
    has_checks = bool(wanted.pulls or wanted.queue or wanted.recent_pulls)
    fragments = (
        (_ISSUE if numbers else "")
        + (COMMENT if numbers or wanted.pulls or wanted.recent or wanted.recent_pulls else "")
        + (PULL + AUTHORED + REVIEW + REMARK if wanted.pulls else "")
        + (RECENT_ISSUE if wanted.recent else "")
        + (RECENT_PULL if wanted.recent_pulls else "")
        + (OwnCheck(wanted.queue or wanted.branch, app).fragment() if has_checks else "")
    )
    repository = _REPOSITORY.replace("HISTORY", _history(wanted))
    repository += OPEN_PULLS if wanted.open_pulls else ""
    repository += RECENTLY_CLOSED if wanted.closed_since else ""
    repository += RECENT.format(labels=_LABELLED[wanted.recent]) if wanted.recent else ""
    repository += RECENT_PULLS if wanted.recent_pulls else ""
    repository += QUEUE_ENTRIES.format(branch=json.dumps(wanted.queue), after="") if wanted.queue else ""
    return (
        "query Look($owner: String!, $name: String!) {\n"
        "  viewer { login }\n"
        f"{_accounts(wanted.logins)}\n"
        f"  repository(owner: $owner, name: $name) {{{repository}{_LABELS}\n{issues}\n{pulls}\n  }}\n}}\n{fragments}"
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
    + COMMENT
)

APPEND = """
mutation Append($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}
"""
