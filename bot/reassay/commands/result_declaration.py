"""Declarations of a person about a result file, for facts that the file does not state."""

import re
from dataclasses import dataclass
from typing import Final, Literal, cast

from reassay.commands.base import BadCommandError, one_of, word_shown
from reassay.ledger.answers import Arm

ARMS: Final = ("measured", "positive-control", "unprotected")
TRAINED_ON: Final = ("yes", "no", "unknown")
_KEYWORD: Final = re.compile(
    r"(?:^|\s)(?P<name>arm|trained-on|languages|deployments|run)\s+(?P<value>\S+)$", re.IGNORECASE
)
_LANGUAGE: Final = re.compile(r"[\w.-]{1,60}")
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RUN: Final = re.compile(r"[1-9][0-9]{0,17}-[1-9][0-9]{0,4}-[a-z0-9][a-z0-9-]{0,59}")
_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class ResultDeclaration:
    """What the file measures, and whether the mitigation or model was trained on its prompts."""

    arm: Arm = "measured"
    trained_on: Literal["yes", "no", "unknown"] = "unknown"
    languages: tuple[str, ...] = ()
    """Languages of the whole file, as the deployments name them."""
    deployments: tuple[str, ...] = ()
    """Deployments on which it was measured; none: all that the re-assessment covers."""
    run: str | None = None
    """Registered run that it is the log of; None for any other file."""


def split_keywords(words: str) -> tuple[str, dict[str, str]]:
    """The words without the keywords at their end, and the keywords with their values. Raises BadCommandError."""
    keywords: dict[str, str] = {}
    while match := _KEYWORD.search(words):
        name = match["name"].lower()
        if name in keywords:
            raise BadCommandError(f"`{name}` is given twice; write it once")
        keywords[name] = match["value"]
        words = words[: match.start()].rstrip()
    return words, keywords


def declaration(keywords: dict[str, str]) -> ResultDeclaration:
    """The declaration of some keywords. Raises BadCommandError."""
    arm = one_of(keywords.get("arm", "measured"), ARMS, "arm")
    trained_on = one_of(keywords.get("trained-on", "unknown"), TRAINED_ON, "word after `trained-on`")
    run = keywords.get("run", "").strip("`") or None
    if run is not None and not _RUN.fullmatch(run):
        raise BadCommandError(f"{word_shown(run)} is not the id of a run; write e.g. `run 4711-1-evaluate`")
    return ResultDeclaration(
        arm=cast("Arm", arm),
        trained_on=cast("Literal['yes', 'no', 'unknown']", trained_on),
        languages=_listed(keywords.get("languages", ""), _LANGUAGE, "a language", "`languages en,pt-BR`"),
        deployments=_listed(keywords.get("deployments", ""), _ID, "the id of a deployment", "`deployments app,api`"),
        run=run,
    )


def _listed(words: str, pattern: re.Pattern[str], what: str, example: str) -> tuple[str, ...]:
    items = tuple(dict.fromkeys(word for word in words.split(",") if word))
    wrong = next((word for word in items if not pattern.fullmatch(word)), None)
    if wrong is not None or len(items) > _MOST:
        raise BadCommandError(f"{word_shown(wrong or words)} is not {what}; write e.g. {example}")
    return items
