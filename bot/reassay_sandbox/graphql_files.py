"""GraphQL: files of a commit, by an expression `commit:path`."""

from typing import Any

from reassay_sandbox.graphql_trees import listed
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
        return listed(repo.git, expression)
    is_binary = b"\0" in data
    return {
        "__typename": "Blob",
        "oid": repo.git.blob(data),
        "byteSize": len(data),
        "isBinary": is_binary,
        "isTruncated": len(data) > _LARGEST_TEXT,
        "text": None if is_binary else data[:_LARGEST_TEXT].decode("utf-8", "replace"),
    }
