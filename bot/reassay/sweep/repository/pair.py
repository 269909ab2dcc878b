"""Both sides of a merge, read through git without a checkout: the base and the merge result."""

from collections.abc import Mapping
from dataclasses import dataclass

from reassay.changes.policy import is_guarded
from reassay.git.git import Git
from reassay.register.files import ParsedFiles
from reassay.register.files.configuration import read_configuration
from reassay.register.files.git_tree import GitTree
from reassay.register.files.reader import FileParser, read_files
from reassay.register.register import Register


@dataclass(frozen=True, slots=True)
class RegisterPair:
    """Registers of both sides, and the policy files that differ."""

    base: Register
    merged: Register
    files: Mapping[str, tuple[str | None, str | None]]
    """Changed paths of policy, with the object ids of both sides."""
    paths: tuple[str, ...]
    """Changed paths of the register and of policy, on either side."""


def read_pair(git: Git, base: str, merged: str, parsed: ParsedFiles | None = None) -> RegisterPair:
    """Reads two local commits or trees; files that are the same on both sides are parsed once.

    The folder of the register is that of the base. Raises UpstreamError.
    """
    parser = FileParser(parsed or ParsedFiles())
    before = GitTree(git, base)
    after = GitTree(git, merged, before.blobs)
    settings, proposed = read_configuration(before), read_configuration(after)
    folder = settings.folder
    listed = before.entries(folder), after.entries(folder)
    before.load([entry for side in listed for entry in side])
    registers = (
        read_files(before, settings, folder, before.files(listed[0]), parser),
        read_files(after, proposed, folder, after.files(listed[1]), parser),
    )
    changed = git.changed(base, merged)
    files = {path: both for path, both in changed.items() if is_guarded(path)}
    own = registers[0].configuration.register_folder.rstrip("/")
    paths = tuple(path for path in changed if path in files or path.startswith(f"{own}/"))
    return RegisterPair(*registers, files, paths)
