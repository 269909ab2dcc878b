"""A branch with files that the bot renders. A folder is read with one request, and files are replaced with one."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from reassay.common.errors import RejectedError, StaleHeadError
from reassay.github.client import Client
from reassay.github.odd_answers import reads, writes
from reassay.github.queries import APPEND

DASHBOARD_BRANCH: Final = "reassay-dashboard"
_FOLDER = """
query Folder($owner: String!, $name: String!, $branch: String!, $folder: String!) {
  repository(owner: $owner, name: $name) {
    ref(qualifiedName: $branch) { target { oid } }
    object(expression: $folder) { ... on Tree { entries { name } } }
  }
}
"""

_CONTENT = """
query BranchContent($owner: String!, $name: String!, $branch: String!, $folder: String!, $file: String!) {
  repository(owner: $owner, name: $name) {
    ref(qualifiedName: $branch) { target { oid } }
    folder: object(expression: $folder) { ... on Tree { entries { name oid } } }
    file: object(expression: $file) { ... on Blob { text } }
  }
}
"""


@dataclass(frozen=True, slots=True)
class BranchContent:
    """The text of one file of a branch, and what a folder of it holds."""

    head: str | None = None
    """Commit of the branch; None if there is no branch."""
    text: str | None = None
    """None if there is no such file, or if it is not text."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """Object ids of the folder's files, by name."""


@dataclass(frozen=True, slots=True)
class BranchFolder:
    """A folder of a branch."""

    head: str | None
    """Commit of the branch; None if there is no branch."""
    names: frozenset[str] = frozenset()
    """Names of its files; none if there is no folder."""


@dataclass(frozen=True, slots=True)
class BranchFiles:
    """The files of one branch of a repository."""

    client: Client
    full_name: str
    branch: str

    @reads
    def folder(self, path: str) -> BranchFolder:
        """Its head, and the names of the files of a folder."""
        owner, _, name = self.full_name.partition("/")
        reference = f"refs/heads/{self.branch}"
        variables = {"owner": owner, "name": name, "branch": reference, "folder": f"{reference}:{path}"}
        content = self.client.read_graphql(_FOLDER, variables)["repository"]
        tree = content["object"] or {}
        names = frozenset(str(entry["name"]) for entry in tree.get("entries") or ())
        return BranchFolder(content["ref"]["target"]["oid"] if content["ref"] else None, names)

    @reads
    def content(self, folder: str, file: str) -> BranchContent:
        """Its head, the text of a file, and the object ids of the files of a folder."""
        owner, _, name = self.full_name.partition("/")
        reference = f"refs/heads/{self.branch}"
        expressions = {"folder": f"{reference}:{folder}", "file": f"{reference}:{file}"}
        variables = {"owner": owner, "name": name, "branch": reference, **expressions}
        content = self.client.read_graphql(_CONTENT, variables)["repository"]
        entries = (content["folder"] or {}).get("entries") or ()
        text = (content["file"] or {}).get("text")
        head = content["ref"]["target"]["oid"] if content["ref"] else None
        return BranchContent(head, text, {str(entry["name"]): str(entry["oid"]) for entry in entries})

    @writes
    def replace(self, head: str | None, files: Mapping[str, bytes], gone: Sequence[str], summary: str) -> None:
        """Writes files by path, and deletes those that are `gone`, in one commit on `head`; without a head it begins the branch.

        Raises StaleHeadError if the branch has moved.
        """
        if head is None:
            begin_branch(self.client, self.full_name, self.branch, files, summary)
            return
        additions = [{"path": path, "contents": base64.b64encode(content).decode()} for path, content in files.items()]
        commit = {
            "branch": {"repositoryNameWithOwner": self.full_name, "branchName": self.branch},
            "expectedHeadOid": head,
            "message": {"headline": summary},
            "fileChanges": {"additions": additions, "deletions": [{"path": path} for path in gone]},
        }
        self.client.graphql(APPEND, {"input": commit})


def begin_branch(client: Client, full_name: str, branch: str, files: Mapping[str, bytes], summary: str) -> str:
    """Creates a commit without parent, so that it has nothing of the register, and then its branch; the commit's id.

    Raises StaleHeadError if another run has just created the branch.
    """
    tree = [
        {"path": path, "mode": "100644", "type": "blob", "content": content.decode()} for path, content in files.items()
    ]
    created = client.write("POST", f"/repos/{full_name}/git/trees", {"tree": tree})
    body = {"message": summary, "tree": created["sha"], "parents": []}
    commit = client.write("POST", f"/repos/{full_name}/git/commits", body)
    try:
        client.write("POST", f"/repos/{full_name}/git/refs", {"ref": f"refs/heads/{branch}", "sha": commit["sha"]})
    except RejectedError as error:
        raise StaleHeadError(f"another run has just created the branch {branch}") from error
    return str(commit["sha"])
