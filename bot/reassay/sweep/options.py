"""Options of one sweep, and the part of the repository it covers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Focus:
    """The part of a repository that a sweep covers; everything if no field is set."""

    issue: int | None = None
    """The issue of an event, whose commands are answered even if it is not a re-assessment."""
    pull: int | None = None
    """Only this pull request, and the re-assessments it opened."""
    group: str | None = None
    """Only this commit of a merge queue."""
    base: str = ""
    """The branch that the group is merged into."""
    runs: bool = False
    """Whether an evaluation run may have begun or ended."""

    @property
    def is_narrow(self) -> bool:
        """Whether the rest of the repository is left to another run."""
        return self.pull is not None or self.group is not None


EVERYTHING = Focus()


@dataclass(frozen=True, slots=True)
class AssessmentRequest:
    """A request for a re-assessment of `subject`."""

    subject: str
    because: str
    by: str | None = None
    """The login of the person; None for the account of the token."""
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """Options of one sweep."""

    dry_run: bool = False
    request: AssessmentRequest | None = None
    issue: int | None = None
    """The issue of an event; its commands are answered even if it is not a re-assessment."""
    pull: int | None = None
    """The pull request of an event; the sweep covers only it and the re-assessments it opened."""
    group: str | None = None
    """The commit of a merge queue; the sweep covers only it."""
    base: str = ""
    """The branch that the group is merged into."""
    runs: bool = False
    """Whether an evaluation run may have begun or ended."""

    @property
    def focus(self) -> Focus:
        """The part of the repository that the sweep covers."""
        return Focus(self.issue, self.pull, self.group, self.base, self.runs)
