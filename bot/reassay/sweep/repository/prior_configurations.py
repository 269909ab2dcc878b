"""The configuration and the register as they last could be read, from the commits that the ledger names and git."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice, takewhile

from reassay.assessment.unreadable import LastReadableRegister
from reassay.common.calendar import local_date
from reassay.common.errors import UnavailableError, UpstreamError
from reassay.git.git import Git
from reassay.ledger.entry import Entry
from reassay.ledger.sweep_records import ReadableAgain, UnreadableClaimed
from reassay.register.configuration_in_force import is_settled
from reassay.register.files import ParsedFiles, read_register
from reassay.register.files.git_tree import GitTree
from reassay.register.prior_configuration import PriorConfiguration
from reassay.register.register import Register
from reassay.sweep.repository.last_readable import is_whole

MOST = 256
"""Largest number of commits that are checked. Records of the meantime name the earlier commit, so few are needed."""


def prior_configuration(
    git: Git, url: str | None, entries: Sequence[Entry], parsed: ParsedFiles, *, besides: str
) -> PriorConfiguration | None:
    """The configuration of the newest commit that the ledger names and at which it can be read; None if there is none.

    `besides` is the commit whose own cannot be. Without `url` only commits that are here are checked. Raises
    UnavailableError where one may be read later.
    """
    for commit, register in _registers(git, url, _commits(entries, besides), parsed):
        if is_settled(register) and register.configuration_origin is not None:
            since = _after(entries, commit) or besides
            return PriorConfiguration(register.configuration, commit, register.configuration_origin.path, since)
    return None


def _after(entries: Sequence[Entry], commit: str) -> str:
    """The first commit that the ledger names after its last entry at `commit`; empty if it names none."""
    later = takewhile(lambda name: name != commit, (entry.register_commit for entry in reversed(entries)))
    return next(iter(reversed([*later])), "")


def last_readable_register(  # noqa: PLR0913 -- where it is looked for
    git: Git, url: str | None, entries: Sequence[Entry], parsed: ParsedFiles, *, besides: str, timezone: str
) -> LastReadableRegister | None:
    """The register of the newest commit that the ledger names and at which nothing in it is unreadable; None without one.

    `besides` is the commit at which something is. Raises UnavailableError where one may be read later.
    """
    claim = _open_claim(entries)
    if claim is not None:
        # It is ended by the first sweep that can read everything, so nothing newer could be read.
        commits: Iterable[str] = filter(None, (claim.readable,))
    else:
        commits = _commits(entries, besides)
    for commit, register in _registers(git, url, commits, parsed):
        if is_whole(register):
            return LastReadableRegister(register, commit, _day_after(entries, commit, timezone))
    return None


def _open_claim(entries: Sequence[Entry]) -> UnreadableClaimed | None:
    for entry in reversed(entries):
        if isinstance(entry.body, UnreadableClaimed):
            return entry.body
        if isinstance(entry.body, ReadableAgain):
            return None
    return None


def _day_after(entries: Sequence[Entry], commit: str, timezone: str) -> date | None:
    """The day of the first entry after the last one at `commit`; None if there is none."""
    later = takewhile(lambda entry: entry.register_commit != commit, reversed(entries))
    first = next(iter(reversed([*later])), None)
    return local_date(first.recorded_at, timezone) if first else None


def _commits(entries: Sequence[Entry], besides: str) -> Iterator[str]:
    """Commits of the register that entries name, newest first.

    Entries that were made while an earlier configuration was in force name its commit, and that one is next.
    """
    seen = {besides}
    for entry in reversed(entries):
        commit = getattr(entry.body, "configuration", None) or entry.register_commit
        if commit not in seen:
            seen.add(commit)
            yield commit


def _registers(
    git: Git, url: str | None, commits: Iterable[str], parsed: ParsedFiles
) -> Iterator[tuple[str, Register]]:
    """The registers at some commits, in order, without commits that are gone: the first is fetched alone, the others at once."""
    rest = [*islice(commits, MOST)]
    for count, commit in enumerate(rest):
        if git.resolve(commit) is None and url is not None:
            here = git.commits(*rest[count:])
            missing = [name for name, known in zip(rest[count:], here, strict=True) if known is None]
            _fetch(git, url, *(missing if count else (commit,)))
        if git.resolve(commit) is not None:
            yield commit, read_register(GitTree(git, commit), parsed=parsed)


def _fetch(git: Git, url: str, *commits: str) -> None:
    """Fetches commits, one by one if one of them is gone. Raises UnavailableError."""
    try:
        git.fetch(url, *commits)
    except UnavailableError:
        raise
    except UpstreamError:
        for commit in commits if len(commits) > 1 else ():
            _fetch(git, url, commit)
