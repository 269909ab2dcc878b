"""Two git revisions of a checkout and their merge result, for `diff` and `gate`."""

from dataclasses import dataclass
from pathlib import Path

from reassay.common.errors import UsageError
from reassay.git.git import LEDGER_PLACES, Git
from reassay.sweep.repository.pair import RegisterPair, read_pair


@dataclass(frozen=True, slots=True)
class CommitRange:
    """Base and head as commits, and the registers of the base and of the merge result."""

    git: Git
    base: str
    head: str
    registers: RegisterPair
    mergeable: bool
    ledger: str | None
    """Newest commit of the ledger branch in this clone, if any."""


def read_range(path: str, base: str, head: str) -> CommitRange:
    """Reads base and merge result; the head itself if it cannot be merged. Raises UsageError, UpstreamError."""
    if not Path(path).is_dir():
        raise UsageError("there is no such folder.", where=path, remedy="Name a checkout of a framework repository.")
    git = Git(Path(path))
    base, head, ledger = _commits(git, base, head)
    tree = git.merged_tree(base, head)
    return CommitRange(git, base, head, read_pair(git, base, tree or head), tree is not None, ledger)


def _commits(git: Git, base: str, head: str) -> tuple[str, str, str | None]:
    """Commits of base, head and ledger. Raises UsageError if base or head is not a commit of this clone."""
    *ends, local_ledger, remote_ledger = git.commits(base, head, *LEDGER_PLACES)
    for name, commit in zip((base, head), ends, strict=True):
        if commit is None or name.startswith("-"):
            raise UsageError(
                f"'{name}' is not a commit of this clone.",
                remedy="Name a branch, a tag or a commit, or run `git fetch` first.",
            )
    return str(ends[0]), str(ends[1]), local_ledger or remote_ledger
