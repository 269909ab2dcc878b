"""A verdict: a tree that explains itself, never a bare boolean. Only `success` and `failure` are published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from reassay.approvals.row import ApprovalRow
from reassay.changes.base import Change
from reassay.gate.input import Opening

Conclusion = Literal["success", "failure", "error"]


class Status(StrEnum):
    """How a rule stands."""

    MET = "met"
    UNMET = "unmet"
    SKIPPED = "skipped"
    """Nothing for it to judge."""
    ERROR = "error"
    """It could not be judged, which never counts as met."""


@dataclass(frozen=True, slots=True)
class Node:
    """One rule, or one thing that it asks for."""

    name: str
    status: Status
    why: str
    """A sentence without its full stop."""
    how: str = ""
    """What to do about it; commands stand in backticks."""
    who: tuple[str, ...] = ()
    """Logins of those who can."""
    notes: tuple[str, ...] = ()
    """Signatures and the like that did not count, and why."""
    children: tuple["Node", ...] = ()
    place: tuple[str, int] | None = None
    """Path and line, where it is about one."""

    def leaves(self) -> Iterator["Node"]:
        """The rules and parts that have no parts of their own."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


def joined(name: str, children: Sequence[Node], *, met: str, unmet: str, skipped: str) -> Node:
    """A node over others: an error outweighs what is unmet, and what is unmet all the rest."""
    statuses = {child.status for child in children}
    if Status.ERROR in statuses:
        return Node(name, Status.ERROR, unmet, children=tuple(children))
    if Status.UNMET in statuses:
        return Node(name, Status.UNMET, unmet, children=tuple(children))
    if Status.MET in statuses:
        return Node(name, Status.MET, met, children=tuple(children))
    return Node(name, Status.SKIPPED, skipped, children=tuple(children))


@dataclass(frozen=True)
class Verdict:
    """The verdict on a proposal, with everything it was made from."""

    conclusion: Conclusion
    tree: Node
    changes: tuple[Change, ...]
    rows: tuple[ApprovalRow, ...]
    openings: tuple[Opening, ...]
    content: str
    """Digest of what is signed."""
    valid_until: date | None
    """The last day on which this holds without being looked at again; None if no date bears on it."""
    overridden: str = ""
    """Who overrode it and by which entry, in words; empty if nobody did."""

    @property
    def passes(self) -> bool:
        """Whether it may be merged."""
        return self.conclusion == "success"

    @property
    def missing(self) -> tuple[Node, ...]:
        """Everything unmet or not judged, one by one."""
        return tuple(leaf for leaf in self.tree.leaves() if leaf.status in {Status.UNMET, Status.ERROR})
