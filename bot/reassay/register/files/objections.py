"""What a model objects to in a document: findings at the exact key or value.

Loaded where there is something to object to: most documents are fine.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from reassay.register.configuration import Configuration
from reassay.register.files.model_places import Spot, keys_of, spot
from reassay.register.files.nodes import Plain
from reassay.register.files.words import Problem, in_words
from reassay.register.finding import Finding, Location, Position, nearest
from reassay.register.register import KINDS
from reassay.register.register import in_words as in_words_of

MAX_FINDINGS: Final = 100
"""Of one object; the first are enough to begin with."""
_NAMES: Final[Mapping[type[BaseModel], str]] = {
    **{model: f"{'an' if kind[0] in 'aeiou' else 'a'} {in_words_of(kind)}" for kind, model in KINDS.items()},
    Configuration: "the configuration",
}


def findings_of(model: type[BaseModel], document: Plain, details: Sequence[ErrorDetails]) -> tuple[Finding, ...]:
    """Without echoes of what the YAML reader has already said."""
    spots = [(spot(model, document.data, detail["loc"]), detail) for detail in details]
    typed_badly = _typed_badly(spots)
    chosen: dict[tuple[Location, str | None], tuple[Spot, ErrorDetails]] = {}
    for found, detail in spots:
        if _is_echo(found, document) or (found.missing in typed_badly and found.missing is not None):
            continue
        key = (found.location, found.missing)
        # Members of a union object one by one; ours explains best.
        if key not in chosen or (_is_ours(detail) and not _is_ours(chosen[key][1])):
            chosen[key] = (found, detail)
    written = [_finding(document, found, detail) for found, detail in list(chosen.values())[:MAX_FINDINGS]]
    return tuple(written)


def _is_ours(detail: ErrorDetails) -> bool:
    return "-" in detail["type"]


def _is_echo(found: Spot, document: Plain) -> bool:
    return any(found.location[:length] in document.unreadable for length in range(len(found.location) + 1))


def _typed_badly(spots: Iterable[tuple[Spot, ErrorDetails]]) -> set[str]:
    """Missing keys that are there under a misspelt name: the finding on that name says enough."""
    missing = {found.missing for found, detail in spots if detail["type"] == "missing" and found.missing}
    unknown = [str(found.location[-1]) for found, detail in spots if detail["type"] == "extra_forbidden"]
    return {meant for wrong in unknown[:MAX_FINDINGS] if (meant := nearest(wrong, missing)) is not None}


def _finding(document: Plain, found: Spot, detail: ErrorDetails) -> Finding:
    model = found.holder
    context = detail.get("ctx", {})
    kind_at = _discriminator(found, detail)
    value = context.get("tag") if detail["type"] == "union_tag_invalid" else detail["input"]
    name = dotted((*found.location, *([found.missing] if found.missing else kind_at)))
    words = in_words(
        Problem(
            type=detail["type"],
            name=name,
            value=value,
            context=context,
            keys=keys_of(model) if model else (),
            whose=_whose(model, found.location),
        )
    )
    return Finding(_position(document, found, detail, kind_at), words.code, words.message, words.remedy)


def _discriminator(found: Spot, detail: ErrorDetails) -> tuple[str, ...]:
    return ("kind",) if detail["type"] == "union_tag_invalid" and not found.missing else ()


def _position(document: Plain, found: Spot, detail: ErrorDetails, below: tuple[str, ...]) -> Position:
    origin = document.origin
    if found.about_key or detail["type"] == "extra_forbidden":
        return origin.at_key(*found.location)
    if detail["type"] == "value_error":
        return _last_named(document, found.location, str(detail.get("ctx", {}).get("error", "")))
    return origin.at(*found.location, *below)


def _last_named(document: Plain, location: Location, message: str) -> Position:
    """Objections to several keys at once name them in quotes: show the last one."""
    for name in reversed(message.split("'")[1::2]):
        path = (*location, *name.split("."))
        if path in document.origin.key_marks:
            return document.origin.at_key(*path)
    return document.origin.at(*location)


def _whose(model: type[BaseModel] | None, location: Location) -> str:
    if model is None:
        return ""
    parent = dotted(location[:-1])
    return _NAMES.get(model) or (f"'{parent}'" if parent else "")


def dotted(location: Location) -> str:
    """`target.criteria[2].at_most`; list entries are counted from 1, as people do."""
    text = ""
    for step in location:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text
