"""Symbolic links, followed once and to files of the same repository only."""

import posixpath

from reassay.register.files.text import Unreadable
from reassay.register.files.tree import File, Mode, Tree, is_wanted
from reassay.register.finding import Finding, Position, quoted
from reassay.register.limits import MAX_FILE_BYTES

_MAX_TARGET = 4096


def follow(tree: Tree, link: File) -> File:
    """The target of a link, under the path of the link. Raises Unreadable for a link that cannot be followed."""
    target = (link.data or b"")[:_MAX_TARGET].decode("utf-8", "replace")
    if posixpath.isabs(target) or target.startswith(("\\", "~")) or (path := target_of(link)) is None:
        message = f"this link leaves the repository: it leads to {quoted(target)}"
        raise _astray(link, "link-outside", message, "Put the file itself here.")
    target_file = tree.read(path)
    if target_file is None:
        if next(iter(tree.list(path)), None) is not None:
            raise _astray(
                link, "link-to-folder", "this link leads to a folder; those are not followed", "Move the folder itself."
            )
        message = f"this link is broken: there is no file {quoted(path)}"
        raise _astray(link, "dangling-link", message, "Delete it, or put the file itself here.")
    if target_file.mode is Mode.SYMLINK:
        raise _astray(link, "link-to-link", "this link leads to another link", "Link to the file itself.")
    if (
        target_file.data is None
        and target_file.size <= MAX_FILE_BYTES
        and target_file.mode is Mode.FILE
        and is_wanted(link.path)
    ):
        message = f"this link leads to {quoted(path)}, which is neither YAML nor Markdown by its name"
        raise _astray(link, "link-to-other", message, "Link to a file that ends in .yml, .yaml or .md.")
    return File(link.path, target_file.data, target_file.mode, target_file.size, target_file.oid)


def target_of(link: File) -> str | None:
    """The path of the target within the repository; None if it is outside."""
    target = (link.data or b"")[:_MAX_TARGET].decode("utf-8", "replace")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(link.path), target))
    if posixpath.isabs(target) or path == ".." or path.startswith("../"):
        return None
    return path


def read_following(tree: Tree, path: str) -> File | None:
    """The file at `path`, or the target of the link there; None if there is none. Raises Unreadable."""
    file = tree.read(path)
    if file is not None and file.mode is Mode.SYMLINK:
        return follow(tree, file)
    return file


def _astray(link: File, code: str, message: str, remedy: str) -> Unreadable:
    return Unreadable(Finding(Position(link.path), code, message, remedy))
