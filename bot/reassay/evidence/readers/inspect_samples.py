"""Samples of an Inspect log, counted by metric."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from reassay.evidence.readers.base import ResultOptions, prompt_digest
from reassay.evidence.readers.json_values import Json, at, list_at, object_at, outcome_of, text_at
from reassay.evidence.readers.names import instant_of, name_of
from reassay.evidence.readers.problem_list import ProblemList
from reassay.evidence.readers.tally import Slices, Tally, TallyList

NO_ANSWER: Final = "N"
"""The value by which a scorer of Inspect says that there was no answer to judge."""
SINGLE: Final = "(the only score)"
"""Stands for the scorer's name where a sample has one score and does not name it: logs of version 1."""
_UNJUDGED: Final = {"no_response", "grader_failed", "scoring_failed"}
"""Reasons of a score (since 0.3.245) by which nothing was judged: no answer, or a grader or scorer that failed."""
_NO_GRADE: Final = "Grade not found in model output"
"""How the explanation of a grader begins that gave no grade; until 0.3.245 its score was `I` all the same."""
_CONTENT: Final = ("type", "text", "image", "audio", "video", "data", "document")
MOST_MODELS: Final = 100


@dataclass(slots=True)
class SampleCounts:
    """Counts of the samples seen so far."""

    options: ResultOptions
    samples: Tally = field(default_factory=Tally)
    """Every sample: unscored, or errored."""
    metrics: TallyList = field(default_factory=TallyList)
    """Outcomes alone; `Tally.completed` joins the two."""
    problems: ProblemList = field(default_factory=ProblemList)
    notes: ProblemList = field(default_factory=ProblemList)
    models: set[str] = field(default_factory=set)
    """Models that answered."""
    first_start: datetime | None = None
    """The earliest start of a sample; a retried log holds samples of the run before it."""
    _seen: set[str] = field(default_factory=set)

    def add(self, sample: Json) -> None:
        """Counts one sample (one epoch of it)."""
        if not isinstance(sample, dict) or "id" not in sample:
            self.problems.add("a sample is no sample of Inspect and was not counted")
            return
        place = f"sample {name_of(sample['id']) or '?'}"
        self._examine(sample, place)
        prompt, slices = self._prompt(sample, place), self._slices(sample, place)
        if self._says_nothing(sample, place):
            self.samples.add_errored(prompt, slices)
            return
        self.samples.add(prompt, slices, None)
        if list_at(sample, "output", "choices") and (model := name_of(at(sample, "output", "model"))):
            self._answered(model)
        if not _has_answer(sample):
            self.notes.add("no model gave an answer, and the sample counts as not assessed", place)
            for metric, _ in _outcomes(sample):
                self.metrics.of(metric)
            return
        metrics = set[str]()
        for metric, outcome in _outcomes(sample):
            if metric in metrics:
                self.problems.add("two scores of a sample have the same name, and the first counts", place)
                continue
            metrics.add(metric)
            tally = self.metrics.of(metric)
            if outcome == NO_ANSWER:
                self.notes.add(f"{NO_ANSWER} means that there was no answer to judge, and is counted as not scored")
            elif outcome is not None:
                tally.add(prompt, slices, outcome)

    def _examine(self, sample: dict[str, Json], place: str) -> None:
        key = prompt_digest(str(sample["id"]), str(sample.get("epoch")))
        if key in self._seen:
            self.problems.add("a sample stands twice in the log", place)
        self._seen.add(key)
        start = instant_of(sample.get("started_at"))
        if start is not None and (self.first_start is None or start < self.first_start):
            self.first_start = start
        if sample.get("limit") is not None:
            self.notes.add(
                "a sample ended at a limit of its own (messages, tokens or time) and was scored as it was", place
            )
        if any(_is_unjudged(score) for score in _scores(sample).values()):
            self.notes.add(
                "a score says by its reason or explanation that nothing was judged, and counts as not assessed", place
            )
        if any(list_at(score, "history") for score in object_at(sample, "scores").values()):
            self.notes.add("a score was edited after the run; the edited one counts", place)
        if list_at(sample, "error_retries"):
            self.notes.add("a sample failed at first and was tried again; only its last attempt counts", place)

    def _says_nothing(self, sample: dict[str, Json], place: str) -> bool:
        """Whether the sample says nothing about the model assessed, whatever its scores."""
        for fallback in list_at(sample, "model_fallbacks"):
            self._answered(name_of(at(fallback, "fallback_model")) or "unknown model")
        if sample.get("invalidation") is not None:
            self.problems.add("a sample was invalidated, and is counted as errored", place)
            return True
        if sample.get("model_fallbacks"):
            self.problems.add("another model answered in place of the one asked (model_fallbacks)", place)
            return True
        return sample.get("error") is not None

    def _answered(self, model: str) -> None:
        if len(self.models) < MOST_MODELS:
            self.models.add(model)
        elif model not in self.models:
            self.problems.add(f"more than {MOST_MODELS} models answered; the others are not listed")

    def _prompt(self, sample: dict[str, Json], place: str) -> str:
        if (key := self.options.cluster_by) is not None:
            seed = outcome_of(at(sample, "metadata", key))
            if seed is not None:
                return prompt_digest("cluster", seed)
            self.problems.add(f"a sample has no {key!r} in its metadata, by which the register clusters", place)
        asked: dict[str, Json] = {
            name: value for name in ("choices", "files", "setup", "sandbox") if (value := sample.get(name))
        }
        names = [_canonical(_asked(sample.get("input"))), *([_canonical(asked)] if asked else [])]
        return prompt_digest(*names)

    def _slices(self, sample: dict[str, Json], place: str) -> Slices:
        values = [(key, outcome_of(at(sample, "metadata", key))) for key in sorted(set(self.options.slice_by))]
        for key, value in values:
            if value is None:
                self.problems.add(f"a sample has no {key!r} in its metadata, by which the register slices", place)
        return tuple((key, value) for key, value in values if value is not None)


