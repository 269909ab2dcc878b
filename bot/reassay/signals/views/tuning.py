"""The answer of `reassay signals tune`: as text, as a document and as a table."""

import csv
import io
import math
from collections.abc import Sequence

from reassay.common.json_text import to_json
from reassay.signals.tuning.settings import Measured
from reassay.signals.tuning.simulation import YEAR, Course, Estimate

_NOTES = """\
false alarms: the chance of at least one while incidents come exactly as often as accepted
found after: the median of days from the change until the alarm, where none came before; the change comes after {quiet} days
+-: one standard error of the simulation ({runs:,} runs, seed {seed}); compare two settings only by more than twice that
incidents are simulated one by one; where one cause brings many reports, count causes, or every method alarms more often
"""


def tuning_text(measured: Sequence[Measured], course: Course, seed: int) -> str:
    """One block for each setting, and how to read them."""
    blocks = ["\n".join(_block(own, course)) for own in measured]
    notes = _NOTES.format(quiet=course.quiet, runs=course.runs, seed=seed)
    return "\n\n".join([*blocks, notes])


def _block(own: Measured, course: Course) -> list[str]:
    false = own.false
    lines = [own.setting.words, f"  {'false alarms in a year':<34}{_percent(false.in_a_year)}"]
    years = f"{course.years} years"
    if own.setting.has_levels:
        lines += [
            f"  {f'false alarms in {years}, any':<34}{_percent(false.in_all)}",
            f"  {f'false alarms in {years}, full':<34}{_percent(false.full_in_all)}",
        ]
    else:
        lines.append(f"  {f'false alarms in {years}':<34}{_percent(false.in_all)}")
    lines += [f"  {f'{factor:g} times as many: found after':<34}{_days(found, course)}" for factor, found in own.delays]
    return lines


def tuning_document(measured: Sequence[Measured], course: Course, seed: int) -> str:
    """`reassay/signals-tune/v1`."""
    return to_json(
        {
            "schema": "reassay/signals-tune/v1",
            "seed": seed,
            "runs": course.runs,
            "years": course.years,
            "quiet_days": course.quiet,
            "longest_days": course.longest,
            "settings": [
                {
                    "setting": own.setting.words,
                    "accepted_a_day": own.setting.rate,
                    "false_alarms_in_a_year": _estimate(own.false.in_a_year),
                    "false_alarms_in_all": _estimate(own.false.in_all),
                    "full_false_alarms_in_all": _estimate(own.false.full_in_all) if own.setting.has_levels else None,
                    "found_after": [{"times": factor, **_estimate(found)} for factor, found in own.delays],
                }
                for own in measured
            ],
        }
    )


def tuning_table(measured: Sequence[Measured], course: Course, seed: int) -> str:
    """One row for each setting, as CSV."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    factors = [factor for factor, _ in measured[0].delays] if measured else []
    named = [
        "a_year",
        f"{course.years}_years",
        f"full_{course.years}_years",
        *(f"found_{factor:g}x" for factor in factors),
    ]
    writer.writerow(["setting", *(column for name in named for column in (name, f"{name}_error")), "runs", "seed"])
    for own in measured:
        figures = [own.false.in_a_year, own.false.in_all, own.false.full_in_all if own.setting.has_levels else None]
        cells = [cell for one in (*figures, *(found for _, found in own.delays)) for cell in _cells(one)]
        writer.writerow([own.setting.words, *cells, course.runs, seed])
    return written.getvalue()


def _cells(estimate: Estimate | None) -> tuple[str, str]:
    if estimate is None:
        return "", ""
    return _figure(estimate.value), _figure(estimate.error)


def _figure(value: float) -> str:
    return f"{value:.6g}" if value < math.inf else ""


def _estimate(estimate: Estimate) -> dict[str, float | None]:
    return {
        "value": estimate.value if estimate.value < math.inf else None,
        "error": estimate.error if estimate.error < math.inf else None,
    }


def _percent(estimate: Estimate) -> str:
    return f"{estimate.value * 100:5.1f}%  +- {estimate.error * 100:.1f}"


def _days(estimate: Estimate, course: Course) -> str:
    if estimate.value == math.inf:
        return f"not found within {course.longest // YEAR} years"
    return f"{estimate.value:5.0f} days  +- {estimate.error:.1f}"
