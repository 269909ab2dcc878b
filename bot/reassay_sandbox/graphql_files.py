"""GraphQL: files and folders of a commit, by an expression `commit:path`."""

from typing import Any

from reassay_sandbox.gitstore import GitError, GitStore
from reassay_sandbox.state import Repo

_LARGEST_TEXT = 512_000
"""Bytes of a file up to which its text is given whole."""


def named_object(repo: Repo, expression: str) -> dict[str, Any] | None:
    """The file, or the folder, that an expression names; None if there is none."""
    commit, colon, path = expression.partition(":")
    if not colon:
        return None
    data = repo.git.read(commit, path)
    if data is None:
        return _folder(repo.git, expression)
    is_binary = b"\0" in data
    return {
        "__typename": "Blob",
        "oid": repo.git.blob(data),
        "byteSize": len(data),
        "isBinary": is_binary,
        "isTruncated": len(data) > _LARGEST_TEXT,
        "text": None if is_binary else data[:_LARGEST_TEXT].decode("utf-8", "replace"),
    }


def _folder(git: GitStore, expression: str) -> dict[str, Any] | None:
    """The tree of `REVISION:FOLDER`; None if there is no such revision or folder."""
    try:
        oid = git.run("rev-parse", "--verify", "--quiet", expression).decode().strip()
        lines = git.run("ls-tree", "-z", oid).decode("utf-8", "replace").split("\0")[:-1]
    except GitError:
        return None
    return {"__typename": "Tree", "oid": oid, "entries": [_entry(line) for line in lines]}


def _entry(line: str) -> dict[str, Any]:
    head, _, name = line.partition("\t")
    _mode, kind, oid = head.split()
    return {"name": name, "path": name, "oid": oid, "type": kind}
