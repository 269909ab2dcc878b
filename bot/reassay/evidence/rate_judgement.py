"""The verdict on a criterion about a rate or a sample, in one cell, by every result of its episode.

Pure: the same case and the same readings always give the same verdict, so that a recorded one can be computed again.
"""

from collections.abc import Mapping, Sequence

from reassay.evidence.cell_coverage import gaps, plan_gaps
from reassay.evidence.closing_standard import ClosingStandard, closing_standard, unprotected_prompts
from reassay.evidence.counting import CountedCriterion
from reassay.evidence.inputs import CellCase, CellVerdict
from reassay.evidence.rate_numbers import RateNumbers, Weighed, rate_figures, rate_numbers, weighed
from reassay.evidence.rate_words import counts_words, exceeded_words, lacking_words, met_words
from reassay.evidence.run_conditions import JudgedRun, Readings, judged_runs
from reassay.evidence.slice_findings import SliceFindings, slice_findings
from reassay.register.criteria import RateCriterion, SampleCriterion
from reassay.register.measurement import FixedPlan

MOST_SAID = 4
"""Results, and reasons of one, that a sentence names."""
WORST_FIRST = ("exceeded", "refused", "not-measured", "insufficient", "met")
"""Verdicts in order of harm."""
NOT_RUN_YET = "no result file is attached for it"


def cell_verdict(
    criterion: CountedCriterion, case: CellCase, readings: Readings, plans: Mapping[str, CountedCriterion]
) -> CellVerdict:
    """The verdict in a cell, by the criterion and by every earlier definition of what it counts: the worst of them.

    `plans` are the criteria as declared with earlier results, by digest. A definition under which nothing could be counted is
    left out, or a mistake in the first could never be corrected.
    """
    now = _verdict(criterion, case, readings, plans)
    verdicts = [now]
    for earlier in dict.fromkeys(run.plan for run in case.runs if run.plan and run.arm == "measured"):
        declared = plans.get(earlier)
        if declared is None or _definition(declared) == _definition(criterion):
            continue
        older = _verdict(_as_defined(criterion, declared), case, readings, plans)
        if any(run.counts is not None and run.arm == "measured" for run in older.runs):
            entry = next(run.entry for run in case.runs if run.plan == earlier)
            why = f"as what counts was declared with entry {entry}, and what was seen then stays seen: {older.why}"
            verdicts.append(older.model_copy(update={"why": why}))
    return min(verdicts, key=lambda verdict: WORST_FIRST.index(verdict.verdict))


_DEFINING = ("undesired", "measured", "tries", "judge", "comparator", "population")
"""Fields that say what is counted, where a criterion has them; a later one is judged beside those with earlier results."""


def _definition(criterion: CountedCriterion) -> Mapping[str, object]:
    written = criterion.model_dump(mode="json")
    return {name: written.get(name) for name in ("kind", *_DEFINING)}


def _as_defined(criterion: CountedCriterion, declared: CountedCriterion) -> CountedCriterion:
    if criterion.kind != declared.kind:
        return declared
    update = {name: getattr(declared, name) for name in _DEFINING if hasattr(declared, name)}
    return criterion.model_copy(update=update)


def _verdict(
    criterion: CountedCriterion, case: CellCase, readings: Readings, plans: Mapping[str, CountedCriterion]
) -> CellVerdict:
    runs = judged_runs(criterion, case, readings)
    outcomes = tuple(run.outcome for run in runs)
    measured = [run for run in runs if run.run.arm == "measured"]
    if not measured:
        lost = tuple(gaps(criterion, case, ())) if case.without_result else ()
        why = f"{NOT_RUN_YET}; {'; '.join(lost)}" if lost else NOT_RUN_YET
        return CellVerdict(cell=case.cell, verdict="not-measured", why=why, runs=outcomes)
    if not any(run.outcome.weight == "counts" for run in measured):
        why = "; ".join(_not_counting_words(measured))
        return CellVerdict(cell=case.cell, verdict="refused", why=f"no result counts: {why}", runs=outcomes)
    standard = closing_standard(criterion, case, runs)
    chosen = None
    if isinstance(criterion, RateCriterion) and criterion.comparator:
        chosen = unprotected_prompts(runs) or {}
    numbers = rate_numbers(criterion, runs, chosen)
    if why := _unshowable(criterion, standard, numbers):
        return CellVerdict(cell=case.cell, verdict="refused", why=why, runs=outcomes)
    missing = (
        *standard.missing,
        *gaps(criterion, case, runs),
        *plan_gaps(criterion, _first_plan(case, plans), case),
        *_fixed_plan_gaps(criterion, measured, numbers),
    )
    return _by_numbers(criterion, case, runs, standard, numbers, chosen, missing)


