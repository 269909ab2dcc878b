"""What can happen to issues, whoever makes it happen: the API, the pages, or a test."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import shapes
from bot.sandbox.clock import MovableClock
from bot.sandbox.pulls import blocked, bring, head_of
from bot.sandbox.state import (
    CheckRun,
    Comment,
    CommitComment,
    Event,
    Issue,
    Label,
    Pull,
    Push,
    Queued,
    Reaction,
    Repo,
    Review,
    Store,
    User,
)

REACTIONS = frozenset({"+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"})
Listener = Callable[[str, dict[str, Any]], None]


class InvalidError(Exception):
    """GitHub's 422: (resource, field, code) and a message."""

    def __init__(self, field_: str, code: str, message: str = "Validation Failed", resource: str = "Issue") -> None:
        super().__init__(message)
        self.errors = [{"resource": resource, "field": field_, "code": code}]


class MergeRefusedError(Exception):
    """GitHub's 405: a required check is missing or failed, or it is a draft."""


@dataclass(slots=True)
class Happenings:
    """Changes the store and tells listeners afterwards."""

    store: Store
    clock: MovableClock
    base: str = ""
    listeners: list[Listener] = field(default_factory=list)
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Events not delivered yet: they are, once the lock is free."""

    def open_issue(  # noqa: PLR0913 - what an issue is made of
        self,
        repo: Repo,
        author: User,
        title: str,
        body: str,
        *,
        labels: Sequence[str] = (),
        assignees: Sequence[User] = (),
    ) -> Issue:
        """A new issue; labels that are not there are made, as GitHub does."""
        now = self.clock.now()
        repo.last_number += 1
        made = Issue(self.store.next_id(), repo.last_number, title, body, author, now, now, assignees=list(assignees))
        repo.issues[made.number] = made
        for name in labels:
            self.label(repo, made, author, name)
        made.events.clear()
        self._tell("issues", "opened", repo, author, made)
        return made

    def open_pull(self, repo: Repo, author: User, title: str, body: str, pull: Pull) -> Issue:
        """A new pull request from a branch of the same repository."""
        made = self.open_issue(repo, author, title, body)
        self.told.pop()
        made.pull = pull
        self._tell_pull("opened", repo, author, made)
        return made

    def merge(self, repo: Repo, pull: Issue, actor: User) -> None:
        """The head into the base, by a merge commit. Raises GitError if they do not go together."""
        if pull.pull is None or pull.state != "open":
            raise LookupError(f"#{pull.number} is no open pull request")
        refused = blocked(repo, pull)
        if refused:
            raise MergeRefusedError(refused)
        message = f"Merge pull request #{pull.number}"
        head = bring(repo, pull)
        commit = repo.git.merge(f"refs/pull/{pull.number}/head", pull.pull.base, message, actor.login, self.clock.now())
        pull.pull.head_at_end = head
        pull.pull.merged_at, pull.pull.merge_commit, pull.pull.merged_by = self.clock.now(), commit, actor
        pull.state, pull.closed_at = "closed", self.clock.now()
        self._event(pull, "merged", actor)
        self._tell_pull("closed", repo, actor, pull)
        self.pushed(repo, actor, pull.pull.base, commit)

    def comment_commit(self, repo: Repo, author: User, commit: str, body: str) -> CommitComment:
        """A comment on a commit."""
        now = self.clock.now()
        made = CommitComment(self.store.next_id(), commit, body, author, now, now)
        repo.commit_comments.append(made)
        return made

    def _tell_pull(self, action: str, repo: Repo, sender: User, pull: Issue, event: str = "pull_request") -> None:
        payload = {
            "action": action,
            "number": pull.number,
            "pull_request": shapes.pull(pull, repo, self.base),
            "repository": shapes.repository(repo, self.base),
            "sender": shapes.user(sender, self.base),
        }
        self.told.append((event, payload))

    def ensure_label(self, repo: Repo, name: str, color: str = "ededed", description: str = "") -> Label:
        """The label of that name."""
        found = repo.labels.get(name.lower())
        if found is None:
            found = repo.labels[name.lower()] = Label(self.store.next_id(), name, color, description)
        return found

    def label(self, repo: Repo, issue: Issue, actor: User, name: str) -> None:
        """Adds a label once."""
        known = self.ensure_label(repo, name)
        if known.name not in issue.labels:
            issue.labels.append(known.name)
            self._event(issue, "labeled", actor, known.name)

    def unlabel(self, issue: Issue, actor: User, name: str) -> bool:
        """Whether it was there."""
        present = next((each for each in issue.labels if each.lower() == name.lower()), None)
        if present is None:
            return False
        issue.labels.remove(present)
        self._event(issue, "unlabeled", actor, present)
        return True

    def edit(self, repo: Repo, issue: Issue, actor: User, title: str | None, body: str | None) -> None:
        """New title or body."""
        if title is not None and title != issue.title:
            self._event(issue, "renamed", actor, f"{issue.title} → {title}")
            issue.title = title
        if body is not None:
            issue.body = body
        issue.updated_at = self.clock.now()
        self._tell("issues", "edited", repo, actor, issue)

    def set_state(self, repo: Repo, issue: Issue, actor: User, state: str, reason: str | None) -> None:
        """Closes or reopens; the same state again is no event."""
        if state == issue.state:
            if state == "closed" and reason:
                issue.state_reason = reason
            return
        issue.state = state
        issue.state_reason = (reason or "completed") if state == "closed" else "reopened"
        issue.closed_at = self.clock.now() if state == "closed" else None
        if issue.pull is not None:
            issue.pull.head_at_end = head_of(repo, issue) if state == "closed" else None
            self._event(issue, "closed" if state == "closed" else "reopened", actor)
            self._tell_pull("closed" if state == "closed" else "reopened", repo, actor, issue)
            return
        self._event(issue, "closed" if state == "closed" else "reopened", actor)
        self._tell("issues", "closed" if state == "closed" else "reopened", repo, actor, issue)

    def comment(self, repo: Repo, issue: Issue, author: User, body: str) -> Comment:
        """A new comment."""
        now = self.clock.now()
        made = Comment(self.store.next_id(), body, author, now, now)
        issue.comments.append(made)
        issue.updated_at = now
        self._tell("issue_comment", "created", repo, author, issue, made)
        return made

    def edit_comment(self, repo: Repo, issue: Issue, actor: User, comment: Comment, body: str) -> None:
        """An edit names its editor, as GitHub does."""
        comment.body, comment.edited_by, comment.edited_at = body, actor, self.clock.now()
        comment.updated_at = comment.edited_at
        self._tell("issue_comment", "edited", repo, actor, issue, comment)

    def react(self, comment: Comment, actor: User, content: str) -> tuple[Reaction, bool]:
        """The reaction, and whether it is new: the same one twice is one."""
        found = next((each for each in comment.reactions if each.user == actor and each.content == content), None)
        if found:
            return found, False
        made = Reaction(self.store.next_id(), actor, content)
        comment.reactions.append(made)
        return made, True

    def review(self, repo: Repo, pull: Issue, author: User, state: str) -> Review:
        """A review of the head as it is now."""
        if pull.pull is None:
            raise LookupError(f"#{pull.number} is no pull request")
        made = Review(self.store.next_id(), author, state, head_of(repo, pull) or "", self.clock.now())
        pull.pull.reviews.append(made)
        self._tell_pull("submitted", repo, author, pull, "pull_request_review")
        return made

    def check(self, repo: Repo, app: User, made: CheckRun) -> CheckRun:
        """A check run; anybody with a token may make one of any name."""
        made.id, made.app, made.at = self.store.next_id(), app, self.clock.now()
        repo.checks.append(made)
        return made

    def press(self, repo: Repo, check: CheckRun, actor: User, identifier: str) -> None:
        """A button under a check run, or `rerequest`. Raises LookupError for a button that is not there."""
        if identifier != "rerequest" and identifier not in {each["identifier"] for each in check.actions}:
            raise LookupError(identifier)
        heads = [each for each in repo.issues.values() if each.pull and each.state == "open" and each.pull.fork is None]
        run = {
            "id": check.id,
            "name": check.name,
            "head_sha": check.head,
            "external_id": check.external_id,
            "app": {"slug": check.app.slug},
            "pull_requests": [{"number": each.number} for each in heads if head_of(repo, each) == check.head],
        }
        payload: dict[str, Any] = {
            "action": "rerequested" if identifier == "rerequest" else "requested_action",
            "check_run": run,
            "repository": shapes.repository(repo, self.base),
            "sender": shapes.user(actor, self.base),
        }
        if identifier != "rerequest":
            payload["requested_action"] = {"identifier": identifier}
        self.told.append(("check_run", payload))

    def retarget(self, repo: Repo, pull: Issue, actor: User, base: str) -> None:
        """Another base branch."""
        if pull.pull is not None:
            pull.pull.base = base
            self._tell_pull("edited", repo, actor, pull)

    def enqueue(self, repo: Repo, pull: Issue, actor: User) -> Queued:
        """At the end of the queue; its group holds all that stand before it."""
        if pull.pull is None:
            raise LookupError(f"#{pull.number} is no pull request")
        base = pull.pull.base
        before = [each for each in repo.queue if each.base == base]
        start = before[-1].group if before else repo.git.head(base)
        head = bring(repo, pull) or ""
        tree = repo.git.run("merge-tree", "--write-tree", str(start), head).decode().split("\n", 1)[0].strip()
        message = f"Merge pull request #{pull.number}"
        group = repo.git.commit_tree(tree, [str(start), head], message, "web-flow", self.clock.now())
        name = f"gh-readonly-queue/{base}/pr-{pull.number}-{group}"
        repo.git.set_branch(name, group, None)
        made = Queued(pull.number, base, head, group)
        repo.queue.append(made)
        payload = {
            "action": "checks_requested",
            "merge_group": {
                "head_sha": group,
                "head_ref": f"refs/heads/{name}",
                "base_sha": repo.git.head(base),
                "base_ref": f"refs/heads/{base}",
            },
            "repository": shapes.repository(repo, self.base),
            "sender": shapes.user(actor, self.base),
        }
        self.told.append(("merge_group", payload))
        return made

    def pushed(self, repo: Repo, actor: User, branch: str, commit: str, before: str | None = None) -> None:
        """A branch moved; pull requests from it know. `before` is given where it did not only move forward."""
        repo.pushes.append(Push(branch, actor, commit, self.clock.now()))
        for each in repo.issues.values():
            if each.pull and each.state == "open" and each.pull.head == branch and each.pull.fork is None:
                each.updated_at = self.clock.now()
                if before is not None:
                    each.pull.forced.append((self.clock.now(), actor, before, commit))
                self._tell_pull("synchronize", repo, actor, each)
        payload = {
            "ref": f"refs/heads/{branch}",
            "before": before or "0" * 40,
            "after": commit,
            "created": False,
            "deleted": False,
            "repository": shapes.repository(repo, self.base),
            "sender": shapes.user(actor, self.base),
            "pusher": {"name": actor.login},
        }
        self.told.append(("push", payload))

    def _event(self, issue: Issue, kind: str, actor: User, detail: str = "") -> None:
        issue.events.append(Event(kind, actor, self.clock.now(), detail))
        issue.updated_at = self.clock.now()

    def _tell(  # noqa: PLR0913, PLR0917 - what an event is made of
        self, name: str, action: str, repo: Repo, sender: User, issue: Issue, comment: Comment | None = None
    ) -> None:
        payload: dict[str, Any] = {
            "action": action,
            "issue": shapes.issue(issue, repo, self.base),
            "repository": shapes.repository(repo, self.base),
            "sender": shapes.user(sender, self.base),
        }
        if comment:
            payload["comment"] = shapes.comment(comment, issue.number, repo, self.base)
        self.told.append((name, payload))
