"""A pull request as it would be merged, and the people who are excluded from signing it off."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from reassay.approvals.exclusions import Participants
from reassay.changes.base import Change
from reassay.people.account import Account
from reassay.register.assessable import Assessable
from reassay.register.register import Register

NOBODY = Participants(None)
"""Offline no participants are known, and nobody is excluded."""


Mergeable = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Review:
    """The latest review of a person that approves, requests changes, or was dismissed."""

    id: int
    by: Account
    commit: str | None
    """The commit it was given to."""
    at: datetime
    approves: bool = True
    """Whether it approves."""


@dataclass(frozen=True, slots=True)
class ShownContent:
    """A completed check run of the bot: the content that people saw when they signed."""

    content: str
    """Digest of the content that is signed."""
    head: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LedgerProblem:
    """The reason why the ledger cannot be relied on, and what to do."""

    why: str
    how: str


@dataclass(frozen=True)
class Proposal:
    """One pull request, or a range of commits, as it would be merged."""

    base_ref: str
    base_commit: str
    head: str
    """The commit that the check is about."""
    base: Register
    merged: Register
    """The register of the merge result; that of the head where it cannot be merged."""
    files: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    """Guarded files that differ, with digests of both sides."""
    pulls: tuple[int, ...] = ()
    """The number of the pull request; several for a group of a merge queue; none offline."""
    heads: Mapping[int, str] = field(default_factory=dict)
    """The head of each of them."""
    mergeable: Mergeable = "yes"
    is_draft: bool = False
    people: Mapping[int, Participants] = field(default_factory=dict)
    """Participants of each pull request; empty offline."""
    reviews: tuple[Review, ...] | None = None
    """One for each person; None where they are not read: offline, and for a group of a merge queue."""
    shown: tuple[ShownContent, ...] = ()
    """Completed check runs of the bot on its heads, oldest first."""
    problems: tuple[str, ...] = ()
    """Whatever could not be read; each problem is an error of the verdict."""
    ledger: LedgerProblem | None = None
    """Why the ledger cannot be relied on, which is an error of the verdict; None if it can."""

    @property
    def is_known(self) -> bool:
        """Whether the merge result is known."""
        return not self.problems and self.ledger is None and self.mergeable == "yes"

    def shown_before(self, instant: datetime) -> ShownContent | None:
        """The check run that was completed last, strictly before an instant; None if there was none."""
        return next((content for content in reversed(self.shown) if content.at < instant), None)


@dataclass(frozen=True)
class ChangedObject:
    """An object that a pull request changes, with its changes."""

    key: str
    """`deployment/public-api`."""
    changes: tuple[Change, ...]
    before: str | None
    """Digest of its content in the base; None if it is new."""
    after: str | None
    subject: Assessable | None = None
    """The mitigation or commitment as the base has it; None for other kinds, and for a new one."""
    judged: tuple[Assessable, ...] = ()
    """Subjects about which an information item, acceptance or evidence item records a judgement."""

    @cached_property
    def is_looser(self) -> bool:
        """Whether any of its changes makes it looser."""
        return any(change.is_looser for change in self.changes)
