"""GraphQL: pull requests, check runs and merge queues, as records become answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError

from reassay_sandbox.apps import App
from reassay_sandbox.graphql_suites import SuiteAnswers
from reassay_sandbox.pulls import HeadCommit, commits_of, head_of, test_merge, user_of
from reassay_sandbox.shapes import stamp
from reassay_sandbox.state import Reaction, Repo, SandboxIssue, Store, User

JSON = dict[str, Any]
Connection = Callable[..., JSON]


ORDERS: Mapping[str, Callable[[SandboxIssue], Any]] = {
    "COMMENTS": lambda issue: len(issue.comments),
    "CREATED_AT": lambda issue: issue.created_at,
    "UPDATED_AT": lambda issue: issue.updated_at,
}


def state_of(issue: SandboxIssue) -> str:
    """As GraphQL has it."""
    return "MERGED" if issue.pull and issue.pull.merged_at else issue.state.upper()


def in_order(
    repo: Repo, states: Sequence[str] | None, order: Mapping[str, str] | None, *, pulls: bool
) -> list[SandboxIssue]:
    """Issues, or pull requests; the oldest first, unless something else is asked for."""
    every = sorted(repo.issues.values(), key=lambda issue: issue.number)
    chosen = [
        issue for issue in every if (issue.pull is not None) is pulls and (not states or state_of(issue) in states)
    ]
    if order is None:
        return chosen
    return sorted(chosen, key=ORDERS[order["field"]], reverse=order["direction"] == "DESC")


@dataclass(frozen=True, slots=True)
class PullAnswers:
    """Answers about one repository's pull requests."""

    store: Store
    repo: Repo
    base: str
    connection: Connection
    user: Callable[[User | None], JSON | None]
    issue: Callable[[Repo, SandboxIssue], JSON]
    groups: Callable[[Sequence[Reaction]], list[JSON]]
    apps: Mapping[int, App] = field(default_factory=dict)

    @property
    def suites(self) -> SuiteAnswers:
        """Answers about check suites."""
        return SuiteAnswers(self.repo, self.apps, self.connection)

    def pull(self, number: int) -> JSON:
        """Raises GraphQLError for one that is not there."""
        issue = self.repo.issues.get(number)
        if issue is None or issue.pull is None:
            raise GraphQLError(
                f"Could not resolve to a PullRequest with the number of {number}.", extensions={"type": "NOT_FOUND"}
            )
        return self._pull(issue)

    def listed(self, states: Sequence[str] | None, order: Mapping[str, str] | None, **page: Any) -> JSON:  # noqa: ANN401 -- arguments of a connection
        """Only those of the page are worked out."""
        connection: JSON = self.connection(in_order(self.repo, states, order, pulls=True), **page)
        return connection | {"nodes": [self._pull(issue) for issue in connection["nodes"]]}

    def _pull(self, issue: SandboxIssue) -> JSON:
        pull, repo = issue.pull, self.repo
        if pull is None:
            raise LookupError(issue.number)
        fork = pull.fork or repo
        base = repo.git.head(pull.base)
        owner = self.store.users.get(fork.owner.lower())
        return {
            **self.issue(repo, issue),
            "id": f"PR_{issue.id}",
            "__typename": "PullRequest",
            "state": state_of(issue),
            "url": f"{self.base}/{repo.full_name}/pull/{issue.number}",
            "isDraft": pull.is_draft,
            "isCrossRepository": pull.fork is not None,
            "merged": pull.merged_at is not None,
            "mergeable": lambda _info: test_merge(repo, issue)[0],
            "baseRefName": pull.base,
            "headRefName": pull.head,
            "headRefOid": head_of(repo, issue),
            "baseRef": {"name": pull.base, "target": self._commit(base)} if base else None,
            "headRepositoryOwner": (self.user(owner) if owner else {"__typename": "Organization", "login": fork.owner}),
            "potentialMergeCommit": lambda _info: self._test_merge(issue),
            "mergeCommit": self._commit(pull.merge_commit) if pull.merge_commit else None,
            "mergedBy": self.user(pull.merged_by) if pull.merged_by else None,
            "latestOpinionatedReviews": lambda _info, **page: self.connection(self._opinions(issue), **page),
            "mergedAt": stamp(pull.merged_at) if pull.merged_at else None,
            "isInMergeQueue": any(queued.pull == issue.number for queued in repo.queue),
            "reviews": lambda _info, states=None, **page: self.connection(self._reviews(issue, states), **page),
            "commits": lambda _info, **page: self.connection(self._commits(issue), **page),
            "timelineItems": lambda _info, itemTypes=None, **page: self.connection(  # noqa: N803 -- GitHub's name
                self._forced(issue) if itemTypes == ["HEAD_REF_FORCE_PUSHED_EVENT"] else [], **page
            ),
        }

    def _test_merge(self, issue: SandboxIssue) -> JSON | None:
        state, commit = test_merge(self.repo, issue)
        if state != "MERGEABLE" or commit is None or issue.pull is None:
            return None
        parents = self.repo.git.run("rev-parse", f"{commit}^@").decode().split()
        return {
            **self._commit(commit),
            "parents": lambda _info, **page: self.connection([self._commit(parent) for parent in parents], **page),
        }

    def _reviews(self, issue: SandboxIssue, states: list[str] | None) -> list[JSON]:
        return [
            {
                "id": f"PRR_{review.id}",
                "body": review.body,
                "lastEditedAt": None,
                "editor": None,
                "reactionGroups": self.groups(review.reactions),
                "databaseId": review.id,
                "state": review.state,
                "submittedAt": stamp(review.at),
                "author": self.user(review.author),
                "commit": self._commit(review.commit),
            }
            for review in (issue.pull.reviews if issue.pull else [])
            if not states or review.state in states
        ]

    def _opinions(self, issue: SandboxIssue) -> list[JSON]:
        """Each person's latest review that approves, requests changes, or was dismissed."""
        opinions = self._reviews(issue, ["APPROVED", "CHANGES_REQUESTED", "DISMISSED"])
        return list({review["author"]["login"]: review for review in opinions}.values())

    def _commits(self, issue: SandboxIssue) -> list[JSON]:
        """As GitHub lists them: 250 at most."""
        commits = list(commits_of(self.repo, issue))
        return [{"commit": self._head_commit(issue, commit)} for commit in commits]

    def heads(self, issue: SandboxIssue) -> list[JSON]:
        """The head alone: of a merged one GitHub still knows it."""
        return [{"commit": self._commit(head_of(self.repo, issue))}]

    def _head_commit(self, issue: SandboxIssue, head_commit: HeadCommit) -> JSON:
        people = [{"email": email, "user": self.user(user_of(self.store, email))} for email in head_commit.emails]
        proved = head_commit.oid in self.repo.verified
        signer = user_of(self.store, head_commit.emails[0])
        signature = {
            "__typename": "GpgSignature",
            "isValid": True,
            "wasSignedByGitHub": False,
            "signer": self.user(signer) if signer else None,
        }
        return {
            **self._commit(head_commit.oid),
            "authors": lambda _info, **page: self.connection(people, **page),
            "signature": signature if proved else None,
            "associatedPullRequests": lambda _info, **page: self.connection(
                self._associated(head_commit.oid, issue), **page
            ),
        }

    def _associated(self, oid: str, issue: SandboxIssue) -> list[JSON]:
        """Pull requests whose head it is; GitHub lists those, too, that only contain it."""
        pulls = [issue, *(pull for pull in self.repo.issues.values() if pull.pull and pull is not issue)]
        return [
            {
                "number": pull.number,
                "state": "MERGED" if pull.pull.merged_at else pull.state.upper(),
                "baseRefName": pull.pull.base,
                "headRefOid": head_of(self.repo, pull),
                "merged": pull.pull.merged_at is not None,
            }
            for pull in pulls
            if pull.pull and head_of(self.repo, pull) == oid
        ]

    def _forced(self, issue: SandboxIssue) -> list[JSON]:
        return [
            {
                "__typename": "HeadRefForcePushedEvent",
                "createdAt": stamp(at),
                "actor": self.user(actor),
                "beforeCommit": self._commit(before),
            }
            for at, actor, before, _ in (issue.pull.forced if issue.pull else [])
        ]

    def _commit(self, oid: str | None) -> JSON:
        return {
            "__typename": "Commit",
            "oid": oid,
            "url": f"{self.base}/{self.repo.full_name}/commit/{oid}",
            **self.checked(str(oid)),
        }

    def checked(self, oid: str) -> JSON:
        """The check suites of a commit."""
        return {
            "checkSuites": lambda _info, filterBy=None, **page: self.connection(  # noqa: N803 -- GitHub's name
                self.suites.suites(oid, filterBy), **page
            ),
        }

    def queue(self, branch: str) -> JSON | None:
        """None where no queue was ever used."""
        own = [queued for queued in self.repo.queue if queued.base == branch]
        entries = [
            {
                "position": position,
                "headCommit": self._commit(queued.group) if queued.group and queued.is_shown else None,
                "pullRequest": self._pull(self.repo.issues[queued.pull]),
            }
            for position, queued in enumerate(own, 1)
        ]
        return {"entries": lambda _info, **page: self.connection(entries, **page)}
