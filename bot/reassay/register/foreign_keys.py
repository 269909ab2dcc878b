"""Foreign keys: `x-...` on any mapping of a register, for other readers of the same file. No rule reads them.

They are part of the document as written, so a content digest covers them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from reassay.register.finding import Location

ModelT = TypeVar("ModelT", bound=BaseModel)
PREFIX: Final = "x-"
NOT_READ: Final = "no rule reads keys that begin with x-"


def read_written(model: type[ModelT], data: object) -> ModelT:
    """The object of a document as written, without its foreign keys. Raises ValidationError."""
    return _read(model, data)[0]


def foreign_keys(model: type[BaseModel], written: Mapping[str, object]) -> Mapping[str, object]:
    """The values of foreign keys by path (`target.x-note`); empty for a document that is not valid."""
    if not _has_any(dict(written)):
        return {}
    try:
        places = _read(model, written)[1]
    except ValidationError:
        return {}
    return {_dotted(place): _at(written, place) for place in sorted(places, key=str)}


def _read(model: type[ModelT], data: object) -> tuple[ModelT, frozenset[Location]]:
    """The object, and the places of the foreign keys that it was read without."""
    places: frozenset[Location] = frozenset()
    while True:
        try:
            return model.model_validate_json(json.dumps(_without(data, places) if places else data)), places
        except ValidationError as error:
            refused = (
                detail["loc"] for detail in error.errors(include_url=False) if detail["type"] == "extra_forbidden"
            )
            more = frozenset(place for path in refused if (place := _foreign(data, path))) - places
            if not more:
                raise
            places |= more


def _foreign(data: object, path: Iterable[str | int]) -> Location:
    """The place of a key that is refused, if it is a foreign one; else empty. Members of unions are not part of a place."""
    place: list[str | int] = []
    for step in path:
        if (isinstance(data, Mapping) and step in data) or (isinstance(data, list) and isinstance(step, int)):
            data = data[step]  # type: ignore[index] # an index of a list is a number
        else:
            continue
        place.append(step)
    return tuple(place) if place and str(place[-1]).startswith(PREFIX) else ()


def _without(data: object, places: frozenset[Location], at: Location = ()) -> object:
    match data:
        case Mapping():
            kept = {key: value for key, value in data.items() if (*at, key) not in places}
            return {key: _without(value, places, (*at, key)) for key, value in kept.items()}
        case list():
            return [_without(item, places, (*at, index)) for index, item in enumerate(data)]
        case _:
            return data


def _has_any(data: object) -> bool:
    match data:
        case dict():
            return any(str(key).startswith(PREFIX) or _has_any(value) for key, value in data.items())
        case list():
            return any(map(_has_any, data))
        case _:
            return False


def _at(data: object, place: Location) -> object:
    for step in place:
        if isinstance(data, Mapping) or (isinstance(data, list) and isinstance(step, int)):
            data = data[step]  # type: ignore[index] # a place was found by the same steps
    return data


def _dotted(place: Location) -> str:
    return "".join(_steps(place))


def _steps(place: Location) -> Iterator[str]:
    for index, step in enumerate(place):
        yield f"[{step + 1}]" if isinstance(step, int) else f".{step}" if index else step
