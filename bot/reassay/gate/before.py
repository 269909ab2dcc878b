"""Requirements that must be answered before a model or deployment is exposed: what is asked about each cell, and why.

Two questions are asked of every cell that an exposure touches. Is a requirement that the register wants before a change
still unanswered (firing, never assessed, overdue, blind, or decided against)? And does the change need a decision of its own?
The default for what is significant is a decision before, about every mitigation that serves the deployment.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reassay.assessment.cell_status import CellStatus, State
from reassay.assessment.rules import Rule, rules_for
from reassay.assessment.snapshot import DEPLOYMENTS, DEPLOYMENTS_BY_CELL, MODELS, MODELS_BY_CELL, snapshot
from reassay.assessment.subjects import deployments_of, not_assessed
from reassay.assessment.triggers.base import Blind, Fired
from reassay.assessment.triggers.deployment_change import KIND as DEPLOYMENT_CHANGE
from reassay.assessment.triggers.invalidation_condition import KIND as INVALIDATION
from reassay.assessment.triggers.model_change import KIND as MODEL_CHANGE
from reassay.gate.base_results import BothSides
from reassay.gate.exposures import Exposure
from reassay.register.assessable import Assessable
from reassay.register.commitment import Commitment, SubjectKind
from reassay.register.mitigation import Mitigation
from reassay.register.trigger_base import MustComplete
from reassay.register.trigger_specs import (
    AllSpec,
    AnySpec,
    AnyTrigger,
    DeploymentChangeSpec,
    MetricIncreaseSpec,
    MetricRatioSpec,
    MetricThresholdSpec,
    ModelChangeSpec,
)

_AFTER = frozenset({"within", "none"})
_PROMOTED = frozenset({DEPLOYMENT_CHANGE, MODEL_CHANGE, "metric-ratio", "metric-increase", "metric-threshold"})
"""Triggers about what is deployed: fired by an exposure, they are decided before it unless the register says otherwise."""


@dataclass(frozen=True)
class BeforeMerge:
    """The cells of a merge result, and the exposures that a pull request makes."""

    sides: BothSides
    exposures: tuple[Exposure, ...]

    def touching(self, cell: CellStatus) -> tuple[Exposure, ...]:
        """The exposures of deployments that a cell is about; none for a subject that is not assessed now."""
        entry = self.sides.then.register.subjects.get(cell.subject)
        if entry is None or not cell.results:
            return ()
        served = deployments_of(entry.value, cell.cell, self.sides.then.register)
        return tuple(exposure for exposure in self.exposures if exposure.deployment in served)

    def undecidable(self) -> Iterator[tuple[Exposure, tuple[str, ...]]]:
        """Exposures of a model that is not declared, with the commitments that want a decision about it before."""
        register, seen = self.sides.then.register, set()
        for exposure in self.exposures:
            if exposure.model in register.models or exposure.deployment in seen:
                continue
            seen.add(exposure.deployment)
            names = tuple(
                name
                for name, entry in register.commitments.items()
                if entry.value.subject.kind is SubjectKind.MODEL
                and _may_select(entry.value, exposure.model)
                and not_assessed(entry.value, register, self.sides.then.today) is None
                and _kinds_before(rules_for(entry.value, register, self.sides.then.today))
            )
            if names:
                yield exposure, names

    def asked(self, cell: CellStatus, fresh: Sequence[Fired]) -> tuple[Fired, ...]:
        """What must be decided about a cell before the merge. `fresh`: triggers that would fire because of the merge."""
        entry = self.sides.then.register.subjects.get(cell.subject)
        if entry is None or not cell.results:
            return ()
        asked = [fired for fired in fresh if fired.before_change]
        asked += [fired for fired in fresh if fired.kind == INVALIDATION and not fired.after_change]
        touching = self.touching(cell)
        if touching:
            rules = self.sides.then.rules_of(cell.subject)
            asked += self._unanswered(cell, rules, touching)
            asked += self._by_default(cell, entry.value, rules, touching, fresh)
        unique = {(fired.kind, fired.about): replace(fired, before_change=True) for fired in reversed(asked)}
        return tuple(reversed(unique.values()))

    def _unanswered(self, cell: CellStatus, rules: Sequence[Rule], touching: Sequence[Exposure]) -> Iterator[Fired]:
        """Requirements that were open before this pull request, and that must be answered before anything is exposed."""
        against = self._against(cell)
        if against:
            yield _because(touching, against)
        kinds = _kinds_before(rules)
        if not kinds:
            return
        yield from (fired for fired in cell.fired if fired.before_change)
        if self._is_unassessed(cell, touching):
            yield _because(touching, "a decision is required before a change, and no assessment of this is recorded")
        if cell.clock is State.OVERDUE:
            yield _because(touching, f"a decision is required before a change, and it is overdue: {cell.reason}")
        blind = [result.reason for result in cell.results if isinstance(result, Blind) and result.kind in kinds]
        if blind:
            yield _because(
                touching, f"a decision is required before a change, and nothing can tell: {'; '.join(blind)}"
            )

    def _by_default(
        self,
        cell: CellStatus,
        subject: Assessable,
        rules: Sequence[Rule],
        touching: Sequence[Exposure],
        fresh: Sequence[Fired],
    ) -> Iterator[Fired]:
        """The decision that a significant exposure needs although no rule of the register asks for it in words."""
        wanted = [exposure for exposure in touching if exposure.is_significant and not _may_follow(rules, exposure)]
        if not wanted or self._is_decided_as_is(cell, subject):
            return
        promoted = [fired for fired in fresh if fired.kind in _PROMOTED and not fired.after_change]
        if isinstance(subject, Mitigation):
            yield from promoted or [_because(wanted, "a significant change is decided before it is made")]
            return
        measured = [exposure for exposure in wanted if _measures(rules, exposure)]
        if not measured:
            return
        firing = [fired for fired in cell.fired if fired.kind in _PROMOTED and not fired.after_change]
        yield from promoted or firing
        if not promoted and not firing and self._is_unassessed(cell, touching):
            yield _because(measured, "no assessment of this is recorded")

    def _is_unassessed(self, cell: CellStatus, touching: Sequence[Exposure]) -> bool:
        """Whether nothing is recorded about a cell. An imported assessment was not about a model that was not there."""
        if cell.last is None:
            return True
        of_model = any(exposure.is_of_model for exposure in touching)
        return cell.last.provenance == "imported" and (of_model or self.sides.is_new(cell))

    def _against(self, cell: CellStatus) -> str:
        """Why the last decision about a cell is not one in favour; empty if it is, or if there is none."""
        latest = self.sides.then.history_index.latest.get(cell.subject)
        decided = latest.decided if latest else None
        if latest and decided and decided.decision == "inconclusive" and cell.cell in decided.cells:
            return f"the last decision ({latest.id}) was inconclusive"
        if cell.last is None:
            return ""
        reassessment = self.sides.then.history.reassessments.get(cell.last.record or "")
        decided = reassessment.decided if reassessment else None
        if decided is None:
            bad = cell.last.decision not in {None, "effective"}
            return f"{cell.last.words()} did not find it effective" if bad else ""
        if cell.last.counts:
            return ""
        action = f", {decided.deployment_decision}" if decided.deployment_decision else ""
        return f"the last decision ({cell.last.record}) was {decided.decision}{action}"

    def _is_decided_as_is(self, cell: CellStatus, subject: Assessable) -> bool:
        """Whether the decision in force was in favour, and about exactly what would be merged."""
        reassessment = self.sides.then.history.reassessments.get(cell.last.record or "") if cell.last else None
        if cell.last is None or reassessment is None or reassessment.decided is None:
            return False
        now = snapshot(subject, (cell.cell,), self.sides.then.register_index)
        parts = (DEPLOYMENTS, MODELS, MODELS_BY_CELL, DEPLOYMENTS_BY_CELL)
        wanted = {name: now[name] for name in parts if name in now}
        same = all(
            cell.last.part(name).get(key) == value
            for name, part in wanted.items()
            if isinstance(part, dict)
            for key, value in part.items()
        )
        return same and cell.last.counts and reassessment.decided.version == subject.version


def _kinds_before(rules: Sequence[Rule]) -> frozenset[str]:
    """Kinds of triggers that want a decision before a change."""
    return frozenset(spec.kind for rule in rules for spec, when in _flat(rule.spec) if when == "before_change")


def _may_select(commitment: Commitment, model: str | None) -> bool:
    """Whether a commitment is about a model; where no model is named, it may be."""
    ids = commitment.subject.selector.ids if commitment.subject.selector else ()
    return not ids or model is None or model in ids


def _because(touching: Sequence[Exposure], why: str) -> Fired:
    words = "; ".join(dict.fromkeys(exposure.words() for exposure in touching))
    return Fired(DEPLOYMENT_CHANGE, f"{words}; {why}", about=words)


def _flat(spec: AnyTrigger, inherited: MustComplete | None = None) -> Iterator[tuple[AnyTrigger, MustComplete | None]]:
    """A trigger and its members, each with the deadline that applies to it."""
    stated = spec.must_complete or inherited
    yield spec, stated
    if isinstance(spec, AllSpec | AnySpec):
        for member in spec.of:
            yield from _flat(member, stated)


def _is_about(spec: AnyTrigger, exposure: Exposure) -> bool:
    if isinstance(spec, DeploymentChangeSpec):
        return exposure.is_among(spec.of)
    return isinstance(spec, ModelChangeSpec) and exposure.is_of_model


def _may_follow(rules: Sequence[Rule], exposure: Exposure) -> bool:
    """Whether the register says in words that the decision may come after a change of this sort."""
    stated = {when for rule in rules for spec, when in _flat(rule.spec) if _is_about(spec, exposure)}
    return bool(stated & _AFTER) and "before_change" not in stated


def _measures(rules: Sequence[Rule], exposure: Exposure) -> bool:
    """Whether a trigger of a commitment is about an exposure."""
    return any(
        (
            _is_about(spec, exposure)
            or (exposure.is_of_model and isinstance(spec, MetricRatioSpec | MetricIncreaseSpec | MetricThresholdSpec))
        )
        and when not in _AFTER
        for rule in rules
        for spec, when in _flat(rule.spec)
    )
