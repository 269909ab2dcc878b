"""What `diff` and `gate` share: two git revisions of one checkout, and what a merge of them would give."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.adapters.git import Git
    from bot.adapters.revisions import Revisions


@dataclass(frozen=True, slots=True)
class Range:
    """A base, a head, and the registers before and after."""

    git: "Git"
    base: str
    head: str
    revisions: "Revisions"
    mergeable: bool


def read_range(path: str, base: str, head: str) -> Range:
    """The merge result beside the base; the head itself where it cannot be merged. Raises UsageError."""
    from bot.adapters.git import Git
    from bot.adapters.revisions import merged_tree, read_revisions

    git = Git(Path(path))
    if not Path(path).is_dir():
        raise UsageError("there is no such folder.", where=path, remedy="Name a checkout of a framework repository.")
    commits = [_commit(git, name) for name in (base, head)]
    tree = merged_tree(git, commits[0], commits[1])
    return Range(git, commits[0], commits[1], read_revisions(git, commits[0], tree or commits[1]), tree is not None)


def _commit(git: "Git", name: str) -> str:
    found = None if name.startswith("-") else git.resolve(name)
    if found is None:
        raise UsageError(f"'{name}' is no commit here.", remedy="Fetch it first, or name a branch, a tag or a commit.")
    return found


def add_revisions(parser: argparse.ArgumentParser) -> None:
    """`BASE HEAD [PATH]`."""
    parser.add_argument("base", metavar="BASE", help="the revision that is merged into")
    parser.add_argument("head", metavar="HEAD", help="the revision with the changes")