def _by_numbers(  # noqa: PLR0913, PLR0917 -- all that a verdict rests on
    criterion: CountedCriterion,
    case: CellCase,
    runs: Sequence[JudgedRun],
    standard: ClosingStandard,
    numbers: RateNumbers,
    chosen: Mapping[str, bool] | None,
    missing: Sequence[str],
) -> CellVerdict:
    heard = [run for run in runs if run.run.arm == "measured" and run.outcome.weight != "no"]
    slices = (
        slice_findings(criterion, standard, heard, chosen) if isinstance(criterion, RateCriterion) else SliceFindings()
    )
    result = weighed(criterion, standard, numbers)
    more, conditions = _conditions(criterion, numbers, result)
    figures = rate_figures(standard, numbers, result, more)
    said = [counts_words(numbers), *([slices.worst] if slices.worst else []), *standard.remarks]
    said += _not_counting_words([run for run in runs if run.outcome.weight != "counts"])
    lacking = (*conditions, *slices.lacking)
    if result.exceeded or slices.exceeded:
        verdict, why = "exceeded", exceeded_words(criterion, result, slices.exceeded)
    elif missing:
        verdict, why = "refused", "; ".join(missing)
    elif result.is_met and not lacking and not _is_short(criterion, numbers):
        verdict, why = "met", met_words(criterion, figures)
    else:
        verdict, why = "insufficient", lacking_words(criterion, figures, result, lacking, more)
    text = "; ".join([why, *said] if verdict == "refused" else [said[0], why, *said[1:]])
    outcomes = tuple(run.outcome for run in runs)
    return CellVerdict.model_validate(
        {"cell": case.cell, "verdict": verdict, "why": text, "figures": figures, "runs": outcomes}, strict=False
    )


def _is_short(criterion: CountedCriterion, numbers: RateNumbers) -> bool:
    return isinstance(criterion.plan, FixedPlan) and numbers.n < criterion.plan.n


def _conditions(
    criterion: CountedCriterion, numbers: RateNumbers, result: Weighed
) -> tuple[int | None, tuple[str, ...]]:
    """How many more prompts all conditions on counts need together (None if no number may follow), and those not fulfilled."""
    more, unmet = result.needed, []
    if criterion.at_least is not None and numbers.assessed_prompts < criterion.at_least:
        short = criterion.at_least - numbers.assessed_prompts
        unmet.append(
            f"{numbers.assessed_prompts} prompts are assessed, and the criterion asks for {criterion.at_least}"
        )
        more = None if more is None else max(more, short)
    due = numbers.due
    share = numbers.not_assessed / due if due else 0.0
    if share > criterion.unassessed_at_most:
        allowed = criterion.unassessed_at_most
        unmet.append(f"{share:.1%} were not assessed, and at most {allowed:.1%} may be")
        # More prompts lower the share, unless none may go without an assessment.
        more = None if more is None or not allowed else max(more, int(numbers.not_assessed / allowed) + 1 - due)
    return (None if isinstance(criterion.plan, FixedPlan) else more), tuple(unmet)


def _unshowable(criterion: CountedCriterion, standard: ClosingStandard, numbers: RateNumbers) -> str:
    if not 0 < standard.bound < 1 and isinstance(criterion, RateCriterion):
        return f"no number of samples shows a rate of at most {standard.bound:.4g}: change `at_most` or `margin`"
    if isinstance(criterion, SampleCriterion):
        if not 0 <= standard.bound < 1:
            return f"no sample shows a share of at most {standard.bound:.4g}: change `at_most` or `margin`"
        if numbers.n > criterion.population:
            return (
                f"{numbers.n} items were measured, and the population has {criterion.population}: correct `population`"
            )
    return ""


def _first_plan(case: CellCase, plans: Mapping[str, CountedCriterion]) -> CountedCriterion | None:
    first = next((run for run in case.runs if run.arm == "measured"), None)
    return plans.get(first.plan) if first and first.plan else None


def _fixed_plan_gaps(
    criterion: CountedCriterion, measured: Sequence[JudgedRun], numbers: RateNumbers
) -> tuple[str, ...]:
    """A fixed plan is read once, at exactly its n."""
    if not isinstance(criterion.plan, FixedPlan):
        return ()
    files = [run.run.entry for run in measured if run.outcome.weight != "no"]
    if len(files) > 1:
        listed = ", ".join(map(str, files))
        return (f"the plan is fixed and is read once, and {len(files)} results are attached (entries {listed})",)
    if numbers.n > criterion.plan.n:
        return (f"the plan is fixed at {criterion.plan.n} prompts, and {numbers.n} were measured",)
    return ()


def _not_counting_words(runs: Sequence[JudgedRun]) -> "list[str]":
    """The last runs that do not count in full; a record has all of them."""
    words = [_not_counting(run) for run in runs[-MOST_SAID:]]
    more = len(runs) - len(words)
    earlier = "1 earlier result does" if more == 1 else f"{more} earlier results do"
    return [*words, f"{earlier} not count in full either"] if more else words


def _not_counting(run: JudgedRun) -> str:
    how = "counts only against it" if run.outcome.weight == "only-against" else "does not count"
    why = run.outcome.why_not
    more = f"; and {len(why) - MOST_SAID} more reasons" if len(why) > MOST_SAID else ""
    counts = run.outcome.counts
    bad = f" ({counts.adverse:,} of {counts.assessed:,} adverse)" if counts is not None and counts.adverse else ""
    return f"entry {run.run.entry}{bad} {how}: {'; '.join(why[:MOST_SAID])}{more}"
