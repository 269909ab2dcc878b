"""The configuration that is in force while that of the default branch cannot be read, from the ledger's commits and git."""

from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from reassay.common.errors import UnavailableError, UpstreamError
from reassay.git.git import Git
from reassay.ledger.entry import Entry
from reassay.register.configuration_in_force import is_settled
from reassay.register.files import ParsedFiles, read_register
from reassay.register.files.git_tree import GitTree
from reassay.register.prior_configuration import PriorConfiguration
from reassay.register.register import Register

MOST = 64
"""Commits that are looked at. A record made under an earlier configuration names its commit, so few are."""


def prior_configuration(
    git: Git, url: str | None, entries: Sequence[Entry], parsed: ParsedFiles, *, besides: str
) -> PriorConfiguration | None:
    """The configuration of the newest commit that the ledger names and at which it can be read; None if there is none.

    `besides` is the commit whose own cannot be. Without `url` only commits that are here are looked at. Raises
    UnavailableError where one may be read later.
    """
    for commit in islice(_commits(entries, besides), MOST):
        register = _register(git, url, commit, parsed)
        if register is not None and is_settled(register) and register.configuration_origin is not None:
            since = _after(entries, commit) or besides
            return PriorConfiguration(register.configuration, commit, register.configuration_origin.path, since)
    return None


def _after(entries: Sequence[Entry], commit: str) -> str:
    """The first commit that the ledger names after its last entry at `commit`; empty if it names none."""
    later = takewhile(lambda name: name != commit, (entry.register_commit for entry in reversed(entries)))
    return next(iter(reversed([*later])), "")


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


def _register(git: Git, url: str | None, commit: str, parsed: ParsedFiles) -> Register | None:
    """The register at a commit; None if that is gone."""
    if git.resolve(commit) is None:
        if url is None:
            return None
        try:
            git.fetch(url, commit)
        except UnavailableError:
            raise
        except UpstreamError:
            return None
    return read_register(GitTree(git, commit), parsed=parsed)
