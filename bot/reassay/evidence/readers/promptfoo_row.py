"""A row of promptfoo's results: one test, prompt and provider, and what its outcome is worth.

What promptfoo calls passed is often a test that nobody judged: a grader that failed in some of its calls, a test without
assertions, an answer that is empty. None of them says anything of the model, so all of them are unscored.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from reassay.evidence.readers.base import ResultOptions, prompt_digest
from reassay.evidence.readers.json_stream import Shape
from reassay.evidence.readers.json_values import Json, at, count_at, list_at, object_at, text_at
from reassay.evidence.readers.names import name_of, written

_FLAGS: Final = ("graderError", "gradingIncomplete", "gradingError")
"""Marks of a grader that failed. promptfoo turns the first into a failure, and the others into a pass."""
_SEED: Final = "originalText"
"""Metadata of a red-team test that a strategy made: the text that it was made from."""
_FAILURE_REASONS: Final = {0: "none", 1: "assertion", 2: "error"}
_BY_HAND: Final = "human"
"""Type of the assertion that promptfoo's viewer adds where a person overrules the result."""
_VARIABLE: Final = re.compile(r"\{\{-?\s*(?:vars\.)?(\w+)\s*-?\}\}")
_PROMPT_VARIABLE: Final = "prompt"
"""The variable into which red-team tests put their text where `injectVar` is not configured."""


class RowOutcome(StrEnum):
    """What a row, or a named metric of it, came to."""

    PASSED = "passed"
    FAILED = "failed"
    UNSCORED = "unscored"
    ERRORED = "errored"


@dataclass(frozen=True, slots=True)
class PromptfooRow:
    """What is kept of a row."""

    provider: str
    provider_id: str
    """Tells providers of the same label apart."""
    is_red_team: bool
    prompt: str
    slices: dict[str, str | None]
    outcome: RowOutcome
    why_unscored: str
    """Empty if it is not unscored."""
    named: dict[str, RowOutcome]
    """Metric that assertions name -> its outcome."""
    is_contradictory: bool
    """Whether it says both that it passed and that it did not."""
    has_open_metric: bool
    """Whether it was not graded, and the name of a metric that it belongs to cannot be told."""
    needs_variable: bool
    """Whether its seed can only be told by the variable that the configuration names."""


def row_shape(options: ResultOptions) -> Shape:
    """The parts of a row that are read."""
    keys = {"pluginId", "strategyId", _SEED, *_FLAGS, *options.slice_by, *filter(None, [options.cluster_by])}
    metadata: dict[str, Shape] = dict.fromkeys(sorted(keys), True)
    flags: dict[str, Shape] = dict.fromkeys(_FLAGS, True)
    assertion: dict[str, Shape] = {"metric": True, "weight": True, "type": True}
    component: dict[str, Shape] = {"pass": True, "assertion": assertion, "metadata": flags}
    return {
        **dict.fromkeys(("success", "failureReason", "namedScores", "vars"), True),
        "error": {},
        "provider": {"id": True, "label": True},
        "prompt": {"raw": True},
        "metadata": metadata,
        "testCase": {"assert": [{**assertion, "assert": [assertion]}], "metadata": metadata},
        "gradingResult": {"pass": True, "metadata": flags, "componentResults": [component]},
        "response": {"output": {}, "error": {}, "isRefusal": True, "guardrails": {"flagged": True}},
    }


def read_row(row: dict[str, Json], options: ResultOptions, variable: str | None) -> PromptfooRow:
    """`variable` is the configured `injectVar` of a red team."""
    metadata = {**object_at(row, "testCase", "metadata"), **object_at(row, "metadata")}
    is_red_team = isinstance(metadata.get("pluginId"), str)
    outcome, why = _outcome(row)
    names, needs_variable = _prompt_names(row, metadata, options, variable)
    return PromptfooRow(
        provider=_provider(row),
        provider_id=text_at(row, "provider", "id") or "",
        is_red_team=is_red_team,
        prompt=prompt_digest(*names),
        slices=_slices(metadata, options, is_red_team=is_red_team),
        outcome=outcome,
        why_unscored=why,
        named={} if is_red_team else dict(_named(row, outcome)),
        is_contradictory=row.get("success") is True
        and (count_at(row, "failureReason") in {1, 2} or at(row, "gradingResult", "pass") is False),
        has_open_metric=not is_red_team
        and not object_at(row, "namedScores")
        and any(_has_template(rendered) for _, rendered in _asserted(row)),
        needs_variable=needs_variable,
    )


