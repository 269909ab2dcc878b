"""Result files and verdicts as terminal text of 80 columns. It has no colours, and names of files are made plain."""

from collections.abc import Iterator, Sequence

from reassay.common.inert import plain
from reassay.common.sentences import capitalised, wrapped
from reassay.evidence.criterion_bounds import bound_words
from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.criterion_verdicts import verdict_word
from reassay.evidence.file_outcome import FileOutcome
from reassay.evidence.reading import Reading
from reassay.evidence.reading_words import of_what, short
from reassay.evidence.trial import Trial
from reassay.evidence.verdict_figures import interval_bar, legend
from reassay.register.criteria import Criterion

MOST_READINGS = 20
"""Metrics of a file that are shown one by one; JSON has all of them."""


def files_text(files: Sequence[FileOutcome]) -> str:
    """Every file with its counts, metric by metric."""
    return "".join(f"{line}\n" for file in files for line in (*_file(file), ""))


def _file(file: FileOutcome) -> Iterator[str]:
    if file.why:
        yield f"{plain(file.name)}: not read"
        yield from wrapped(f"{capitalised(file.why)}. {file.remedy}")
        return
    yield plain(file.name)
    if not file.readings:
        yield from wrapped("It has no metric, so it counts nothing.")
    for reading in file.readings[:MOST_READINGS]:
        yield from _reading(reading)
    if len(file.readings) > MOST_READINGS:
        yield from wrapped(f"and {len(file.readings) - MOST_READINGS} more metrics; --format json shows all of them")


def _reading(reading: Reading) -> Iterator[str]:
    tool = " ".join(filter(None, (reading.tool, reading.tool_version)))
    when = f", {reading.performed_at:%Y-%m-%d %H:%M %Z}" if reading.performed_at else ""
    yield from wrapped(f"{plain(reading.metric)}  ({plain(tool)}: {plain(of_what(reading))}{when})")
    prompts = len({prompt.prompt for prompt in reading.prompts})
    rows = [
        ("planned", "not said" if reading.planned is None else f"{reading.planned:,}"),
        ("attempted", f"{reading.attempted:,}" + (f" on {prompts:,} prompt{'s'[: prompts != 1]}" if prompts else "")),
        *((f"outcome {plain(short(name))}", f"{number:,}") for name, number in reading.totals),
        ("not scored", f"{reading.unscored:,}"),
        ("errors", f"{reading.errored:,}"),
    ]
    widest = min(40, max(len(name) for name, _ in rows))
    for name, number in rows:
        yield f"    {name:<{widest}}  {number}"
    for problem in reading.problems:
        yield from wrapped(f"Problem: {plain(problem)}. A file with a problem cannot close a re-assessment.", 4)
    for note in reading.notes:
        yield from wrapped(f"Note: {plain(note)}.", 4)


def verdicts_text(trial: Trial, criteria: Sequence[Criterion], mitigation: str, *, lacks_ledger: bool = False) -> str:
    """Every criterion: its bound, its verdict, the interval against the bound, and what is still needed.

    `lacks_ledger`: earlier results could not be read.
    """
    bounds = {criterion.name: bound_words(criterion) for criterion in criteria}
    lines = [
        f"Criteria of {mitigation}, as if these files were attached now",
        *_rests_on(trial, lacks_ledger=lacks_ledger),
        "",
    ]
    for verdict in trial.verdicts:
        lines += [*_verdict(verdict, bounds.get(verdict.name, "")), ""]
    if not trial.verdicts:
        lines += ["  It has no criterion, so numbers decide nothing: state one under target.criteria.", ""]
    return "\n".join(lines[:-1]) + "\n"


def _rests_on(trial: Trial, *, lacks_ledger: bool) -> Iterator[str]:
    if lacks_ledger:
        yield from wrapped("The ledger is not in this clone, so earlier results are missing here, and they count too.")
    elif trial.reassessment is None:
        yield from wrapped("No re-assessment is open; results of runs that the ledger has count too.")
    elif trial.earlier:
        count = "1 result" if trial.earlier == 1 else f"{trial.earlier} results"
        yield from wrapped(f"{trial.reassessment} is open, and the {count} attached to it count too.")
    else:
        yield from wrapped(f"{trial.reassessment} is open, and no result is attached to it yet.")


def _verdict(verdict: CriterionVerdict, bound: str) -> Iterator[str]:
    yield from wrapped(f"{plain(verdict.name)}: {plain(bound)}")
    yield from wrapped(f"{verdict_word(verdict.verdict).upper()}: {plain(verdict.why)}.", 4)
    figures = verdict.figures
    if figures is None:
        return
    yield f"    {interval_bar(figures)}"
    yield from wrapped(legend(figures), 4)
