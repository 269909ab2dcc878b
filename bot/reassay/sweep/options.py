"""Options of one sweep, and the part of the repository it covers."""

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


@dataclass(frozen=True, slots=True)
class AssessmentRequest:
    """A re-assessment of `subject` is asked for."""

    subject: str
    because: str
    by: str | None = None
    """Login; None is the account whose token is used."""
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """Options of one sweep."""

    dry_run: bool = False
    request: AssessmentRequest | None = None
    issue: int | None = None
    """An issue an event was about; its commands are answered even where it is no re-assessment."""
    pull: int | None = None
    """A pull request an event was about: only that, and what it opened, is looked at."""
    group: str | None = None
    """A commit of a merge queue: only that is judged."""
    base: str = ""
    """The branch that the group is merged into."""

    @property
    def focus(self) -> Focus:
        """The part of the repository that is looked at."""
        return Focus(self.issue, self.pull, self.group, self.base)
