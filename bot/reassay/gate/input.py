"""The input of a verdict: one pull request as it would be merged, and the situation of the default branch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final

from reassay.approvals.approvals import Approvals
from reassay.approvals.proposal import ChangedObject, Proposal
from reassay.approvals.pull_request import PullRequestSource
from reassay.approvals.row import Requirement
from reassay.assessment.cell_status import CellStatus
from reassay.assessment.cells import AssessmentInput, assess
from reassay.assessment.effective_layers import ways_of_counting
from reassay.assessment.register_index import EVERYWHERE, Acceptance
from reassay.assessment.triggers.base import Fired
from reassay.changes.base import Change
from reassay.changes.layers import Thinned, thinned
from reassay.gate.base_results import BothSides, fired_against_base
from reassay.gate.before import BeforeMerge
from reassay.gate.comparison import Comparison
from reassay.gate.exposures import Exposure, exposures
from reassay.gate.opening import Opening, as_renamed, with_requirements_of_base
from reassay.gate.quiet import Quieted, quieted, unread_removals, unserved_changes, with_causes
from reassay.gate.requirements import changed_objects, requirements
from reassay.ledger.reassessment import LedgerRecord
from reassay.register.register import Register


@dataclass(frozen=True)
class GateInput:
    """The input of every rule of the gate."""

    proposal: Proposal
    assessment_input: AssessmentInput
    """Ledger, people, roles and time, read from the default branch."""
    objects: Mapping[str, object] = field(default_factory=dict)
    """Parsed ledger objects by digest."""
    assumed_after: int | None = None
    """Seq of the last real entry of the ledger, where later ones are only assumed; None where all are real."""
    members: tuple[GateInput, ...] = ()
    """The pull requests of a merge queue's group, each separately; empty for one pull request."""

    @cached_property
    def comparison(self) -> Comparison:
        """The comparison of both sides, which does not depend on the ledger."""
        proposal = self.proposal
        return Comparison(proposal.base, proposal.merged, proposal.files, self.assessment_input.today)

    @cached_property
    def same_cells(self) -> GateInput:
        """The earliest input of this run with the same status of every cell; itself unless `later` made it."""
        return self

    def later(self, assessment_input: AssessmentInput, objects: Mapping[str, object]) -> GateInput:
        """The same pull request with a longer ledger.

        The comparison is reused; cells are evaluated again only if a new entry may change them.
        """
        later = replace(self, assessment_input=assessment_input, objects=objects)
        vars(later)["comparison"] = self.comparison
        if assessment_input.same_cells is self.assessment_input.same_cells:
            vars(later)["same_cells"] = self.same_cells
        return later

    @property
    def seq(self) -> int:
        """Seq of the last entry that is recorded; 0 for an empty ledger."""
        return self.assessment_input.history.seq if self.assumed_after is None else self.assumed_after

    def is_assumed(self, record: LedgerRecord) -> bool:
        """Whether an entry is only assumed."""
        return record.seq > self.seq

    def assuming(self, source: PullRequestSource) -> GateInput:
        """The same pull request were the further answers and sign-offs of `source` recorded.

        They change no cell, nothing that is required and no side of the merge, so all of that is reused.
        """
        assumed = replace(
            self, assessment_input=source.assessment_input, proposal=source.proposal, assumed_after=self.seq
        )
        vars(assumed).update({name: getattr(self, name) for name in _BEFORE_APPROVALS}, source=source)
        return assumed

    @cached_property
    def changed_objects(self) -> Mapping[str, ChangedObject]:
        """Objects whose change needs a sign-off, by key."""
        objects = changed_objects(self.changes, self.proposal)
        return with_causes(objects, self.quieted, self.comparison.changes, self.proposal)

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """Questions and approval steps that the changes require, in order."""
        return requirements(self.changed_objects.values(), self.proposal, self.assessment_input)

    @cached_property
    def approvals(self) -> Approvals:
        """Answers and sign-offs, and which of them are still valid."""
        return Approvals(self.source)

    @cached_property
    def source(self) -> PullRequestSource:
        """The pull request as the source of its approvals."""
        asked = {requirement.about for requirement in self.requirements if requirement.question is not None}
        ends = {key: end for key in asked if (end := self._accepted_until(key)) is not None}
        return PullRequestSource(
            self.proposal, self.assessment_input, self.requirements, self.changed_objects, ends, self.touched
        )

    @cached_property
    def overridden(self) -> tuple[GateInput, ...]:
        """The members of a group that are overridden: an override covers what its own pull request is asked for, alone."""
        own = self.source.overrides
        return tuple(member for member in self.members if own.keys() & set(member.proposal.pulls))

    def is_overridden(self, requirement: Requirement) -> bool:
        """Whether a row of a group is one of an overridden member, about the same change."""
        key = requirement.about
        return any(
            requirement.id in {own.id for own in member.requirements}
            and _images(member.changed_objects[key]) == _images(self.changed_objects[key])
            for member in self.overridden
        )

    def _accepted_until(self, key: str) -> date | None:
        """The last day on which the risk is accepted for every subject an object concerns, in the base; None if it is not."""
        kind, _, name = key.partition("/")
        cell = name if kind == "deployment" else EVERYWHERE
        acceptances = self.now.register_index.acceptances
        last = [
            max((own.expires_at for own in acceptances.get(subject, ()) if _covers(own, cell)), default=None)
            for subject in self.concerned(self.changed_objects[key].changes)
        ]
        ends = [end for end in last if end is not None and end >= self.assessment_input.today]
        return min(ends) if ends and len(ends) == len(last) else None

    @cached_property
    def now(self) -> AssessmentInput:
        """The base, with roles and ledger of the default branch."""
        return self._with(self.proposal.base)

    @cached_property
    def then(self) -> AssessmentInput:
        """The merge result, with roles, delegations and gate of the default branch."""
        return self._with(self.proposal.merged)

    def _with(self, register: Register) -> AssessmentInput:
        """A register judged by the rules of the default branch, never by those that a change brings."""
        default = self.assessment_input.register
        if register is default:
            return self.assessment_input
        judged = replace(register, configuration=default.configuration, delegations=default.delegations)
        return replace(self.assessment_input, register=judged)

    @cached_property
    def cells_now(self) -> tuple[CellStatus, ...]:
        """Status of every cell of the base that a change can reach."""
        if self.same_cells is not self:
            return self.same_cells.cells_now
        if self.now is self.assessment_input:
            return self.assessment_input.cells_of(self.comparison.near)
        return assess(self.now, self.comparison.near)

    @cached_property
    def cells_then(self) -> tuple[CellStatus, ...]:
        """Status of every such cell once merged."""
        return self.same_cells.cells_then if self.same_cells is not self else assess(self.then, self.comparison.near)

    @cached_property
    def sides(self) -> BothSides:
        """Base and merge result as the triggers see them."""
        return BothSides(self.now, self.then)

    @cached_property
    def exposures(self) -> tuple[Exposure, ...]:
        """Changes that first put a model into a deployment, or that widen a deployment."""
        return exposures(self.comparison.changes, self.then.register)

    @cached_property
    def before_merge(self) -> BeforeMerge:
        """What must be decided before these exposures."""
        return BeforeMerge(self.sides, self.exposures)

    @cached_property
    def before_by_base(self) -> BeforeMerge:
        """The same by the requirements of the base, which this pull request may change, move or remove."""
        return BeforeMerge(BothSides(self.now, self._as_exposed), self.exposures)

    @cached_property
    def _as_exposed(self) -> AssessmentInput:
        """The base, were its deployments and models those of the merge result."""
        merged = self.then.register
        exposed = replace(self.now.register, deployments=merged.deployments, models=merged.models)
        return replace(self.now, register=exposed)

    @cached_property
    def cells_by_base(self) -> tuple[CellStatus, ...]:
        """Status of the base's own cells with what the merge result exposes; none if it exposes nothing new.

        Where the other changes are those of mitigations and commitments, only what they can affect: every other cell reads as
        it does in the merge result.
        """
        if self.same_cells is not self:
            return self.same_cells.cells_by_base
        others = tuple(change for change in self.comparison.changes if change.kind not in _EXPOSED)
        if not self.exposures or not others:
            return ()
        is_about_subjects = all(change.kind in _SUBJECTS for change in others)
        near = self.comparison.near_of(others) if is_about_subjects else self.comparison.near
        return assess(self._as_exposed, near)

    @cached_property
    def against_base(self) -> FiredByCell:
        """What fires for cells of the merge result if the base counts as what was assessed."""
        if self.same_cells is not self:
            return self.same_cells.against_base
        return _against_base(self.cells_then, self.sides)

    @cached_property
    def against_base_by_base(self) -> FiredByCell:
        """The same for `cells_by_base`."""
        if self.same_cells is not self:
            return self.same_cells.against_base_by_base
        return _against_base(self.cells_by_base, self.before_by_base.sides)

    @cached_property
    def openings(self) -> tuple[Opening, ...]:
        """Re-assessments that merging would open: what must be decided before it, then what fires because of it."""
        renamed = self.then.register.renamed
        now = frozenset(
            (cell.subject, cell.cell, fired.kind, about)
            for cell in self.cells_now
            for fired in cell.fired
            for about in (fired.about, as_renamed(fired.about, renamed))
        )
        own = [Opening(cell.subject, cell.cell, fired) for cell in self.cells_then for fired in self._opened(cell, now)]
        return with_requirements_of_base(own, self._asked_by_base(now))

    def _asked_by_base(self, now: frozenset[tuple[str, str, str, str]]) -> Iterator[Opening]:
        for cell in self.cells_by_base:
            name = self.then.register.renamed.get(cell.subject, cell.subject)
            for fired in self._asked(cell, now, self.before_by_base, self.against_base_by_base)[1]:
                yield Opening(name, cell.cell, fired)

    def _asked(
        self,
        cell: CellStatus,
        now: frozenset[tuple[str, str, str, str]],
        before: BeforeMerge,
        against_base: FiredByCell,
    ) -> tuple[list[Fired], tuple[Fired, ...]]:
        """What fires because of the merge, and what must be decided before it."""
        former = before.sides.former(cell.subject)
        fresh = [fired for fired in cell.fired if (former, cell.cell, fired.kind, fired.about) not in now]
        against = [
            fired
            for fired in against_base[cell.subject, cell.cell]
            if (former, cell.cell, fired.kind, fired.about) not in now
        ]
        return fresh, before.asked(cell, (*fresh, *against))

    def _opened(self, cell: CellStatus, now: frozenset[tuple[str, str, str, str]]) -> Iterator[Fired]:
        fresh, asked = self._asked(cell, now, self.before_merge, self.against_base)
        kinds = {(fired.kind, fired.about) for fired in asked}
        yield from asked
        yield from (fired for fired in fresh if (fired.kind, fired.about) not in kinds)

    @cached_property
    def quieted(self) -> tuple[Quieted, ...]:
        """Cells that would be calmer after the merge, without a looser row of whatever calms them."""
        return quieted(self.comparison, self.sides, self.cells_now, self.cells_then)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every difference, field by field, and what follows from the differences for objects that did not change."""
        unserved = unserved_changes(self.exposures, self.then.register)
        gone = unread_removals(self.sides)
        return (*self.comparison.changes, *gone, *unserved, *(change for own in self.quieted for change in own.changes))

    @cached_property
    def thinned(self) -> tuple[Thinned, ...]:
        """Threat models left with too few layers, as declared or of those that count now."""
        if self.same_cells is not self:
            return self.same_cells.thinned
        return tuple(thinned(self.proposal.base, self.proposal.merged, ways_of_counting(self.cells_now)))

    @property
    def touched(self) -> tuple[str, ...]:
        """Ids of mitigations and commitments that change, or serve a deployment that does."""
        return self.comparison.touched

    @property
    def loosened(self) -> tuple[str, ...]:
        """Ids of those that become looser, or serve a deployment that becomes wider."""
        return self.comparison.loosened

    def concerned(self, changes: tuple[Change, ...]) -> tuple[str, ...]:
        """Ids of mitigations and commitments that some of the changes concern."""
        return self.comparison.concerned(changes)


FiredByCell = Mapping[tuple[str, str], tuple[Fired, ...]]
"""Fired triggers by subject and cell."""
_EXPOSED: Final = frozenset({"deployment", "model"})
_SUBJECTS: Final = frozenset({"mitigation", "commitment"})
_BEFORE_APPROVALS: Final = (
    *("comparison", "same_cells", "now", "then", "sides", "exposures", "before_merge", "before_by_base"),
    *("openings", "quieted", "changes", "changed_objects", "requirements"),
)
"""Values that depend on no answer and no sign-off of the pull request."""


def _against_base(cells: Iterable[CellStatus], sides: BothSides) -> FiredByCell:
    return {(cell.subject, cell.cell): tuple(fired_against_base(cell, sides)) for cell in cells}


def _images(changed: ChangedObject) -> tuple[str | None, str | None]:
    return changed.before, changed.after


def _covers(accepted: Acceptance, cell: str) -> bool:
    """Whether an acceptance covers a cell; a change everywhere needs an acceptance for every cell."""
    if cell != EVERYWHERE:
        return accepted.covers(cell)
    return not accepted.cells or EVERYWHERE in accepted.cells
