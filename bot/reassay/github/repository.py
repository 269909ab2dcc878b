"""A repository on GitHub: its state is read with one GraphQL query, and each write is one request."""

import base64
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from reassay.common.command_lines import command_lines
from reassay.common.errors import NotAllowedError, NotFoundError, RejectedError, UnavailableError
from reassay.github.client import Client
from reassay.github.drafts import CheckDraft, IssueChange, IssueDraft, Label, PullRequestDraft, StickyDraft
from reassay.github.mapping import (
    accounts,
    arrived_commit,
    comment,
    history,
    issue,
    newest_first,
    pull_request,
    repository,
)
from reassay.github.odd_answers import reads, writes
from reassay.github.protection_query import PROTECTION, protection
from reassay.github.pull_mapping import recent
from reassay.github.pull_queries import REACT
from reassay.github.pulls import Pulls
from reassay.github.queries import (
    ACCOUNTS_PER_LOOK,
    APPEND,
    COMMENTS,
    COMMIT_PULLS,
    COMMITS_PER_LOOK,
    ISSUES_PER_LOOK,
    accounts_query,
    commits_query,
    look_query,
)
from reassay.github.repository_state import (
    EMPTY_QUERY,
    ArrivedCommit,
    BotPullRequest,
    CompletedCheck,
    Issue,
    Notice,
    Pull,
    QueueEntry,
    RepositoryQuery,
    RepositoryState,
)
from reassay.github.section import nonces
from reassay.github.teams import read_team
from reassay.ledger.protection import Protection
from reassay.people.account import Comment

PULLS_PER_LOOK = 10


