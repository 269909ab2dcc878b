"""GraphQL documents for pull requests, check runs and merge queues."""

import json

CHECK_PREFIX = "reassay/"

PULL = """
fragment pull on PullRequest {
  id number title body state locked url isDraft isCrossRepository mergeable merged
  author { login __typename ... on User { databaseId } ... on Bot { databaseId } }
  labels(first: 1) { nodes { name } }
  assignees(first: 1) { nodes { login } }
  baseRefName headRefName headRefOid
  baseRef { target { oid } }
  headRepositoryOwner { login __typename ... on User { databaseId } }
  potentialMergeCommit { oid parents(first: 2) { nodes { oid } } }
  mergeCommit { ...checked }
  mergedBy { ... on User { databaseId } ... on Bot { databaseId } }
  mergedAt isInMergeQueue
  comments(first: 100) { pageInfo { hasNextPage endCursor } nodes { ...comment } }
  reviews: latestOpinionatedReviews(first: 100) { pageInfo { hasNextPage endCursor } nodes { ...review } }
  remarks: reviews(first: 100, states: [APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED]) {
    pageInfo { hasNextPage endCursor } nodes { ...remark }
  }
  commits(first: 100) { totalCount pageInfo { hasNextPage endCursor } nodes { commit { ...authored } } }
  heads: commits(last: 5) { nodes { commit { ...checked } } }
  tip: commits(last: 1) {
    nodes {
      commit { associatedPullRequests(first: 50) {
        pageInfo { hasNextPage } nodes { number state baseRefName headRefOid }
      } }
    }
  }
  pushed: timelineItems(last: 10, itemTypes: [HEAD_REF_FORCE_PUSHED_EVENT]) {
    pageInfo { hasPreviousPage startCursor }
    nodes { __typename ... on HeadRefForcePushedEvent { beforeCommit { ...checked } } }
  }
}
"""

RECENT = """
    opened: issues({labels}first: 10, orderBy: {{field: CREATED_AT, direction: DESC}}) {{ nodes {{ ...recentIssue }} }}
    changed: issues({labels}first: 10, orderBy: {{field: UPDATED_AT, direction: DESC}}) {{ nodes {{ ...recentIssue }} }}
"""
RECENT_PULLS = """
    recentPulls: pullRequests(first: 10, orderBy: {field: UPDATED_AT, direction: DESC}) { nodes { ...recentPull } }
"""
_THREAD = """
  number title body state url lastEditedAt editor { __typename login }
  author { login __typename ... on User { databaseId } ... on Bot { databaseId } }
  comments(last: 10) { nodes { ...comment } }"""
RECENT_ISSUE = f"""
fragment recentIssue on Issue {{{_THREAD}
}}
"""
RECENT_PULL = f"""
fragment recentPull on PullRequest {{{_THREAD}
  tip: commits(last: 1) {{ nodes {{ commit {{ ...checked }} }} }}
}}
"""

PULL_PUSHES = """
query PullPushes($owner: String!, $name: String!, $number: Int!, $before: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      pushed: timelineItems(last: 100, before: $before, itemTypes: [HEAD_REF_FORCE_PUSHED_EVENT]) {
        pageInfo { hasPreviousPage startCursor }
        nodes { __typename ... on HeadRefForcePushedEvent { beforeCommit { oid } } }
      }
    }
  }
}
"""

AUTHORED = """
fragment authored on Commit {
  oid
  authors(first: 20) { totalCount nodes { user { databaseId } } }
  signature { isValid wasSignedByGitHub signer { databaseId } }
}
"""

REVIEW = """
fragment review on PullRequestReview {
  databaseId state submittedAt commit { oid }
  author { login __typename ... on User { databaseId } ... on Bot { databaseId } }
}
"""

REMARK = """
fragment remark on PullRequestReview {
  id databaseId body createdAt: submittedAt lastEditedAt
  author { login __typename ... on User { databaseId } ... on Bot { databaseId } }
  editor { __typename login }
  reactionGroups { viewerHasReacted }
}
"""

