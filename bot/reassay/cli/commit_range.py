"""Two git revisions of a checkout and their merge result, for `diff` and `gate`."""

from dataclasses import dataclass
from pathlib import Path

from reassay.common.errors import UsageError
from reassay.git.git import Git
from reassay.git.ledger_place import LedgerPlace, ledger_place
from reassay.sweep.repository.pair import RegisterPair, read_pair


@dataclass(frozen=True, slots=True)
class CommitRange:
    """Base and head as commits, and the registers of the base and of the merge result."""

    git: Git
    base: str
    head: str
    registers: RegisterPair
    mergeable: bool
    ledger: LedgerPlace
    """Where this clone has the ledger."""


def read_range(path: str, base: str, head: str) -> CommitRange:
    """Reads base and merge result; the head itself if it cannot be merged. Raises UsageError, UpstreamError."""
    if not Path(path).is_dir():
        raise UsageError("there is no such folder.", where=path, remedy="Name a checkout of a framework repository.")
    git = Git(Path(path))
    base, head = _commits(git, base, head)
    tree = git.merged_tree(base, head)
    return CommitRange(git, base, head, read_pair(git, base, tree or head), tree is not None, ledger_place(git))


def _commits(git: Git, base: str, head: str) -> tuple[str, str]:
    """Commits of base and head. Raises UsageError if base or head is not a commit of this clone."""
    ends = git.commits(base, head)
    for name, commit in zip((base, head), ends, strict=True):
        if commit is None or name.startswith("-"):
            raise UsageError(
                f"'{name}' is not a commit of this clone.",
                remedy="Name a branch, a tag or a commit, or run `git fetch` first.",
            )
    return str(ends[0]), str(ends[1])
