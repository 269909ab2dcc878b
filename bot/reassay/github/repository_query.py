"""What is asked of one look at a repository on GitHub."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RepositoryQuery:
    """What one look at GitHub is asked for besides issues."""

    logins: tuple[str, ...] = ()
    """Accounts whose ids have to be known."""
    teams: tuple[str, ...] = ()
    """`organisation/team`, whose members have to be known."""
    register: tuple[str, ...] = ()
    """Paths whose commits on the default branch are checked for pull requests."""
    since: datetime | None = None
    """From when on."""
    verdicts: bool = False
    """Whether those pull requests must have carried a green verdict of ours."""
    pulls: tuple[int, ...] = ()
    """Pull requests to look at closely."""
    open_pulls: bool = False
    """Whether the numbers of all open ones are wanted."""
    queue: str | None = None
    """The branch whose merge queue is wanted."""
    pushers: bool = False
    """Whether it has to be known who pushed to the heads of these pull requests."""


NOTHING = RepositoryQuery()
