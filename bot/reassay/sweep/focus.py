"""Which part of a repository one run is about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Focus:
    """Everything, unless something is named."""

    issue: int | None = None
    """An issue that an event was about, which may be no re-assessment's: its commands are answered too."""
    pull: int | None = None
    """Only this pull request, and the re-assessments it opened."""
    group: str | None = None
    """Only this commit of a merge queue."""
    base: str = ""
    """The branch that the group is merged into."""

    @property
    def is_narrow(self) -> bool:
        """Whether the rest of the repository is left to another run."""
        return self.pull is not None or self.group is not None


EVERYTHING = Focus()
