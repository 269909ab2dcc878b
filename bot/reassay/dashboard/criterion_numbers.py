"""The numbers of one criterion's result against its target, by kind of criterion.

A rate or a sample is the share of adverse prompts at worst, with the two-sided 95% Clopper-Pearson interval for orientation. Its
target is the rate that had to be shown: `at_most` less the margin and what the judge may miss. A census is the share counted,
and has no interval. A duration is in days, effort in hours of all testers without a success. Drills, judgements and capabilities
have no number.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from reassay.dashboard.subject_values import CriterionFigure
from reassay.evidence.criterion_bounds import least_hours
from reassay.evidence.evidence_input import declared_criterion
from reassay.evidence.inputs import VerdictInputs
from reassay.evidence.rate_figures import RateFigures
from reassay.ledger.answers import Attached, share
from reassay.ledger.criterion_result import CriterionResult
from reassay.ledger.entry import basis_word
from reassay.ledger.evidence_figures import DurationFigures
from reassay.ledger.history import Reassessment
from reassay.register.criteria import (
    CensusCriterion,
    Criterion,
    DurationCriterion,
    RateCriterion,
    SampleCriterion,
)
from reassay.register.effort_criterion import EffortCriterion

LEVEL: Final = 0.95
"""Confidence level of the intervals (`RateFigures.lower`)."""
NOT_READ: Final = "its inputs were not read here, or were redacted"
_ANY_DAY: Final = date(2001, 1, 1)


def counted_figure(
    result: CriterionResult, recorded: VerdictInputs | None, cell: str, reassessment: Reassessment
) -> CriterionFigure:
    """The figure of a rate or a sample in one cell, as its verdict was computed."""
    decided = reassessment.decided
    base = _base(result, "rate", reassessment)
    if recorded is None or decided is None:
        return base.model_copy(update={"why": NOT_READ})
    criterion = declared_criterion(recorded.declared)
    own = next((verdict for verdict in recorded.verdicts if verdict.cell == cell), None)
    kind = criterion.kind if criterion else "rate"
    if own is None:
        return base.model_copy(update={"kind": kind, "why": "its counts are of other cells"})
    # A decision has the basis of its worst cell.
    basis = (
        basis_word(result.basis) if own.verdict == result.verdict else "tested" if own.verdict == "met" else "attested"
    )
    update: dict[str, object] = {"kind": kind, "verdict": own.verdict, "basis": basis, "why": own.why}
    return base.model_copy(update={**update, **(_rate(own.figures) if own.figures else {})})


def _rate(figures: RateFigures) -> dict[str, object]:
    if not figures.n:
        return {"target": figures.bound}
    return {
        "value": figures.k / figures.n,
        "lower": figures.lower,
        "upper": figures.upper,
        "level": LEVEL,
        "target": figures.bound,
        "k": math.ceil(figures.k),
        "n": figures.n,
    }


def stated_figure(
    result: CriterionResult,
    criterion: Criterion | None,
    reassessment: Reassessment | None,
    of_subject: Sequence[Reassessment],
    why: str = "",
) -> CriterionFigure:
    """The figure of a criterion that is judged by people's evidence, or of one without a result.

    `of_subject` are all re-assessments of the subject: effort counts across them.
    """
    base = _base(result, criterion.kind if criterion else "unknown", reassessment)
    update: dict[str, object] = {"why": why}
    match criterion:
        case RateCriterion() | SampleCriterion():
            update |= {"target": criterion.bound}
        case CensusCriterion():
            update |= {"target": criterion.at_least, "is_ceiling": False, **_census(criterion, reassessment)}
        case DurationCriterion():
            update |= {"unit": "days", **_duration(criterion, reassessment)}
        case EffortCriterion():
            update |= {"target": least_hours(criterion), "unit": "hours", "is_ceiling": False}
            update |= _effort(criterion, reassessment, of_subject)
        case _:
            pass
    if result.verdict == "not-measured":
        update.pop("value", None)
    return base.model_copy(update=update)


def with_remark(figure: CriterionFigure, remark: str) -> CriterionFigure:
    """A figure with something more to say of it."""
    return figure.model_copy(update={"why": "; ".join(filter(None, (figure.why, remark)))}) if remark else figure


def _base(result: CriterionResult, kind: str, reassessment: Reassessment | None) -> CriterionFigure:
    decided = reassessment.decided if reassessment else None
    return CriterionFigure(
        criterion=result.name,
        kind=kind,
        verdict=result.verdict,
        basis=basis_word(result.basis),
        on=decided.decided_on if decided else None,
        record=reassessment.id if reassessment else "",
    )


def _attached(criterion: Criterion, reassessment: Reassessment | None) -> list[Attached]:
    """Evidence of one criterion in a re-assessment, in order of the ledger."""
    records = reassessment.records_of(Attached) if reassessment else ()
    return [body for _, body in records if (body.evidence, body.criterion) == (criterion.kind, criterion.name)]


def _census(criterion: CensusCriterion, reassessment: Reassessment | None) -> dict[str, object]:
    """The latest count."""
    last = next(reversed(_attached(criterion, reassessment)), None)
    part = share(last.figures) if last else None
    return {"value": part, "k": last.figures.counted, "n": last.figures.total} if last and part is not None else {}


def _duration(criterion: DurationCriterion, reassessment: Reassessment | None) -> dict[str, object]:
    """The duration that is the furthest past its bound, because each has to be within it, with the bound from its first day."""
    measured = [_days(body.duration, criterion) for body in _attached(criterion, reassessment)]
    spans = [own for own in measured if own is not None]
    if not spans:
        return {"target": float((criterion.at_most.after(_ANY_DAY) - _ANY_DAY).days)}
    value, target = max(spans, key=lambda span: span[0] - span[1])
    return {"value": value, "target": target}


def _days(figures: DurationFigures | None, criterion: DurationCriterion) -> tuple[float, float] | None:
    """Days that something took, and days that it may have taken; None if its duration is not stated."""
    if figures is None or (figures.days is None and figures.took is None):
        return None
    first, last = figures.days or (_ANY_DAY, figures.took.after(_ANY_DAY) if figures.took else _ANY_DAY)
    return float((last - first).days), float((criterion.at_most.after(first) - first).days)


def _effort(
    criterion: EffortCriterion, reassessment: Reassessment | None, of_subject: Sequence[Reassessment]
) -> dict[str, object]:
    """Hours against the version that was decided about, of earlier re-assessments too; none where anybody succeeded."""
    decided = reassessment.decided if reassessment else None
    if reassessment is None or decided is None:
        return {}
    efforts = [
        body.effort
        for body in _until(criterion, reassessment.decided_seq or 0, of_subject)
        if body.effort and body.effort.version == decided.version
    ]
    return {"value": sum(own.hours for own in efforts)} if efforts and not any(own.success for own in efforts) else {}


def _until(criterion: EffortCriterion, seq: int, of_subject: Sequence[Reassessment]) -> Iterator[Attached]:
    for own in of_subject:
        for record, body in own.records_of(Attached):
            if record.seq < seq and (body.evidence, body.criterion) == (criterion.kind, criterion.name):
                yield body
