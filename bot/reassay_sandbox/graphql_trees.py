"""GraphQL: folders of a commit, by the expressions that git understands."""

from typing import Any

from reassay_sandbox.gitstore import GitError, GitStore

JSON = dict[str, Any]


def listed(git: GitStore, expression: str) -> JSON | None:
    """The tree of `REVISION:FOLDER`; None if there is no such revision or folder."""
    try:
        oid = git.run("rev-parse", "--verify", "--quiet", expression).decode().strip()
        lines = git.run("ls-tree", "-z", oid).decode("utf-8", "replace").split("\0")[:-1]
    except GitError:
        return None
    return {"__typename": "Tree", "oid": oid, "entries": [_entry(line) for line in lines]}


def _entry(line: str) -> JSON:
    head, _, name = line.partition("\t")
    _mode, kind, oid = head.split()
    return {"name": name, "path": name, "oid": oid, "type": kind}