@dataclass(frozen=True, slots=True)
class GitHubRepository:
    """Reader and writer of one repository, the `GitHub` of the sweep."""

    client: Client
    full_name: str
    button: bool = False
    """Whether check runs get the button of the hosted App."""
    app: int | None = None
    """Id of the App that this program acts as, where it is known: our own check is asked for by App and name."""

    @reads
    def look(self, numbers: Collection[int], wanted: RepositoryQuery = EMPTY_QUERY) -> RepositoryState:
        """The state of the repository with the issues of these numbers.

        Requests: one for 50 issues, 100 accounts and 10 pull requests; one for each team and each further page.
        """
        asked = sorted(set(numbers))
        chunks: Sequence[Sequence[int]] = [
            asked[at : at + ISSUES_PER_LOOK] for at in range(0, len(asked), ISSUES_PER_LOOK)
        ] or [()]
        first = replace(wanted, logins=wanted.logins[:ACCOUNTS_PER_LOOK], pulls=wanted.pulls[:PULLS_PER_LOOK])
        looks = [self._look(chunk, first if index == 0 else EMPTY_QUERY) for index, chunk in enumerate(chunks)]
        looks += [
            self._look((), wanted.only_pulls(wanted.pulls[at : at + PULLS_PER_LOOK]))
            for at in range(PULLS_PER_LOOK, len(wanted.pulls), PULLS_PER_LOOK)
        ]
        teams = {name: team for name in wanted.teams if (team := read_team(self.client, name)) is not None}
        return replace(
            looks[0],
            issues={number: item for look in looks for number, item in look.issues.items()},
            pulls={number: pull for look in looks for number, pull in look.pulls.items()},
            accounts={**looks[0].accounts, **self._further_accounts(wanted.logins[ACCOUNTS_PER_LOOK:])},
            teams={name: team.members for name, team in teams.items()},
            team_ids={name: team.id for name, team in teams.items()},
        )

    def _further_accounts(self, logins: Sequence[str]) -> Mapping[str, int]:
        numbers: dict[str, int] = {}
        for at in range(0, len(logins), ACCOUNTS_PER_LOOK):
            some = logins[at : at + ACCOUNTS_PER_LOOK]
            numbers |= accounts(self.client.read_graphql(accounts_query(some), {}), some)
        return numbers

    def _look(self, numbers: Sequence[int], wanted: RepositoryQuery) -> RepositoryState:
        data = self.client.read_graphql(look_query(numbers, wanted, self.app), self._name())
        content = data["repository"]
        if not content:
            raise NotFoundError(
                "GitHub finds no repository of this name.",
                where=self.full_name,
                remedy="Check the name, and that the token may see it.",
            )
        dated = history(content, len(wanted.register) if wanted.since else 0)
        issues = {number: self._issue(content[f"i{number}"]) for number in numbers if content[f"i{number}"]}
        threads, checks = recent(content)
        return RepositoryState(
            viewer=_login(data["viewer"]),
            acting_app=self.app,
            repository=repository(content),
            issues=issues,
            accounts=accounts(data, wanted.logins),
            arrived=newest_first(self._arrived(commit, content) for commit in dated),
            pulls=self._pulls(content, wanted),
            open_pulls=self.pulls.open_numbers(content) if wanted.open_pulls else (),
            repository_node=str(content["id"]),
            closed_pulls=self.pulls.closed_numbers(content, wanted.closed_since) if wanted.closed_since else (),
            queue=self.pulls.queue(wanted.queue, content) if wanted.queue else (),
            recent=threads,
            recent_checks=checks,
        )

    @reads
    def arrived(self, commits: Sequence[str]) -> tuple[ArrivedCommit, ...]:
        """The pull requests that brought some commits of the default branch, with one request for 50 commits."""
        arrived: list[ArrivedCommit] = []
        for at in range(0, len(commits), COMMITS_PER_LOOK):
            some = commits[at : at + COMMITS_PER_LOOK]
            content = self.client.read_graphql(commits_query(some), self._name()).get("repository") or {}
            nodes = [node for index in range(len(some)) if (node := content[f"c{index}"])]
            if len(nodes) < len(some):
                raise UnavailableError(f"GitHub does not know of all {len(some)} commits yet.", remedy="Try again.")
            arrived += [self._arrived(node, content) for node in nodes]
        return tuple(arrived)

    def _arrived(self, commit: Mapping[str, Any], content: Mapping[str, Any]) -> ArrivedCommit:
        page = commit.get("associatedPullRequests") or {}
        pulls, after = list(page.get("nodes") or []), None
        if (page.get("pageInfo") or {}).get("hasNextPage"):
            pulls = []
            while True:
                variables = {**self._name(), "oid": str(commit["oid"]), "after": after}
                page = self.client.read_graphql(COMMIT_PULLS, variables)["repository"]["object"][
                    "associatedPullRequests"
                ]
                pulls += page["nodes"]
                if not page["pageInfo"]["hasNextPage"]:
                    break
                after = page["pageInfo"]["endCursor"]
        return arrived_commit(commit, pulls, str((content.get("defaultBranchRef") or {}).get("name")))

    @reads
    def protection(self) -> Protection:
        """What protects the default branch and the ledger's branch, with one request."""
        data, refused = self.client.read_parts(PROTECTION, self._name())
        return protection(data, refused)

    @reads
    def queue(self, branch: str) -> tuple[QueueEntry, ...]:
        """The merge queue of a branch in order; empty without one."""
        return self.pulls.queue(branch)

    @reads
    def own_checks(self, branch: str, commits: Sequence[str]) -> tuple[CompletedCheck, ...]:
        """Runs of our check for a base on some commits."""
        return self.pulls.own_checks(branch, commits)

    @property
    def pulls(self) -> Pulls:
        """The pull requests of the repository."""
        return Pulls(self.client, self.full_name, self.button, self.app)

    def _pulls(self, data: Mapping[str, Any], wanted: RepositoryQuery) -> Mapping[int, Pull]:
        rows = ((number, data[f"p{number}"]) for number in wanted.pulls)
        return {
            number: self.pulls.read(data, wanted.branch, with_pushers=wanted.pushers) for number, data in rows if data
        }

    @writes
    def publish(self, repository: str, check: CheckDraft, sticky: StickyDraft | None) -> None:
        """Publishes a check run and the comment of a pull request."""
        self.pulls.publish(repository, check, sticky)

    def _name(self) -> Mapping[str, str]:
        owner, _, name = self.full_name.partition("/")
        return {"owner": owner, "name": name}

    def _issue(self, data: Mapping[str, Any]) -> Issue:
        return issue(data, [comment(node) for node in self._comments(data)])

    def _comments(self, data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        page = data["comments"]
        yield from page["nodes"]
        while page["pageInfo"]["hasNextPage"]:
            variables = {**self._name(), "number": data["number"], "after": page["pageInfo"]["endCursor"]}
            page = self.client.read_graphql(COMMENTS, variables)["repository"]["issue"]["comments"]
            yield from page["nodes"]

    @reads
    def find_claims(self, wanted: Collection[str], since: datetime, authors: Collection[str]) -> Mapping[str, int]:
        """Issue numbers by the nonces of their sections, from issues updated since an instant. The lowest number counts."""
        numbers: dict[str, int] = {}
        for item in self._issues_since(since):
            user = item["user"] or {}
            if user.get("login") not in authors or "pull_request" in item:
                continue
            for nonce in set(nonces(item["body"] or "")) & set(wanted):
                numbers[nonce] = min(int(item["number"]), numbers.get(nonce, int(item["number"])))
        return numbers

    @reads
    def issues_with_commands(self, since: datetime) -> frozenset[int]:
        """Numbers of issues and pull requests with a command in a comment since an instant."""
        numbers: set[int] = set()
        page = 1
        while True:
            parameters = {"since": since.strftime("%Y-%m-%dT%H:%M:%SZ"), "per_page": 100, "page": page}
            rows = self.client.rows(self._path("issues/comments"), parameters)
            commands = (row for row in rows if command_lines(row["body"] or ""))
            numbers |= {int(str(command["issue_url"]).rsplit("/", 1)[1]) for command in commands}
            if len(rows) < 100:  # noqa: PLR2004 -- a page that is not full is the last
                return frozenset(numbers)
            page += 1

    def _issues_since(self, since: datetime) -> Iterator[Mapping[str, Any]]:
        page = 1
        while True:
            parameters = {
                "state": "all",
                "since": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "sort": "created",
                "direction": "asc",
                "per_page": 100,
                "page": page,
            }
            rows = self.client.rows(self._path("issues"), parameters)
            yield from rows
            if len(rows) < parameters["per_page"]:  # type: ignore[operator] # an int
                return
            page += 1

    def _path(self, rest: str) -> str:
        return f"/repos/{self.full_name}/{rest}"

    @writes
    def create_label(self, label: Label) -> None:
        """Creates a label, unless it exists."""
        body = {"name": label.name, "color": label.colour, "description": label.description}
        try:
            self.client.write("POST", self._path("labels"), body)
        except RejectedError as error:
            if ("name", "already_exists") not in error.codes:
                raise

    @writes
    def create_issue(self, draft: IssueDraft) -> int:
        """Creates an issue and returns its number; without assignees if GitHub rejects them, since the body names the driver."""
        body: dict[str, object] = {"title": draft.title, "body": draft.body, "labels": list(draft.labels)}
        with_people = {**body, "assignees": list(draft.assignees)} if draft.assignees else body
        try:
            answer = self.client.write("POST", self._path("issues"), with_people)
        except RejectedError as error:
            if not any(field == "assignees" for field, _ in error.codes):
                raise
            answer = self.client.write("POST", self._path("issues"), body)
        return int(answer["number"])

    @writes
    def change_issue(self, number: int, change: IssueChange) -> None:
        """Changes an issue with at most one request, and its labels with one for those added and for each one removed."""
        body: dict[str, object] = {}
        if change.title is not None:
            body["title"] = change.title
        if change.body is not None:
            body["body"] = change.body
        if change.is_open is True:
            body["state"] = "open"
        if change.is_open is False:
            body |= {"state": "closed", "state_reason": "completed" if change.completed else "not_planned"}
        if body:
            self.client.write("PATCH", self._path(f"issues/{number}"), body)
        if change.add_labels:
            self.client.write("POST", self._path(f"issues/{number}/labels"), {"labels": list(change.add_labels)})
        for name in change.remove_labels:
            self._remove_label(number, name)

    def _remove_label(self, number: int, name: str) -> None:
        try:
            self.client.write("DELETE", self._path(f"issues/{number}/labels/{_quoted(name)}"))
        except NotFoundError:
            return  # already removed

    @writes
    def comment(self, number: int, body: str) -> None:
        """Adds a comment to an issue or a pull request."""
        self.client.write("POST", self._path(f"issues/{number}/comments"), {"body": body})

    @writes
    def react(self, comment: Comment, content: str) -> None:
        """Adds a reaction to a comment or a review. GitHub keeps one if it is added twice."""
        if comment.is_review:
            self.client.graphql(REACT, {"input": {"subjectId": comment.node_id, "content": _REACTIONS[content]}})
            return
        self.client.write("POST", self._path(f"issues/comments/{comment.id}/reactions"), {"content": content})

    @reads
    def find_pull_request(self, branch: str) -> BotPullRequest | None:
        """The latest pull request from a branch of this repository; None without one."""
        owner = self.full_name.partition("/")[0]
        parameters = {
            "head": f"{owner}:{branch}",
            "state": "all",
            "sort": "created",
            "direction": "desc",
            "per_page": 1,
        }
        pulls = self.client.rows(self._path("pulls"), parameters)
        return pull_request(pulls[0]) if pulls else None

    @writes
    def create_pull_request(self, draft: PullRequestDraft) -> int:
        """Creates branch, commit and pull request, in this order; the next attempt removes the branch that a crash leaves."""
        reference = f"heads/{draft.branch}"
        self._delete_branch(reference)
        reference_data = {"ref": f"refs/{reference}", "sha": draft.base_commit}
        self.client.write("POST", self._path("git/refs"), reference_data)
        self.client.graphql(APPEND, self._one_file(draft))
        body = {"title": draft.title, "head": draft.branch, "base": draft.base, "body": draft.body}
        try:
            return int(self.client.write("POST", self._path("pulls"), body)["number"])
        except NotAllowedError:
            self._delete_branch(reference)
            raise

    def _one_file(self, draft: PullRequestDraft) -> Mapping[str, object]:
        addition = {"path": draft.path, "contents": base64.b64encode(draft.content.encode()).decode()}
        return {
            "input": {
                "branch": {"repositoryNameWithOwner": self.full_name, "branchName": draft.branch},
                "expectedHeadOid": draft.base_commit,
                "message": {"headline": draft.title},
                "fileChanges": {"additions": [addition]},
            }
        }

    def _delete_branch(self, reference: str) -> None:
        try:
            self.client.write("DELETE", self._path(f"git/refs/{reference}"))
        except (NotFoundError, RejectedError):
            return  # already deleted

    @writes
    def change_pull_request(self, number: int, title: str, body: str) -> None:
        """Changes title and body of a pull request."""
        self.client.write("PATCH", self._path(f"pulls/{number}"), {"title": title, "body": body})

    @reads
    def find_notice(self, marker: str, authors: Collection[str]) -> Notice | None:
        """The comment on a commit that begins with a marker and has one of these authors; None without one."""
        page = 1
        while True:
            rows = self.client.rows(self._path("comments"), {"per_page": 100, "page": page})
            for row in rows:
                if str(row["body"]).startswith(marker) and (row["user"] or {}).get("login") in authors:
                    return Notice(int(row["id"]), str(row["body"]))
            if len(rows) < 100:  # noqa: PLR2004 -- a page that is not full is the last
                return None
            page += 1

    @writes
    def create_notice(self, commit: str, body: str) -> int:
        """Adds a comment to a commit and returns its id."""
        return int(self.client.write("POST", self._path(f"commits/{commit}/comments"), {"body": body})["id"])

    @writes
    def change_notice(self, number: int, body: str) -> None:
        """Changes the body of a comment on a commit."""
        self.client.write("PATCH", self._path(f"comments/{number}"), {"body": body})


_REACTIONS = {"+1": "THUMBS_UP", "-1": "THUMBS_DOWN", "confused": "CONFUSED", "eyes": "EYES"}


def _login(viewer: Mapping[str, Any]) -> str:
    return str(viewer["login"])


def _quoted(name: str) -> str:
    return quote(name, safe="")
