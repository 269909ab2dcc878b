"""Reasons why the runs of a cell together do not meet a criterion: gaps in their coverage, and missing results."""

from collections.abc import Iterator, Sequence

from reassay.evidence.closing_standard import plan_words
from reassay.evidence.counting import CountedCriterion
from reassay.evidence.inputs import CellCase
from reassay.evidence.run_conditions import JudgedRun
from reassay.register.criteria import RateCriterion
from reassay.register.measurement import FixedPlan

LANGUAGE = "language"
"""Name of the slice that tells languages apart."""
_SCORES_ZERO_WHEN_DEAD = frozenset({"garak"})
"""Tools that report no attack as successful where the target or the judge does not answer."""


def gaps(criterion: CountedCriterion, case: CellCase, runs: Sequence[JudgedRun]) -> Iterator[str]:
    """Why the criterion cannot be met now, whatever the counts; each with what to do, without its full stop."""
    counting = [run for run in runs if run.run.arm == "measured" and run.outcome.weight == "counts"]
    if not case.models:
        yield f"the register does not say which model {_where(case)} runs: state `model` of the deployment"
    yield from _languages(case, counting)
    yield from _unfinished(case)
    yield from _uncounted(case, runs)
    yield from _alive(runs, counting)
    if isinstance(criterion, RateCriterion) and criterion.comparator == "unprotected":
        controls = [run for run in runs if run.run.arm == "unprotected"]
        if not any(run.outcome.weight == "counts" for run in controls):
            bad = "; ".join(
                f"entry {run.run.entry}: {run.outcome.why_not[0]}" for run in controls if run.outcome.why_not
            )
            yield (
                "only prompts that succeed on the unprotected system count, and no run on it is attached"
                f"{f' ({bad})' if bad else ''}: attach one of the same prompts as arm `unprotected`"
            )


def plan_gaps(criterion: CountedCriterion, first: CountedCriterion | None, case: CellCase) -> Iterator[str]:
    """Why the plan does not allow a verdict. `first` is the criterion as declared with the first result of the episode."""
    entry = next((run.entry for run in case.runs if run.arm == "measured"), None)
    if entry is None:
        return
    if first is None:
        if isinstance(criterion.plan, FixedPlan):
            yield f"nothing shows that the fixed plan was declared before the first result (entry {entry}): use `plan: open`"
    elif first.plan != criterion.plan:
        before, now = plan_words(first.plan), plan_words(criterion.plan)
        yield (
            f"the plan was {before} with the first result of the episode (entry {entry}) and is {now} now;"
            " it cannot be changed after a result: change it back"
        )


def _where(case: CellCase) -> str:
    return "any deployment" if case.cell == "*" else case.cell


def _languages(case: CellCase, counting: Sequence[JudgedRun]) -> Iterator[str]:
    covered = {language.casefold() for run in counting for language in run.run.languages}
    covered |= {
        value.casefold()
        for run in counting
        for prompt in (run.prompts.prompts if run.prompts else ())
        for name, value in prompt.slices
        # A prompt that nobody could judge shows nothing of its language.
        if name == LANGUAGE and prompt.adverse + prompt.not_adverse
    }
    lacking = [language for language in case.languages if language.casefold() not in covered]
    if lacking:
        them = "it" if len(lacking) == 1 else "them"
        yield f"{case.cell} is offered in {', '.join(lacking)}, and no result that counts covers {them}: attach one"


def _unfinished(case: CellCase) -> Iterator[str]:
    for run in case.without_result:
        if run.state == "open":
            yield f"run {run.run} was registered and has no result yet: wait for it, or attach its result with `run {run.run}`"
        else:
            yield (
                f"run {run.run} was registered and {run.state} without a result, and what it measured may have been adverse:"
                f" attach its log, also an incomplete one, with `run {run.run}`; a new version of the mitigation starts afresh"
            )


def _uncounted(case: CellCase, runs: Sequence[JudgedRun]) -> Iterator[str]:
    """Registered runs of this version for this criterion of which no result counts, for or against."""
    measured = [run for run in runs if run.run.arm == "measured" and run.run.run is not None]
    heard = {run.run.run for run in measured if run.outcome.weight != "no"}
    for run in measured:
        if run.run.run not in heard and not run.run.is_for_any and run.run.version in {None, case.version}:
            heard.add(run.run.run)
            yield (
                f"run {run.run.run} was registered for this, and its result does not count ({run.outcome.why_not[0]}):"
                f" attach its result with `run {run.run.run}`"
            )


def _alive(runs: Sequence[JudgedRun], counting: Sequence[JudgedRun]) -> Iterator[str]:
    suspects = [run for run in counting if run.reading and run.reading.tool in _SCORES_ZERO_WHEN_DEAD]
    if not suspects or any(run.outcome.counts and run.outcome.counts.adverse for run in suspects):
        return
    controls = [run for run in runs if run.run.arm != "measured" and run.outcome.weight == "counts"]
    if not any(run.outcome.counts and run.outcome.counts.adverse for run in controls):
        tool = suspects[0].reading.tool if suspects[0].reading else ""
        yield (
            f"{tool} found nothing adverse, which a dead endpoint or a judge that is down gives as well:"
            " attach a positive control, or a run on the unprotected system"
        )
