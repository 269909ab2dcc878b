"""GraphQL documents for pull requests, check runs and merge queues."""

CHECK_PREFIX = "reassay/"

PULL = """
fragment pull on PullRequest {
  id number title body state url isDraft isCrossRepository mergeable merged
  author { login __typename ... on User { databaseId } ... on Bot { databaseId } }
  labels(first: 1) { nodes { name } }
  assignees(first: 1) { nodes { login } }
  baseRefName headRefName headRefOid
  baseRef { target { oid } }
  headRepositoryOwner { login __typename ... on User { databaseId } }
  potentialMergeCommit { oid parents(first: 2) { nodes { oid } } }
  mergeCommit { oid }
  mergedBy { ... on User { databaseId } ... on Bot { databaseId } }
  comments(first: 100) { pageInfo { hasNextPage endCursor } nodes { ...comment } }
  reviews(last: 100, states: [APPROVED]) {
    nodes {
      databaseId submittedAt commit { oid }
      author { login __typename ... on User { databaseId } ... on Bot { databaseId } }
    }
  }
  commits(first: 100) { totalCount pageInfo { hasNextPage endCursor } nodes { commit { ...authored } } }
  heads: commits(last: 5) { nodes { commit { ...checked } } }
  tip: commits(last: 1) {
    nodes {
      commit { associatedPullRequests(first: 20) { nodes { number state baseRefName headRefOid } } }
    }
  }
  pushed: timelineItems(last: 10, itemTypes: [HEAD_REF_FORCE_PUSHED_EVENT]) {
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
  number title body state url lastEditedAt editor { login }
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

AUTHORED = """
fragment authored on Commit {
  oid
  authors(first: 20) { totalCount nodes { user { databaseId } } }
  signature { isValid wasSignedByGitHub signer { databaseId } }
}
"""

CHECKED = """
fragment checked on Commit {
  oid
  checkSuites(last: 20) {
    nodes {
      app { slug }
      checkRuns(last: 20, filterBy: { checkType: ALL, status: COMPLETED }) {
        nodes { databaseId name conclusion completedAt externalId }
      }
    }
  }
}
"""

VERDICT = """
fragment verdict on Commit {
  oid
  checkSuites(last: 5) {
    nodes {
      app { slug }
      checkRuns(last: 5, filterBy: { checkType: LATEST, status: COMPLETED }) {
        nodes { databaseId name conclusion completedAt externalId }
      }
    }
  }
}
"""

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

QUEUE = """
    mergeQueue(branch: {branch}) {{
      entries(first: 100) {{ nodes {{ position headCommit {{ ...checked }} pullRequest {{ number headRefOid }} }} }}
    }}
"""

_CHECK = """  check: createCheckRun(input: $check) { checkRun { id } }
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
