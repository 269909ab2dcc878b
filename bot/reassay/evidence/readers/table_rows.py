"""Rows of a CSV or JSON file, counted by the columns that a criterion declares."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from reassay.evidence.readers.base import ResultOptions, UnreadableResultError, prompt_digest
from reassay.evidence.readers.json_values import Json, outcome_of
from reassay.evidence.readers.names import instant_of, name_of
from reassay.evidence.readers.problem_list import ProblemList
from reassay.evidence.readers.tally import MOST_METRICS, Slices, Tally
from reassay.evidence.reading import Reading
from reassay.register.measurement import Columns

MOST_SHOWN: Final = 20
"""Columns that a message lists."""
MOST_MODELS: Final = 100
_OUTCOMES: Final = ("outcome", "verdict", "result", "label", "judgement", "judgment", "success", "passed", "score")
_PROMPTS: Final = ("prompt_id", "prompt", "sample_id", "id", "question", "input", "attack", "request")
_EMPTY: Final[tuple[Json, ...]] = (None, False, "", [], {})


def declared_columns(options: ResultOptions, tool: str, header: Sequence[str]) -> Columns:
    """The declared columns. Raises UnreadableResultError with a proposal if there are none, or if the file lacks one of them."""
    if options.columns is None:
        raise UnreadableResultError(
            f"the register does not say which columns of this {tool.upper()} file hold the outcome and the prompt",
            f"Write into the criterion's `measured`: {_proposal(tool, header)} (adapt it; the file has {listed(header)}).",
        )
    missing = [name for name in named_columns(options) if name not in header]
    if missing:
        raise UnreadableResultError(
            f"the file has no column {listed(missing)}, which the register names",
            f"Correct the criterion's `measured` or the file, which has {listed(header)}.",
        )
    return options.columns


def named_columns(options: ResultOptions) -> list[str]:
    """Every column that the criterion names."""
    columns = options.columns
    names = [
        *(
            []
            if columns is None
            else [columns.outcome, columns.prompt, columns.error, columns.model, columns.performed_at]
        ),
        *([] if columns is None else [columns.task, columns.task_version]),
        *options.slice_by,
        options.cluster_by,
    ]
    return [name for name in dict.fromkeys(names) if name is not None]


def listed(names: Collection[str]) -> str:
    """Names in quotes, at most MOST_SHOWN of them, each shortened."""
    shown = [_quoted(name) for name in list(names)[:MOST_SHOWN]]
    return ", ".join(shown) + (f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else "")


def _quoted(name: str) -> str:
    return json.dumps((name_of(name) or "")[:60], ensure_ascii=False)


def _proposal(tool: str, names: Sequence[str]) -> str:
    header = [name for name in names if name]
    outcome = _likely(header, _OUTCOMES) or (header[-1] if header else "outcome")
    prompt = _likely(header, _PROMPTS) or (header[0] if header else "prompt")
    columns = f"columns: {{outcome: {_quoted(outcome)}, prompt: {_quoted(prompt)}}}"
    return f"`{{tool: {tool}, {columns}, adverse: [...], not_adverse: [...]}}`"


def _likely(header: Sequence[str], names: Sequence[str]) -> str | None:
    lower = {name.lower(): name for name in header}
    return next((lower[name] for name in names if name in lower), None)


@dataclass(slots=True)
class _TaskCounts:
    """What is known of one task and version."""

    tally: Tally = field(default_factory=Tally)
    models: set[str] = field(default_factory=set)
    started: datetime | None = None


@dataclass(slots=True)
class RowCounts:
    """Counts of the rows so far."""

    columns: Columns
    options: ResultOptions
    problems: ProblemList = field(default_factory=ProblemList)
    _tasks: dict[tuple[str | None, str | None], _TaskCounts] = field(default_factory=dict)

    def add(self, row: Mapping[str, Json], place: str) -> None:
        """Counts a row."""
        columns = self.columns
        counts = self._counts(row)
        if columns.model and (model := name_of(row.get(columns.model))):
            self._add_model(counts, model, place)
        if columns.performed_at and row.get(columns.performed_at) not in _EMPTY:
            self._add_instant(counts, row[columns.performed_at], place)
        prompt, slices = self._prompt(row, place), self._slices(row, place)
        if columns.error and row.get(columns.error) not in _EMPTY:
            counts.tally.add_errored(prompt, slices)
            return
        value = row.get(columns.outcome)
        if isinstance(value, list | dict):
            self.problems.add(f"an outcome in {_quoted(columns.outcome)} is no single value", place)
        outcome = outcome_of(value)
        counts.tally.add(prompt, slices, None if outcome in columns.unscored else outcome)

    def add_unreadable(self, why: str, place: str) -> None:
        """Counts a row of which the outcome cannot be read."""
        self.problems.add(why, place)
        self._counts({}).tally.add(prompt_digest("row", place), (), None)

    def _counts(self, row: Mapping[str, Json]) -> _TaskCounts:
        columns = self.columns
        key = tuple(name_of(row.get(name)) if name else None for name in (columns.task, columns.task_version))
        counts = self._tasks.get((key[0], key[1]))
        if counts is None:
            if len(self._tasks) >= MOST_METRICS:
                raise UnreadableResultError(f"the file has more than {MOST_METRICS} tasks", "Split it by task.")
            counts = self._tasks[key[0], key[1]] = _TaskCounts()
        return counts

    def _add_model(self, counts: _TaskCounts, model: str, place: str) -> None:
        if len(counts.models) < MOST_MODELS:
            counts.models.add(model)
        elif model not in counts.models:
            self.problems.add(f"more than {MOST_MODELS} models answered; the others are not listed", place)

    def _add_instant(self, counts: _TaskCounts, value: Json, place: str) -> None:
        instant = instant_of(value.strip() if isinstance(value, str) else value)
        if instant is None:
            self.problems.add(
                f"a time in {_quoted(self.columns.performed_at or '')} is not ISO 8601 with a zone", place
            )
        elif counts.started is None or instant < counts.started:
            counts.started = instant

    def _prompt(self, row: Mapping[str, Json], place: str) -> str:
        if self.options.cluster_by is not None and (seed := outcome_of(row.get(self.options.cluster_by))):
            return prompt_digest("cluster", seed)
        if self.options.cluster_by is not None:
            self.problems.add(
                f"a row has nothing in {_quoted(self.options.cluster_by)}, by which the register clusters", place
            )
        value = row.get(self.columns.prompt)
        if isinstance(value, list | dict):
            return prompt_digest(json.dumps(value, sort_keys=True))
        text = value.strip() if isinstance(value, str) else outcome_of(value)
        if not text:
            self.problems.add(f"a row has nothing in {_quoted(self.columns.prompt)}, which names the prompt", place)
            return prompt_digest("no prompt")
        return prompt_digest(text)

    def _slices(self, row: Mapping[str, Json], place: str) -> Slices:
        values = [(key, outcome_of(row.get(key))) for key in sorted(set(self.options.slice_by))]
        for key, value in values:
            if value is None:
                self.problems.add(f"a row has nothing in {_quoted(key)}, by which the register slices", place)
        return tuple((key, value) for key, value in values if value is not None)

    def readings(self, tool: str, digest: str) -> tuple[Reading, ...]:
        """A reading for each task and version. Raises UnreadableResultError if there is no row."""
        if not self._tasks:
            raise UnreadableResultError(
                "the file has no row", "Check that the run wrote its results, and attach it again."
            )
        return tuple(
            Reading(
                metric=name_of(self.columns.outcome) or "outcome",
                tool=tool,
                task=task,
                task_version=version,
                models_answered=tuple(sorted(counts.models)),
                performed_at=counts.started,
                digest=digest,
                attempted=counts.tally.attempted(),
                prompts=counts.tally.prompts(),
                totals=counts.tally.totals(),
                unscored=counts.tally.unscored,
                errored=counts.tally.errored,
                problems=(*self.problems.sentences(), *counts.tally.problems.sentences()),
            )
            for (task, version), counts in self._tasks.items()
        )