PULL_REMARKS = (
    """
query PullRemarks($owner: String!, $name: String!, $number: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      remarks: reviews(first: 100, after: $after, states: [APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED]) {
        pageInfo { hasNextPage endCursor } nodes { ...remark }
      }
    }
  }
}
"""
    + REMARK
)

PULL_REVIEWS = (
    """
query PullReviews($owner: String!, $name: String!, $number: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviews: latestOpinionatedReviews(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor } nodes { ...review }
      }
    }
  }
}
"""
    + REVIEW
)

PULL_COMMENTS = """
query PullComments($owner: String!, $name: String!, $number: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      comments(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { ...comment } }
    }
  }
}
"""

PULL_COMMITS = (
    """
query PullCommits($owner: String!, $name: String!, $number: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      commits(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { commit { ...authored } } }
    }
  }
}
"""
    + AUTHORED
)

OPEN_PULLS = """
    openPulls: pullRequests(states: OPEN, first: 100) { pageInfo { hasNextPage endCursor } nodes { number } }
"""

MORE_OPEN_PULLS = """
query OpenPulls($owner: String!, $name: String!, $after: String!) {
  repository(owner: $owner, name: $name) {
    openPulls: pullRequests(states: OPEN, first: 100, after: $after) {
      pageInfo { hasNextPage endCursor } nodes { number }
    }
  }
}
"""

QUEUE_ENTRIES = """
    mergeQueue(branch: {branch}) {{
      entries(first: 100{after}) {{
        pageInfo {{ hasNextPage endCursor }}
        nodes {{ position headCommit {{ ...checked }} pullRequest {{ number headRefOid }} }}
      }}
    }}
"""
RECENTLY_CLOSED = """
    closedPulls: pullRequests(states: [CLOSED, MERGED], first: 50, orderBy: { field: UPDATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor } nodes { number updatedAt }
    }
"""
MORE_RECENTLY_CLOSED = """
query ClosedPulls($owner: String!, $name: String!, $after: String!) {
  repository(owner: $owner, name: $name) {
    closedPulls: pullRequests(
      states: [CLOSED, MERGED], first: 50, after: $after, orderBy: { field: UPDATED_AT, direction: DESC }
    ) { pageInfo { hasNextPage endCursor } nodes { number updatedAt } }
  }
}
"""


def queue_query(branch: str, checked: str, after: str | None = None) -> str:
    """A query for a page of the merge queue of a branch; `checked` is the fragment for its checks."""
    more = f", after: {json.dumps(after)}" if after else ""
    entries = QUEUE_ENTRIES.format(branch=json.dumps(branch), after=more)
    return (
        "query Queue($owner: String!, $name: String!) {\n"
        f"  repository(owner: $owner, name: $name) {{{entries}  }}\n}}\n{checked}"
    )


_CHECK = """  check: createCheckRun(input: $check) { checkRun { id } }
"""
REACT = """
mutation React($input: AddReactionInput!) { addReaction(input: $input) { clientMutationId } }
"""
_ADD = """  sticky: addComment(input: $comment) { clientMutationId }
"""
_UPDATE = """  sticky: updateIssueComment(input: $comment) { clientMutationId }
"""
ANNOTATE = """
mutation Annotate($check: UpdateCheckRunInput!) { check: updateCheckRun(input: $check) { checkRun { id } } }
"""


def publish_document(comment: str | None) -> str:
    """A mutation for a check run, and for a comment if `comment` is `add` or `update`."""
    kinds = {"add": ("AddCommentInput", _ADD), "update": ("UpdateIssueCommentInput", _UPDATE)}
    more, field = kinds.get(comment or "", ("", ""))
    variables = f", $comment: {more}!" if more else ""
    return f"mutation Publish($check: CreateCheckRunInput!{variables}) {{\n{_CHECK}{field}}}"
