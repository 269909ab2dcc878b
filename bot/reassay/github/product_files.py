"""Files of another repository at one commit, as data: nothing is checked out.

https://docs.github.com/en/graphql/reference/objects#blob
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reassay.common.errors import NotFoundError
from reassay.github.client import Client
from reassay.github.odd_answers import reads

_TIP = """
query productTip($owner: String!, $name: String!, $branch: String!) {
  repository(owner: $owner, name: $name) {
    nameWithOwner
    defaultBranchRef { name target { oid } }
    ref(qualifiedName: $branch) { name target { oid } }
  }
}
"""
_AT_ONCE = 20
"""Files of one request."""


@dataclass(frozen=True, slots=True)
class ProductTip:
    """The tip of a branch of a product repository."""

    repository: str
    """Its present name."""
    branch: str
    commit: str


@dataclass(frozen=True, slots=True)
class ProductFile:
    """A file of a commit; `data` is None where there is no text to read."""

    data: bytes | None = None
    why: str = ""
    """Why there is none, in lower case and without a full stop."""


@dataclass(frozen=True, slots=True)
class ProductFiles:
    """Reader of one product repository. It takes `contents: read`."""

    client: Client
    full_name: str

    @reads
    def tip(self, branch: str | None = None) -> ProductTip:
        """The tip of a branch; of the default branch for None. One request.

        Raises NotFoundError for a repository or branch that is not there or may not be read, and NotAllowedError.
        """
        answer = self.client.read_graphql(_TIP, {**self._name, "branch": f"refs/heads/{branch or 'HEAD'}"})
        repository = answer["repository"]
        if repository is None:
            raise NotFoundError(f"{self.full_name} does not exist, or the token may not read it")
        found = repository["ref"] if branch else repository["defaultBranchRef"]
        if found is None:
            what = f"has no branch {branch}" if branch else "has no commit yet"
            raise NotFoundError(f"{self.full_name} {what}")
        return ProductTip(str(repository["nameWithOwner"]), str(found["name"]), str(found["target"]["oid"]))

    @reads
    def at(self, commit: str, paths: Sequence[str]) -> Mapping[str, ProductFile]:
        """Files of a commit by path. One request for twenty."""
        files: dict[str, ProductFile] = {}
        for start in range(0, len(paths), _AT_ONCE):
            own = paths[start : start + _AT_ONCE]
            variables = {f"e{index}": f"{commit}:{path}" for index, path in enumerate(own)}
            repository = self.client.read_graphql(_query(len(own)), {**self._name, **variables})["repository"]
            if repository is None:
                raise NotFoundError(f"{self.full_name} does not exist, or the token may not read it")
            files |= {path: _file(repository[f"f{index}"]) for index, path in enumerate(own)}
        return files

    @property
    def _name(self) -> Mapping[str, str]:
        owner, _, name = self.full_name.partition("/")
        return {"owner": owner, "name": name}


def _query(count: int) -> str:
    arguments = "".join(f", $e{index}: String!" for index in range(count))
    blob = "__typename ... on Blob { byteSize isBinary isTruncated text }"
    fields = "\n".join(f"    f{index}: object(expression: $e{index}) {{ {blob} }}" for index in range(count))
    repository = f"  repository(owner: $owner, name: $name) {{\n{fields}\n  }}"
    return f"query productFiles($owner: String!, $name: String!{arguments}) {{\n{repository}\n}}"


def _file(answer: Mapping[str, Any] | None) -> ProductFile:
    if answer is None:
        return ProductFile(why="there is no such file")
    if answer["__typename"] != "Blob":
        return ProductFile(why="it is not a file")
    if answer["isBinary"] or answer["text"] is None:
        return ProductFile(why="the file is binary")
    if answer["isTruncated"]:
        return ProductFile(why=f"the file has {int(answer['byteSize']):,} bytes, too many to read")
    return ProductFile(str(answer["text"]).encode("utf-8", "replace"))