def _provider(row: dict[str, Json]) -> str:
    provider = row.get("provider")
    name = provider if isinstance(provider, str) else text_at(provider, "label") or text_at(provider, "id")
    return name_of(name) or "unnamed provider"


def _prompt_names(
    row: dict[str, Json], metadata: dict[str, Json], options: ResultOptions, variable: str | None
) -> tuple[tuple[str, ...], bool]:
    """What names the prompt: its seed, where the file says so, else the variables of its test."""
    if options.cluster_by and (seed := name_of(metadata.get(options.cluster_by))):
        return (seed,), False
    if original := text_at(metadata, _SEED):
        return (original,), False
    # Sessions are new in every run, and names with an underscore are promptfoo's own.
    named = {
        key: value for key, value in object_at(row, "vars").items() if key != "sessionId" and not key.startswith("_")
    }
    needs_variable = False
    if isinstance(metadata.get("pluginId"), str):
        keys = [key for key in (variable, _PROMPT_VARIABLE) if key in named] or (list(named) if len(named) == 1 else [])
        needs_variable = variable is None and _PROMPT_VARIABLE not in named and len(named) > 1
        if keys and isinstance(text := named[str(keys[0])], str):
            return (text,), needs_variable
    if named:
        return (json.dumps(named, sort_keys=True, default=str),), needs_variable
    return (text_at(row, "prompt", "raw") or "",), needs_variable


def _slices(metadata: dict[str, Json], options: ResultOptions, *, is_red_team: bool) -> dict[str, str | None]:
    slices = {key: name_of(metadata.get(key)) for key in options.slice_by}
    if is_red_team:
        slices["plugin"] = name_of(metadata.get("pluginId"))
        slices["strategy"] = name_of(metadata.get("strategyId")) or "basic"
    return slices


def _has_flag(value: Json) -> bool:
    flags = (at(value, "metadata", flag) for flag in _FLAGS)
    return any(flag is not None and flag is not False for flag in flags)


def _components(row: dict[str, Json]) -> list[dict[str, Json]]:
    """Results of assertions that can fail: an assertion of weight 0 always passes."""
    return [
        component
        for component in list_at(row, "gradingResult", "componentResults")
        if isinstance(component, dict) and at(component, "assertion", "weight") != 0
    ]


def _outcome(row: dict[str, Json]) -> tuple[RowOutcome, str]:
    success, reason = row.get("success"), row.get("failureReason")
    if reason == 2 or (reason is None and _broke_off(row)):  # noqa: PLR2004 -- see _FAILURE_REASONS
        return RowOutcome.ERRORED, ""
    if not isinstance(success, bool) or (reason is not None and count_at(row, "failureReason") not in _FAILURE_REASONS):
        return RowOutcome.UNSCORED, "say in no known way whether they passed"
    has_failed = not success or reason == 1 or at(row, "gradingResult", "pass") is False
    return _failed(row) if has_failed else _passed(row)


def _failed(row: dict[str, Json]) -> tuple[RowOutcome, str]:
    components = _components(row)
    has_verdict = any(at(component, "pass") is False and not _has_flag(component) for component in components)
    if _is_flagged(row, components) and not has_verdict:
        return RowOutcome.UNSCORED, "failed because their grader failed"
    return RowOutcome.FAILED, ""


