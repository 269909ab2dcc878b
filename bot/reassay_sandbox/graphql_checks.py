"""GraphQL mutations: check runs, comments by node id, and pinned issues."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError

from reassay_sandbox.actions import SandboxActions
from reassay_sandbox.judge import Judge
from reassay_sandbox.state import CheckRun, Repo, SandboxComment, SandboxIssue, SandboxReview, Store, Token

JSON = dict[str, Any]
ANNOTATIONS_AT_ONCE, SUMMARY_LIMIT, BODY_LIMIT = 50, 65_535, 65_536
MOST_ACTIONS, LABEL, DESCRIPTION = 3, 20, 40
MOST_PINNED = 3


def _refuse(message: str, kind: str) -> GraphQLError:
    return GraphQLError(message, extensions={"type": kind})


@dataclass(frozen=True, slots=True)
class Publishing:
    """What one token may publish."""

    store: Store
    actions: SandboxActions
    judge: Judge
    token: Token

    def _repo(self, holds: Callable[[Repo], bool]) -> Repo:
        """The repository that holds the node that is named, if the token is for it."""
        repo = next((repo for repo in self.store.repos.values() if self.token.opens(repo) and holds(repo)), None)
        if repo is None:
            raise _refuse("Could not resolve to a node with that id.", "NOT_FOUND")
        if repo.is_archived:
            raise _refuse("Resource not accessible by integration", "FORBIDDEN")
        return repo

    def _allowed(self, permission: str) -> None:
        if not self.token.allows(permission):
            self.judge.say(f"a mutation needs {permission}: write, which the token does not have")
            raise _refuse("Resource not accessible by integration", "FORBIDDEN")

    def create_check(self, input_: JSON) -> JSON:
        """Only an App makes check runs; `neutral` and `skipped` would satisfy a required check, and are complained of."""
        self._allowed("checks")
        repo, output = self._repo(lambda repo: f"R_{repo.id}" == input_["repositoryId"]), input_.get("output") or {}
        self._judge(repo, input_["name"], output)
        if input_.get("conclusion") not in {"SUCCESS", "FAILURE"}:
            self.judge.say(f"{input_['name']}: conclusion {input_.get('conclusion')} is never published")
        run = CheckRun(
            0, input_["name"], input_["headSha"], self.token.user, input_["conclusion"], input_.get("externalId") or "",
            output.get("title", ""), output.get("summary", ""), self.actions.clock.now(),
            list(output.get("annotations") or []), self._actions(input_),
        )  # fmt: skip
        self.actions.check(repo, self.token.user, run)
        return {"checkRun": {"id": f"CR_{run.id}", "databaseId": run.id}}

    def _actions(self, input_: JSON) -> list[dict[str, str]]:
        buttons = [dict(button) for button in input_.get("actions") or []]
        fits = all(
            len(button["label"]) <= LABEL
            and len(button["identifier"]) <= LABEL
            and len(button["description"]) <= DESCRIPTION
            for button in buttons
        )
        if len(buttons) > MOST_ACTIONS or not fits:
            raise _refuse("actions: too many, or too long", "UNPROCESSABLE")
        return buttons

    def update_check(self, input_: JSON) -> JSON:
        """Annotations are added to those that are there."""
        self._allowed("checks")
        node, output = input_["checkRunId"], input_.get("output") or {}
        repo = self._repo(lambda check: any(f"CR_{check.id}" == node for check in check.checks))
        run = next(check for check in repo.checks if f"CR_{check.id}" == node)
        self._judge(repo, run.name, output)
        buttons = self._actions(input_)
        run.annotations += list(output.get("annotations") or [])
        run.actions = buttons or run.actions
        return {"checkRun": {"id": f"CR_{run.id}", "databaseId": run.id}}

    def _judge(self, repo: Repo, name: str, output: JSON) -> None:
        if len(output.get("annotations") or []) > ANNOTATIONS_AT_ONCE:
            raise _refuse("annotations: more than 50 in one request", "UNPROCESSABLE")
        if len(output.get("summary", "")) > SUMMARY_LIMIT:
            raise _refuse("summary is too long", "UNPROCESSABLE")
        self.judge.markdown(repo, self.token.user, output.get("summary", ""), f"summary of {name}")

    def comment(self, input_: JSON) -> JSON:
        """On a pull request, by its node id."""
        self._allowed("pull_requests")
        node, body = input_["subjectId"], self._body(input_)
        repo = self._repo(lambda repo: any(f"PR_{issue.id}" == node for issue in repo.issues.values()))
        issue = next(issue for issue in repo.issues.values() if f"PR_{issue.id}" == node)
        if issue.is_locked:
            raise _refuse("Unable to create comment because issue is locked.", "FORBIDDEN")
        self.judge.markdown(repo, self.token.user, body, f"comment on #{issue.number}")
        self.actions.comment(repo, issue, self.token.user, body)
        return {}

    def edit_comment(self, input_: JSON) -> JSON:
        """One's own, or anybody's: GitHub lets an App with the permission do it."""
        self._allowed("pull_requests")
        node, body = input_["id"], self._body(input_)
        repo = self._repo(lambda repo: any(True for _ in self._find(repo, node)))
        issue, comment = next(self._find(repo, node))
        self.judge.markdown(repo, self.token.user, body, f"comment on #{issue.number}")
        self.actions.edit_comment(repo, issue, self.token.user, comment, body)
        return {}

    def react(self, input_: JSON, contents: Mapping[str, str]) -> JSON:
        """To a review, by its node id; the same reaction twice is one."""
        self._allowed("pull_requests")
        node, names = input_["subjectId"], {name: content for content, name in contents.items()}
        repo = self._repo(lambda repo: any(True for _ in self._reviews(repo, node)))
        self.actions.react(next(self._reviews(repo, node)), self.token.user, names[input_["content"]])
        return {}

    def pin(self, input_: JSON) -> JSON:
        """An issue, by its node id: at most three of a repository."""
        self._allowed("issues")
        node = input_["issueId"]
        repo = self._repo(lambda repo: any(f"I_{issue.id}" == node for issue in repo.issues.values()))
        pinned = [issue for issue in repo.issues.values() if issue.is_pinned]
        issue = next(issue for issue in repo.issues.values() if f"I_{issue.id}" == node)
        if len(pinned) >= MOST_PINNED or issue.is_pinned:
            raise _refuse("Maximum 3 pinned issues per repository", "UNPROCESSABLE")
        issue.is_pinned = True
        return {}

    @staticmethod
    def _reviews(repo: Repo, node: str) -> Iterator[SandboxReview]:
        pulls = (issue.pull for issue in repo.issues.values() if issue.pull is not None)
        return (review for pull in pulls for review in pull.reviews if f"PRR_{review.id}" == node)

    @staticmethod
    def _find(repo: Repo, node: str) -> Iterator[tuple[SandboxIssue, SandboxComment]]:
        every = ((issue, comment) for issue in repo.issues.values() for comment in issue.comments)
        return ((issue, comment) for issue, comment in every if f"IC_{comment.id}" == node)

    @staticmethod
    def _body(input_: JSON) -> str:
        body = str(input_["body"])
        if not body or len(body) > BODY_LIMIT:
            raise _refuse("Body is too long (maximum is 65536 characters)", "UNPROCESSABLE")
        return body
