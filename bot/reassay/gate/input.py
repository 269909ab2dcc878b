"""Everything a verdict is made from: one pull request as it would be merged, and the situation it is merged into."""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

from reassay.assessment.cells import CellStatus, Situation, State, assess
from reassay.assessment.triggers.base import Fired
from reassay.changes.base import Change
from reassay.changes.layers import Thinned
from reassay.common.values import dataclass
from reassay.gate.against_base import against_base
from reassay.gate.comparison import Comparison
from reassay.people.account import Account, Comment
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


@dataclass(frozen=True, slots=True)
class People:
    """Who has a hand in a pull request. None where that is not known: then nobody counts where a step excludes them."""

    author: Account | None
    contributors: frozenset[int] | None = frozenset()
    """Account ids of authors and co-authors of commits that change what is gated."""
    pushers: frozenset[int] | None = frozenset()
    """Account ids of whoever pushed to the head, as GitHub authenticated them."""
    unknown: tuple[str, ...] = ()
    """Why somebody is not known, in half-sentences."""


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
    people: Mapping[int, People] = field(default_factory=dict)
    """Who has a hand in each pull request; empty offline."""
    reviews: tuple[Review, ...] = ()
    shown: tuple[Shown, ...] = ()
    """Our own completed check runs on its heads, oldest first."""
    problems: tuple[str, ...] = ()
    """What could not be found out; each of them is an error of the verdict."""

    def shown_before(self, comment: Comment) -> str | None:
        """The content that was shown last, strictly before a comment was written."""
        before = [each.content for each in self.shown if each.at < comment.created_at]
        return before[-1] if before else None


@dataclass(frozen=True, slots=True)
class Opening:
    """A re-assessment that merging would open."""

    subject: str
    cell: str
    fired: Fired


@dataclass(frozen=True)
class GateInput:
    """Everything a rule of the gate may look at."""

    proposal: Proposal
    situation: Situation
    """Of the default branch: ledger, people, roles, time."""
    objects: Mapping[str, object] = field(default_factory=dict)
    """Parsed ledger objects by digest."""
    assumed: tuple[tuple[str, str], ...] = ()
    """What-if: (role, person) of signatures that are taken as given."""

    @cached_property
    def comparison(self) -> Comparison:
        """Both sides compared; made once, however long the ledger becomes."""
        proposal = self.proposal
        return Comparison(proposal.base, proposal.merged, proposal.files, self.situation.today)

    @cached_property
    def same_cells(self) -> "GateInput":
        """The earliest input of this run in which every cell reads as it does here; itself unless `later` made it."""
        return self

    def later(self, situation: Situation, objects: Mapping[str, object]) -> "GateInput":
        """The same pull request once more is recorded.

        Both sides are not compared again, and cells are evaluated again only if an entry since may change them.
        """
        later = replace(self, situation=situation, objects=objects)
        vars(later)["comparison"] = self.comparison
        if situation.same_cells is self.situation.same_cells:
            vars(later)["same_cells"] = self.same_cells
        return later

    @cached_property
    def now(self) -> Situation:
        """The base as it is, with roles and ledger of the default branch."""
        return self._with(self.proposal.base)

    @cached_property
    def then(self) -> Situation:
        """As it would be once merged; roles, delegations and the gate stay those of the default branch."""
        return self._with(self.proposal.merged)

    def _with(self, register: Register) -> Situation:
        """A change is judged by the rules there are, never by those it brings."""
        default = self.situation.register
        if register is default:
            return self.situation
        judged = replace(register, configuration=default.configuration, delegations=default.delegations)
        return replace(self.situation, register=judged)

    @cached_property
    def cells_now(self) -> tuple[CellStatus, ...]:
        """Status of every cell of the base that a change can reach."""
        if self.same_cells is not self:
            return self.same_cells.cells_now
        if self.now is self.situation:
            return tuple(cell for cell in self.situation.cells if cell.subject in self.comparison.near)
        return assess(self.now, self.comparison.near)

    @cached_property
    def cells_then(self) -> tuple[CellStatus, ...]:
        """Status of every such cell once merged."""
        return self.same_cells.cells_then if self.same_cells is not self else assess(self.then, self.comparison.near)

    @cached_property
    def openings(self) -> tuple[Opening, ...]:
        """Triggers that fire after the merge and do not now."""
        now = {(cell.subject, cell.cell, fired.kind, fired.about) for cell in self.cells_now for fired in cell.fired}
        return tuple(
            Opening(cell.subject, cell.cell, fired)
            for cell in self.cells_then
            for fired in (*cell.fired, *self._by_base(cell))
            if (cell.subject, cell.cell, fired.kind, fired.about) not in now
        )

    def _by_base(self, cell: CellStatus) -> Iterator[Fired]:
        if cell.state is State.RETIRED:
            return
        against = against_base(cell, self.changes, self.then.register, self.situation.today)
        yield from (fired for fired in against if fired.before_change)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the pull request changes."""
        return self.comparison.changes

    @property
    def thinned(self) -> tuple[Thinned, ...]:
        """Threat models left with too few layers."""
        return self.comparison.thinned

    @property
    def touched(self) -> tuple[str, ...]:
        """See `Comparison.touched`."""
        return self.comparison.touched

    @property
    def loosened(self) -> tuple[str, ...]:
        """See `Comparison.loosened`."""
        return self.comparison.loosened

    def concerned(self, changes: tuple[Change, ...]) -> tuple[str, ...]:
        """See `Comparison.concerned`."""
        return self.comparison.concerned(changes)
