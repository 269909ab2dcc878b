"""Everything a verdict is made from: one pull request as it would be merged, and the situation it is merged into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from reassay.approvals.approvals import Approvals
from reassay.approvals.proposal import ChangedObject, Proposal
from reassay.approvals.pull_request import PullRequestSource
from reassay.approvals.requirement import Requirement
from reassay.assessment.cells import CellStatus, Situation, State, assess
from reassay.assessment.register_index import EVERYWHERE, Acceptance
from reassay.assessment.triggers.base import Fired
from reassay.changes.base import Change
from reassay.changes.layers import Thinned
from reassay.gate.against_base import against_base
from reassay.gate.comparison import Comparison
from reassay.gate.requirements import changed_objects, requirements
from reassay.register.register import Register


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
    def same_cells(self) -> GateInput:
        """The earliest input of this run in which every cell reads as it does here; itself unless `later` made it."""
        return self

    def later(self, situation: Situation, objects: Mapping[str, object]) -> GateInput:
        """The same pull request once more is recorded.

        Both sides are not compared again, and cells are evaluated again only if an entry since may change them.
        """
        later = replace(self, situation=situation, objects=objects)
        vars(later)["comparison"] = self.comparison
        if situation.same_cells is self.situation.same_cells:
            vars(later)["same_cells"] = self.same_cells
        return later

    @cached_property
    def changed_objects(self) -> Mapping[str, ChangedObject]:
        """Objects whose change has to be signed, by key."""
        return changed_objects(self.changes, self.proposal)

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """What the changes ask people for, in order."""
        return requirements(self.changed_objects.values(), self.proposal, self.situation.register)

    @cached_property
    def approvals(self) -> Approvals:
        """Who has answered and signed, and what still holds."""
        return Approvals(self.source)

    @cached_property
    def source(self) -> PullRequestSource:
        """What its approvals are made from."""
        asked = {each.about for each in self.requirements if each.question is not None}
        ends = {key: end for key in asked if (end := self._accepted_until(key)) is not None}
        roles = tuple(role for role, _ in self.assumed)
        return PullRequestSource(
            self.proposal, self.situation, self.requirements, self.changed_objects, ends, self.touched, roles
        )

    def _accepted_until(self, key: str) -> date | None:
        """Until when the risk is accepted for everything an object has to do with; as the base has it, never the change."""
        kind, _, name = key.partition("/")
        cell = name if kind == "deployment" else EVERYWHERE
        acceptances = self.now.register_index.acceptances
        last = [
            max((each.expires_at for each in acceptances.get(subject, ()) if _covers(each, cell)), default=None)
            for subject in self.concerned(self.changed_objects[key].changes)
        ]
        ends = [end for end in last if end is not None and end >= self.situation.today]
        return min(ends) if ends and len(ends) == len(last) else None

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


def _covers(accepted: Acceptance, cell: str) -> bool:
    """What changes everywhere is covered only by what was accepted for all of it."""
    if cell != EVERYWHERE:
        return accepted.covers(cell)
    return not accepted.cells or EVERYWHERE in accepted.cells
