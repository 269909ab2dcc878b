"""Verdicts on criteria that are judged by counts of result files, with everything that they were computed from."""

from collections.abc import Iterable, Mapping
from typing import Final

from reassay.common.canonical import canonical, digest
from reassay.evidence.counting import CountedCriterion
from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.episode import cell_cases
from reassay.evidence.evidence_input import EvidenceInput, declared_criterion, declared_words, readings_of
from reassay.evidence.inputs import STATISTICS, CellCase, CellVerdict, VerdictInputs
from reassay.evidence.rate_judgement import WORST_FIRST, cell_verdict
from reassay.evidence.run_conditions import Readings
from reassay.ledger.criterion_result import Basis
from reassay.ledger.reassessment import Reassessment
from reassay.register.mitigation import Mitigation

_BASIS: Final[Basis] = "tested"


class OtherStatisticsError(ValueError):
    """Recorded inputs that another version of the rules judged; the message names it."""


def counted_verdict(
    criterion: CountedCriterion, subject: Mitigation, reassessment: Reassessment, facts: EvidenceInput
) -> CriterionVerdict:
    """The verdict on a criterion over all cells of a re-assessment: the worst of them, by its cell's name."""
    cases = cell_cases(subject, criterion.name, reassessment, facts)
    runs = [run for case in cases for run in case.runs]
    readings = _readings({run.readings for run in runs}, facts.objects)
    plans = {
        name: declared_words(own) for name, own in _plans({run.plan for run in runs if run.plan}, facts.objects).items()
    }
    inputs = VerdictInputs(
        criterion=criterion.name,
        declared=declared_words(criterion),
        plans=tuple(sorted(plans.items())),
        cases=cases,
        verdicts=_verdicts(criterion, cases, readings, plans),
    )
    return _overall(criterion, inputs)


def recompute(inputs: VerdictInputs, readings: Readings) -> tuple[CellVerdict, ...]:
    """The verdicts that recorded inputs and readings give now. Raises OtherStatisticsError, ValueError."""
    if inputs.statistics != STATISTICS:
        raise OtherStatisticsError(inputs.statistics)
    criterion = declared_criterion(inputs.declared)
    if criterion is None:
        raise ValueError(f"the criterion {inputs.criterion!r} as recorded cannot be read")
    return _verdicts(criterion, inputs.cases, readings, dict(inputs.plans))


def inputs_object(inputs: VerdictInputs) -> object:
    """The inputs as kept in the ledger (`CriterionResult.inputs` is the digest)."""
    value: object = inputs.model_dump(mode="json", by_alias=True)
    return value


def _verdicts(
    criterion: CountedCriterion, cases: Iterable[CellCase], readings: Readings, plans: Mapping[str, str]
) -> tuple[CellVerdict, ...]:
    declared = {name: own for name, text in plans.items() if (own := declared_criterion(text)) is not None}
    return tuple(cell_verdict(criterion, case, readings, declared) for case in cases)


def _readings(names: Iterable[str], objects: Mapping[str, object]) -> Readings:
    readings = {name: readings_of(objects[name]) for name in sorted(names) if name in objects}
    return {name: own for name, own in readings.items() if own is not None}


def _plans(names: Iterable[str], objects: Mapping[str, object]) -> Mapping[str, CountedCriterion]:
    plans = {name: declared_criterion(objects[name]) for name in names if name in objects}
    return {name: own for name, own in plans.items() if own is not None}


def _overall(criterion: CountedCriterion, inputs: VerdictInputs) -> CriterionVerdict:
    worst = min(inputs.verdicts, key=lambda verdict: WORST_FIRST.index(verdict.verdict))
    alike = all((own.verdict, own.why) == (worst.verdict, worst.why) for own in inputs.verdicts)
    why = worst.why if alike else f"for {worst.cell}: {worst.why}"
    is_computed = any(case.runs or case.without_result for case in inputs.cases)
    return CriterionVerdict(
        name=criterion.name,
        verdict=worst.verdict,
        basis=_BASIS if worst.verdict == "met" else "attested",
        why=why,
        figures=worst.figures,
        inputs=digest(canonical(inputs_object(inputs))) if is_computed else None,
        computed_from=inputs if is_computed else None,
    )
