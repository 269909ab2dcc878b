"""Conditions under which a result file counts in a cell, each with its sentence.

A run about something else (another version, task or model) counts for nothing. A run about the right thing that is deficient
(incomplete, undated, of weak provenance) cannot meet a criterion, but its adverse outcomes still count against it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal

from reassay.common.calendar import day_words
from reassay.evidence.counting import (
    CountedCriterion,
    CountedReading,
    UncountableError,
    counted,
    discrepancies,
    selected,
)
from reassay.evidence.inputs import CellCase, MeasuredRun, RunFinding
from reassay.evidence.model_names import is_model
from reassay.evidence.reading import Reading
from reassay.evidence.untrusted_names import listed, shown

Readings = Mapping[str, tuple[Reading, ...]]
"""The readings of result files by the digest of their object."""
WEAKEST_FIRST: Final = ("attested", "uploaded", "workflow-run")


@dataclass(frozen=True, slots=True)
class JudgedRun:
    """A run with its counts, and whether it counts."""

    run: MeasuredRun
    outcome: RunFinding
    reading: Reading | None = None
    """None if no reading of it is about the criterion."""
    prompts: CountedReading | None = None
    """None if nothing could be counted."""


def judged_runs(criterion: CountedCriterion, case: CellCase, readings: Readings) -> tuple[JudgedRun, ...]:
    """All runs of a case. The same raw file counts once for each arm."""
    seen: dict[tuple[str, str], int] = {}
    runs: list[JudgedRun] = []
    declared = {_file_of(run): run.entry for run in case.runs if run.trained_on != "unknown"}
    for run in case.runs:
        if run.is_for_any and not _fits(criterion, readings.get(run.readings)):
            continue
        judged = _judged(criterion, case, run, readings)
        later = declared.get(_file_of(run), 0)
        if run.trained_on == "unknown" and later > run.entry:
            why = f"the same file is attached again by entry {later}, which says whether anything was trained on it"
            judged = JudgedRun(run, _outcome(run, judged.prompts, "no", (why,)), judged.reading, judged.prompts)
        elif judged.reading is not None:
            first = seen.setdefault((judged.reading.digest, run.arm), run.entry)
            if first != run.entry:
                why = f"the same file is already attached by entry {first}, and a file counts once"
                judged = JudgedRun(run, _outcome(run, judged.prompts, "no", (why,)), judged.reading, judged.prompts)
        runs.append(_with_overlap(judged, runs))
    return tuple(runs)


def _file_of(run: MeasuredRun) -> tuple[str, str, int | None]:
    return run.readings, run.arm, run.version


def _fits(criterion: CountedCriterion, readings: Sequence[Reading] | None) -> bool:
    """Whether a file that is for every criterion that it fits is about this one; one that cannot be read may be."""
    if readings is None:
        return True
    try:
        reading = selected(criterion, readings)
    except UncountableError:
        return False
    return criterion.measured.task in {None, reading.task}


def _with_overlap(judged: JudgedRun, earlier: Sequence[JudgedRun]) -> JudgedRun:
    """A run with a remark where it looks like one that is attached already, in another file."""
    other = next((run for run in earlier if _looks_alike(judged, run)), None)
    if other is None or judged.prompts is None or other.prompts is None:
        return judged
    shared = len(
        {prompt.prompt for prompt in judged.prompts.prompts} & {prompt.prompt for prompt in other.prompts.prompts}
    )
    alike = f"it was performed at the same time and by the same model as entry {other.run.entry}"
    common = "1 prompt" if shared == 1 else f"{shared:,} prompts"
    remark = f"{alike}, and shares {f'{common} with it: a prompt counts once' if shared else 'no prompt with it'}"
    remarks = (*judged.outcome.remarks, remark)
    return replace(judged, outcome=judged.outcome.model_copy(update={"remarks": remarks}))


def _looks_alike(run: JudgedRun, other: JudgedRun) -> bool:
    return (
        run.reading is not None
        and other.reading is not None
        and run.reading.performed_at is not None
        and run.run.arm == other.run.arm
        and run.reading.digest != other.reading.digest
        and (run.reading.performed_at, run.reading.models_answered)
        == (other.reading.performed_at, other.reading.models_answered)
    )


def _judged(criterion: CountedCriterion, case: CellCase, run: MeasuredRun, readings: Readings) -> JudgedRun:
    own = readings.get(run.readings)
    if own is None:
        return JudgedRun(run, _outcome(run, None, "no", ("its counts are missing from the ledger",)))
    try:
        reading = selected(criterion, own)
        prompts = counted(criterion, reading)
    except UncountableError as error:
        return JudgedRun(run, _outcome(run, None, "no", (f"{error}. {error.remedy}".rstrip("."),)))
    other = tuple(_about_something_else(criterion, case, run, reading))
    if other:
        return JudgedRun(run, _outcome(run, prompts, "no", other), reading, prompts)
    weak = (*reading.problems, *discrepancies(reading, prompts.counts))
    if run.arm == "measured":
        weak = (*weak, *_deficient(criterion, case, run, reading))
    return JudgedRun(run, _outcome(run, prompts, "only-against" if weak else "counts", weak, reading), reading, prompts)


def _outcome(
    run: MeasuredRun,
    prompts: CountedReading | None,
    weight: Literal["counts", "only-against", "no"],
    why_not: Sequence[str],
    reading: Reading | None = None,
) -> RunFinding:
    remarks = [*(prompts.remarks if prompts else ()), *(reading.notes if reading else ())]
    if reading is not None and run.arm == "measured" and not reading.models_answered:
        remarks.append(
            f"the file does not say which model answered; {listed(reading.models_asked, 'no model')} was asked for"
        )
    return RunFinding(
        entry=run.entry,
        arm=run.arm,
        counts=prompts.counts if prompts else None,
        weight=weight,
        why_not=tuple(why_not),
        remarks=tuple(remarks),
    )


def _about_something_else(
    criterion: CountedCriterion, case: CellCase, run: MeasuredRun, reading: Reading
) -> Iterator[str]:
    if run.arm == "positive-control":
        return
    measured = criterion.measured
    for what, declared, own in (
        ("task", measured.task, reading.task),
        ("task version", measured.task_version, reading.task_version),
    ):
        if declared is not None and own != declared:
            yield f"the file is of {what} {_name(own)}, and the criterion of '{declared}'"
    if run.arm == "unprotected":
        return
    if run.version is None:
        yield "the version of the mitigation that it measured was not recorded"
    elif run.version != case.version:
        yield f"it measured version {run.version}, and version {case.version} is in force"
    yield from _other_model(case, reading)


def _other_model(case: CellCase, reading: Reading) -> Iterator[str]:
    asked, answered = reading.models_asked, reading.models_answered
    if not asked and not answered:
        yield "the file does not say which model it measured"
        return
    strangers = [name for name in answered if asked and not is_model(name, asked)]
    if strangers:
        yield f"{listed(strangers)} answered, and {listed(asked, 'no model')} was asked for"
    # Where the register does not name the model, the cell as a whole cannot be judged: see `coverage`.
    unknown = [name for name in answered or asked if case.models and not (is_model(name, case.models))]
    # A provider may answer with a name of its own for the model that was asked for.
    if unknown and not (not strangers and asked and all(is_model(name, case.models) for name in asked)):
        yield f"it measured {listed(unknown)}, and {case.cell} runs {case.models[0]}"


def _deficient(criterion: CountedCriterion, case: CellCase, run: MeasuredRun, reading: Reading) -> Iterator[str]:
    if run.only_against is not None:
        yield run.only_against
    if run.trained_on != "no":
        yield (
            "the mitigation or the model was trained on these prompts"
            if run.trained_on == "yes"
            else "nobody said whether the mitigation or the model was trained on these prompts"
        )
    if WEAKEST_FIRST.index(run.provenance) < WEAKEST_FIRST.index(criterion.provenance):
        yield f"its provenance is {run.provenance}, and the criterion takes {criterion.provenance} or better"
    at = reading.performed_at
    if at is None or at.tzinfo is None:
        yield "the file does not say when it was performed, so it may be older than the mitigation's last change"
    elif at > run.recorded_at:
        yield f"it is dated {_instant(at)}, after it was recorded"
    elif case.in_force_since is not None and at < case.in_force_since:
        yield (
            f"it was performed {_instant(at)}, and version {case.version} is known to be in force since"
            f" {_instant(case.in_force_since)} only"
        )


def _instant(at: datetime) -> str:
    utc = at.astimezone(UTC)
    return f"{day_words(utc.date(), year=True)} {utc:%H:%M} UTC"


def _name(value: str | None) -> str:
    return shown(value) if value is not None else "that is not stated"