def _passed(row: dict[str, Json]) -> tuple[RowOutcome, str]:
    components = _components(row)
    if _is_flagged(row, components):
        return RowOutcome.UNSCORED, "passed although their grader failed"
    if not components:
        return RowOutcome.UNSCORED, "passed without an assertion that can fail"
    if _is_silent(row):
        return RowOutcome.UNSCORED, "passed without an answer"
    if _is_overruled(components):
        return RowOutcome.UNSCORED, "were set to passed by hand, against an assertion"
    return RowOutcome.PASSED, ""


def _is_overruled(components: list[dict[str, Json]]) -> bool:
    """Whether a person set the result in promptfoo's viewer, and an assertion says otherwise."""
    by_hand = [text_at(component, "assertion", "type") == _BY_HAND for component in components]
    failed = [at(component, "pass") is False for component in components]
    return any(by_hand) and any(fails and not hand for fails, hand in zip(failed, by_hand, strict=True))


def _is_flagged(row: dict[str, Json], components: list[dict[str, Json]]) -> bool:
    return any(_has_flag(value) for value in (row, row.get("gradingResult"), *components))


def _broke_off(row: dict[str, Json]) -> bool:
    """Versions before 0.100 have no reason of a failure, and no grades where the provider failed."""
    return row.get("success") is not True and not object_at(row, "gradingResult") and bool(row.get("error"))


def _is_silent(row: dict[str, Json]) -> bool:
    """An empty answer of the model; a refusal or a guardrail that says so is an answer."""
    response = object_at(row, "response")
    if at(response, "isRefusal") is True or at(response, "guardrails", "flagged") is True:
        return False
    return response.get("output") is None or response.get("output") == ""


def _named(row: dict[str, Json], outcome: RowOutcome) -> Iterator[tuple[str, RowOutcome]]:
    """Metrics that assertions name. A named score of 1 is *passed*; several assertions of one name must all pass."""
    scores = object_at(row, "namedScores")
    components = _components(row)
    # A test that was not graded has no scores; whether its version resolves templates is said by the others alone.
    open_names = [names for names in _asserted(row) if not scores.keys() & set(names)]
    for metric in dict.fromkeys([*scores, *(name for names in open_names for name in names)]):
        name = name_of(metric)
        if name is None:
            continue
        of_metric = [item for item in components if metric in _names(item.get("assertion"), row)]
        yield name, _named_outcome(row, outcome, scores.get(metric), of_metric)


def _asserted(row: dict[str, Json]) -> list[tuple[str, str]]:
    """Names of metrics that its assertions and sets of assertions have: as written, and resolved."""
    assertions = list_at(row, "testCase", "assert")
    nested = [inner for item in assertions for inner in list_at(item, "assert")]
    return [names for item in (*assertions, *nested) if (names := _names(item, row))]


def _names(assertion: Json, row: dict[str, Json]) -> tuple[str, str] | tuple[()]:
    """The metric as written, and with its variables in place, as versions since 0.118 name it."""
    metric = text_at(assertion, "metric")
    if not metric:
        return ()
    values = object_at(row, "vars")

    def value_of(match: re.Match[str]) -> str:
        value = values.get(match[1])
        return match[0] if isinstance(value, list | dict | float) else "" if value is None else _written(value)

    return metric, _VARIABLE.sub(value_of, metric)


def _written(value: str | int) -> str:
    """A value of a variable as promptfoo's templates write it."""
    return value if isinstance(value, str) else written(value)


def _has_template(name: str) -> bool:
    return "{{" in name or "{%" in name


def _named_outcome(
    row: dict[str, Json], outcome: RowOutcome, score: Json, components: list[dict[str, Json]]
) -> RowOutcome:
    if outcome is RowOutcome.ERRORED:
        return outcome
    if any(at(item, "pass") is False and not _has_flag(item) for item in components):
        return RowOutcome.FAILED
    if _is_flagged(row, components) or isinstance(score, bool) or not isinstance(score, int | float):
        return RowOutcome.UNSCORED
    if score < 1:
        return RowOutcome.FAILED
    return RowOutcome.UNSCORED if _is_silent(row) else RowOutcome.PASSED
