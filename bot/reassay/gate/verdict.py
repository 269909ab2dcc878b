"""A verdict: a tree of rules with reasons, next steps and people. Only `success` and `failure` are published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from reassay.approvals.row import ApprovalRow
from reassay.changes.base import Change
from reassay.common.sentences import alternatives
from reassay.gate.opening import Opening

Conclusion = Literal["success", "failure", "error"]


class RuleStatus(StrEnum):
    """The result of a rule."""

    MET = "met"
    UNMET = "unmet"
    SKIPPED = "skipped"
    """The rule does not apply."""
    ERROR = "error"
    """The rule could not be judged, which never counts as met."""


@dataclass(frozen=True, slots=True)
class Node:
    """One rule of the verdict tree, or one part of a rule."""

    name: str
    status: RuleStatus
    why: str
    """A sentence without its full stop."""
    how: str = ""
    """What to do about it, in sentences."""
    who: tuple[str, ...] = ()
    """Logins of the people who can do it; one of them is enough for one sign-off."""
    notes: tuple[str, ...] = ()
    """Sign-offs that did not count, and why."""
    children: tuple["Node", ...] = ()
    place: tuple[str, int] | None = None
    """Path and line; None without one."""
    command: str = ""
    """The slash command that settles it, ready to copy; empty where no command does."""

    @property
    def next_step(self) -> str:
        """What to do in sentences, the command last; empty if there is nothing to do."""
        people = alternatives(*(f"@{login}" for login in self.who))
        if self.command:
            settle = f"To settle it, {f'{people} comments' if people else 'comment'}: `{self.command}`"
            return f"{self.how} {settle}".lstrip()
        return f"{self.how} ({people})" if self.how and people else self.how

    def leaves(self) -> Iterator["Node"]:
        """The rules and parts that have no parts of their own."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


def joined(name: str, children: Sequence[Node], *, met: str, unmet: str, skipped: str) -> Node:
    """A node over its parts: an error outweighs unmet, and unmet outweighs met; without any it is skipped."""
    statuses = {child.status for child in children}
    for status, why in ((RuleStatus.ERROR, unmet), (RuleStatus.UNMET, unmet), (RuleStatus.MET, met)):
        if status in statuses:
            return Node(name, status, why, children=tuple(children))
    return Node(name, RuleStatus.SKIPPED, skipped, children=tuple(children))


@dataclass(frozen=True)
class Verdict:
    """The verdict on a proposal, with everything it was made from."""

    conclusion: Conclusion
    tree: Node
    changes: tuple[Change, ...]
    rows: tuple[ApprovalRow, ...]
    openings: tuple[Opening, ...]
    content: str
    """Digest of the content that people sign."""
    valid_until: date | None
    """The last day on which the verdict is valid without being re-evaluated; None if no date changes it."""
    overridden: str = ""
    """Who overrode it and by which entry, in words; empty without an override."""

    @property
    def passes(self) -> bool:
        """Whether the pull request is ready to merge."""
        return self.conclusion == "success"

    @property
    def missing(self) -> tuple[Node, ...]:
        """Every part that is unmet or could not be judged."""
        return tuple(leaf for leaf in self.tree.leaves() if leaf.status in {RuleStatus.UNMET, RuleStatus.ERROR})
