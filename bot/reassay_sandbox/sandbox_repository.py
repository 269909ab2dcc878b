"""A repository as tests and the demo hold it: frozen views, and what people do to it."""

from dataclasses import dataclass
from datetime import datetime

from reassay_sandbox.dispatcher import RequestDispatcher
from reassay_sandbox.pulls import bring, head_of, merged_outside
from reassay_sandbox.repositories import SandboxRepositories
from reassay_sandbox.state import (
    CheckRun,
    Reaction,
    Repo,
    SandboxComment,
    SandboxEvent,
    SandboxIssue,
    SandboxPull,
    User,
)


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment at one moment."""

    id: int
    body: str
    author: str
    reactions: tuple[Reaction, ...]


@dataclass(frozen=True, slots=True)
class SandboxIssueView:
    """An issue at one moment."""

    number: int
    title: str
    body: str
    state: str
    state_reason: str | None
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    author: str
    comments: tuple[CommentView, ...]
    events: tuple[SandboxEvent, ...]
    created_at: datetime


def _name(user: User | None) -> str:
    return user.login if user else "ghost"


def _view(issue: SandboxIssue) -> SandboxIssueView:
    comments = tuple(
        CommentView(comment.id, comment.body, _name(comment.author), tuple(comment.reactions))
        for comment in issue.comments
    )
    return SandboxIssueView(
        issue.number, issue.title, issue.body, issue.state, issue.state_reason, tuple(issue.labels),
        tuple(user.login for user in issue.assignees), _name(issue.author), comments, tuple(issue.events), issue.created_at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SandboxRepository:
    """One repository."""

    dispatcher: RequestDispatcher
    full_name: str

    def _repo(self) -> Repo:
        repo = self.dispatcher.store.find(self.full_name)
        if repo is None:
            raise LookupError(self.full_name)
        return repo

    @property
    def id(self) -> int:
        """GitHub's number of it."""
        return self._repo().id

    def _user(self, login: str) -> User:
        return self.dispatcher.store.user(login)

    def issue(self, number: int) -> SandboxIssueView:
        """Raises KeyError for one that is not there."""
        with self.dispatcher.lock:
            return _view(self._repo().issues[number])

    def thread(self, number: int) -> SandboxIssueView:
        """An issue or a pull request."""
        return self.issue(number)

    def pull_head(self, number: int) -> str:
        """Commit of a pull request's head."""
        with self.dispatcher.lock:
            repo = self._repo()
            return head_of(repo, repo.issues[number]) or ""

    def issues(self) -> tuple[SandboxIssueView, ...]:
        """All, in order of number; pull requests are not among them."""
        with self.dispatcher.lock:
            return tuple(_view(issue) for _, issue in sorted(self._repo().issues.items()) if issue.pull is None)

    def pulls(self) -> tuple[SandboxIssueView, ...]:
        """All pull requests, in order of number."""
        with self.dispatcher.lock:
            return tuple(_view(pull) for _, pull in sorted(self._repo().issues.items()) if pull.pull is not None)

    def set_up(self, **settings: object) -> None:
        """How GitHub answers about settings: `set_up(**{"rules/branches/main": [...]})`."""
        with self.dispatcher.lock:
            self._repo().settings |= settings

    def merge_as(self, login: str, number: int, *, how: str = "merge") -> None:
        """A person merges a pull request, by `merge`, `squash` or `rebase`."""
        with self.dispatcher.lock:
            repo = self._repo()
            self.dispatcher.actions.merge(repo, repo.issues[number], self._user(login), how=how)
        self.dispatcher.deliver()

    def merge_locally_as(self, login: str, number: int, files: dict[str, bytes | None] | None = None) -> str:
        """A merge commit made outside GitHub, with other content than the merge has, and pushed; returns the commit."""
        with self.dispatcher.lock:
            repo, now = self._repo(), self.dispatcher.clock.now()
            base, commit = merged_outside(repo, repo.issues[number], files or {}, login, now)
            self.dispatcher.actions.pushed(repo, self._user(login), base, commit)
        self.dispatcher.deliver()
        return commit

    def land_as(self, login: str, group: str) -> None:
        """A group of the merge queue becomes the tip of its base."""
        with self.dispatcher.lock:
            self.dispatcher.actions.land(self._repo(), group, self._user(login))
        self.dispatcher.deliver()

    def open_pull_as(  # noqa: PLR0913 -- what a pull request is made of
        self, login: str, head: str, base: str = "main", *, title: str = "A change", body: str = "", draft: bool = False
    ) -> int:
        """From a branch here, or from `OWNER/NAME:branch` of a fork."""
        where, _, branch = head.rpartition(":")
        with self.dispatcher.lock:
            repo = self._repo()
            fork = self.dispatcher.store.find(where) if where else None
            pull = SandboxPull(branch, base, fork=fork, is_draft=draft)
            number = self.dispatcher.actions.open_pull(repo, self._user(login), title, body, pull).number
            bring(repo, repo.issues[number])
        self.dispatcher.deliver()
        return number

    def fork_as(self, login: str) -> "SandboxRepository":
        """A copy of the repository in somebody's own account."""
        with self.dispatcher.lock:
            repo = self._repo()
            git = repo.git.copy(repo.git.folder.parent.parent / login / f"{repo.name}.git")
            fork = Repo(self.dispatcher.store.next_id(), login, repo.name, repo.is_private, git, {login: "admin"})
            self.dispatcher.store.repos[fork.full_name.lower()] = fork
        return SandboxRepository(self.dispatcher, fork.full_name)

    def push_over(self, branch: str, commit: str, author: str) -> None:
        """A force push."""
        with self.dispatcher.lock:
            repo, before = self._repo(), self._repo().git.head(branch)
            repo.git.set_branch(branch, commit, before)
            self.dispatcher.actions.pushed(repo, self._user(author), branch, commit, before)
        self.dispatcher.deliver()

    def merge_over(self, login: str, old: str) -> str:
        """A pushed merge of `main` into what it was, which keeps nothing of what came since."""
        with self.dispatcher.lock:
            repo = self._repo()
            before = repo.git.head("main") or ""
            tree = repo.git.run("rev-parse", f"{old}^{{tree}}").decode().strip()
            commit = repo.git.commit_tree(tree, [old, before], "merge", login, self.dispatcher.clock.now())
            repo.git.set_branch("main", commit, before)
            self.dispatcher.actions.pushed(repo, self._user(login), "main", commit, before)
        self.dispatcher.deliver()
        return commit

    def review_as(self, login: str, number: int, state: str = "APPROVED", body: str = "") -> int:
        """A review of the head as it is now."""
        with self.dispatcher.lock:
            repo = self._repo()
            review = self.dispatcher.actions.review(repo, repo.issues[number], self._user(login), state, body).id
        self.dispatcher.deliver()
        return review

    def dismiss_review(self, number: int, review: int) -> None:
        """A review is dismissed; it keeps its place and its commit."""
        with self.dispatcher.lock:
            pull = self._repo().issues[number].pull
            for own in pull.reviews if pull else []:
                if own.id == review:
                    own.state = "DISMISSED"

    def retarget_as(self, login: str, number: int, base: str) -> None:
        """Another base branch."""
        with self.dispatcher.lock:
            repo = self._repo()
            self.dispatcher.actions.retarget(repo, repo.issues[number], self._user(login), base)
        self.dispatcher.deliver()

    def draft_as(self, login: str, number: int, *, draft: bool) -> None:
        """Back to a draft, or ready for review."""
        with self.dispatcher.lock:
            repo = self._repo()
            self.dispatcher.actions.set_draft(repo, repo.issues[number], self._user(login), draft=draft)
        self.dispatcher.deliver()

    def delete_branch_as(self, login: str, branch: str) -> None:
        """A branch is gone."""
        with self.dispatcher.lock:
            repo = self._repo()
            commit = repo.git.head(branch)
            if commit is None:
                raise LookupError(branch)
            repo.git.delete_branch(branch, commit)
            self.dispatcher.actions.removed(repo, self._user(login), branch, commit)
        self.dispatcher.deliver()

    def enqueue_as(self, login: str, number: int, *, shown: bool = True) -> str:
        """Into the merge queue; returns the commit of its group. Where it is not `shown`, GraphQL does not have it yet."""
        with self.dispatcher.lock:
            repo = self._repo()
            queued = self.dispatcher.actions.enqueue(repo, repo.issues[number], self._user(login), shown=shown)
        self.dispatcher.deliver()
        return str(queued.group)

    def show_groups(self) -> None:
        """From now on GraphQL shows the commit of every group."""
        with self.dispatcher.lock:
            for queued in self._repo().queue:
                queued.is_shown = True

    def set_slow_merge(self, number: int, *, slow: bool) -> None:
        """Whether GitHub has not computed the test merge yet."""
        with self.dispatcher.lock:
            if (pull := self._repo().issues[number].pull) is not None:
                pull.slow_merge = slow

    def verify(self, commit: str) -> None:
        """From now on a signature proves the commit's author."""
        with self.dispatcher.lock:
            self._repo().verified.add(commit)

    def check_as(  # noqa: PLR0913 -- what a check run is made of
        self, app: str, name: str, head: str, conclusion: str = "SUCCESS", external_id: str = "", *, suite: str = ""
    ) -> None:
        """Another app's check run, or one of a workflow, whose runs have a suite each."""
        with self.dispatcher.lock:
            user, now = self._user(app), self.dispatcher.clock.now()
            run = CheckRun(0, name, head, user, conclusion, external_id, name, "", now, suite=suite)
            self.dispatcher.actions.check(self._repo(), user, run)

    def press_as(self, login: str, check: int, identifier: str) -> None:
        """A button under a check run, or `rerequest`."""
        with self.dispatcher.lock:
            run = next(run for run in self._repo().checks if run.id == check)
            self.dispatcher.actions.press(self._repo(), run, self._user(login), identifier)
        self.dispatcher.deliver()

    def checks(self, head: str | None = None) -> tuple[CheckRun, ...]:
        """Check runs, of one commit if it is named, in order of making."""
        with self.dispatcher.lock:
            return tuple(check for check in self._repo().checks if head in {None, check.head})

    def commit_comments(self) -> tuple[str, ...]:
        """Comments on commits, oldest first."""
        with self.dispatcher.lock:
            return tuple(commit_comment.body for commit_comment in self._repo().commit_comments)

    def commit(  # noqa: PLR0913 -- each says something else of one commit
        self,
        files: dict[str, bytes | None],
        message: str = "change",
        author: str = "safety-lead",
        branch: str = "main",
        *,
        pusher: str | None = None,
        dated: datetime | None = None,
    ) -> str:
        """Files added, changed or (None) removed; a person's push. A new branch begins at `main`.

        `author` and `dated` are only what the commit says; `pusher` is who really pushed it, now.
        """
        with self.dispatcher.lock:
            repo, user = self._repo(), self._user(pusher or author)
            main, head = repo.git.head("main"), repo.git.head(branch)
            if main and head is None:
                repo.git.set_branch(branch, main, None)
            commit = repo.git.commit(files, message, author, branch, dated or self.dispatcher.clock.now())
            self.dispatcher.actions.pushed(repo, user, branch, commit, created=head is None)
        self.dispatcher.deliver()
        return commit

    def head(self, branch: str = "main") -> str | None:
        """Commit of a branch."""
        return self._repo().git.head(branch)

    def read(self, branch: str, path: str) -> bytes | None:
        """A file of a branch."""
        return self._repo().git.read(f"refs/heads/{branch}", path)

    def ls(self, branch: str) -> tuple[str, ...]:
        """Every path of a branch."""
        return self._repo().git.ls(f"refs/heads/{branch}")

    def open_issue_as(self, login: str, title: str, body: str = "") -> int:
        """A person's issue."""
        with self.dispatcher.lock:
            number = self.dispatcher.actions.open_issue(self._repo(), self._user(login), title, body).number
        self.dispatcher.deliver()
        return number

    def comment_as(self, login: str, number: int, body: str) -> int:
        """A comment; returns its id."""
        with self.dispatcher.lock:
            repo = self._repo()
            comment_id = self.dispatcher.actions.comment(repo, repo.issues[number], self._user(login), body).id
        self.dispatcher.deliver()
        return comment_id

    def _comment(self, number: int, comment: int) -> SandboxComment:
        return next(candidate for candidate in self._repo().issues[number].comments if candidate.id == comment)

    def edit_comment_as(self, login: str, number: int, comment: int, body: str) -> None:
        """Shows as edited by them."""
        with self.dispatcher.lock:
            repo, edited = self._repo(), self._comment(number, comment)
            self.dispatcher.actions.edit_comment(repo, repo.issues[number], self._user(login), edited, body)
        self.dispatcher.deliver()

    def delete_comment_as(self, login: str, number: int, comment: int) -> None:
        """It is gone."""
        with self.dispatcher.lock:
            repo, edited = self._repo(), self._comment(number, comment)
            self.dispatcher.actions.delete_comment(repo, repo.issues[number], self._user(login), edited)
        self.dispatcher.deliver()

    def edit_as(self, login: str, number: int, *, title: str | None = None, body: str | None = None) -> None:
        """New title or body."""
        with self.dispatcher.lock:
            repo = self._repo()
            self.dispatcher.actions.edit(repo, repo.issues[number], self._user(login), title, body)
        self.dispatcher.deliver()

    def close_as(self, login: str, number: int, reason: str = "completed") -> None:
        """By hand."""
        self._state(login, number, "closed", reason)

    def reopen_as(self, login: str, number: int) -> None:
        """By hand."""
        self._state(login, number, "open", None)

    def _state(self, login: str, number: int, state: str, reason: str | None) -> None:
        with self.dispatcher.lock:
            repo = self._repo()
            self.dispatcher.actions.set_state(repo, repo.issues[number], self._user(login), state, reason)
        self.dispatcher.deliver()

    def label_as(self, login: str, number: int, name: str) -> None:
        """Adds a label."""
        with self.dispatcher.lock:
            repo = self._repo()
            self.dispatcher.actions.label(repo, repo.issues[number], self._user(login), name)
        self.dispatcher.deliver()

    def unlabel_as(self, login: str, number: int, name: str) -> None:
        """Takes a label away."""
        with self.dispatcher.lock:
            repo = self._repo()
            self.dispatcher.actions.unlabel(repo, repo.issues[number], self._user(login), name)
        self.dispatcher.deliver()

    def delete_issue(self, number: int, login: str | None = None) -> None:
        """As an administrator can."""
        with self.dispatcher.lock:
            repo = self._repo()
            self.dispatcher.actions.delete_issue(repo, repo.issues[number], self._user(login) if login else None)
        self.dispatcher.deliver()

    def set_archived(self, archived: bool) -> None:  # noqa: FBT001 - a switch
        """Read-only from now on, or no longer."""
        with self.dispatcher.lock:
            self._repositories().archive(self._repo(), None, archived=archived)
        self.dispatcher.deliver()

    def set_private(self, *, private: bool) -> None:
        """Who may read it."""
        with self.dispatcher.lock:
            self._repositories().hide(self._repo(), None, private=private)
        self.dispatcher.deliver()

    def allow(self, login: str, right: str | None) -> None:
        """What somebody may do there from now on (read, triage, write, maintain, admin); None for nothing."""
        with self.dispatcher.lock:
            self._repositories().allow(self._repo(), None, self._user(login), right)
        self.dispatcher.deliver()

    def _repositories(self) -> SandboxRepositories:
        return SandboxRepositories(self.dispatcher.store, self.dispatcher.actions)
