"""What `diff` and `gate` share: two git revisions of one checkout, and what a merge of them would give."""

from dataclasses import dataclass
from pathlib import Path

from reassay.common.errors import UsageError
from reassay.git.git import LEDGER_PLACES, Git
from reassay.sweep.repository.pair import RegisterPair, read_pair


@dataclass(frozen=True, slots=True)
class Range:
    """A base, a head, and the registers before and after."""

    git: Git
    base: str
    head: str
    registers: RegisterPair
    mergeable: bool
    ledger: str | None
    """The last commit of the ledger that this clone knows."""


def read_range(path: str, base: str, head: str) -> Range:
    """The merge result beside the base; the head itself where it cannot be merged. Raises UsageError, UpstreamError."""
    if not Path(path).is_dir():
        raise UsageError("there is no such folder.", where=path, remedy="Name a checkout of a framework repository.")
    git = Git(Path(path))
    base, head, ledger = _commits(git, base, head)
    tree = git.merged_tree(base, head)
    return Range(git, base, head, read_pair(git, base, tree or head), tree is not None, ledger)


def _commits(git: Git, base: str, head: str) -> tuple[str, str, str | None]:
    """Those of the range, and of the ledger if there is one."""
    *found, here, there = git.commits(base, head, *LEDGER_PLACES)
    for name, commit in zip((base, head), found, strict=True):
        if commit is None or name.startswith("-"):
            raise UsageError(
                f"'{name}' is no commit here.", remedy="Fetch it first, or name a branch, a tag or a commit."
            )
    return str(found[0]), str(found[1]), here or there
