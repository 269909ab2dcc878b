"""Findings of the validation errors of a document, at the exact key or value.

Imported only if there are errors, because most documents have none.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from reassay.register.configuration import Configuration
from reassay.register.files.error_places import ErrorPlace, error_place, keys_of, names_model
from reassay.register.files.messages import ValidationProblem, finding_text
from reassay.register.files.nodes import PlainDocument
from reassay.register.finding import Finding, Location, Position, nearest, quoted
from reassay.register.register import KINDS
from reassay.register.register import in_words as in_words_of
from reassay.register.schedules import Schedule

MAX_FINDINGS: Final = 100
"""Most findings of one object."""
_NAMES: Final[Mapping[type[BaseModel], str]] = {
    **{model: f"{'an' if kind[0] in 'aeiou' else 'a'} {in_words_of(kind)}" for kind, model in KINDS.items()},
    Configuration: "the configuration",
}


def findings_of(
    model: type[BaseModel], document: PlainDocument, details: Sequence[ErrorDetails]
) -> tuple[Finding, ...]:
    """The findings, without those that the YAML reader has reported already."""
    places = [(error_place(model, document.data, detail["loc"]), detail) for detail in details]
    typed_badly = _typed_badly(places)
    chosen: dict[tuple[Location, str | None], tuple[ErrorPlace, ErrorDetails]] = {}
    mappings = _given_as_mappings(details)
    within = {detail["loc"][:length] for detail in details for length in range(len(detail["loc"]))}
    for place, detail in places:
        if detail["type"] == "too_short" and detail["loc"] in within:
            # Items that are wrong are not counted, and each has an error of its own.
            continue
        if detail["loc"][:-1] in mappings and not names_model(detail["loc"][-1], Schedule):
            continue
        if _is_echo(place, document) or (place.missing in typed_badly and place.missing is not None):
            continue
        key = (place.location, place.missing)
        # Each member of a union reports an error; ours explains best.
        if key not in chosen or (_is_ours(detail) and not _is_ours(chosen[key][1])):
            chosen[key] = (place, detail)
    written = [_finding(document, place, detail) for place, detail in list(chosen.values())[:MAX_FINDINGS]]
    return tuple(written)


def _given_as_mappings(details: Iterable[ErrorDetails]) -> set[tuple[str | int, ...]]:
    """Places of intervals that are written as mappings, of which only the errors of the mapping say anything."""
    return {
        detail["loc"][:index]
        for detail in details
        for index, step in enumerate(detail["loc"])
        if isinstance(detail["input"], Mapping) or index < len(detail["loc"]) - 1
        if names_model(step, Schedule)
    }


def _is_ours(detail: ErrorDetails) -> bool:
    return "-" in detail["type"]


def _is_echo(place: ErrorPlace, document: PlainDocument) -> bool:
    return any(place.location[:length] in document.unreadable for length in range(len(place.location) + 1))


def _typed_badly(places: Iterable[tuple[ErrorPlace, ErrorDetails]]) -> set[str]:
    """Missing keys that are present misspelt, which the finding on the misspelt key explains."""
    missing = {place.missing for place, detail in places if detail["type"] == "missing" and place.missing}
    unknown = [str(place.location[-1]) for place, detail in places if detail["type"] == "extra_forbidden"]
    return {meant for wrong in unknown[:MAX_FINDINGS] if (meant := nearest(wrong, missing)) is not None}


def _finding(document: PlainDocument, place: ErrorPlace, detail: ErrorDetails) -> Finding:
    model = place.holder
    context = detail.get("ctx", {})
    kind_at = _discriminator(place, detail)
    value = context.get("tag") if detail["type"] == "union_tag_invalid" else detail["input"]
    name = dotted((*place.location, *([place.missing] if place.missing else kind_at)))
    text = finding_text(
        ValidationProblem(
            type=detail["type"],
            name=name,
            value=value,
            context=context,
            keys=keys_of(model) if model else (),
            whose=quoted(dotted(place.location[:-1])) if place.about_key else _whose(model, place.location),
            is_key=place.about_key,
            is_object=model in KINDS.values() and len(place.location) == 1,
        )
    )
    return Finding(_position(document, place, detail, kind_at), text.code, text.message, text.remedy)


def _discriminator(place: ErrorPlace, detail: ErrorDetails) -> tuple[str, ...]:
    return ("kind",) if detail["type"] == "union_tag_invalid" and not place.missing else ()


def _position(document: PlainDocument, place: ErrorPlace, detail: ErrorDetails, below: tuple[str, ...]) -> Position:
    origin = document.origin
    if place.about_key or detail["type"] == "extra_forbidden":
        return origin.at_key(*place.location)
    if detail["type"] == "value_error":
        return _last_named(document, place.location, str(detail.get("ctx", {}).get("error", "")))
    return origin.at(*place.location, *below)


def _last_named(document: PlainDocument, location: Location, message: str) -> Position:
    """The place of the last key that a message quotes; that of `location` if it quotes none."""
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
