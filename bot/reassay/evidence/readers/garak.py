"""garak's report.jsonl, schemas 0.9 to 0.17: an attempt is one prompt with its generations, judged by each detector.

A detector's hit is adverse. Generations without an answer (`nones`) lie outside garak's own denominator, which is how a target
that answers with nothing loses its failures: here they are unscored. Both what attempts say and what garak's `eval` rows say is
counted, and any difference is a problem. garak's confidence intervals and rates are never read.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from reassay.evidence.readers.base import EvidenceReader, ResultFile, ResultOptions, UnreadableResultError, digest_of
from reassay.evidence.readers.garak_attempt import AttemptReader
from reassay.evidence.readers.garak_counts import DetectorCounts, ReportRows
from reassay.evidence.readers.json_lines import json_lines
from reassay.evidence.readers.json_values import Json, text_at
from reassay.evidence.readers.names import name_of
from reassay.evidence.readers.problem_list import ProblemList
from reassay.evidence.readers.run_start import start_without_zone
from reassay.evidence.reading import OutcomeDirection, Reading

NAME: Final = "garak"
DEFAULT_THRESHOLD: Final = 0.5
"""garak's `eval_threshold` where it is not configured. Its set-up row leaves the value out, unless it is a whole number."""
_REPORT: Final = re.compile(rb'"entry_type": ?"(?:start_run setup|config|init|attempt|eval|completion)"')
_HIT_LOG: Final = (b'"attempt_id"', b'"attempt_idx"', b'"detector"')
_DIRECTION: Final = OutcomeDirection(undesired="attack_success", adverse=("fails",), not_adverse=("passed",))
_CONTROL_NOTE: Final = (
    "a target or detector that is down scores 0% as well; only a positive control tells the difference"
)


@dataclass
class _Run:
    """What the rows about the run itself say."""

    version: str | None = None
    started: Json = None
    target: str | None = None
    target_type: str | None = None
    threshold: float | None = None
    starts: int = 0
    """Rows of the kind `init`: one a run."""
    is_complete: bool = False
    problems: ProblemList = field(default_factory=ProblemList)


def recognises(file: ResultFile) -> bool:
    """Whether it is a report, or a hit log, which is refused when it is read."""
    head = file.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"{") and (_REPORT.search(head) is not None or _is_hit_log(head))


def read(file: ResultFile, options: ResultOptions) -> tuple[Reading, ...]:
    """One reading a probe and detector: the task is the probe, the metric the detector."""
    head = file.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _REPORT.search(head) is None and _is_hit_log(head):
        raise UnreadableResultError(
            "it is garak's hit log, which lists the hits alone: it has no denominator",
            "Attach the report of the same run, whose name ends in .report.jsonl.",
        )
    run = _Run()
    rows = ReportRows(AttemptReader(options))
    with file.open() as stream:
        for _, row in json_lines(stream, run.problems):
            _take(row, run, rows)
    _check(run)
    if not rows.counts:
        raise UnreadableResultError(
            "the report has neither an eval row nor a judged attempt: nothing was counted",
            "Run garak again, and attach its report once it says that the run is complete.",
        )
    digest = digest_of(file)
    threshold = DEFAULT_THRESHOLD if run.threshold is None else run.threshold
    return tuple(
        _reading(counts, run, digest, threshold) for _, counts in sorted(rows.counts.items(), key=lambda pair: pair[0])
    )


READER = EvidenceReader(name=NAME, title="garak", recognises=recognises, read=read)


def _is_hit_log(head: bytes) -> bool:
    line = head.split(b"\n", 1)[0]
    return all(key in line for key in _HIT_LOG)


def _take(row: dict[str, Json], run: _Run, rows: ReportRows) -> None:
    """Kinds of rows that are not named here say nothing that is counted, and are passed over."""
    kind = text_at(row, "entry_type")
    if kind == "attempt":
        rows.add_attempt(row, DEFAULT_THRESHOLD if run.threshold is None else run.threshold)
    elif kind == "eval":
        rows.add_eval_row(row)
    elif kind in {"start_run setup", "config"}:
        _take_setup(row, run, rows)
    elif kind == "init":
        run.starts += 1
        run.is_complete = False
        run.version = name_of(row.get("garak_version")) or run.version
        # An aggregate of several reports has the time at which it was made.
        run.started = row.get("orig_start_time") or row.get("start_time")
    elif kind == "completion":
        run.is_complete = True


def _take_setup(row: dict[str, Json], run: _Run, rows: ReportRows) -> None:
    prefix = "" if row.get("entry_type") == "config" else "plugins."
    run.target = name_of(row.get("plugins.target_name") or row.get(f"{prefix}model_name"))
    run.target_type = name_of(row.get("plugins.target_type") or row.get(f"{prefix}model_type"))
    run.version = name_of(row.get("_config.version"))
    threshold = row.get("eval_threshold", row.get("run.eval_threshold"))
    if isinstance(threshold, int | float) and not isinstance(threshold, bool):
        run.threshold = float(threshold)
    rows.attempts.has_originals = row.get("plugins.buffs_include_original_prompt") is True


def _check(run: _Run) -> None:
    major = (run.version or "0").partition(".")[0]
    if major not in {"0", ""}:
        raise UnreadableResultError(
            f"it is a report of garak {run.version}, whose format is not known here",
            "Use a version of garak before 1.0, or ask for the new format to be added.",
        )
    if not run.is_complete:
        run.problems.add(
            "the report does not end with a completion row: the run died, or a very old version of garak or an aggregate of "
            "several reports does not say whether it did"
        )
    if run.starts != 1:
        run.problems.add(f"the report has {run.starts} starts of a run; attach the report of a single run")


def _reading(counts: DetectorCounts, run: _Run, digest: str, threshold: float) -> Reading:
    counts.compare(is_threshold_stated=run.threshold is not None, threshold=threshold)
    started, zone_note = start_without_zone(run.started)
    target = run.target or run.target_type
    notes = [_CONTROL_NOTE, *counts.notes, *zone_note]
    if threshold != DEFAULT_THRESHOLD:
        notes.append(f"scores from {threshold:g} count as hits, as the run set it; garak's own default is 0.5")
    reading = Reading(
        metric=counts.detector,
        tool=NAME,
        tool_version=run.version,
        task=counts.probe,
        models_asked=(target,) if target else (),
        performed_at=started,
        digest=digest,
        planned=counts.planned,
        attempted=counts.attempted,
        totals=counts.totals,
        unscored=counts.unscored,
        directions=(_DIRECTION,),
        problems=(*run.problems.sentences(), *counts.tally.problems.sentences()),
        notes=tuple(notes),
    )
    # The prompts are made here and not read from the file: validating them again would copy hundreds of thousands.
    return reading.model_copy(update={"prompts": counts.prompts()})
