"""What a verdict is made from: one pull request as it would be merged, and the situation it is merged into."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

from reassay.assessment.cells import CellStatus, Situation, State, assess
from reassay.assessment.triggers.base import Fired
from reassay.changes import compare
from reassay.changes.base import Change
from reassay.changes.layers import Thinned, thinned
from reassay.gate.against_base import against_base
from reassay.people.account import Account, Comment
from reassay.register.mentions import mentions
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
class GateFacts:
    """Everything a rule of the gate may look at."""

    proposal: Proposal
    situation: Situation
    """Of the default branch: ledger, people, roles, time."""
    objects: Mapping[str, object] = field(default_factory=dict)
    """Parsed ledger objects by digest."""
    assumed: tuple[tuple[str, str], ...] = ()
    """What-if: (role, person) of signatures that are taken as given."""

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What it changes."""
        return compare(self.proposal.base, self.proposal.merged, self.situation.today, self.proposal.files)

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
        judged = replace(register, configuration=default.configuration, delegations=default.delegations)
        return replace(self.situation, register=judged)

    @cached_property
    def cells_now(self) -> tuple[CellStatus, ...]:
        """Where every cell of the base stands."""
        return assess(self.now, self.near)

    @cached_property
    def cells_then(self) -> tuple[CellStatus, ...]:
        """Where every cell would stand."""
        return assess(self.then, self.near)

    @cached_property
    def near(self) -> frozenset[str]:
        """Subjects that a change can reach: those touched, what shares a threat model with them, and every commitment."""
        sides = (self.proposal.base, self.proposal.merged)
        touched = set(self.touched)
        threats = {change.name for change in self.changes if change.kind == "threat-model"}
        entries = [(name, entry.value) for side in sides for name, entry in side.mitigations.items()]
        for name, value in entries:
            if name in touched:
                threats |= set(value.threat_models)
        named = {change.name for change in self.changes}
        around = {name for name, value in entries if threats & set(value.threat_models)}
        commitments = {name for side in sides for name in side.subjects if name not in side.mitigations}
        # Incidents, news and acceptances name what they are about.
        about = {
            each
            for side in sides
            for kind in ("incident", "information-item", "risk-acceptance", "evidence-item", "past-assessment")
            for name, entry in side.objects(kind).items()
            if name in named
            for _, _, each in mentions(entry.value)
        }
        if any(change.kind in {"commitment", "model"} for change in self.changes):
            return frozenset(name for side in sides for name in side.subjects)
        return frozenset(touched | around | commitments | about)

    @cached_property
    def openings(self) -> tuple[Opening, ...]:
        """What would fire after the merge and does not now."""
        known = {(cell.subject, cell.cell, fired.kind, fired.about) for cell in self.cells_now for fired in cell.fired}
        return tuple(
            Opening(cell.subject, cell.cell, fired)
            for cell in self.cells_then
            for fired in (*cell.fired, *self._by_base(cell))
            if (cell.subject, cell.cell, fired.kind, fired.about) not in known
        )

    def _by_base(self, cell: CellStatus) -> Iterator[Fired]:
        if cell.state is State.RETIRED:
            return
        found = against_base(cell, self.changes, self.then.register, self.situation.today)
        yield from (fired for fired in found if fired.before_change)

    @cached_property
    def thinned(self) -> tuple[Thinned, ...]:
        """Threat models left with too few layers."""
        return tuple(thinned(self.proposal.base, self.proposal.merged))

    @cached_property
    def touched(self) -> tuple[str, ...]:
        """Mitigations and commitments concerned: changed themselves, or serving a deployment that changed."""
        return self.concerned(self.changes)

    @cached_property
    def loosened(self) -> tuple[str, ...]:
        """Those that become looser, or serve a deployment that becomes wider."""
        return self.concerned(tuple(change for change in self.changes if change.is_looser))

    def concerned(self, changes: tuple[Change, ...]) -> tuple[str, ...]:
        """Those that some changes have to do with."""
        own = {change.name for change in changes if change.kind in {"mitigation", "commitment"}}
        deployments = {change.name for change in changes if change.kind == "deployment"}
        models = {change.name for change in changes if change.kind == "model"}
        for register in (self.proposal.base, self.proposal.merged):
            deployments |= {name for name, entry in register.deployments.items() if entry.value.model in models}
        for register in (self.proposal.base, self.proposal.merged):
            for name, entry in register.mitigations.items():
                serves = entry.value.deployments or tuple(register.deployments)
                if deployments & set(serves):
                    own.add(name)
        return tuple(sorted(own))
