"""The interval drawn against the bound: always the same width, and never on the calmer side of the numbers."""

from hypothesis import given
from hypothesis import strategies as st

from reassay.evidence.rate_figures import RateFigures
from reassay.evidence.statistics.intervals import clopper_pearson
from reassay.evidence.verdict_figures import CELLS, figures_words, interval_bar, legend


def figures(n: int, k: float, bound: float) -> RateFigures:
    lower, upper = clopper_pearson(n, k)
    adverse = int(k)
    return RateFigures(
        planned=n, attempted=n, adverse=adverse, not_adverse=n - adverse, unscored=0, errored=0, n=n, k=k, bound=bound,
        evidence=1.0, evidence_needed=20.0, lower=lower, upper=upper,
    )  # fmt: skip


@given(
    n=st.integers(1, 100_000),
    share=st.floats(0, 1),
    bound=st.floats(1e-6, 1.0),
)
def test_the_bar_has_one_width_one_bound_and_says_what_lies_beyond_it(n: int, share: float, bound: float) -> None:
    own = figures(n, int(n * share), bound)
    inside = interval_bar(own).partition("[")[2].partition("]")[0]
    assert len(inside) == CELLS
    assert inside.count("|") + inside.count(">") >= 1
    if own.k / own.n > bound and "*" in inside and "|" in inside:
        assert inside.index("*") > inside.index("|")
    if own.k / own.n < bound and "*" in inside and "|" in inside:
        assert inside.index("*") < inside.index("|")


def test_words_and_legend_give_counts_before_shares() -> None:
    own = figures(421, 12, 0.02)
    assert figures_words(own) == "12 of 421 assessed; 0 not assessed; at worst 12 of 421 prompts"
    assert legend(own).startswith("| bound 2%, * at worst 2.85%, - 1.48% to 4.93% (fixed-sample interval, for")


def test_nothing_measured_has_no_mark() -> None:
    own = RateFigures(
        planned=0, attempted=0, adverse=0, not_adverse=0, unscored=0, errored=0, n=0, k=0, bound=0.02, evidence=1.0,
        evidence_needed=20.0, lower=0.0, upper=1.0,
    )  # fmt: skip
    bar = interval_bar(own)
    assert "*" not in bar
    assert "at worst" not in legend(own)
    assert bar.endswith(">] 20%") or ">" in bar
