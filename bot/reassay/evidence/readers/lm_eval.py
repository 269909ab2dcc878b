"""Files of lm-evaluation-harness: `results_*.json` (means) and `samples_*.jsonl` (one row for each document and filter).

Samples are counted. A results file has only means, from which counts follow where they are whole: its readings have a problem.
`effective` is the largest count over all metrics of a task, so that a metric may have fewer; standard errors may be "N/A".
"""

import math
import re
from collections.abc import Iterator
from typing import Final

from reassay.evidence.readers.base import (
    EvidenceReader,
    ResultFile,
    ResultOptions,
    UnreadableResultError,
    digest_of,
    prompt_digest,
)
from reassay.evidence.readers.json_lines import json_lines
from reassay.evidence.readers.json_stream import Shape, picked, picked_of_head
from reassay.evidence.readers.json_values import Json, at, count_at, list_at, object_at, outcome_of, text_at
from reassay.evidence.readers.names import instant_of, name_of
from reassay.evidence.readers.problem_list import ProblemList
from reassay.evidence.readers.tally import Slices, TallyList
from reassay.evidence.reading import Reading

NAME: Final = "lm-eval"
_RESULTS: Final[Shape] = {
    "results": {"*": True},
    "group_subtasks": {"*": True},
    "versions": {"*": True},
    "n-samples": {"*": {"original": True, "effective": True}},
    "config": {"limit": True},
    "date": True,
    "lm_eval_version": True,
    "model_name": True,
}
_OWN: Final = frozenset(
    ("doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter", "metrics", "doc_hash", "prompt_hash")
) | {"target_hash"}
"""Keys of a sample that are not metrics."""
_FILE_NAME: Final = re.compile(r"(?:.*[/\\])?samples_(.{1,250})_[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9.:-]+\.jsonl")
_NEARLY: Final = 1e-6


def _recognises(file: ResultFile) -> bool:
    head = picked_of_head(
        file.head,
        {"results": {"*": {"*": True}}, "doc_id": True, "doc": {}, "arguments": {}, "resps": {}, "filtered_resps": {}},
    )
    if "doc_id" in object_at(head):
        return bool({"doc", "arguments"} & set(object_at(head)))
    return any(
        isinstance(task, dict) and ("alias" in task or "sample_len" in task) and any("," in key for key in task)
        for task in object_at(head, "results").values()
    )


def _read(file: ResultFile, options: ResultOptions) -> tuple[Reading, ...]:
    if "doc_id" in object_at(picked_of_head(file.head, {"doc_id": True})):
        return _samples(file, options)
    with file.open() as stream:
        document = picked(stream, _RESULTS)
    readings = tuple(_results(document, digest_of(file)))
    if not readings:
        raise UnreadableResultError("the file has no metric of any task", "Attach `samples_*.jsonl` of the run.")
    return readings


def _results(document: Json, digest: str) -> Iterator[Reading]:
    groups = {group for group, tasks in object_at(document, "group_subtasks").items() if tasks}
    for task, metrics in object_at(document, "results").items():
        if task not in groups and isinstance(metrics, dict):
            for metric, mean in metrics.items():
                if "," in metric and "_stderr," not in metric:
                    yield _of_mean(document, task, metric, mean, digest)


def _of_mean(document: Json, task: str, metric: str, mean: Json, digest: str) -> Reading:
    number = count_at(document, "n-samples", task, "effective")
    if number is None:
        number = count_at(document, "results", task, "sample_len") or 0
    problems = [_MEANS]
    ones = _ones(mean, number)
    if ones is None:
        problems.append("the mean does not give a whole number of documents, so that nothing can be counted")
    totals = () if ones is None else ((("0.0", number - ones), ("1.0", ones)))
    planned = _planned(document, task)
    if planned is not None and planned != number:
        problems.append(f"the run planned {planned:,} documents, and the file is of {number:,}")
    model = name_of(at(document, "model_name"))
    return Reading(
        metric=name_of(metric) or "metric",
        tool=NAME,
        tool_version=name_of(at(document, "lm_eval_version")),
        task=name_of(task),
        task_version=name_of(at(document, "versions", task)),
        models_asked=(model,) if model else (),
        performed_at=instant_of(at(document, "date")),
        digest=digest,
        planned=planned,
        attempted=number,
        totals=tuple((outcome, count) for outcome, count in totals if count),
        unscored=number if ones is None else 0,
        problems=tuple(problems),
        notes=(_LIMITED,) if at(document, "config", "limit") is not None else (),
    )


