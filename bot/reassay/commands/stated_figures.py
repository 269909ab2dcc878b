"""Stated figures: effort, durations, judgements and capabilities in a command, and the ledger's fields for them.

    effort 29 teams 40 hours none found independent incentive bounty access api expertise expert people 2 budget 1000 GBP
    duration 9 days                    duration 2026-11-01 to 2026-11-09
    judgement met                      judgement not-met
    capability below fine-tuned yes scaffold agent-loop best-of 10 tools browsing,code-execution effort 40

The text after `because` may name parts: `limits: ...`, `would change: ...`; for a capability `awareness: ...` and
`sandbagging: ...`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, cast, get_args

from pydantic import ValidationError

from reassay.commands.base import BadCommandError, one_of, read_day, word_shown
from reassay.common.calendar import Duration, parse_duration
from reassay.ledger.evidence_figures import (
    CapabilityFigures,
    CapabilityOutcome,
    DurationFigures,
    EffortFigures,
    JudgementGrounds,
    JudgementOutcome,
    StatedElicitation,
)
from reassay.register.evaluation_kind import EvaluationKind
from reassay.register.resources import Access, Expertise, budget_of

STATED_KINDS: Final = ("judgement", "effort", "duration", "capability")
USAGE: Final = (
    "judgement met|not-met | effort <n> teams <h> hours none found|found [independent] [incentive <word>] [access <word>]"
    " [expertise <word>] [people <n>] [budget <amount> <currency>] | duration <time>|<date> to <date> | capability"
    " below|not-ruled-out|reached [fine-tuned yes|no] [scaffold <word>|none] [best-of <n>] [tools <a,b>|none] [effort <hours>]"
)
_EFFORT: Final = re.compile(
    r"(?P<teams>\d{1,6})\s+teams?\s+(?P<hours>\d{1,7}(?:\.\d{1,2})?)\s+hours?(?:\s+each)?\s+(?P<outcome>none\s+found|found)"
    r"(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_DAYS: Final = re.compile(r"(?P<first>\d{4}-\S+)\s+to\s+(?P<last>\S+)", re.IGNORECASE)
_AS: Final = re.compile(r"(?:^|\s)as\s+(?P<kind>[a-z-]+)$", re.IGNORECASE)
_LABEL: Final = re.compile(r"(?:^|[\s;,.])(?P<label>limits|would change|awareness|sandbagging)\s*:", re.IGNORECASE)
_WORD: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MOST_TOOLS: Final = 50
Keeper = Callable[[object], str]
"""Stores a value beside the entry, and gives its digest."""


@dataclass(frozen=True, slots=True)
class StatedFigures:
    """The figures after the kind of evidence; None where the kind has no such figures."""

    effort: EffortFigures | None = None
    """Its version is set when it is recorded."""
    duration: DurationFigures | None = None
    outcome: JudgementOutcome | None = None
    capability: CapabilityFigures | None = None


@dataclass(frozen=True, slots=True)
class RecordedFigures:
    """The fields of the ledger's record."""

    effort: EffortFigures | None = None
    duration: DurationFigures | None = None
    grounds: JudgementGrounds | None = None
    capability: CapabilityFigures | None = None


def split_evaluation_kind(words: str) -> tuple[str, EvaluationKind | None]:
    """The words without `as <kind of evaluation>` at their end, and that kind. Raises BadCommandError for another word."""
    match = _AS.search(words)
    if match is None:
        return words, None
    kind = one_of(match["kind"], get_args(EvaluationKind), "kind of evaluation")
    return words[: match.start()].strip(), cast("EvaluationKind", kind)


def stated_figures(kind: str, words: str) -> StatedFigures:
    """The figures of one of STATED_KINDS. Raises BadCommandError."""
    match kind:
        case "effort":
            return StatedFigures(effort=_effort(words))
        case "duration":
            return StatedFigures(duration=_duration(words))
        case "capability":
            return StatedFigures(capability=_capability(words))
        case _:
            # Without it "because it fails on Polish" would meet the criterion.
            outcome = one_of(words, get_args(JudgementOutcome), "outcome of a judgement")
            return StatedFigures(outcome=cast("JudgementOutcome", outcome))


def recorded_figures(stated: StatedFigures, because: str, version: int, keep: Keeper) -> RecordedFigures:
    """The fields of the record, with parts of the reason as objects of their own. `version` is the mitigation's in force."""
    parts = {label: keep(text) for label, text in reason_parts(because).items()}
    limits, would_change = parts.get("limits"), parts.get("would change")
    says = stated.outcome or limits or would_change
    return RecordedFigures(
        effort=stated.effort.model_copy(update={"version": version}) if stated.effort else None,
        duration=stated.duration,
        grounds=JudgementGrounds(outcome=stated.outcome, limits=limits, would_change=would_change) if says else None,
        capability=stated.capability.model_copy(
            update={"evaluation_awareness": parts.get("awareness"), "sandbagging": parts.get("sandbagging")}
        )
        if stated.capability
        else None,
    )


def reason_parts(because: str) -> Mapping[str, str]:
    """The labelled parts of a reason by label, without empty ones; of a label that is there twice the last."""
    marks = list(_LABEL.finditer(because))
    ends = [*(mark.start() for mark in marks[1:]), len(because)]
    parts = {mark["label"].lower(): because[mark.end() : end] for mark, end in zip(marks, ends, strict=False)}
    return {label: text.strip(" \t\n;,") for label, text in parts.items() if text.strip(" \t\n;,.")}


