"""Merge results of pull requests and merge queue groups, from git without API calls or checkouts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reassay.common.errors import NotFoundError, UpstreamError
from reassay.git.git import Git
from reassay.github.repository_state import Pull, QueueEntry
from reassay.register.files import ParsedFiles, read_register
from reassay.register.files.git_tree import GitTree
from reassay.register.prior_configuration import PriorConfiguration
from reassay.register.register import Register
from reassay.sweep.content import MergeResult
from reassay.sweep.repository.guarded_commits import contributing_commits
from reassay.sweep.repository.guarded_tree import guarded_in
from reassay.sweep.repository.pair import RegisterPair, read_pair

MOST_BROUGHT = 1000
"""Commits of one pull request that are listed."""


@dataclass(frozen=True, slots=True)
class MergeReader:
    """Reads merge results through `git`."""

    git: Git
    url: str
    parsed: ParsedFiles = field(default_factory=ParsedFiles)
    prior: PriorConfiguration | None = None
    """The earlier configuration that is in force on a side whose own cannot be read; None to take each side as it is."""

    def read(self, pulls: Iterable[Pull]) -> Mapping[int, MergeResult | str]:
        """The merge result of each pull request, or the reason why it could not be read."""
        merges: dict[int, MergeResult | str] = {}
        for pull in pulls:
            try:
                merges[pull.number] = self._result(pull)
            except UpstreamError as error:
                merges[pull.number] = f"its content could not be read: {error.message}"
        return merges

    def _pair(self, before: str, after: str) -> RegisterPair:
        return read_pair(self.git, before, after, self.parsed, self.prior)

    def _result(self, pull: Pull) -> MergeResult:
        if not pull.issue.is_open:
            return self._closed(pull)
        if pull.base_tip is None:
            raise NotFoundError(f"the branch {pull.base_ref} is gone")
        if pull.merge_commit is not None:
            self._bring(pull.base_tip, pull.merge_commit)
            tree: str | None = pull.merge_commit
        elif pull.mergeable == "no":
            self._bring(pull.base_tip, pull.head)
            tree = None
        else:
            # GitHub computes test merges later; until then git computes them here.
            self._bring_history(pull.base_tip, pull.head)
            tree = self.git.merged_tree(pull.base_tip, pull.head)
        pair = self._pair(pull.base_tip, tree or pull.head)
        touching = self._touching(pull, pair, tree or pull.head)
        if tree is not None and pair.paths and not touching:
            touching = None  # a change that no commit accounts for: the list of commits is not whole
        return MergeResult(
            pull.base_tip,
            pair.base,
            pair.merged,
            pair.files,
            mergeable=tree is not None,
            touching=touching,
        )

    def _closed(self, pull: Pull) -> MergeResult:
        nothing, merged = Register(), pull.merged_as
        if merged is None:
            return MergeResult("", nothing, nothing, {}, mergeable=False, touching=frozenset())
        self._bring_line(merged, 1)
        landed = read_register(GitTree(self.git, merged), parsed=self.parsed, prior=self.prior)
        sides = (guarded_in(self.git, side, self.prior).paths for side in (f"{merged}^1", merged))
        guarded = next(sides) | next(sides)
        is_gated = any(guarded.is_guarded(path) for path in self.git.changed(f"{merged}^1", merged))
        touching = frozenset({merged}) if is_gated else frozenset()
        return MergeResult("", nothing, nothing, {}, mergeable=False, touching=touching, landed=landed)

    def group(self, base_ref: str, entry: QueueEntry) -> MergeResult | str:
        """The group's commit is the merge result."""
        if entry.group is None:
            return "the queue has not made its commit yet"
        try:
            base = self.git.branch_tip(self.url, base_ref)
            self._bring(base, entry.group)
        except UpstreamError as error:
            return f"its content could not be read: {error.message}"
        pair = self._pair(base, entry.group)
        return MergeResult(base, pair.base, pair.merged, pair.files, mergeable=True, touching=frozenset())

    def passed(self, commits: Iterable[str]) -> Mapping[str, MergeResult | str]:
        """The change of each commit against its parent; of a merge, against the tree that git computes for it."""
        merges: dict[str, MergeResult | str] = {}
        for commit in dict.fromkeys(commits):
            try:
                merges[commit] = self._passed(commit)
            except UpstreamError as error:
                merges[commit] = f"its content could not be read: {error.message}"
        return merges

    def brought(self, commit: str, count: int) -> tuple[str, ...]:
        """What a merge brought, itself first; of any other commit, so many of its line as a rebase may have put there."""
        self._bring_line(commit, count)
        if self.git.resolve(f"{commit}^2") is None:
            return self.git.first_parents(commit, count)
        self._bring_history(commit)
        return self.git.commits_touching(f"{commit}^1", commit, (), MOST_BROUGHT)

    def landed(self, commit: str, count: int) -> tuple[RegisterPair, str]:
        """Both sides of the last `count` commits of a line as one change, and the commit before them.

        Raises UpstreamError, NotFoundError where there is none before them.
        """
        self._bring_line(commit, count)
        before = self.git.resolve(f"{commit}~{count}")
        if before is None:
            raise NotFoundError(f"commit {commit[:7]} has no {count} commits to compare it with")
        return self._pair(before, commit), before

    def before(self, commit: str, head: str, commits: Sequence[str]) -> str:
        """Where the branch stood before it moved to a merge of `head`, or to `head` itself.

        A merge may name its parents in any order, and others beside them, and a head that its base was merged into is a merge
        itself: none of this says where the branch stood. It stood at the newest commit that is not the pull request's own.
        `commits` are the pull request's own; empty where they are not all known. Raises UpstreamError, NotFoundError where
        there is no such commit, or several of them.
        """
        self._bring_history(commit)
        own = {commit, head, *commits} if commits or commit == head else {commit}
        parents = self.git.parents(own).values()
        begun = {parent for above in parents for parent in above} - {commit, head, *commits}
        newest = [
            name for name in sorted(begun) if not any(self.git.is_ancestor(name, other) for other in begun - {name})
        ]
        if len(newest) != 1:
            raise NotFoundError(f"it is not known where the branch stood before commit {commit[:7]}")
        return newest[0]

    def between(self, before: str, after: str) -> RegisterPair:
        """Two commits that are here, as both sides. Raises UpstreamError."""
        return self._pair(before, after)

    def moved(self, before: str, after: str) -> MergeResult | str:
        """What changed from one commit to another, or the reason why it could not be read."""
        try:
            self._bring(before, after)
            pair = self.between(before, after)
        except UpstreamError as error:
            return f"its content could not be read: {error.message}"
        return MergeResult(before, pair.base, pair.merged, pair.files, mergeable=True, touching=frozenset())

    def is_merge(self, commit: str) -> bool:
        """Whether a commit has several parents."""
        self._bring_line(commit, 1)
        return self.git.resolve(f"{commit}^2") is not None

    def is_odd_merge(self, commit: str, head: str) -> bool:
        """Whether a commit is a merge other than of what the branch was, first, and `head`, second."""
        self._bring(commit)
        parents = self.git.parents([commit]).get(commit, ())
        return len(parents) > 1 and parents[1:] != (head,)

    def merge_of(self, before: str, head: str) -> RegisterPair | None:
        """What git itself makes of a merge, as both sides; None for a conflict. Raises UpstreamError."""
        self._bring_history(before, head)
        tree = self.git.merged_tree(before, head)
        return self._pair(before, tree) if tree else None

    def _passed(self, commit: str) -> MergeResult:
        self._bring_line(commit, 1)
        before = f"{commit}^1"
        parent = self.git.resolve(before)
        if parent is None:
            raise NotFoundError(f"commit {commit[:7]} has no parent to compare it with")
        pair = self._pair(self._merged_by_git(parent, commit) or parent, commit)
        return MergeResult(parent, pair.base, pair.merged, pair.files, mergeable=True, touching=frozenset())

    def _merged_by_git(self, first: str, commit: str) -> str | None:
        """The tree that git computes for a merge of two commits; None for other commits and conflicts."""
        second, third = self.git.commits(f"{commit}^2", f"{commit}^3")
        if second is None or third is not None:
            return None
        self._bring_history(commit)
        return self.git.merged_tree(first, second)

    def _bring(self, *commits: str) -> None:
        missing = [commit for commit in dict.fromkeys(commits) if self.git.resolve(commit) is None]
        if missing:
            self.git.fetch(self.url, *missing)

    def _bring_line(self, commit: str, count: int) -> None:
        """Fetches a commit with its parents and the first-parent line of `count` commits before it, unless all are here."""
        # Where history was cut off git shows a commit without any parent, so a line that goes on has all of them.
        if self.git.resolve(f"{commit}~{count}") is None:
            self.git.fetch(self.url, commit, depth=count + 1)

    def _bring_history(self, *commits: str) -> None:
        """Fetches commits with all of their history, unless it is here."""
        missing = [commit for commit in commits if not self.git.has_history(commit)]
        if missing:
            self.git.fetch_history(self.url, *missing)

    def _touching(self, pull: Pull, pair: RegisterPair, merged: str) -> frozenset[str] | None:
        """Commits that wrote what is guarded, without merges of the base; None if some could not be read."""
        if not pair.paths or not pull.commits:
            return frozenset()
        commits = [commit.oid for commit in pull.commits]
        try:
            if not self._has_history(commits):
                self._bring_history(pull.head)
            return contributing_commits(self.git, commits, merged, pair.guarded, self.prior)
        except UpstreamError:
            return None

    def _has_history(self, commits: Sequence[str]) -> bool:
        """Whether every commit is here with its parents, and each merge with all that it takes to repeat it."""
        parents = self.git.parents(commits)
        if any(commit not in parents for commit in commits):
            return False
        if None in self.git.commits(*(parent for own in parents.values() for parent in own)):
            return False
        return all(self.git.has_history(commit) for commit, own in parents.items() if len(own) > 1)