def _outcomes(sample: dict[str, Json]) -> Iterator[tuple[str, str | None]]:
    """Metrics of a sample and their outcomes; a score of several values is one metric each."""
    for scorer, score in _scores(sample).items():
        value, is_unjudged = at(score, "value"), _is_unjudged(score)
        if isinstance(value, dict | list):
            items = value.items() if isinstance(value, dict) else enumerate(value)
            for key, inner in items:
                yield name_of(f"{scorer}/{key}") or "score", None if is_unjudged else outcome_of(inner)
        else:
            yield name_of(scorer) or "score", None if is_unjudged else outcome_of(value)


def _scores(sample: dict[str, Json]) -> dict[str, Json]:
    return object_at(sample, "scores") or ({SINGLE: sample["score"]} if sample.get("score") else {})


def _is_unjudged(score: Json) -> bool:
    """Whether a score has a value although nothing was judged."""
    return text_at(score, "reason") in _UNJUDGED or (text_at(score, "explanation") or "").startswith(_NO_GRADE)


def _has_answer(sample: dict[str, Json]) -> bool:
    """Whether a model answered: by its last output, or by messages before it."""
    answers = [
        message
        for message in list_at(sample, "messages")
        if at(message, "role") == "assistant" and at(message, "source") != "input"
    ]
    choices = list_at(sample, "output", "choices")
    if len(answers) > 1 or (answers and not choices):
        return True
    return any(_is_answer(at(choice, "message")) for choice in choices)


def _is_answer(message: Json) -> bool:
    content = at(message, "content")
    if isinstance(content, str) and not content.strip():
        return bool(list_at(message, "tool_calls"))
    if isinstance(content, list):
        parts = [part for part in content if at(part, "type") != "text" or (text_at(part, "text") or "").strip()]
        return bool(parts or list_at(message, "tool_calls"))
    return True


def _asked(value: Json) -> Json:
    """An input without what differs from run to run, such as ids of its messages."""
    if not isinstance(value, list):
        return value
    return [[text_at(message, "role"), _content(at(message, "content"))] for message in value]


def _content(value: Json) -> Json:
    if not isinstance(value, list):
        return value
    return [{key: part[key] for key in _CONTENT if part.get(key)} if isinstance(part, dict) else part for part in value]


def _canonical(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))
