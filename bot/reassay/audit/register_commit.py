"""The register's commit at an instant, as the branch's log shows it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from reassay.ledger.entry import Entry


@dataclass(frozen=True, slots=True)
class BranchCommit:
    """One commit of the branch's first-parent line."""

    id: str
    at: datetime
    """Committer date, in UTC."""


@dataclass(frozen=True, slots=True)
class CommitChoice:
    """The chosen commit and the reason for the choice."""

    commit: BranchCommit | None
    """None if the branch had no commit yet."""
    because: str
    """Half a sentence."""


def read_branch_log(text: str) -> tuple[BranchCommit, ...]:
    """The commits that `git log --first-parent --format='%H %ct'` prints, newest first. Raises ValueError."""
    commits = []
    for line in text.splitlines():
        name, _, seconds = line.partition(" ")
        if len(name) not in {40, 64} or not name.isalnum():
            raise ValueError(f"{line[:80]!r} names no commit")
        commits.append(BranchCommit(name, datetime.fromtimestamp(int(seconds), UTC)))
    return tuple(commits)


def register_commit_at(line: Sequence[BranchCommit], entries: Iterable[Entry], instant: datetime) -> CommitChoice:
    """The branch's commit at `instant`; `line` is newest first."""
    oldest_first = list(reversed(line))
    places = {commit.id: number for number, commit in enumerate(oldest_first)}
    by_date = max((number for number, commit in enumerate(oldest_first) if commit.at <= instant), default=-1)
    before, after = _bounds(places, entries, instant)
    if before is not None and places[before.register_commit] > by_date:
        why = f"entry {before.seq} of the ledger, recorded by then, names it; its own date is later"
        return CommitChoice(oldest_first[places[before.register_commit]], why)
    if after is not None and by_date > places[after.register_commit]:
        why = f"entry {after.seq} of the ledger, recorded after that, still names it; later commits give earlier dates"
        return CommitChoice(oldest_first[places[after.register_commit]], why)
    if by_date < 0:
        return CommitChoice(None, "the branch had no commit by then")
    return CommitChoice(oldest_first[by_date], "the last commit of the branch that is dated until then")


def _bounds(
    places: Mapping[str, int], entries: Iterable[Entry], instant: datetime
) -> tuple[Entry | None, Entry | None]:
    """The last entry recorded until `instant` and the first one after it, of the entries that name a commit of the branch."""
    named = [entry for entry in entries if entry.register_commit in places]
    before = [entry for entry in named if entry.recorded_at <= instant]
    after = [entry for entry in named if entry.recorded_at > instant]
    return (before[-1] if before else None), (after[0] if after else None)
