"""The request that one sweep answers."""

from dataclasses import dataclass

from reassay.sweep.focus import Focus


@dataclass(frozen=True, slots=True)
class Request:
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
    request: Request | None = None
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
