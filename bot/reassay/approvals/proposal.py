"""A pull request as it would be merged: the values that its approvals and its verdict are made from."""

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

Mergeable = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Review:
    """An approving review."""

    id: int
    by: Account
    commit: str | None
    """The commit it was given to."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """A completed check run of ours: what people saw when they signed."""

    content: str
    """Digest of everything that is signed."""
    head: str
    at: datetime


@dataclass(frozen=True)
class Proposal:
    """One pull request, or a range of commits, as it would be merged."""

    base_ref: str
    base_commit: str
    head: str
    """The commit that the check is about."""
    base: Register
    merged: Register
    """As the base would be after the merge; the head's where it cannot be merged."""
    files: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    """Guarded files that differ, with digests of both sides."""
    pulls: tuple[int, ...] = ()
    """Its number; several for a group of a merge queue; none offline."""
    heads: Mapping[int, str] = field(default_factory=dict)
    """The head of each of them."""
    mergeable: Mergeable = "yes"
    is_draft: bool = False
    people: Mapping[int, Participants] = field(default_factory=dict)
    """Who has a hand in each pull request; empty offline."""
    reviews: tuple[Review, ...] = ()
    shown: tuple[Shown, ...] = ()
    """Our own completed check runs on its heads, oldest first."""
    problems: tuple[str, ...] = ()
    """What could not be found out; each of them is an error of the verdict."""

    @property
    def is_known(self) -> bool:
        """Whether it is known what a merge would give."""
        return not self.problems and self.mergeable == "yes"

    def shown_before(self, instant: datetime) -> Shown | None:
        """The check run that was completed last, strictly before an instant; None if there was none."""
        return next((each for each in reversed(self.shown) if each.at < instant), None)


@dataclass(frozen=True)
class ChangedObject:
    """An object that a pull request changes, with everything that changes about it."""

    key: str
    """`deployment/public-api`."""
    changes: tuple[Change, ...]
    before: str | None
    """Digest of its content; None if it was not there."""
    after: str | None
    subject: Assessable | None = None
    """The mitigation or commitment as the base has it; None for other kinds, and for a new one."""

    @cached_property
    def is_looser(self) -> bool:
        """Whether anything about it goes the way that needs approval."""
        return any(change.is_looser for change in self.changes)
