"""The subject of a job: a repository, or one issue, pull request or merge group in it. Events on one subject coalesce."""

import re
from dataclasses import dataclass, field
from typing import Literal

SubjectKind = Literal["repository", "issue", "pull", "group"]
_TEXT = re.compile(
    r"repository|(?P<kind>issue|pull):(?P<number>[1-9]\d{0,14})|group:(?P<commit>[0-9a-f]{40,64}):(?P<base>.{1,255})"
)


@dataclass(frozen=True, slots=True)
class JobSubject:
    """The object that a job reconciles: a repository, issue, pull request or merge group. Its state is read when the job runs."""

    repository: int
    """GitHub's numeric id: a repository may be renamed or transferred while a job waits."""
    kind: SubjectKind = "repository"
    number: int | None = None
    """Number of the issue or pull request."""
    commit: str = ""
    """Head commit of a merge group."""
    base: str = ""
    """Branch that the merge group is merged into."""

    @property
    def text(self) -> str:
        """Its name within the repository: `repository`, `issue:7`, `pull:5`, `group:<commit>:<branch>`."""
        match self.kind:
            case "repository":
                return "repository"
            case "group":
                return f"group:{self.commit}:{self.base}"
            case _:
                return f"{self.kind}:{self.number}"

    @staticmethod
    def read(repository: int, text: str) -> "JobSubject | None":
        """Parses `text`. None for a form that this version does not know, since a newer version may have written it."""
        match = _TEXT.fullmatch(text)
        if match is None:
            return None
        if match["commit"]:
            return JobSubject(repository, "group", commit=match["commit"], base=match["base"])
        if match["kind"] == "issue":
            return JobSubject(repository, "issue", int(match["number"]))
        if match["kind"] == "pull":
            return JobSubject(repository, "pull", int(match["number"]))
        return JobSubject(repository)


@dataclass(frozen=True, slots=True)
class Job:
    """One attempt at a subject."""

    subject: JobSubject
    attempt: int = 0
    """Number of attempts in a row before this one."""
    failures: int = 0
    """How many of those attempts count as failures of this subject."""
    run: int | None = field(default=None, compare=False)
    """Number of this run in the queue; None for a job that no worker has taken."""

    @property
    def name(self) -> str:
        """`REPOSITORY-ID/SUBJECT`: unique among all subjects."""
        return f"{self.subject.repository}/{self.subject.text}"
