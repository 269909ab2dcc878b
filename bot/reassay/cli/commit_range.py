"""Two git revisions of a checkout and their merge result, for `diff` and `gate`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reassay.common.errors import UsageError
from reassay.git.git import Git
from reassay.git.ledger_place import LedgerPlace, ledger_place
from reassay.ledger.entry import Entry
from reassay.ledger.store.branch import read_state
from reassay.register.configuration_in_force import is_settled
from reassay.register.files import ParsedFiles
from reassay.sweep.repository.pair import RegisterPair, read_pair
from reassay.sweep.repository.prior_configurations import prior_configuration


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


def read_range(path: str, base: str, head: str, scratch: Path | None = None) -> CommitRange:
    """Reads base and merge result; the head itself if it cannot be merged.

    Git writes the merge result into the folder `scratch`, which must last as long as the range; else into the repository,
    where git removes it after some weeks. Raises UsageError, UpstreamError, BrokenLedgerError.
    """
    if not Path(path).is_dir():
        raise UsageError("there is no such folder.", where=path, remedy="Name a checkout of a framework repository.")
    git = Git(Path(path))
    base, head = _commits(git, base, head)
    if scratch is not None:
        git = git.with_new_objects_in(scratch)
    tree = git.merged_tree(base, head)
    place, parsed = ledger_place(git), ParsedFiles()
    pair = read_pair(git, base, tree or head, parsed)
    if place.commit is not None and not is_settled(pair.base):
        # As a sweep judges it: by the last configuration that could be read, as far as this clone has it.
        entries = _up_to(base, read_state(git, place.commit).entries, git)
        prior = prior_configuration(git, None, entries, parsed, besides=base)
        pair = read_pair(git, base, tree or head, parsed, prior)
    return CommitRange(git, base, head, pair, tree is not None, place)


def _up_to(base: str, entries: Sequence[Entry], git: Git) -> Sequence[Entry]:
    """The entries that were recorded at a commit of the history of `base`: what came later is not in force there."""
    names = {entry.register_commit for entry in entries}
    before = {name for name in names if git.is_ancestor(name, base)}
    return [entry for entry in entries if entry.register_commit in before]


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
