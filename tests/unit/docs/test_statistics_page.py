"""Every number on the page about statistics is computed here again, and none is left out."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

from reassay.evidence.criterion_findings import MANY
from reassay.evidence.regression import ERROR
from reassay.evidence.statistics import closing, fixed_plan, power, sampling
from reassay.evidence.statistics.effort import chance_of_success, multiple_needed
from reassay.evidence.statistics.exact_tests import fisher, mcnemar
from reassay.evidence.statistics.intervals import clopper_pearson, newcombe, upper_bound
from reassay.evidence.statistics.judge_validation import EVIDENCE_FACTOR, least_sensitivity
from reassay.evidence.statistics.special import binomial_term
from reassay.register.detector_criterion import DetectorCriterion
from reassay.register.trigger_specs import RegressionSpec

PAGE = (Path(__file__).parents[3] / "docs" / "explanation" / "statistics.md").read_text(encoding="utf-8")
T = 0.02


def percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f}%"


def row(*cells: object) -> str:
    return f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in cells)} |"


def false_met_by_intervals(top_ups: int) -> float:
    """The chance of a false "met" if Clopper-Pearson is read at each next sufficient number of prompts."""
    sizes = (fixed_plan.least_n(T, k) for k in range(top_ups + 1))
    passages = list(power._first_passages(sizes, lambda k, n, j, size: binomial_term(k - j, n - size, T)))
    return passages[-1][1]


def intervals() -> Iterator[str]:
    # The example of a top-up: from 114 prompts to the least number.
    yield f'"{closing.needed_more(T, {0.0: 114})} more prompts, please"'
    counts = (0, 1, 3, 10, 50)
    yield row("top-ups, at most", *counts)
    yield row('false "met"', *(percent(false_met_by_intervals(count)) for count in counts))
    most = fixed_plan.most_adverse(T, 150)
    assert most == 0
    yield f"ten fresh runs of 150, of which the best is shown, in {percent(1 - (1 - (1 - T) ** 150) ** 10)}"


def met() -> Iterator[str]:
    weights = dict(closing.MET_BETS)
    yield f"E = {weights[0.0]:.2f} [k = 0] (1/(1-t))^n"
    yield "sum over (c, w) of  w c^k ((1-ct)/(1-t))^(n-k)"
    others = [(c, w) for c, w in closing.MET_BETS if c]
    yield f"(c, w) = {', '.join(f'({c:.2f}, {w:.2f})' for c, w in others)}          met: E >= {closing.NEEDED:.0f}"
    yield f"reaches {closing.NEEDED:.0f} with a chance of at most 1/{closing.NEEDED:.0f}"
    yield f"every prompt up to 2,500, at a true rate of exactly 2%: {percent(power.chance_met_by(T, T, 2500), 2)}"
    yield "| 0 | 0.30 | 0 | 1.02041 | | 0 |"
    assert f"{1 / (1 - T):.5f}" == "1.02041"
    for c, w in others:
        step = (1 - c * T) / (1 - T)
        yield row(
            f"{c:.2f}", f"{w:.2f}", f"{w * c**3:.5f}", f"{step:.5f}", f"{step**409:.1f}", f"{w * c**3 * step**409:.3f}"
        )
    more = closing.needed_more(T, {0.0: 409, 1.0: 3})
    low, high = clopper_pearson(412, 3)
    yield "**Example.** 3 of 412 prompts are adverse, the bound is 2%"
    yield "| c | w | w c^3 | (1-ct)/(1-t) | to the power of 409 | term |"
    yield f"E = {closing.met_evidence(T, 412, 3):.2f}, which is less than {closing.NEEDED:.0f}: insufficient. With {more} more prompts and no further"
    yield f"adverse one it is {412 + more} prompts, and E = {closing.met_evidence(T, 412 + more, 3):.2f}. At the rate seen so far (3 of 412),"
    yield f"the chance of that is {percent(closing.chance_of(more, 3 / 412))}."
    yield f"for orientation only, is {percent(low, 2)} to {percent(high, 2)}."
    yield f"**Least number of prompts** for E >= {closing.NEEDED:.0f}:"
    yield "| bound | 0 adverse | 1 | 2 | 3 | 4 | 5 |"
    for bound in (0.005, 0.01, 0.02, 0.05, 0.1):
        yield row(f"{bound * 100:g}%", *(closing.least_n(bound, k) for k in range(6)))
    yield f"A bound of 0.01% takes {closing.least_n(0.0001):,} prompts; `check` warns above {MANY:,}."


def exceeded() -> Iterator[str]:
    times, weights = ([f"{value:g}" for value in column] for column in zip(*closing.EXCEEDED_BETS, strict=True))
    yield f"bets on {', '.join(times[:-1])} and {times[-1]} times the bound, with weights {', '.join(weights[:-1])} and {weights[-1]}."
    yield f"A bet on a rate of 1 or more is left out. Least number of adverse prompts for E >= {closing.NEEDED:.0f}:"
    numbers = (100, 150, 500, 1000)
    yield row("bound", *(f"of {n:,}" for n in numbers))
    for bound in (0.01, 0.02, 0.05, 0.1):
        least = (next(k for k in range(n) if closing.exceeded_evidence(bound, n, k) >= closing.NEEDED) for n in numbers)
        yield row(f"{bound * 100:g}%", *least)


def plans() -> Iterator[str]:
    yield f"`plan: {{n: {fixed_plan.least_n(T, 1)}, seed: ...}}`"
    yield f"a chance of at most {percent(fixed_plan.ERROR, 0)} at a rate of t"
    yield "| bound | 0 adverse | 1 | 2 | 3 |"
    for bound in (0.01, 0.02, 0.05, 0.1):
        yield row(f"{bound * 100:g}%", *(fixed_plan.least_n(bound, k) for k in range(4)))
    yield "`reassay evidence plan-test --at-most 2% --believed 0.5%`"
    yield "For a bound of 2%:"
    yield "| believed rate | open, 80% | open, 90% | fixed, 80% | fixed, 90% |"
    for believed in (0, 0.002, 0.005, 0.01):
        sizes = (
            size(T, believed, chance) for size in (power.open_plan_size, power.fixed_plan_size) for chance in (0.8, 0.9)
        )
        yield row(f"{believed * 100:g}%", *(f"{size:,}" for size in sizes))


def versions() -> Iterator[str]:
    second, third, fourth = (f"{closing.NEEDED * 2**bumps:.0f}" for bumps in (1, 2, 3))
    yield f"needs E >= {second}, the third {third}, the fourth {fourth}."
    least = [closing.least_n(T, 0, closing.NEEDED * 2**bumps) for bumps in range(4)]
    yield f"At 2% and without an adverse prompt that is {', '.join(map(str, least[:3]))} and {least[3]} prompts."
    yield "All together stay below 10%, since 5% + 2.5% + 1.25% + ... does."
    assert sum(0.05 / 2**bumps for bumps in range(60)) <= 0.10 + 1e-12


def generations() -> Iterator[str]:
    yield "(1-x) (1-ct)/(1-t) + x c          the first term: (1-x)/(1-t)"
    steps = [f"{(1 - 0.3) * (1 - c * T) / (1 - T) + 0.3 * c:.3f}" for c, _ in closing.MET_BETS]
    yield "At a bound of 2%, a prompt with 3 of 10 adverse generations multiplies the four terms by "
    yield f"the four terms by {', '.join(steps[:3])} and {steps[3]}."
    yield f"18 prompts look like 180, for which E is {closing.met_evidence(T, 180, 0):.1f}."
    yield f"At a true rate of 2%, none of 18 prompts is adverse in {percent((1 - T) ** 18)}. As prompts, E is {closing.met_evidence(T, 18, 0):.2f}."
    yield "With `tries: 1`, x is the adverse share"
    yield "With `tries: 10`, a prompt is adverse"
    yield "whose mean is 1 where the mean share is t"


def judges() -> Iterator[str]:
    yield "s the one-sided lower 97.5% bound of h/m"
    yield f"as 2.5% of the error are spent, E has to reach {closing.NEEDED * EVIDENCE_FACTOR:.0f}, and a fixed plan is read at 2.5%."
    yield "| control | s | bound instead of 2% | open: prompts without an adverse one | fixed |"
    for items, hits in ((30, 30), (100, 100), (300, 300), (100, 90)):
        share = least_sensitivity(items, hits)
        least = closing.least_n(T * share, 0, closing.NEEDED * EVIDENCE_FACTOR)
        yield row(
            f"{hits} of {items}", f"{share:.3f}", percent(T * share, 2), least, fixed_plan.least_n(T * share, 0, 0.025)
        )
    bound = upper_bound(149, 0)
    yield f'a judge that finds 70% turns "0 of 149" from a bound of {percent(bound, 2)} into one of {percent(bound / 0.7, 2)}.'
    yield f"Of 149 prompts of which 40% work there, {round(149 * 0.4)} count, and 60 prompts without an adverse one give a bound of {percent(upper_bound(60, 0), 2)}."


def slices() -> Iterator[str]:
    yield "With `each_at_most: 0.1`"
    yield f"its own ceiling: {closing.least_n(0.1)} prompts each in an open plan, {fixed_plan.least_n(0.1)} in a fixed one."


def populations() -> Iterator[str]:
    yield "The bound is broken by D = floor(tN) + 1 adverse items or more. Writing [a]_b for a (a-1) ... (a-b+1)"
    yield f"the same c, w and limit of {closing.NEEDED:.0f} as above."
    yield "which makes the mean of its factor exactly 1,"
    sizes = (200, 1_000, 40_000)
    yield row("N, at a bound of 2%", *sizes, "any number")
    yield row("open", *(sampling.least_n(size, T) for size in sizes), closing.least_n(T))
    yield row("fixed", *(sampling.least_n_of_fixed_plan(size, T) for size in sizes), fixed_plan.least_n(T))


def meaning() -> Iterator[str]:
    yield "## What 5% means"
    yield 'the verdict is "met" with a chance of at most 5%**.'
    yield 'give up to three false "met" (60 times 5%)'
    assert 60 * 0.05 == 3
    yield "allows an error of 5% for a sample"
    yield "At a true rate of exactly 2%, with a top-up"
    yield "a further prompt multiplies each term by 1 on average"


def efforts() -> Iterator[str]:
    yield "1 - 0.05^(h/H)          at 95% confidence"
    yield f"After 3,000 hours without success that is {percent(chance_of_success(100, 3000))} for an attacker with 100 hours,"
    yield f"and {percent(chance_of_success(3000, 3000), 0)} for one with 3,000"
    shares = (0.05, 0.1, 0.2)
    yield row("at most, at the attacker's own hours", *(percent(share, 0) for share in shares))
    yield row("times the attacker's hours", *(f"{multiple_needed(share):.1f}" for share in shares))
    yield row(
        "or independent teams with the attacker's hours each", *(math.ceil(multiple_needed(share)) for share in shares)
    )


def detectors() -> Iterator[str]:
    detector = DetectorCriterion.model_validate(
        {
            "name": "alarms",
            "kind": "detector",
            "recall": {"at_least": 0.95},
            "false_positives": {"at_most": 0.001},
            "prevalence": 1e-5,
        }
    )
    right = detector.precision
    assert right is not None
    yield "recall p / (recall p + false-positive rate (1-p))"
    yield f"With a recall of 95%, a false-positive rate of 0.1% and one positive in 100,000, it is {percent(right, 2)}"


def regressions() -> Iterator[str]:
    delta = RegressionSpec.model_fields["delta"].default * 100
    yield "1.9 points at every round would never be a regression"
    assert delta > 1.9
    yield f"14 worse and 5 better give p = {mcnemar(14, 5):.3f}."
    low, high = newcombe(200, 2, 200, 9)
    yield f"2 of 200 before and 9 of 200 after give p = {fisher(200, 2, 200, 9):.3f}; the 95% interval of the difference (Newcombe) is {100 * low:.1f} to {100 * high:.1f} points."
    yield f"the corrected p-value is at most {percent(ERROR, 0)} **and** the difference is at least `delta` ({delta:g} points)."
    yield f"if 3 of 100 prompts get worse and none gets better, 300 prompts show it in {percent(paired_power())}."
    yield f"Two samples of 300 at rates of 2% and 5% show it in {percent(unpaired_power())}."
    yield f"a false alarm in at most {percent(ERROR, 0)}; two records"
    yield "the next one by m - 1"


def paired_power() -> float:
    return sum(
        binomial_term(worse, 300, 0.03) for worse in range(301) if mcnemar(worse, 0) <= ERROR and worse / 300 >= 0.02
    )


def unpaired_power() -> float:
    return sum(
        binomial_term(before, 300, 0.02) * binomial_term(after, 300, 0.05)
        for before in range(40)
        for after in range(before, 60)
        if (after - before) / 300 >= 0.02 and fisher(300, before, 300, after) <= ERROR
    )


PARTS = (
    intervals, met, exceeded, plans, versions, generations, judges, slices, populations, meaning, efforts, detectors,
    regressions,
)  # fmt: skip
LISTED = re.compile(r"^\d\. ", re.MULTILINE)
CODE = re.compile(r"`[a-z_/]+(?:\.py)?`")


def test_every_number_is_what_the_program_computes_and_none_is_left_out() -> None:
    expected = [text for part in PARTS for text in part()]
    page = " ".join(PAGE.split(" "))
    assert [text for text in expected if text not in page] == []
    # What remains once every computed piece is taken away has no digit.
    covered = [False] * len(page)
    for text in expected:
        for match in re.finditer(re.escape(text), page):
            covered[match.start() : match.end()] = [True] * len(text)
    rest = "".join("" if is_covered else character for character, is_covered in zip(page, covered, strict=True))
    left = [line for line in CODE.sub("", LISTED.sub("", rest)).splitlines() if re.search(r"\d", line)]
    assert left == []
