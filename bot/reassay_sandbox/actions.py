"""What can happen to issues, whoever makes it happen: the API, the pages, or a test."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reassay_sandbox import pushes, shapes
from reassay_sandbox.apps import App
from reassay_sandbox.clock import MovableClock
from reassay_sandbox.pulls import blocked, bring, head_of
from reassay_sandbox.state import (
    CheckRun,
    CommitComment,
    Push,
    Queued,
    Reaction,
    Repo,
    SandboxComment,
    SandboxEvent,
    SandboxIssue,
    SandboxLabel,
    SandboxPull,
    SandboxReview,
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
class SandboxActions:
    """Changes the store and tells listeners afterwards."""

    store: Store
    clock: MovableClock
    base: str = ""
    listeners: list[Listener] = field(default_factory=list)
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Events not delivered yet: they are, once the lock is free."""
    apps: Mapping[int, App] = field(default_factory=dict)

    def open_issue(  # noqa: PLR0913 - what an issue is made of
        self,
        repo: Repo,
        author: User,
        title: str,
        body: str,
        *,
        labels: Sequence[str] = (),
        assignees: Sequence[User] = (),
    ) -> SandboxIssue:
        """A new issue; labels that are not there are made, as GitHub does."""
        now = self.clock.now()
        repo.last_number += 1
        issue = SandboxIssue(
            self.store.next_id(), repo.last_number, title, body, author, now, now, assignees=list(assignees)
        )
        repo.issues[issue.number] = issue
        own_labels = [self.ensure_label(repo, name) for name in dict.fromkeys(labels)]
        issue.labels.extend(label.name for label in own_labels)
        self._tell("issues", "opened", repo, author, issue)
        for label in own_labels:
            self._event(issue, "labeled", author, label.name)
            self._tell_label("labeled", repo, author, issue, label)
        return issue

    def open_pull(self, repo: Repo, author: User, title: str, body: str, pull: SandboxPull) -> SandboxIssue:
        """A new pull request from a branch of the same repository."""
        issue = self.open_issue(repo, author, title, body)
        self.events.pop()
        issue.pull = pull
        self._tell_pull("opened", repo, author, issue)
        return issue

    def merge(self, repo: Repo, pull: SandboxIssue, actor: User, *, how: str = "merge") -> None:
        """The head into the base, by `merge`, `squash` or `rebase`. Raises GitError if they do not go together."""
        if pull.pull is None or pull.state != "open":
            raise LookupError(f"#{pull.number} is no open pull request")
        refused = blocked(repo, pull)
        if refused:
            raise MergeRefusedError(refused)
        message = f"Merge pull request #{pull.number}"
        head = bring(repo, pull)
        name, base, now = f"refs/pull/{pull.number}/head", pull.pull.base, self.clock.now()
        if how == "rebase":
            pull.pull.rebased = repo.git.rebase(name, base, actor.login, now)
        if how == "squash":
            pull.pull.rebased = (repo.git.squash(name, base, f"{pull.title} (#{pull.number})", actor.login, now),)
        commit = repo.git.merge(name, base, message, actor.login, now) if how == "merge" else pull.pull.rebased[-1]
        self._merged(repo, pull, actor, commit, head)
        self.pushed(repo, actor, pull.pull.base, commit)

    def _merged(self, repo: Repo, pull: SandboxIssue, actor: User, commit: str, head: str | None) -> None:
        if pull.pull is None:
            return
        pull.pull.head_at_end = head
        pull.pull.merged_at, pull.pull.merge_commit, pull.pull.merged_by = self.clock.now(), commit, actor
        pull.state, pull.closed_at = "closed", self.clock.now()
        repo.queue[:] = [queued for queued in repo.queue if queued.pull != pull.number]
        self._event(pull, "merged", actor)
        self._tell_pull("closed", repo, actor, pull)

    def land(self, repo: Repo, group: str, actor: User) -> None:
        """A group of the merge queue becomes the base's tip, whatever its checks say: that is GitHub's to look at."""
        last = next(queued for queued in repo.queue if queued.group == group)
        members = [queued for queued in repo.queue if queued.base == last.base]
        members = members[: members.index(last) + 1]
        for queued in members:
            self._merged(repo, repo.issues[queued.pull], actor, str(queued.group), queued.head)
        repo.git.set_branch(last.base, group, repo.git.head(last.base))
        self.pushed(repo, actor, last.base, group)

    def _mark_merged(self, repo: Repo, actor: User, branch: str) -> None:
        """As GitHub does for whatever a push brings: the pull request reads as merged by the commit that has its head."""
        tips = [push.after for push in repo.pushes if push.branch == branch]
        for issue in list(repo.issues.values()):
            if issue.pull is None or issue.state != "open" or issue.pull.base != branch:
                continue
            head = head_of(repo, issue)
            commit = repo.git.brought_by(branch, head) if head and repo.git.resolve(head) else None
            if head is not None and commit is not None:
                if commit == head:
                    # The branch moved forward to the head itself: every commit since came by the pull request.
                    issue.pull.base_at_end, issue.pull.rebased = repo.git.moved_forward(head, tips[:-1])
                self._merged(repo, issue, actor, commit, head)

    def comment_commit(self, repo: Repo, author: User, commit: str, body: str) -> CommitComment:
        """A comment on a commit."""
        now = self.clock.now()
        comment = CommitComment(self.store.next_id(), commit, body, author, now, now)
        repo.commit_comments.append(comment)
        return comment

    def _tell_pull(
        self, action: str, repo: Repo, sender: User, pull: SandboxIssue, event: str = "pull_request"
    ) -> None:
        payload = {
            "action": action,
            "number": pull.number,
            "pull_request": shapes.pull(pull, repo, self.base),
            "repository": shapes.repository(repo, self.base),
            "sender": shapes.user(sender, self.base),
        }
        self.events.append((event, payload))

    def ensure_label(self, repo: Repo, name: str, color: str = "ededed", description: str = "") -> SandboxLabel:
        """The label of that name."""
        label = repo.labels.get(name.lower())
        if label is None:
            label = repo.labels[name.lower()] = SandboxLabel(self.store.next_id(), name, color, description)
        return label

    def label(self, repo: Repo, issue: SandboxIssue, actor: User, name: str) -> None:
        """Adds a label once."""
        label = self.ensure_label(repo, name)
        if label.name not in issue.labels:
            issue.labels.append(label.name)
            self._event(issue, "labeled", actor, label.name)
            self._tell_label("labeled", repo, actor, issue, label)

    def unlabel(self, repo: Repo, issue: SandboxIssue, actor: User, name: str) -> bool:
        """Whether it was there."""
        present = next((label for label in issue.labels if label.lower() == name.lower()), None)
        if present is None:
            return False
        issue.labels.remove(present)
        self._event(issue, "unlabeled", actor, present)
        self._tell_label("unlabeled", repo, actor, issue, repo.labels[present.lower()])
        return True

    def _tell_label(self, action: str, repo: Repo, sender: User, issue: SandboxIssue, label: SandboxLabel) -> None:
        if issue.pull is not None:
            self._tell_pull(action, repo, sender, issue)
        else:
            self._tell("issues", action, repo, sender, issue)
        self.events[-1][1]["label"] = shapes.label(label, repo, self.base)

    def edit(self, repo: Repo, issue: SandboxIssue, actor: User, title: str | None, body: str | None) -> None:
        """New title or body; a pull request has an event of its own."""
        changes = {}
        if title is not None and title != issue.title:
            changes["title"] = {"from": issue.title}
        if body is not None and body != issue.body:
            changes["body"] = {"from": issue.body}
        if title is not None and title != issue.title:
            self._event(issue, "renamed", actor, f"{issue.title} → {title}")
            issue.title = title
        if body is not None:
            if body != issue.body:
                issue.edited_by, issue.edited_at = actor, self.clock.now()
            issue.body = body
        issue.updated_at = self.clock.now()
        if issue.pull is not None:
            self._tell_pull("edited", repo, actor, issue)
        else:
            self._tell("issues", "edited", repo, actor, issue)
        self.events[-1][1]["changes"] = changes

    def set_state(self, repo: Repo, issue: SandboxIssue, actor: User, state: str, reason: str | None) -> None:
        """Closes or reopens; the same state again is no event."""
        if state == issue.state:
            if state == "closed" and reason:
                issue.state_reason = reason
            return
        issue.state = state
        issue.state_reason = (reason or "completed") if state == "closed" else "reopened"
        issue.closed_at = self.clock.now() if state == "closed" else None
        kind = "closed" if state == "closed" else "reopened"
        self._event(issue, kind, actor)
        if issue.pull is None:
            self._tell("issues", kind, repo, actor, issue)
        else:
            issue.pull.head_at_end = head_of(repo, issue) if state == "closed" else None
            self._tell_pull(kind, repo, actor, issue)

    def comment(self, repo: Repo, issue: SandboxIssue, author: User, body: str) -> SandboxComment:
        """A new comment."""
        now = self.clock.now()
        comment = SandboxComment(self.store.next_id(), body, author, now, now)
        issue.comments.append(comment)
        issue.updated_at = now
        self._tell("issue_comment", "created", repo, author, issue, comment)
        return comment

    def edit_comment(self, repo: Repo, issue: SandboxIssue, actor: User, comment: SandboxComment, body: str) -> None:
        """An edit names its editor, as GitHub does."""
        comment.body, comment.edited_by, comment.edited_at = body, actor, self.clock.now()
        comment.updated_at = issue.updated_at = comment.edited_at
        self._tell("issue_comment", "edited", repo, actor, issue, comment)

    def delete_comment(self, repo: Repo, issue: SandboxIssue, actor: User, comment: SandboxComment) -> None:
        """It is gone."""
        issue.comments.remove(comment)
        issue.updated_at = self.clock.now()
        self._tell("issue_comment", "deleted", repo, actor, issue, comment)

    def delete_issue(self, repo: Repo, issue: SandboxIssue, actor: User | None) -> None:
        """As an administrator can."""
        del repo.issues[issue.number]
        self._tell("issues", "deleted", repo, actor, issue)

    def react(self, comment: SandboxComment | SandboxReview, actor: User, content: str) -> tuple[Reaction, bool]:
        """The reaction, and whether it is new: the same one twice is one."""
        reaction = next(
            (reaction for reaction in comment.reactions if reaction.user == actor and reaction.content == content), None
        )
        if reaction:
            return reaction, False
        reaction = Reaction(self.store.next_id(), actor, content)
        comment.reactions.append(reaction)
        return reaction, True

    def review(self, repo: Repo, pull: SandboxIssue, author: User, state: str, body: str = "") -> SandboxReview:
        """A review of the head as it is now."""
        if pull.pull is None:
            raise LookupError(f"#{pull.number} is no pull request")
        review = SandboxReview(self.store.next_id(), author, state, head_of(repo, pull) or "", self.clock.now(), body)
        pull.pull.reviews.append(review)
        pull.updated_at = review.at
        self._tell_pull("submitted", repo, author, pull, "pull_request_review")
        self.events[-1][1]["review"] = shapes.review(review, repo, pull.number, self.base)
        return review

    def check(self, repo: Repo, app: User, check_run: CheckRun) -> CheckRun:
        """A check run; anybody with a token may make one of any name."""
        check_run.id, check_run.app, check_run.at = self.store.next_id(), app, self.clock.now()
        repo.checks.append(check_run)
        self._tell_check("created", repo, app, check_run)
        name, payload = self.events[-1]
        self.events.append((name, payload | {"action": "completed"}))
        return check_run

    def press(self, repo: Repo, check: CheckRun, actor: User, identifier: str) -> None:
        """A button under a check run, or `rerequest`. Raises LookupError for a button that is not there."""
        if identifier != "rerequest" and identifier not in {action["identifier"] for action in check.actions}:
            raise LookupError(identifier)
        if identifier == "rerequest":
            self._tell_check("rerequested", repo, actor, check)
        else:
            self._tell_check("requested_action", repo, actor, check, {"requested_action": {"identifier": identifier}})

    def _tell_check(
        self, action: str, repo: Repo, sender: User, check: CheckRun, more: Mapping[str, Any] | None = None
    ) -> None:
        app = next((app.id for app in self.apps.values() if app.user.id == check.app.id), check.app.id)
        payload = {
            "action": action,
            "check_run": shapes.check_run(check, repo, self.base, app),
            **(more or {}),
            "repository": shapes.repository(repo, self.base),
            "sender": shapes.user(sender, self.base),
        }
        self.events.append(("check_run", payload))

    def retarget(self, repo: Repo, pull: SandboxIssue, actor: User, base: str) -> None:
        """Another base branch."""
        if pull.pull is not None:
            before = {"ref": {"from": pull.pull.base}, "sha": {"from": repo.git.head(pull.pull.base)}}
            pull.pull.base, pull.updated_at = base, self.clock.now()
            self._tell_pull("edited", repo, actor, pull)
            self.events[-1][1]["changes"] = {"base": before}

    def set_draft(self, repo: Repo, pull: SandboxIssue, actor: User, *, draft: bool) -> None:
        """Back to a draft, or ready for review."""
        if pull.pull is not None and pull.pull.is_draft is not draft:
            pull.pull.is_draft, pull.updated_at = draft, self.clock.now()
            self._tell_pull("converted_to_draft" if draft else "ready_for_review", repo, actor, pull)

    def enqueue(self, repo: Repo, pull: SandboxIssue, actor: User, *, shown: bool = True) -> Queued:
        """At the end of the queue; its group holds all that stand before it. GraphQL may show its commit only later."""
        if pull.pull is None:
            raise LookupError(f"#{pull.number} is no pull request")
        base = pull.pull.base
        before = [queued for queued in repo.queue if queued.base == base]
        start = before[-1].group if before else repo.git.head(base)
        head = bring(repo, pull) or ""
        tree = repo.git.run("merge-tree", "--write-tree", str(start), head).decode().split("\n", 1)[0].strip()
        parents, message = [str(start), head], f"Merge pull request #{pull.number}"
        group = repo.git.commit_tree(tree, parents, message, "web-flow", self.clock.now())
        name = f"gh-readonly-queue/{base}/pr-{pull.number}-{group}"
        repo.git.set_branch(name, group, None)
        repo.queue.append(queued := Queued(pull.number, base, head, group, shown))
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
        self._tell_pull("enqueued", repo, actor, pull)
        self.events.append(("merge_group", payload))
        return queued

    def pushed(  # noqa: PLR0913 -- what a push is made of
        self,
        repo: Repo,
        actor: User,
        branch: str,
        commit: str,
        before: str | None = None,
        *,
        created: bool = False,
    ) -> None:
        """A branch moved; pull requests from it know. `before` is given where it did not only move forward."""
        repo.pushes.append(Push(branch, actor, commit, self.clock.now()))
        self._mark_merged(repo, actor, branch)
        payload = pushes.moved(repo, actor, branch, commit, before, self.base, created=created)
        for issue in repo.issues.values():
            if issue.pull and issue.state == "open" and issue.pull.head == branch and issue.pull.fork is None:
                issue.updated_at = self.clock.now()
                if before is not None:
                    issue.pull.forced.append((self.clock.now(), actor, before, commit))
                self._tell_pull("synchronize", repo, actor, issue)
                self.events[-1][1].update({"before": payload["before"], "after": commit})
        self.events.append(("push", payload))

    def removed(self, repo: Repo, actor: User, branch: str, before: str) -> None:
        """A branch is gone."""
        self.events.append(("push", pushes.removed(repo, actor, branch, before, self.base)))

    def _event(self, issue: SandboxIssue, kind: str, actor: User, detail: str = "") -> None:
        issue.events.append(SandboxEvent(kind, actor, self.clock.now(), detail))
        issue.updated_at = self.clock.now()

    def _tell(  # noqa: PLR0913, PLR0917 - what an event is made of
        self,
        name: str,
        action: str,
        repo: Repo,
        sender: User | None,
        issue: SandboxIssue,
        comment: SandboxComment | None = None,
    ) -> None:
        payload: dict[str, Any] = {
            "action": action,
            "issue": shapes.issue(issue, repo, self.base),
            "repository": shapes.repository(repo, self.base),
            "sender": shapes.user(sender, self.base),
        }
        if comment:
            payload["comment"] = shapes.comment(comment, issue.number, repo, self.base)
        self.events.append((name, payload))
