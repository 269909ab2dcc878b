"""Both sides of a merge, read through git without a checkout: the base and the merge result."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reassay.changes.guarded_paths import GuardedPaths
from reassay.git.git import Git, PathChange
from reassay.register.files import ParsedFiles
from reassay.register.files.configuration import read_configuration
from reassay.register.files.git_tree import GitTree
from reassay.register.files.reader import FileParser, read_files
from reassay.register.prior_configuration import PriorConfiguration
from reassay.register.register import Register
from reassay.sweep.repository.guarded_tree import GuardedTree, read_guarded


@dataclass(frozen=True, slots=True)
class RegisterPair:
    """Registers of both sides, and the policy files that differ."""

    base: Register
    merged: Register
    files: Mapping[str, tuple[str | None, str | None]]
    """Paths of policy that differ or are read only on one side, with what both sides have there: an object id, or a link or
    submodule; for the folder that the register moves to (with a slash at its end) the id of its tree."""
    paths: tuple[str, ...]
    """Changed paths of the register and of policy, on either side."""
    guarded: GuardedPaths
    """Paths that are guarded on either side."""


def read_pair(
    git: Git,
    base: str,
    merged: str,
    parsed: ParsedFiles | None = None,
    prior: PriorConfiguration | None = None,
) -> RegisterPair:
    """Reads two local commits or trees; files that are the same on both sides are parsed once.

    Each side is read in the folder that its own configuration names, or `prior` where that cannot be read. Raises
    UpstreamError.
    """
    parser = FileParser(parsed or ParsedFiles(), prior)
    before = GitTree(git, base)
    after = GitTree(git, merged, before.blobs)
    settings, proposed = read_configuration(before, prior), read_configuration(after, prior)
    folder, new_folder = settings.folder, proposed.folder
    listed = before.entries(folder), after.entries(new_folder)
    before.load([entry for side in listed for entry in side])
    registers = (
        read_files(before, settings, folder, before.files(listed[0]), parser),
        read_files(after, proposed, new_folder, after.files(listed[1]), parser),
    )
    sides = read_guarded(before, folder), read_guarded(after, new_folder)
    guarded = sides[0].paths | sides[1].paths
    changed = git.differences(base, merged)
    files = dict(_policy_files(changed, guarded, sides))
    if folder != new_folder:
        files |= _moved(git, base, merged, new_folder)
    own = [change.path for change in changed if guarded.is_guarded(change.path)]
    return RegisterPair(*registers, files, tuple(dict.fromkeys((*own, *files))), guarded)


def _policy_files(
    changed: Iterable[PathChange], guarded: GuardedPaths, sides: tuple[GuardedTree, GuardedTree]
) -> Iterator[tuple[str, tuple[str | None, str | None]]]:
    """Policy files that differ. What a link leads to counts from the moment at which the link is there."""
    ids = {change.path: (change.old, change.new) for change in changed}
    before, after = (side.elsewhere for side in sides)
    for path in sorted(ids.keys() | before.keys() | after.keys()):
        old, new = ids.get(path, (None, None))
        values = before.get(path, old), after.get(path, new)
        is_read_differently = before.get(path) != after.get(path)
        if is_read_differently or (path in ids and guarded.is_policy(path)):
            yield path, values


def _moved(git: Git, base: str, merged: str, folder: str) -> Mapping[str, tuple[str | None, str | None]]:
    """The folder that the register moves to: whoever signs the move signs what is in it."""
    old, new = (git.named(commit, [folder]).get(folder) for commit in (base, merged))
    return {f"{folder}/": (old.oid if old else None, new.oid if new else None)} if old or new else {}
