"""The content of a repository through git: two requests, none if nothing changed."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from reassay.common.errors import UnavailableError, UpstreamError
from reassay.git.git import SUBMODULE, SYMLINK, Git
from reassay.github.repository_state import Pull, QueueEntry
from reassay.ledger.entry import Entry
from reassay.ledger.state import LedgerState
from reassay.ledger.store.branch import read_objects, read_state
from reassay.ledger.store.keyring import Keyring
from reassay.register.configuration_in_force import is_settled
from reassay.register.files import ParsedFiles, read_register
from reassay.register.files.configuration import read_configuration
from reassay.register.files.git_tree import GitTree
from reassay.register.prior_configuration import PriorConfiguration
from reassay.register.register import Register
from reassay.sweep.content import MergeResult, RepositoryContent
from reassay.sweep.overrides import FOLDER, read_overrides
from reassay.sweep.repository.guarded_commits import arrived_commits
from reassay.sweep.repository.guarded_tree import read_guarded
from reassay.sweep.repository.last_readable import is_whole
from reassay.sweep.repository.merges import MergeReader
from reassay.sweep.repository.prior_configurations import last_readable_register, prior_configuration

LARGEST_TEXT = 1_000_000
LARGEST_FILE = 50_000_000
"""Bytes of a file that evidence names; larger ones are sealed instead."""

DEEPER = (64, 1024, 2147483647)
"""Depths that are fetched in turn until the earlier tip is an ancestor; the last means all."""
MOST_ARRIVED = 1000
"""Commits between two looks at a branch that are asked about one by one."""


@dataclass(frozen=True, slots=True)
class RepositoryContents:
    """The register, the ledger and the pull requests of one repository, fetched into `git`."""

    git: Git
    url: str
    keyring: Keyring
    """A run that has a key reads no ledger that this key does not vouch for."""
    parsed: ParsedFiles = field(default_factory=ParsedFiles)
    """Files of registers that were parsed before; a server has one for all of its jobs."""

    def read(self) -> RepositoryContent:
        """The default branch and the ledger as they are now. Raises UpstreamError, BrokenLedgerError."""
        remote = self.git.remote_heads(self.url)
        self._fetch(remote.head, *([remote.ledger_head] if remote.ledger_head else []))
        content = read_content(self.git, remote.head, remote.default_branch, remote.ledger_head, self.parsed)
        self.keyring.refuse_foreign(content.ledger.book)
        entries = content.ledger.entries
        prior = None if is_settled(content.register) else self.prior(entries, besides=content.commit)
        if prior is not None:
            heads = (remote.head, remote.default_branch, remote.ledger_head)
            content = read_content(self.git, *heads, self.parsed, prior)
        if is_whole(content.register) or not entries:
            return content
        timezone = content.register.configuration.timezone
        last = last_readable_register(
            self.git, self.url, entries, self.parsed, besides=content.commit, timezone=timezone
        )
        return replace(content, last_readable=last)

    def prior(self, entries: Sequence[Entry], *, besides: str) -> PriorConfiguration | None:
        """The configuration that is in force where that of a commit cannot be read; None if none is known."""
        return prior_configuration(self.git, self.url, entries, self.parsed, besides=besides)

    def read_register(self) -> RepositoryContent:
        """The default branch as it is now, with an empty ledger whatever its branch holds. Raises UpstreamError."""
        remote = self.git.remote_heads(self.url)
        self._fetch(remote.head)
        return read_content(self.git, remote.head, remote.default_branch, None, self.parsed)

    def _fetch(self, *commits: str) -> None:
        present = self.git.commits(*commits)
        missing = [name for name, commit in zip(commits, present, strict=True) if commit is None]
        if missing:
            self.git.fetch(self.url, *missing)

    def merges(self, pulls: Iterable[Pull], prior: PriorConfiguration | None = None) -> Mapping[int, MergeResult | str]:
        """What each open pull request would merge, and each merged one did; a text says why one could not be read."""
        return self.merge_reader(prior).read(pulls)

    def group(self, base_ref: str, entry: QueueEntry, prior: PriorConfiguration | None = None) -> MergeResult | str:
        """What a group of a merge queue would merge into a branch."""
        return self.merge_reader(prior).group(base_ref, entry)

    def is_queued(self, base_ref: str, commit: str) -> bool:
        """Whether GitHub keeps a commit as the tip of a group of a branch's merge queue."""
        return bool(self.git.branches_at(self.url, commit, f"gh-readonly-queue/{base_ref}/*"))

    def brought(self, commit: str, count: int) -> tuple[str, ...]:
        """The commits that a pull request may have come as, given the last, and how many it had."""
        return self.merge_reader().brought(commit, count)

    def merge_reader(self, prior: PriorConfiguration | None = None) -> MergeReader:
        """Reads what was merged, by an earlier configuration where a side's own cannot be read."""
        return MergeReader(self.git, self.url, self.parsed, prior)

    def passed(
        self, commits: Iterable[str], prior: PriorConfiguration | None = None
    ) -> Mapping[str, MergeResult | str]:
        """What each commit changed, against its first parent; a text says why one could not be read."""
        return self.merge_reader(prior).passed(commits)

    def arrived(
        self, before: str, after: str, prior: PriorConfiguration | None = None, *, enforced: bool
    ) -> tuple[str, ...] | str:
        """Commits to guarded paths between two tips of a branch, by ancestry: dates are whatever the committer says.

        What runs is checked only where the gate is `enforced`. The reason why it is not known, where the branch was
        rewritten and the first tip is gone.
        """
        if before == after:
            return ()
        for depth in DEEPER:
            if self.git.is_ancestor(before, after):
                break
            self.git.fetch(self.url, after, depth=depth)
        if self.git.resolve(before) is None:
            try:
                self.git.fetch_history(self.url, before)
            except UnavailableError:
                raise
            except UpstreamError:
                return f"the default branch was rewritten, and its last known commit {before[:7]} is gone"
        commits = arrived_commits(self.git, before, after, MOST_ARRIVED + 1, prior, enforced=enforced)
        return commits if len(commits) <= MOST_ARRIVED else f"more than {MOST_ARRIVED} commits since {before[:7]}"

    def is_rewritten(self, before: str, after: str, prior: PriorConfiguration | None = None, *, enforced: bool) -> bool:
        """Whether a branch lacks commits to guarded paths that it had at `before`, and their content is not what it was."""
        if before == after or self.git.is_ancestor(before, after):
            return False
        # Where history is cut off no commit is seen to be an ancestor.
        self.git.fetch_history(self.url, after)
        if self.git.is_ancestor(before, after):
            return False
        try:
            self.git.fetch_history(self.url, before)
        except UnavailableError:
            raise
        except UpstreamError:
            return False  # it is gone everywhere, which `arrived` says
        if not arrived_commits(self.git, after, before, 1, prior, enforced=enforced):
            return False
        return bool(self.merge_reader(prior).between(before, after).paths)

    def objects(self, ledger: LedgerState, digests: Iterable[str]) -> Mapping[str, object]:
        """Parsed ledger objects by digest; missing ones are left out."""
        return read_objects(self.git, ledger.head, digests)

    def newest_objects(
        self, ledger: LedgerState, digests: Iterable[str], present: Mapping[str, object] = MappingProxyType({})
    ) -> Mapping[str, object]:
        """As `objects`, also of a ledger that this run has just written; what is `present` is not read. Raises UpstreamError."""
        wanted = frozenset(digests)
        missing = wanted - present.keys()
        if missing and ledger.head:
            self._fetch(ledger.head)
        read = self.objects(ledger, missing) if missing else {}
        return {name: present[name] for name in wanted & present.keys()} | dict(read)

    def ledger_writer(self, ledger: LedgerState) -> str:
        """The account that wrote the ledger last, as its commit states it; empty without a ledger."""
        return self.git.author(ledger.head) if ledger.head else ""

    def texts(self, commit: str, paths: Iterable[str]) -> Mapping[str, str]:
        """Small text files of a commit that is here, by path: those named, and all under a path that ends in a slash."""
        wanted = tuple(paths)
        entries = {
            entry.path: entry.oid
            for entry in self.git.list(commit)
            if entry.size <= LARGEST_TEXT and any(entry.path == path or _is_under(entry.path, path) for path in wanted)
        }
        contents = self.git.read(entries.values())
        return {path: contents[oid].decode("utf-8", "replace") for path, oid in entries.items() if oid in contents}

    def files(self, named: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """Digests of files of this repository; a commit that is not here is fetched, and one that is nowhere has no files."""
        digests: dict[tuple[str, str], str] = {}
        for path, commit in dict.fromkeys(named):
            digest = self._file(path, commit)
            if digest is not None:
                digests[path, commit] = digest
        return digests

    def _file(self, path: str, commit: str) -> str | None:
        data = self.blob(path, commit)
        return f"file:sha256:{hashlib.sha256(data).hexdigest()}" if isinstance(data, bytes) else None

    def blob(self, path: str, commit: str) -> bytes | int | None:
        """The content of a file of a commit; its size if it is larger than LARGEST_FILE; None without such a file.

        A symbolic link and a submodule are none. A commit that is not here is fetched.
        """
        if self.git.resolve(commit) is None:
            try:
                self.git.fetch(self.url, commit)
            except UpstreamError:
                return None
        entry = self.git.find(commit, path)
        if entry is None or entry.mode in {SYMLINK, SUBMODULE}:
            return None
        return entry.size if entry.size > LARGEST_FILE else self.git.read([entry.oid]).get(entry.oid)


def _is_under(path: str, folder: str) -> bool:
    return folder.endswith("/") and path.startswith(folder)


def read_content(  # noqa: PLR0913, PLR0917 -- what a commit is read with
    git: Git,
    commit: str,
    branch: str,
    ledger_head: str | None,
    parsed: ParsedFiles,
    prior: PriorConfiguration | None = None,
) -> RepositoryContent:
    """Everything at two commits that are here; `prior` is in force where the configuration cannot be read."""
    tree = GitTree(git, commit)
    git.list(commit)  # whole, so that none of its parts needs a process
    words = [entry for entry in git.list(commit, FOLDER) if entry.path.endswith(".md")]
    files = {entry.path: entry.oid for entry in words if entry.mode not in {SYMLINK, SUBMODULE}}
    contents = git.read(files.values())
    register = read_register(tree, parsed=parsed, prior=prior)
    return RepositoryContent(
        commit=commit,
        branch=branch,
        register=register,
        overrides=read_overrides(
            {path: contents[oid] for path, oid in files.items() if oid in contents},
            links=[entry.path for entry in words if entry.path not in files],
        ),
        ledger=read_state(git, ledger_head),
        configuration_text=_configuration(tree, register),
        guarded=read_guarded(tree, read_configuration(tree, prior).folder).paths,
    )


def _configuration(tree: GitTree, register: Register) -> str | None:
    origin = register.configuration_origin
    file = tree.read(origin.path) if origin else None
    return file.data.decode("utf-8", "replace") if file and file.data is not None else None
