"""Two sides of a merge, read through git: the base as it is, and as it would be. Nothing is ever checked out."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.adapters.ahead import Ahead, looking_ahead
from bot.adapters.git import Git
from bot.adapters.git_tree import GitTree
from bot.adapters.register_files import File, read_two
from bot.domain.changes.policy import is_guarded
from bot.domain.register.register import Register

_POLICY_FOLDERS = (".github", "CODEOWNERS", "docs/CODEOWNERS")


@dataclass(frozen=True, slots=True)
class Revisions:
    """Registers of both sides, and what differs of the files that decide who is asked."""

    base: Register
    merged: Register
    files: Mapping[str, tuple[str | None, str | None]]
    paths: tuple[str, ...]
    """Changed paths of the register and of policy, on either side."""


def read_revisions(git: Git, base: str, merged: str) -> Revisions:
    """Both are commits or trees that are here. The folder of the register is the base's, whatever the other side says."""
    with looking_ahead(git, base, merged) as ahead:
        return revisions_of(ahead)


def revisions_of(ahead: Ahead) -> Revisions:
    """The same, of what is being asked for already."""
    known: dict[str, File] = {}
    before, after = read_two(GitTree(ahead, ahead.base, known), GitTree(ahead, ahead.merged, known))
    folder = before.configuration.register_folder.rstrip("/")
    files = {path: both for path, both in ahead.changed.items() if is_guarded(path)}
    paths = tuple(path for path in ahead.changed if path in files or path.startswith(f"{folder}/"))
    return Revisions(before, after, files, paths)
