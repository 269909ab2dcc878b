"""Slices of a criterion: each with its own ceiling, or pooled with a floor of prompts and none exceeded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reassay.evidence.cell_coverage import LANGUAGE
from reassay.evidence.closing_standard import ClosingStandard
from reassay.evidence.clusters import Cluster, adverse, clusters, seen_shares, total, worst_shares
from reassay.evidence.counting import CountedReading
from reassay.evidence.rate_numbers import adverse_only
from reassay.evidence.run_conditions import JudgedRun
from reassay.evidence.statistics.closing import exceeded_evidence_of, needed_more
from reassay.evidence.statistics.holm import adjusted
from reassay.evidence.statistics.intervals import upper_bound
from reassay.evidence.untrusted_names import plain
from reassay.register.criteria import RateCriterion
from reassay.register.measurement import FixedPlan, SlicePolicy

ERROR = 0.05


@dataclass(frozen=True, slots=True)
class SliceFindings:
    """What the slices lack, as sentences without their full stop."""

    exceeded: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    worst: str = ""
    """The slice with the largest upper bound; empty without slices."""


def slice_findings(
    criterion: RateCriterion, standard: ClosingStandard, runs: Sequence[JudgedRun], chosen: Mapping[str, bool] | None
) -> SliceFindings:
    """The slices of all runs that count, or count only against it.

    `chosen` are prompts that succeed on the unprotected system; None for all.
    """
    policy = criterion.slices
    slices = _slices(criterion, [run for run in runs if run.prompts], chosen)
    if policy is None:
        return SliceFindings(worst=_worst(slices))
    lacking = [f"no prompt of slice {plain(name)} was measured" for name in policy.required if name not in slices]
    if not slices and not policy.required:
        lacking.append("the results do not tell slices apart: state `measured.slice_by`")
    outside = _without_slice(criterion, [run for run in runs if run.prompts], chosen)
    if slices and outside and (policy.each_at_most is not None or policy.floor is not None):
        lacking.append(f"{outside:,} prompts name no slice, so no ceiling or floor is shown of them")
    lacking += [
        text for name, prompts in slices.items() for text in _lacking(criterion, policy, standard, name, prompts)
    ]
    counting = _slices(criterion, [run for run in runs if run.prompts and run.outcome.weight == "counts"], chosen)
    return SliceFindings(_exceeded(criterion, policy, counting), tuple(lacking), _worst(slices))


def _slices(
    criterion: RateCriterion, runs: Sequence[JudgedRun], chosen: Mapping[str, bool] | None
) -> Mapping[str, Sequence[Cluster]]:
    key = criterion.measured.slice_by
    files = [_with_language(run, key) for run in runs]
    parts = sorted(
        {part for file in files for prompt in file.prompts for part in prompt.slices if key in {None, part[0]}}
    )
    found: dict[str, list[Cluster]] = {}
    for part in parts:
        # Two keys may have the same value, and neither of them hides the other.
        found.setdefault(part[1], []).extend(_inside(clusters(files, criterion.tries, part), chosen).values())
    return {name: prompts for name, prompts in found.items() if prompts}


def _inside(prompts: Mapping[str, Cluster], chosen: Mapping[str, bool] | None) -> Mapping[str, Cluster]:
    return {name: own for name, own in prompts.items() if chosen is None or chosen.get(name) or own.seen}


def _without_slice(criterion: RateCriterion, runs: Sequence[JudgedRun], chosen: Mapping[str, bool] | None) -> int:
    """Prompts of which some generation is in no slice."""
    key = criterion.measured.slice_by
    files = [_with_language(run, key) for run in runs]
    bare = [
        CountedReading(
            file.counts,
            tuple(own for own in file.prompts if not any(key in {None, name} for name, _ in own.slices)),
        )
        for file in files
    ]
    return len(_inside(clusters(bare, criterion.tries), chosen))


def _with_language(run: JudgedRun, key: str | None) -> CountedReading:
    """The prompts of a run; those of a file in one language carry it, where languages are the slices."""
    prompts = run.prompts or CountedReading(run.outcome.counts, ())  # type: ignore[arg-type] # runs without prompts are left out
    if run.outcome.weight == "only-against":
        prompts = adverse_only(prompts)
    if key not in {None, LANGUAGE} or len(run.run.languages) != 1:
        return prompts
    part = (LANGUAGE, run.run.languages[0])
    own = tuple(
        prompt if any(name == LANGUAGE for name, _ in prompt.slices) else prompt._replace(slices=(*prompt.slices, part))
        for prompt in prompts.prompts
    )
    return CountedReading(prompts.counts, own, prompts.remarks)


def _lacking(
    criterion: RateCriterion, policy: SlicePolicy, standard: ClosingStandard, name: str, prompts: Sequence[Cluster]
) -> "list[str]":
    shares = worst_shares(prompts)
    n, k = total(shares), adverse(shares)
    if policy.floor is not None and n < policy.floor:
        return [f"slice {plain(name)} has {n} prompts, and {policy.floor} are needed"]
    if policy.each_at_most is None:
        return []
    ceiling = policy.each_at_most * standard.ceiling_factor
    if not 0 < ceiling < 1:
        return (
            [f"a ceiling of {policy.each_at_most:.4g} cannot be shown in slice {plain(name)}"] if ceiling <= 0 else []
        )
    why = f"slice {plain(name)}, at worst {k:.4g} of {n}, does not show at most {policy.each_at_most:.4g}"
    if isinstance(criterion.plan, FixedPlan):
        # The plan is read once, and so are its slices.
        return [why] if upper_bound(n, k, standard.error) > ceiling else []
    more = needed_more(ceiling, shares, standard.evidence)
    return [f"{why} yet: {more} more prompts without an adverse one would"] if more else []


def _exceeded(
    criterion: RateCriterion, policy: SlicePolicy, slices: Mapping[str, Sequence[Cluster]]
) -> tuple[str, ...]:
    """Slices whose rate is above the ceiling, or above the bound where they have none, after Holm's correction."""
    bound = policy.each_at_most if policy.each_at_most is not None else criterion.bound
    if not 0 < bound < 1:
        return ()
    shares = {name: seen_shares(prompts) for name, prompts in slices.items()}
    # 1/E is a p-value that holds however often people look.
    chances = [1 / max(1.0, exceeded_evidence_of(bound, own)) for own in shares.values()]
    return tuple(
        f"slice {plain(name)}, {adverse(own):.4g} of {total(own)}, is above {bound:.4g}"
        for (name, own), chance in zip(shares.items(), adjusted(chances), strict=True)
        if chance <= ERROR
    )


def _worst(slices: Mapping[str, Sequence[Cluster]]) -> str:
    bounds = []
    for name, prompts in slices.items():
        shares = worst_shares(prompts)
        n, k = total(shares), adverse(shares)
        bounds.append((upper_bound(n, k, ERROR), name, n, k))
    if not bounds:
        return ""
    upper, name, n, k = max(bounds)
    interval = f"upper bound {upper:.2%} (fixed sample, one-sided, for orientation)"
    return f"worst slice: {plain(name)}, at worst {k:.4g} of {n}, {interval}"
