"""Symbolic links: followed once, to files of this repository only."""

import posixpath

from reassay.register.files.text import Unreadable
from reassay.register.files.tree import File, Mode, Tree, is_wanted
from reassay.register.finding import Finding, Position, quoted
from reassay.register.limits import MAX_FILE_BYTES

_MAX_TARGET = 4096


def follow(tree: Tree, link: File) -> File:
    """What a link leads to, under the link's own path. Raises Unreadable with a finding for links that lead astray."""
    target = (link.data or b"")[:_MAX_TARGET].decode("utf-8", "replace")
    if posixpath.isabs(target) or target.startswith(("\\", "~")) or (path := target_of(link)) is None:
        message = f"this link leaves the repository: it leads to {quoted(target)}"
        raise _astray(link, "link-outside", message, "Put the file itself here.")
    found = tree.read(path)
    if found is None:
        if next(iter(tree.list(path)), None) is not None:
            raise _astray(
                link, "link-to-folder", "this link leads to a folder; those are not followed", "Move the folder itself."
            )
        message = f"this link leads nowhere: there is no file {quoted(path)}"
        raise _astray(link, "dangling-link", message, "Delete it, or put the file itself here.")
    if found.mode is Mode.SYMLINK:
        raise _astray(link, "link-to-link", "this link leads to another link", "Link to the file itself.")
    if found.data is None and found.size <= MAX_FILE_BYTES and found.mode is Mode.FILE and is_wanted(link.path):
        message = f"this link leads to {quoted(path)}, which is neither YAML nor Markdown by its name"
        raise _astray(link, "link-to-other", message, "Link to a file that ends in .yml, .yaml or .md.")
    return File(link.path, found.data, found.mode, found.size, found.oid)


def target_of(link: File) -> str | None:
    """The path within the repository that a link leads to, or None if it leads out of it."""
    target = (link.data or b"")[:_MAX_TARGET].decode("utf-8", "replace")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(link.path), target))
    if posixpath.isabs(target) or path == ".." or path.startswith("../"):
        return None
    return path


def read_following(tree: Tree, path: str) -> File | None:
    """The file at `path`; if it is a link, what it leads to. None if there is nothing. Raises Unreadable."""
    found = tree.read(path)
    if found is not None and found.mode is Mode.SYMLINK:
        return follow(tree, found)
    return found


def _astray(link: File, code: str, message: str, remedy: str) -> Unreadable:
    return Unreadable(Finding(Position(link.path), code, message, remedy))