def _effort(words: str) -> EffortFigures:
    match = _EFFORT.fullmatch(words)
    if match is None:
        raise BadCommandError(
            "the figures of an effort are missing; write e.g. `effort 29 teams 40 hours none found independent access api`"
        )
    rest, independent = re.subn(r"(?:^|\s)independent(?=\s|$)", " ", match["rest"], flags=re.IGNORECASE)
    given = _keywords(rest, ("incentive", "access", "expertise", "people", "budget"))
    budget = given.get("budget")
    fields = {
        "version": 1,
        "teams": int(match["teams"]),
        "hours_each": float(match["hours"]),
        "success": match["outcome"].lower() == "found",
        "independent": bool(independent),
        "incentive": _word(given.get("incentive"), "incentive"),
        "people": _number(given.get("people"), "people"),
        "budget": _budget(budget) if budget else None,
        "access": one_of(given["access"], get_args(Access), "access") if "access" in given else None,
        "expertise": one_of(given["expertise"], get_args(Expertise), "expertise") if "expertise" in given else None,
    }
    try:
        return EffortFigures.model_validate(fields)
    except ValidationError as error:
        raise BadCommandError(
            "teams and hours are more than 0; write e.g. `effort 29 teams 40 hours none found`"
        ) from error


def _budget(words: str) -> str:
    budget = budget_of(words)
    if budget is None:
        raise BadCommandError(
            f"{word_shown(words)} is not a budget; write an amount and a currency, e.g. `budget 1000 GBP`"
        )
    return budget


def _duration(words: str) -> DurationFigures:
    if match := _DAYS.fullmatch(words):
        first, last = read_day(match["first"], "the first day"), read_day(match["last"], "the last day")
        if last < first:
            raise BadCommandError(f"{last} is before {first}; write the first day first")
        return DurationFigures(started=first, ended=last)
    return DurationFigures(took=_time(words))


def _time(words: str) -> Duration:
    try:
        return parse_duration(words)
    except ValueError as error:
        raise BadCommandError(
            f"{word_shown(words)} is not a duration; write e.g. `duration 9 days` or `duration 2026-11-01 to 2026-11-09`"
        ) from error


def _capability(words: str) -> CapabilityFigures:
    outcome, _, rest = words.partition(" ")
    outcome = one_of(outcome, get_args(CapabilityOutcome), "judgement of a capability")
    given = _keywords(rest, ("fine-tuned", "scaffold", "best-of", "tools", "effort"))
    tuned = one_of(given["fine-tuned"], ("yes", "no"), "word after `fine-tuned`") if "fine-tuned" in given else None
    effort = given.get("effort")
    elicitation = StatedElicitation(
        fine_tuned=None if tuned is None else tuned == "yes",
        scaffold=_word(given.get("scaffold"), "scaffold"),
        best_of=_number(given.get("best-of"), "best-of"),
        tools=_tools(given["tools"]) if "tools" in given else None,
        effort=float(_number(effort.removesuffix("hours").strip(), "effort") or 0) if effort else None,
    )
    return CapabilityFigures(outcome=cast("CapabilityOutcome", outcome), elicitation=elicitation)


def _tools(words: str) -> tuple[str, ...]:
    if words.lower() == "none":
        return ()
    tools = tuple(dict.fromkeys(_word(tool.strip(), "tool") or "" for tool in words.split(",") if tool.strip()))
    if not tools or len(tools) > _MOST_TOOLS:
        raise BadCommandError("write the tools with commas, e.g. `tools browsing,code-execution`, or `tools none`")
    return tools


def _keywords(words: str, names: tuple[str, ...]) -> dict[str, str]:
    """Keyword -> the words after it, up to the next keyword. Raises BadCommandError for words that belong to none."""
    marks = list(re.finditer(rf"(?:^|\s)(?P<name>{'|'.join(names)})(?=\s|$)", words, re.IGNORECASE))
    before = words[: marks[0].start()] if marks else words
    if before.strip():
        listed = ", ".join(f"`{name}`" for name in names)
        raise BadCommandError(f"{word_shown(before.strip())} is not valid here; what can follow is {listed}")
    ends = [*(mark.start() for mark in marks[1:]), len(words)]
    given: dict[str, str] = {}
    for mark, end in zip(marks, ends, strict=False):
        name, value = mark["name"].lower(), words[mark.end() : end].strip()
        if name in given or not value:
            raise BadCommandError(
                f"`{name}` is given twice; write it once" if value else f"the value of `{name}` is missing"
            )
        given[name] = value
    return given


def _word(value: str | None, what: str) -> str | None:
    if value is None:
        return None
    if not _WORD.fullmatch(value.lower()) or len(value) > _LONGEST:
        raise BadCommandError(f"{word_shown(value)} is not valid for `{what}`; write one word, e.g. `agent-loop`")
    return value.lower()


_LONGEST: Final = 100


def _number(value: str | None, what: str) -> int | None:
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{1,7}", value) or int(value) == 0:
        raise BadCommandError(f"{word_shown(value)} is not valid for `{what}`; write a whole number")
    return int(value)
