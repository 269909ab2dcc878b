"""Two sides of a merge, read through git: the base as it is, and as it would be. Nothing is ever checked out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reassay.changes.policy import is_guarded
from reassay.git.ahead import Ahead, looking_ahead
from reassay.git.alike import FOLDER
from reassay.git.git import Git
from reassay.git.tree import GitTree
from reassay.register.files import File, read_two
from reassay.register.files.pile import pile
from reassay.register.files.reach import WORTH_IT
from reassay.register.files.two_sides import Apart
from reassay.register.register import Register

_POLICY_FOLDERS = (".github", "CODEOWNERS", "docs/CODEOWNERS")


@dataclass(frozen=True, slots=True)
class Revisions:
    """Registers of both sides, and what differs of the files that decide who is asked."""

    base: Register
    merged: Register
    files: Mapping[str, tuple[str | None, str | None]]
    paths: tuple[str, ...]
    """Changed paths of the register and of policy, on either side."""


def read_revisions(git: Git, base: str, merged: str, worth_it: int = WORTH_IT) -> Revisions:
    """Both are commits or trees that are here. The folder of the register is the base's, whatever the other side says."""
    with looking_ahead(git, base, lambda: merged) as ahead:
        return revisions_of(ahead, worth_it)


def revisions_of(ahead: Ahead, worth_it: int = WORTH_IT) -> Revisions:
    """The same, of what is being asked for already."""
    known: dict[str, File] = {}
    trees = (GitTree(ahead, ahead.base, known), GitTree(ahead, ahead.merged, known))
    before, after = read_two(
        *trees, worth_it, lambda: _apart(ahead, *trees) if len(ahead.compared.alike) >= worth_it else None
    )
    folder = before.configuration.register_folder.rstrip("/")
    files = {path: both for path, both in ahead.changed.items() if is_guarded(path)}
    paths = tuple(path for path in ahead.changed if path in files or path.startswith(f"{folder}/"))
    return Revisions(before, after, files, paths)


def _apart(ahead: Ahead, before: GitTree, after: GitTree) -> Apart | None:
    known = ahead.mitigations
    aside = pile(known.paths, known.oids, known.sizes, ahead.output())
    if aside is None:
        return None
    aside = aside.only(ahead.compared.alike)
    lines = ahead.others(aside.paths)
    return Apart(FOLDER, aside, replace(before, only=lines[0]), replace(after, only=lines[1]))
