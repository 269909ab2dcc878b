"""Two sides of a merge, read through git: the base as it is, and as it would be. Nothing is ever checked out."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.adapters.git import Git, TreeEntry
from bot.adapters.git_tree import GitTree
from bot.adapters.register_files import File, read_two
from bot.domain.changes.policy import is_guarded
from bot.domain.register.register import Register
from bot.errors import UpstreamError

_POLICY_FOLDERS = (".github", "CODEOWNERS", "docs/CODEOWNERS")
_CONFLICT = 1


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
    changed = git.changed(base, merged)
    known: dict[TreeEntry, File] = {}
    before, after = read_two(GitTree(git, base, known), GitTree(git, merged, known))
    folder = before.configuration.register_folder.rstrip("/")
    files = {path: both for path, both in changed.items() if is_guarded(path)}
    paths = tuple(path for path in changed if path in files or path.startswith(f"{folder}/"))
    return Revisions(before, after, files, paths)


def merged_tree(git: Git, base: str, head: str) -> str | None:
    """The tree that a merge would give; None for a conflict. Both with their history. Raises UpstreamError otherwise."""
    code, output = git.ask("merge-tree", "--write-tree", "--no-messages", base, head)
    tree = output.decode().split("\n", 1)[0].strip()
    if code == 0 and tree:
        return tree
    if code == _CONFLICT:
        return None
    raise UpstreamError(f"git could not merge {head[:7]} into {base[:7]}.", remedy="Fetch both with their history.")
