"""Guarded paths: every path of a repository whose content reassay or its workflows read.

A change of a guarded path outside of the register's folder is a change of policy. A change of any guarded path is checked
for bypasses, and excludes the people who wrote it from signing it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

WORDS = ".github/reassay/"
"""The folder with a repository's own words."""
READ = (".github/reassay.yml", ".github/reassay.yaml", WORDS)
"""Paths that reassay reads besides the register; a path with a slash at its end means all files below it."""
RUN = (
    ".github/workflows/",
    ".github/actions/",
    ".github/ISSUE_TEMPLATE/",
    "CODEOWNERS",
    ".github/CODEOWNERS",
    "docs/CODEOWNERS",
    ".gitmodules",
)
"""Paths that decide what runs, who is asked, or which label an incident that somebody reports gets."""
GUARDED = (*READ, *RUN)
ACTION_FILES = ("action.yml", "action.yaml")
"""Names of files that define an action, in any folder: a workflow may use any folder of its repository as an action."""
LINK, SUBMODULE = "link:", "submodule:"
"""What the value of a guarded path begins with if it is a symbolic link or a submodule; else it is the object id of a file."""


def is_guarded(path: str, further: Iterable[str] = ()) -> bool:
    """Whether a path is guarded wherever the register is, or is one of `further` guarded places.

    A path above a guarded place is guarded too: as a link or a submodule it would take its place.
    """
    if path.rpartition("/")[2].casefold() in ACTION_FILES:
        return True
    return any(is_at(path, place) for place in (*GUARDED, *further))


def is_at(path: str, place: str) -> bool:
    """Whether a path is a place, below it if it is a folder (with a slash at its end), or a link or submodule above it."""
    return path == place.rstrip("/") or (place.endswith("/") and path.startswith(place)) or place.startswith(f"{path}/")


@dataclass(frozen=True, slots=True)
class GuardedPaths:
    """The guarded paths of one commit, or of several."""

    folders: frozenset[str] = frozenset()
    """Folders of registers, without a slash at the end."""
    targets: frozenset[str] = frozenset()
    """Places that symbolic links at guarded paths lead to, existing or not; folders with a slash at the end."""
    submodules: frozenset[str] = frozenset()
    """Every submodule: another repository decides its content, and it may hold an action."""

    def __or__(self, other: "GuardedPaths") -> "GuardedPaths":
        return GuardedPaths(
            self.folders | other.folders, self.targets | other.targets, self.submodules | other.submodules
        )

    def is_policy(self, path: str) -> bool:
        """Whether a change of this path is a change of policy."""
        return path in self.submodules or is_guarded(path, self.targets)

    def is_guarded(self, path: str) -> bool:
        """Whether a path is of the register or of policy."""
        return self.is_policy(path) or any(is_at(path, f"{folder}/") for folder in self.folders)

    def places(self, *, enforced: bool) -> tuple[str, ...]:
        """Paths for a query of history, without slashes at the end: what is read, and if `enforced` what runs.

        Files of actions in other folders have no fixed place; `pathspecs` has them.
        """
        fixed = GUARDED if enforced else READ
        further = self.targets | (self.submodules if enforced else frozenset())
        ordered = (*sorted(self.folders), *fixed, *sorted(further))
        return tuple(dict.fromkeys(place.rstrip("/") for place in ordered))

    def pathspecs(self, *, enforced: bool) -> tuple[str, ...]:
        """The same for git, and if `enforced` every file that defines an action."""
        actions = tuple(f":(top,glob,icase)**/{name}" for name in ACTION_FILES) if enforced else ()
        return (*(f":(top,literal){place}" for place in self.places(enforced=enforced)), *actions)
