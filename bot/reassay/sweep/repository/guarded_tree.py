"""The guarded paths of one commit, by git: its register's folder, its links with their targets, and its submodules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reassay.changes.guarded_paths import LINK, SUBMODULE, GuardedPaths, is_at
from reassay.git import git as modes
from reassay.git.git import Git
from reassay.git.listings import TreeEntry
from reassay.register.files import CONFIGURATION_PATH
from reassay.register.files.configuration import read_configuration
from reassay.register.files.git_tree import GitTree
from reassay.register.files.links import target_of
from reassay.register.files.tree import File, Mode
from reassay.register.prior_configuration import PriorConfiguration

MOST_LINKS = 40
"""Links in a row that are followed, as many as Linux follows."""


@dataclass(frozen=True, slots=True)
class GuardedTree:
    """What is guarded in one commit."""

    paths: GuardedPaths
    elsewhere: Mapping[str, str]
    """Links at guarded paths, what they lead to, and submodules: path -> what is read there, as `changes.policy` compares it."""


def guarded_in(git: Git, commit: str, prior: PriorConfiguration | None = None) -> GuardedTree:
    """What is guarded in a commit, whose configuration says where its register is, or else `prior`. Raises UpstreamError."""
    tree = GitTree(git, commit)
    return read_guarded(tree, read_configuration(tree, prior).folder)


def read_guarded(tree: GitTree, folder: str) -> GuardedTree:
    """What is guarded in a commit with its register in `folder`. Raises UpstreamError."""
    specials = tree.git.specials(tree.commit)
    links = {entry.path: entry for entry in specials if entry.mode == modes.SYMLINK}
    submodules = {entry.path: entry for entry in specials if entry.mode == modes.SUBMODULE}
    paths = GuardedPaths(frozenset({folder}), frozenset(), frozenset(submodules))
    guarded = {path for path in links if paths.is_guarded(path)}
    for _ in range(MOST_LINKS):
        tree.load(links[path] for path in guarded)
        targets = frozenset(
            place for path in guarded for place in _places(tree, links[path], folder, is_register=_in(path, folder))
        )
        further = {path for path in links if any(is_at(path, place) for place in targets)} | guarded
        paths = GuardedPaths(paths.folders, targets, paths.submodules)
        if further == guarded:
            break
        guarded = further
    values = {path: f"{LINK}{links[path].oid}" for path in guarded}
    values |= {path: f"{SUBMODULE}{entry.oid}" for path, entry in submodules.items()}
    named = tree.git.named(tree.commit, (place.rstrip("/") for place in paths.targets))
    values = {path: entry.oid for path, entry in named.items()} | values
    return GuardedTree(paths, values)


def _in(path: str, folder: str) -> bool:
    return is_at(path, f"{folder}/")


def _places(tree: GitTree, link: TreeEntry, folder: str, *, is_register: bool) -> Sequence[str]:
    """Where a link leads, as a file; a link that is none of the register's may lead to a folder too."""
    place = target_of(File(link.path, tree.blobs.get(link.oid), Mode.SYMLINK))
    if place is None or place == ".":
        return ()
    if is_register:
        # The reader follows it to a file only, and reads files of the register at their own paths.
        return () if place.startswith(f"{folder}/") else (place,)
    return (place, f"{place}/")


def is_decisive(path: str, *, is_special: bool) -> bool:
    """Whether a change of a path may change which paths are guarded."""
    return is_special or is_at(path, CONFIGURATION_PATH)
