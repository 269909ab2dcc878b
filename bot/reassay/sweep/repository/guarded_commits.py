"""Commits that change guarded paths, whatever was guarded when each of them was made."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reassay.changes.guarded_paths import GuardedPaths
from reassay.common.errors import UpstreamError
from reassay.git.git import Git, PathChange
from reassay.register.prior_configuration import PriorConfiguration
from reassay.sweep.repository.guarded_tree import guarded_in, is_decisive

_EMPTY_FILE = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


def arrived_commits(  # noqa: PLR0913 -- both ends, and how they are read
    git: Git, before: str, after: str, most: int, prior: PriorConfiguration | None = None, *, enforced: bool
) -> tuple[str, ...]:
    """Commits of `after` that `before` lacks and that change a path that was guarded then, newest first, at most `most`.

    A commit that moves the register, or that adds a link, guards further paths for the commits beside it.
    """
    guarded = guarded_in(git, before, prior).paths | guarded_in(git, after, prior).paths
    examined: set[str] = set()
    while True:
        commits = git.commits_touching(before, after, guarded.pathspecs(enforced=enforced), most)
        further = guarded
        for commit, parents in git.parents(set(commits) - examined).items():
            if _may_be_decisive(git, commit, parents):
                further |= guarded_in(git, commit, prior).paths
        examined |= set(commits)
        if further == guarded:
            return commits
        guarded = further


def contributing_commits(
    git: Git,
    commits: Sequence[str],
    merged: str,
    guarded: GuardedPaths,
    prior: PriorConfiguration | None = None,
) -> frozenset[str]:
    """Commits of a pull request that change guarded paths, or content that came from elsewhere to a guarded path.

    Content came from elsewhere if the same file was at another path, if a commit that touches a guarded path deletes another
    file, or if the request writes a file that it does not keep. `guarded` are the paths of both sides; those of each commit
    count as well. Raises UpstreamError if history is missing.
    """
    lineage = git.parents(commits)
    changes = {commit: git.introduced(commit, parents) for commit, parents in lineage.items()}
    # Where the request began the register may have been elsewhere: git merges a change of a file that the base has moved.
    begun = {parent for parents in lineage.values() for parent in parents if parent not in lineage}
    for commit in (*sorted(begun), *(commit for commit, own in changes.items() if _is_decisive(own))):
        guarded |= guarded_in(git, commit, prior).paths
    origins = {path for path in _passing(git, changes, merged) if not guarded.is_guarded(path)}
    while True:
        moved = {
            change.new
            for change in _all(changes)
            if change.new not in {None, _EMPTY_FILE} and (guarded.is_guarded(change.path) or change.path in origins)
        }
        counted = {
            commit
            for commit, own in changes.items()
            if any(guarded.is_guarded(change.path) or change.path in origins or change.new in moved for change in own)
        }
        further = origins | {change.path for commit in counted for change in changes[commit] if change.new is None}
        if further == origins:
            return frozenset(counted)
        origins = further


def _is_decisive(changes: Iterable[PathChange]) -> bool:
    return any(is_decisive(change.path, is_special=change.is_special) for change in changes)


def _may_be_decisive(git: Git, commit: str, parents: Sequence[str]) -> bool:
    try:
        return _is_decisive(git.introduced(commit, parents))
    except UpstreamError:
        return True  # where the history was cut off, a commit cannot be compared


def _passing(git: Git, changes: Mapping[str, Sequence[PathChange]], merged: str) -> Iterator[str]:
    """Paths that the request writes and that the merge result does not have."""
    written = {change.path for change in _all(changes) if change.new is not None}
    kept = git.named(merged, written)
    return (path for path in written if path not in kept)


def _all(changes: Mapping[str, Sequence[PathChange]]) -> Iterator[PathChange]:
    return (change for own in changes.values() for change in own)
