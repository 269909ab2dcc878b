"""GraphQL over a small schema of ours, whose names and types are GitHub's."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLResolveInfo,
    execute_sync,
)

from reassay_sandbox.actions import SandboxActions
from reassay_sandbox.gitstore import GitError
from reassay_sandbox.graphql_checks import Publishing
from reassay_sandbox.graphql_documents import SCHEMA, document_of, faults_of
from reassay_sandbox.graphql_files import named_object
from reassay_sandbox.graphql_pages import page_of
from reassay_sandbox.graphql_pulls import PullAnswers, in_order
from reassay_sandbox.graphql_settings import protected
from reassay_sandbox.judge import Judge
from reassay_sandbox.metering import Meter
from reassay_sandbox.reading import NODES, guarded, may_read
from reassay_sandbox.shapes import stamp
from reassay_sandbox.state import (
    Reaction,
    Repo,
    SandboxComment,
    SandboxEvent,
    SandboxIssue,
    SandboxPull,
    Store,
    Token,
    User,
)

Info = GraphQLResolveInfo[Any]
CONTENT = {
    "+1": "THUMBS_UP",
    "-1": "THUMBS_DOWN",
    "laugh": "LAUGH",
    "hooray": "HOORAY",
    "confused": "CONFUSED",
    "heart": "HEART",
    "rocket": "ROCKET",
    "eyes": "EYES",
}
JSON = dict[str, Any]


@dataclass(slots=True)
class GraphQL:
    """Answers documents for one token."""

    store: Store
    actions: SandboxActions
    token: Token
    base: str
    judge: Judge
    meter: Meter
    stale_head: bool = False

    def _publishing(self) -> Publishing:
        return Publishing(self.store, self.actions, self.judge, self.token)

    def _pulls(self, repo: Repo) -> PullAnswers:
        return PullAnswers(
            self.store, repo, self.base, page_of, self._user, self._thread, self._groups, self.actions.apps
        )

    def answer(self, body: bytes) -> tuple[JSON, list[str]]:
        """The answer, and complaints about the document."""
        data = json.loads(body)
        try:
            document = document_of(data["query"])
        except GraphQLError as error:
            return {"errors": [{"message": error.message}]}, [f"GraphQL: {error.message}"]
        if faults := faults_of(data["query"]):
            return {"errors": [{"message": fault} for fault in faults]}, [f"GraphQL: {fault}" for fault in faults]
        root = {
            # As the viewer an App is called by its whole name, as an author by its slug.
            "viewer": {"__typename": "User", "login": self.token.user.login, "databaseId": self.token.user.id},
            "repository": self._repository,
            "node": lambda _info, id: self._nodes(_info, [id])[0],  # noqa: A006 -- GitHub's name
            "nodes": self._nodes,
            "user": self._account,
            "organization": self._organization,
            "createCommitOnBranch": self._commit,
            "createCheckRun": lambda _info, input: self._publishing().create_check(input),  # noqa: A006 -- GitHub's name
            "updateCheckRun": lambda _info, input: self._publishing().update_check(input),  # noqa: A006 -- same
            "addComment": lambda _info, input: self._publishing().comment(input),  # noqa: A006 -- same
            "addReaction": lambda _info, input: self._publishing().react(input, CONTENT),  # noqa: A006 -- same
            "updateIssueComment": lambda _info, input: self._publishing().edit_comment(input),  # noqa: A006 -- same
            "pinIssue": lambda _info, input: self._publishing().pin(input),  # noqa: A006 -- same
        }
        root["rateLimit"] = self._limit()
        result = execute_sync(SCHEMA, document, root, variable_values=data.get("variables"), type_resolver=_typename)
        answer: JSON = {"data": result.data}
        if result.errors:
            answer["errors"] = [_error(error) for error in result.errors]
        return answer, []

    def _limit(self) -> JSON:
        whose, now = self.token.installation, self.actions.clock.now()
        remaining, reset = self.meter.remaining(whose, "graphql", now), self.meter.reset(whose, "graphql", now)
        return {"remaining": remaining, "cost": 1, "limit": self.meter.per_hour, "resetAt": stamp(reset)}

    def _user(self, user: User | None) -> JSON | None:
        if user is None:
            return None
        return {
            "__typename": "Bot" if user.is_bot else "User",
            "login": user.slug if user.is_bot else user.login,
            "databaseId": user.id,
        }

    def _account(self, _info: Info, login: str) -> JSON | None:
        user = self.store.users.get(login.lower())
        if user is None or user.is_bot:
            raise _problem(f"Could not resolve to a User with the login of '{login}'.", "NOT_FOUND")
        return self._user(user)

    def _organization(self, _info: Info, login: str) -> JSON:
        return {"login": login, "team": lambda _info, slug: self._team(login, slug)}

    def _team(self, organisation: str, slug: str) -> JSON | None:
        """Only an App with `members` may read teams; the workflow's token may not."""
        if self.token.permissions.get("members") not in {"read", "write"}:
            raise _problem("Resource not accessible by integration", "FORBIDDEN")
        members = self.store.teams.get(f"{organisation}/{slug}".lower())
        if members is None:
            return None
        people = [self._user(self.store.users[member]) for member in members if member in self.store.users]
        number = self.store.team_ids[f"{organisation}/{slug}".lower()]
        return {"slug": slug, "databaseId": number, "members": lambda _info, **page: page_of(people, **page)}

    def _history(self, repo: Repo, branch: str, path: str | None, since: str | None) -> list[JSON]:
        limits = [f"--since={since}"] if since else []
        wanted = ["--", path] if path else ["--"]
        log = repo.git.run("log", "--format=%H%x1f%cn%x1f%cI", *limits, f"refs/heads/{branch}", *wanted).decode()
        return [self._logged(repo, *line.split("\x1f")) for line in log.splitlines()]

    def _committed(self, repo: Repo, oid: str) -> JSON | None:
        if repo.git.resolve(oid) != oid:
            return None
        line = repo.git.run("log", "-1", "--format=%H%x1f%cn%x1f%cI", oid, "--").decode().strip()
        return self._logged(repo, *line.split("\x1f"))

    def _logged(self, repo: Repo, oid: str, committer: str, at: str) -> JSON:
        user = self.store.users.get(committer.lower())
        pulls = [
            {
                "number": issue.number,
                "merged": True,
                "baseRefName": issue.pull.base,
                "mergedBy": self._user(issue.pull.merged_by) if issue.pull.merged_by else None,
            }
            for issue in repo.issues.values()
            if issue.pull and issue.pull.merge_commit and _came_by(repo, oid, issue.pull, issue.pull.merge_commit)
        ]
        return {
            "__typename": "Commit",
            "oid": oid,
            "committedDate": at,
            "url": f"{self.base}/{repo.full_name}/commit/{oid}",
            "committer": {"user": self._user(user)} if user else None,
            "associatedPullRequests": lambda _info, **page: page_of(pulls, **page),
            "checkSuites": self._pulls(repo).checked(oid)["checkSuites"],
        }

    def _repository(self, _info: Info, owner: str, name: str, **_options: object) -> JSON:
        repo = self.store.find(f"{owner}/{name}")
        if repo is None or (repo.is_private and not self.token.opens(repo)):
            raise _problem(f"Could not resolve to a Repository with the name '{owner}/{name}'.", "NOT_FOUND")
        return self._whole(repo)

    def _issues(
        self, repo: Repo, states: Sequence[str] | None, order: Mapping[str, str] | None, page: Mapping[str, Any]
    ) -> JSON:
        labels, within = page.get("labels"), {name: value for name, value in page.items() if name != "labels"}
        issues = in_order(repo, states, order, pulls=False)
        wanted = {name.lower() for name in labels or ()}
        chosen = [issue for issue in issues if labels is None or wanted & {name.lower() for name in issue.labels}]
        connection = page_of(chosen, **within)
        return connection | {"nodes": [self._thread(repo, issue) for issue in connection["nodes"]]}

    def _nodes(self, _info: Info, ids: Sequence[str]) -> list[JSON | GraphQLError]:
        """In the order asked for; an error in place of each that is not there."""
        return [self._node(node_id) for node_id in ids]

    def _node(self, wanted: str) -> JSON | GraphQLError:
        for repo in self.store.repos.values():
            if repo.is_private and not self.token.opens(repo):
                continue
            permission = NODES.get(wanted.partition("_")[0])
            if permission is not None and not may_read(self.token, repo, permission):
                continue
            if wanted == f"R_{repo.id}":
                return self._whole(repo)
            for issue in repo.issues.values():
                if issue.pull is None and wanted == f"I_{issue.id}":
                    return self._thread(repo, issue)
                if issue.pull is not None and wanted == f"PR_{issue.id}":
                    return self._pulls(repo).pull(issue.number)
            suite = self._pulls(repo).suites.suite(wanted) if wanted.startswith("CS_") else None
            if suite is not None:
                return suite
        return _problem(f"Could not resolve to a node with the global id of '{wanted}'.", "NOT_FOUND")

    def _whole(self, repo: Repo) -> JSON:
        fields = {
            "__typename": "Repository",
            "id": f"R_{repo.id}",
            "databaseId": repo.id,
            "nameWithOwner": repo.full_name,
            "isPrivate": repo.is_private,
            "isArchived": repo.is_archived,
            "hasIssuesEnabled": repo.has_issues,
            "url": f"{self.base}/{repo.full_name}",
            "defaultBranchRef": self._ref(repo, "main"),
            "ref": lambda _info, qualifiedName: self._ref(repo, qualifiedName.removeprefix("refs/heads/")),  # noqa: N803 - GitHub's name
            "labels": lambda _info, **_page: page_of(
                [
                    {"id": f"LA_{label.id}", "name": label.name, "color": label.color, "description": label.description}
                    for label in repo.labels.values()
                ]
            ),
            "label": lambda _info, name: _label(repo, name),
            "issue": lambda _info, number: self._issue(repo, number),
            "pullRequest": lambda _info, number: self._pulls(repo).pull(number),
            "pullRequests": lambda _info, states=None, orderBy=None, **page: self._pulls(repo).listed(  # noqa: N803 - GitHub's name
                states, orderBy, **page
            ),
            "issues": lambda _info, states=None, orderBy=None, **page: self._issues(repo, states, orderBy, page),  # noqa: N803 - same
            "object": lambda _info, oid="", expression="": named_object(repo, expression) or self._committed(repo, oid),
            "mergeQueue": lambda _info, branch: self._pulls(repo).queue(branch),
        }
        return guarded(fields, self.token, repo, _refused)

    def _ref(self, repo: Repo, branch: str) -> JSON | None:
        head = repo.git.head(branch)
        return (
            {
                "name": branch,
                **protected(repo, branch, self.token, page_of),
                "target": {
                    "__typename": "Commit",
                    "oid": head,
                    "url": f"{self.base}/{repo.full_name}/commit/{head}",
                    "committedDate": stamp(self.actions.clock.now()),
                    "history": lambda _info, path=None, since=None, **page: page_of(
                        self._history(repo, branch, path, since), **page
                    ),
                },
            }
            if head
            else None
        )

    def _issue(self, repo: Repo, number: int) -> JSON:
        issue = repo.issues.get(number)
        if issue is None or issue.pull is not None or not repo.has_issues:
            raise _problem(f"Could not resolve to an Issue with the number of {number}.", "NOT_FOUND")
        return self._thread(repo, issue)

    def _thread(self, repo: Repo, issue: SandboxIssue) -> JSON:
        return {
            "__typename": "Issue",
            "id": f"I_{issue.id}",
            "number": issue.number,
            "locked": issue.is_locked,
            "isPinned": issue.is_pinned,
            "title": issue.title,
            "body": issue.body,
            "state": issue.state.upper(),
            "stateReason": issue.state_reason.upper() if issue.state_reason else None,
            "url": f"{self.base}/{repo.full_name}/issues/{issue.number}",
            "createdAt": stamp(issue.created_at),
            "updatedAt": stamp(issue.updated_at),
            "closedAt": stamp(issue.closed_at) if issue.closed_at else None,
            "author": self._user(issue.author),
            "lastEditedAt": stamp(issue.edited_at) if issue.edited_at else None,
            "editor": self._user(issue.edited_by),
            "labels": lambda _info, **_page: page_of(
                [{"id": name, "name": name, "color": "ededed"} for name in issue.labels]
            ),
            "assignees": lambda _info, **_page: page_of([self._user(assignee) for assignee in issue.assignees]),
            "comments": lambda _info, **page: page_of([self._comment(own) for own in issue.comments], **page),
            "timelineItems": lambda _info, **page: page_of(
                self._timeline(repo, issue, page.pop("itemTypes", None)), **page
            ),
        }

    def _comment(self, sandbox_comment: SandboxComment) -> JSON:
        return {
            "id": f"IC_{sandbox_comment.id}",
            "databaseId": sandbox_comment.id,
            "body": sandbox_comment.body,
            "createdAt": stamp(sandbox_comment.created_at),
            "updatedAt": stamp(sandbox_comment.updated_at),
            "lastEditedAt": stamp(sandbox_comment.edited_at) if sandbox_comment.edited_at else None,
            "author": self._user(sandbox_comment.author),
            "editor": self._user(sandbox_comment.edited_by),
            "reactionGroups": self._groups(sandbox_comment.reactions),
        }

    def _groups(self, reactions: Sequence[Reaction]) -> list[JSON]:
        mine = {reaction.content for reaction in reactions if reaction.user == self.token.user}
        return [{"content": name, "viewerHasReacted": content in mine} for content, name in CONTENT.items()]

    def _timeline(self, repo: Repo, issue: SandboxIssue, kinds: Sequence[str] | None) -> list[JSON]:
        wanted = kinds or ("CLOSED_EVENT", "REOPENED_EVENT", "LABELED_EVENT")
        return [self._event(repo, event) for event in issue.events if f"{event.kind.upper()}_EVENT" in wanted]

    def _event(self, repo: Repo, sandbox_event: SandboxEvent) -> JSON:
        label = _label(repo, sandbox_event.detail) if sandbox_event.kind == "labeled" else None
        return {
            "__typename": f"{sandbox_event.kind.capitalize()}Event",
            "actor": self._user(sandbox_event.actor),
            "createdAt": stamp(sandbox_event.at),
            "label": label,
        }

    def _commit(self, _info: Info, input: JSON) -> JSON:  # noqa: A002 - GitHub's name
        repo = self.store.find(input["branch"]["repositoryNameWithOwner"])
        branch, expected = input["branch"]["branchName"], input["expectedHeadOid"]
        if repo is None or not self.token.opens(repo) or not self.token.allows("contents"):
            raise _problem("Resource not accessible by integration", "FORBIDDEN")
        if repo.is_archived:
            raise _problem("Repository was archived so is read-only.", "FORBIDDEN")
        if self.stale_head or repo.git.head(branch) != expected:
            raise _problem(
                f'Expected branch to point to "{expected}" but it did not. Pull and try again.', "STALE_DATA"
            )
        changes = input.get("fileChanges") or {}
        files: dict[str, bytes | None] = {
            change["path"]: base64.b64decode(change["contents"]) for change in changes.get("additions") or []
        }
        files |= {change["path"]: None for change in changes.get("deletions") or []}
        message = "\n\n".join(filter(None, [input["message"]["headline"], input["message"].get("body")]))
        try:
            commit = repo.git.commit(files, message, self.token.user.login, branch, self.actions.clock.now())
        except GitError as error:
            raise _problem(str(error), "UNPROCESSABLE") from error
        self.actions.pushed(repo, self.token.user, branch, commit)
        return {
            "commit": {"__typename": "Commit", "oid": commit, "url": f"{self.base}/{repo.full_name}/commit/{commit}"}
        }


def _came_by(repo: Repo, oid: str, pull: SandboxPull, merge: str) -> bool:
    return oid in pull.rebased if pull.rebased else repo.git.came_by(oid, merge)


def _label(repo: Repo, name: str) -> JSON | None:
    label = repo.labels.get(name.lower())
    return {"id": f"LA_{label.id}", "name": label.name, "color": label.color} if label else None


def _problem(message: str, kind: str) -> GraphQLError:
    return GraphQLError(message, extensions={"type": kind})


def _refused() -> GraphQLError:
    return _problem("Resource not accessible by integration", "FORBIDDEN")


def _error(error: GraphQLError) -> Mapping[str, Any]:
    kind = (error.extensions or {}).get("type")
    return {**({"type": kind} if kind else {}), "path": error.path, "message": error.message}


def _typename(value: Any, _info: Info, _kind: Any) -> str:  # noqa: ANN401 - whatever a resolver gave
    return str(value["__typename"])
