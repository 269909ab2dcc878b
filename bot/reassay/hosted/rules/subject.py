"""What one job of the hosted App is about: a repository, or one thing in it. Events about the same subject coalesce."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["repository", "issue", "pull", "group"]
_TEXT = re.compile(
    r"repository|(?P<kind>issue|pull):(?P<number>[1-9]\d{0,14})|group:(?P<commit>[0-9a-f]{40,64}):(?P<base>.{1,255})"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Enough to find it again; what has happened to it is read anew when the job runs."""

    repository: int
    """GitHub's numeric id: a repository may be renamed or transferred while a job waits."""
    kind: Kind = "repository"
    number: int | None = None
    """Of an issue or a pull request."""
    commit: str = ""
    """Of a group of a merge queue."""
    base: str = ""
    """The branch that the group is merged into."""

    @property
    def text(self) -> str:
        """Names it within its repository: `repository`, `issue:7`, `pull:5`, `group:<commit>:<branch>`."""
        match self.kind:
            case "repository":
                return "repository"
            case "group":
                return f"group:{self.commit}:{self.base}"
            case _:
                return f"{self.kind}:{self.number}"

    @staticmethod
    def read(repository: int, text: str) -> "Subject | None":
        """The opposite of `text`; None for what this version does not know: a newer one may have written it."""
        found = _TEXT.fullmatch(text)
        if found is None:
            return None
        if found["commit"]:
            return Subject(repository, "group", commit=found["commit"], base=found["base"])
        if found["kind"] == "issue":
            return Subject(repository, "issue", int(found["number"]))
        if found["kind"] == "pull":
            return Subject(repository, "pull", int(found["number"]))
        return Subject(repository)
