"""Results of criteria as decisions recorded them, with their numbers: of each cell, of each record, and over time.

Rates and samples have the numbers from which their verdict was computed (`CriterionResult.inputs`). The others have those of the
evidence that people attached; its words are shown where judging it again gives the recorded verdict. What was not read here has
its verdict alone, and says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pydantic import ValidationError

from reassay.assessment.cells import CellStatus
from reassay.assessment.snapshot import MITIGATION
from reassay.dashboard.criterion_numbers import NOT_READ, counted_figure, stated_figure, with_remark
from reassay.dashboard.dashboard_input import DashboardInput
from reassay.dashboard.subject_values import CriterionFigure, EffectivenessPoint, EffectivenessSeries
from reassay.evidence.criterion_bounds import criteria_of
from reassay.evidence.criterion_verdicts import criterion_verdict
from reassay.evidence.evidence_input import EvidenceInput
from reassay.ledger.criterion_result import CriterionResult
from reassay.ledger.entry import Decided
from reassay.ledger.history import History, Reassessment
from reassay.register.assessable import Assessable
from reassay.register.c14n import content_digest
from reassay.register.criteria import Criterion, RateCriterion, SampleCriterion
from reassay.register.detector_criterion import DetectorCriterion
from reassay.register.foreign_keys import read_written
from reassay.register.mitigation import Mitigation
from reassay.register.register import RegisterEntry

Figures = tuple[CriterionFigure, ...]
NEVER_MEASURED: Final = "the last decision has no result of it"


@dataclass(frozen=True)
class DecidedFigures:
    """The figures of every decision of a ledger."""

    inputs: DashboardInput

    @cached_property
    def by_record(self) -> Mapping[str, Mapping[str, Figures]]:
        """By decided re-assessment and cell, a figure for each criterion, in the order of the decision."""
        decided = (own for own in self.inputs.assessment_input.history.reassessments.values() if own.decided)
        return {own.id: self._of(own, own.decided) for own in decided if own.decided}

    @cached_property
    def latest(self) -> Mapping[tuple[str, str], Reassessment]:
        """By subject and cell, the last decision that counts, inconclusive ones included."""
        latest: dict[tuple[str, str], Reassessment] = {}
        for own in self._in_order:
            cells = own.decided.cells if own.decided else ()
            latest.update(dict.fromkeys(((own.subject, cell) for cell in cells), own))
        return latest

    def of_record(self, record: str) -> Figures:
        """The figures of a decision: one a criterion where all cells are alike, else one a cell that says which."""
        by_cell = self.by_record.get(record, {})
        if len(set(by_cell.values())) <= 1:
            return next(iter(by_cell.values()), ())
        return tuple(own.model_copy(update={"cell": cell}) for cell, figures in by_cell.items() for own in figures)

    def of_cell(self, cell: CellStatus) -> Figures:
        """The last result of each criterion of a cell; one that the last decision has no result of is not measured."""
        reassessment = self.latest.get((cell.subject, cell.cell))
        recorded = self.by_record[reassessment.id].get(cell.cell, ()) if reassessment else ()
        entry = self.inputs.assessment_input.register.subjects.get(cell.subject)
        if entry is None:
            return recorded
        remark = (
            self._changed(reassessment.decided, entry) if recorded and reassessment and reassessment.decided else ""
        )
        known_figures = {own.criterion: with_remark(own, remark) for own in recorded}
        return tuple(
            known_figures.get(criterion.name) or _unmeasured(criterion) for criterion in criteria_of(entry.value)
        )

    def series(self) -> Iterator[EffectivenessSeries]:
        """The numbers of each criterion in each cell over time, of decisions that count; by subject, cell and criterion."""
        points: dict[tuple[str, str, str], list[tuple[EffectivenessPoint, CriterionFigure]]] = {}
        for own in self._in_order:
            for cell, figures in self.by_record[own.id].items():
                for figure in figures:
                    if point := _point(figure):
                        points.setdefault((own.subject, cell, figure.criterion), []).append((point, figure))
        for (subject, cell, name), own_points in sorted(points.items()):
            last = own_points[-1][1]
            yield EffectivenessSeries(
                subject=subject,
                cell=cell,
                criterion=name,
                unit=last.unit,
                is_ceiling=last.is_ceiling,
                target=self._targets.get((subject, name)),
                points=tuple(point for point, _ in sorted(own_points, key=lambda pair: pair[0].on)),
            )

    @cached_property
    def _targets(self) -> Mapping[tuple[str, str], float | None]:
        """Today's targets by subject and criterion."""
        subjects = self.inputs.assessment_input.register.subjects.items()
        return {
            (name, criterion.name): _unmeasured(criterion).target
            for name, entry in subjects
            for criterion in criteria_of(entry.value)
        }

    @cached_property
    def _in_order(self) -> tuple[Reassessment, ...]:
        history = self.inputs.assessment_input.history
        counting = (own for own in history.reassessments.values() if own.counts)
        return tuple(sorted(counting, key=lambda own: own.decided_seq or 0))

    def _of(self, reassessment: Reassessment, decided: Decided) -> Mapping[str, Figures]:
        if not decided.criteria:
            return dict.fromkeys(decided.cells, ())
        subject = self._subject_then(decided)
        criteria = {own.name: own for own in criteria_of(subject)}
        stated = {
            result.name: self._stated(result, criteria.get(result.name), subject, reassessment)
            for result in decided.criteria
            if result.inputs is None
        }
        return {
            cell: tuple(
                stated[result.name] if result.inputs is None else self._counted(result, cell, reassessment)
                for result in decided.criteria
            )
            for cell in decided.cells
        }

    def _counted(self, result: CriterionResult, cell: str, reassessment: Reassessment) -> CriterionFigure:
        recorded = self.inputs.verdict_inputs.get(result.inputs or "")
        return counted_figure(result, recorded, cell, reassessment)

    def _stated(
        self, result: CriterionResult, criterion: Criterion | None, subject: Assessable | None, own: Reassessment
    ) -> CriterionFigure:
        if criterion is None or subject is None:
            return stated_figure(result, criterion, own, (), NOT_READ)
        if isinstance(criterion, RateCriterion | SampleCriterion | DetectorCriterion):
            return stated_figure(result, criterion, own, (), _counted_words(criterion, result, own.decided))
        facts = EvidenceInput(self.inputs.assessment_input.register, self._history_of(own.subject), self.inputs.objects)
        verdict = criterion_verdict(criterion, subject, own, facts)
        why = verdict.why if verdict.verdict == result.verdict else ""
        return stated_figure(result, criterion, own, self.inputs.of_subject(own.subject), why)

    def _history_of(self, subject: str) -> History:
        """The part of the history that is about one subject, so that no criterion looks through all of it."""
        own = {own.id: own for own in self.inputs.of_subject(subject)}
        return History(own, seq=self.inputs.assessment_input.history.seq)

    def _subject_then(self, decided: Decided) -> Assessable | None:
        """The subject as it was decided about; None where that was not read here."""
        entry = self.inputs.assessment_input.register.subjects.get(decided.subject)
        if entry is not None and self._is_as_now(decided, entry):
            return entry.value
        written = self._written(decided)
        try:
            return read_written(Mitigation, written) if written is not None else None
        except ValidationError:
            return None

    def _is_as_now(self, decided: Decided, entry: RegisterEntry[Assessable]) -> bool:
        """Whether the register has the subject exactly as it was decided about."""
        written = self._written(decided)
        if written is not None:
            return written == entry.written
        # Without its snapshot the digest says it, which takes longer.
        return content_digest(entry.written) == decided.content

    def _written(self, decided: Decided) -> object:
        """The entry of a mitigation as it was decided about; None where the snapshot was not read here."""
        given = self.inputs
        snapshot = given.assessment_input.snapshots.get(decided.snapshot) or given.objects.get(decided.snapshot)
        return snapshot.get(MITIGATION) if isinstance(snapshot, dict) else None

    def _changed(self, decided: Decided, entry: RegisterEntry[Assessable]) -> str:
        """What has changed since a decision, so that its results are of something else; empty if nothing has."""
        if decided.version != entry.value.version:
            return f"of version {decided.version}, and version {entry.value.version} is in force"
        return "" if self._is_as_now(decided, entry) else "its register entry has changed since"


def _counted_words(criterion: Criterion, result: CriterionResult, decided: Decided | None) -> str:
    """Why a criterion that result files are counted for has no counts of its own."""
    if isinstance(criterion, DetectorCriterion):
        verdicts = {own.name: own.verdict for own in decided.criteria} if decided else {}
        parts = [f"{name} {verdicts[name].replace('-', ' ')}" for name in criterion.part_names if name in verdicts]
        return "; ".join(parts)
    return "no result file was attached" if result.verdict == "not-measured" else "recorded without its counts"


def _unmeasured(criterion: Criterion) -> CriterionFigure:
    """The figure of a criterion without a result, with today's target."""
    result = CriterionResult(name=criterion.name, verdict="not-measured", basis="attested")
    return with_remark(stated_figure(result, criterion, None, ()), NEVER_MEASURED)


def _point(figure: CriterionFigure) -> EffectivenessPoint | None:
    """The figure as a point in time; None for one without a number."""
    if figure.on is None or figure.value is None:
        return None
    return EffectivenessPoint(
        on=figure.on,
        record=figure.record,
        value=figure.value,
        lower=figure.lower,
        upper=figure.upper,
        target=figure.target,
        verdict=figure.verdict,
    )
