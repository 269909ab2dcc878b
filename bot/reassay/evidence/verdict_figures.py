"""The figures behind a criterion's verdict, in words and as a bar: what was counted, and what it shows."""

from typing import Final

from reassay.evidence.rate_figures import RateFigures

CELLS: Final = 40
"""Characters of a bar."""
_ROOM: Final = 2.5
"""The bar reaches to this multiple of the bound, or to the end of the interval if that is less far."""


def figures_words(figures: RateFigures) -> str:
    """What was counted, without the full stop: "3 of 412 assessed; 9 not assessed; at worst 12 of 421 prompts"."""
    return (
        f"{figures.adverse:,} of {figures.assessed:,} assessed; {figures.not_assessed:,} not assessed; at worst"
        f" {figures.k:,.4g} of {figures.n:,} prompts"
    )


def legend(figures: RateFigures) -> str:
    """What the marks of the bar mean."""
    worst = f", * at worst {percent(figures.k / figures.n)}" if figures.n else ""
    return f"| bound {percent(figures.bound)}{worst}, - {interval_words(figures)}"


def interval_words(figures: RateFigures) -> str:
    """The interval, labelled with what it is not."""
    return f"{percent(figures.lower)} to {percent(figures.upper)} (fixed-sample interval, for orientation)"


def percent(share: float) -> str:
    """A share in percent with three significant digits."""
    return f"{share * 100:.3g}%"


def interval_bar(figures: RateFigures, cells: int = CELLS) -> str:
    """The interval against the bound in ASCII: `-` is the interval, `*` the share seen, `|` the bound, `>` more to the right."""
    # The bar shows at least the bound and a little more, and never less than one thousandth.
    right = min(1.0, max(figures.bound * _ROOM, 0.001, min(figures.upper * 1.1, figures.bound * 10)))
    row = ["."] * cells
    first, last = _cell(figures.lower, right, cells), _cell(figures.upper, right, cells)
    for index in range(first, min(last, cells - 1) + 1):
        row[index] = "-"
    if figures.n:
        row[min(_cell(figures.k / figures.n, right, cells), cells - 1)] = "*"
    row[min(_cell(figures.bound, right, cells), cells - 1)] = "|"
    if figures.upper > right:
        row[-1] = ">"
    return f"0 [{''.join(row)}] {percent(right)}"


def _cell(share: float, right: float, cells: int) -> int:
    return max(0, int(share / right * cells)) if share > 0 else 0