_MEANS: Final = (
    "the file has only means, and its number of documents is the largest of all metrics; attach `samples_*.jsonl`, which has"
    " every document"
)
_LIMITED: Final = "the run had a limit, which takes the first documents and not a random sample of them"


def _ones(mean: Json, number: int) -> int | None:
    """How many of the documents had 1 if all had 0 or 1; None if the mean does not fit that."""
    if not isinstance(mean, int | float) or isinstance(mean, bool) or not 0 <= mean <= 1 or not number:
        return None
    ones = round(mean * number)
    return ones if abs(mean * number - ones) < _NEARLY * number else None


def _planned(document: Json, task: str) -> int | None:
    """Documents within the limit, which is a number of them or, below 1, a share."""
    original, limit = count_at(document, "n-samples", task, "original"), at(document, "config", "limit")
    if original is None or limit is None:
        return original
    if not isinstance(limit, int | float) or isinstance(limit, bool) or not limit > 0:
        return None
    return math.ceil(original * limit) if limit < 1 else original if limit >= original else int(limit)


def _samples(file: ResultFile, options: ResultOptions) -> tuple[Reading, ...]:
    problems, tallies, documents = ProblemList(), TallyList(), set[int]()
    rows = set[str]()
    with file.open() as stream:
        for number, row in json_lines(stream, problems):
            place = f"line {number}"
            document = count_at(row, "doc_id")
            if document is None:
                problems.add("a line is no document of the harness and was not counted", place)
                continue
            documents.add(document)
            key = prompt_digest(str(document), str(row.get("filter")))
            if key in rows:
                problems.add("a document stands twice in the file", place)
            rows.add(key)
            prompt, slices = _prompt(row, options, problems, place), _slices(row, options, problems, place)
            for metric in _metrics(row):
                value = row.get(metric)
                name = name_of(f"{metric},{text_at(row, 'filter') or 'none'}") or "metric"
                tallies.of(name).add(prompt, slices, outcome_of(value))
    if documents and max(documents) + 1 != len(documents):
        problems.add(
            f"documents are missing: they are counted up to {max(documents) + 1:,}, and the file has {len(documents):,} of them"
        )
    if not tallies.by_metric:
        raise UnreadableResultError(
            "the file has no metric of any document", "Attach `samples_*.jsonl` of a complete run."
        )
    task, digest = _FILE_NAME.fullmatch(file.name), digest_of(file)
    notes = ["a file of samples says neither how many were planned, nor the model, nor the time of the run"]
    if task:
        notes.append("the task is taken from the file's name")
    return tuple(
        Reading(
            metric=metric,
            tool=NAME,
            task=name_of(task[1]) if task else None,
            digest=digest,
            attempted=tally.attempted(),
            prompts=tally.prompts(),
            totals=tally.totals(),
            unscored=tally.unscored,
            errored=tally.errored,
            problems=(*problems.sentences(), *tally.problems.sentences()),
            notes=tuple(notes),
        )
        for metric, tally in tallies.by_metric.items()
    )


def _metrics(row: dict[str, Json]) -> list[str]:
    """Names of a document's metrics; versions before 0.4.6 do not list them."""
    stated = list(dict.fromkeys(metric for metric in list_at(row, "metrics") if isinstance(metric, str)))
    return stated or [key for key in row if key not in _OWN]


def _prompt(row: dict[str, Json], options: ResultOptions, problems: ProblemList, place: str) -> str:
    if options.cluster_by is not None:
        seed = outcome_of(at(row, "doc", options.cluster_by))
        if seed is not None:
            return prompt_digest("cluster", seed)
        problems.add(f"a document has no {options.cluster_by!r}, by which the register clusters", place)
    names = [text for key in ("doc_hash", "prompt_hash") if (text := text_at(row, key))]
    return prompt_digest(*(names or ["doc_id", str(row["doc_id"])]))


def _slices(row: dict[str, Json], options: ResultOptions, problems: ProblemList, place: str) -> Slices:
    values = [(key, outcome_of(at(row, "doc", key))) for key in sorted(set(options.slice_by))]
    for key, value in values:
        if value is None:
            problems.add(f"a document has no {key!r}, by which the register slices", place)
    return tuple((key, value) for key, value in values if value is not None)


READER = EvidenceReader(name=NAME, title="lm-evaluation-harness", recognises=_recognises, read=_read)
