"""Places in a document of the validation errors of its model."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from reassay.register.finding import Location


@dataclass(frozen=True, slots=True)
class ErrorPlace:
    """The place of a validation error, by keys of the document."""

    location: Location
    holder: type[BaseModel] | None
    """The model that has the last key of the path; None if it is not a key of a model."""
    missing: str | None = None
    """The last key of the path of the error if the document lacks it."""
    about_key: bool = False
    """Whether the key is wrong, not its value."""


def error_place(model: type[BaseModel], data: object, path: Sequence[str | int]) -> ErrorPlace:
    """The place of an error, from its path in model and document.

    Besides keys and indices the path has members of unions, which are not part of the document.
    """
    annotation: object = model
    current = data
    location: list[str | int] = []
    missing: str | None = None
    holder: type[BaseModel] | None = None
    for index, step in enumerate(path):
        if step == "[key]" and index == len(path) - 1:
            return ErrorPlace(tuple(location), None, about_key=True)
        if isinstance(step, str) and (member := _member(annotation, step)) is not None:
            annotation = member
            continue
        holder = _only_model(annotation)
        if holder is not None and names_model(step, holder) and not _has(current, step):
            # The only model of a union with texts: its name is a step of the path, with that of its validator.
            annotation = holder
            continue
        annotation = _below(annotation, step)
        if _has(current, step):
            current = _get(current, step)
            location.append(step)
        elif isinstance(step, str) and annotation is not None:
            missing = step
    return ErrorPlace(tuple(location), holder, missing)


def names_model(step: str | int, model: type[BaseModel]) -> bool:
    """Whether a step of a path names a member of a union: `Schedule`, or `function-after[_check(), Schedule]`."""
    name = model.__name__
    return isinstance(step, str) and (step == name or (step.startswith("function-") and step.endswith(f" {name}]")))


def keys_of(model: type[BaseModel]) -> tuple[str, ...]:
    """The keys that a document may have for `model`."""
    return tuple(info.alias or name for name, info in model.model_fields.items())


def _get(data: object, step: str | int) -> object:
    if isinstance(data, Mapping):
        return data[step]
    return data[step] if isinstance(data, list) and isinstance(step, int) else None


def _has(data: object, step: str | int) -> bool:
    if isinstance(data, Mapping):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data)


def _options(annotation: object) -> Iterator[object]:
    """The members of a union, without annotations."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _options(get_args(annotation)[0])
    elif origin in {Union, UnionType}:
        for member in get_args(annotation):
            yield from _options(member)
    else:
        yield annotation


def _models(annotation: object) -> list[type[BaseModel]]:
    return [option for option in _options(annotation) if isinstance(option, type) and issubclass(option, BaseModel)]


def _only_model(annotation: object) -> type[BaseModel] | None:
    models = _models(annotation)
    return models[0] if len(models) == 1 else None


def _member(annotation: object, tag: str) -> type[BaseModel] | None:
    """The member of a union whose `kind` is `tag`; None if there is none."""
    models = _models(annotation)
    if len(models) <= 1:
        return None
    return next((model for model in models if tag in _kinds(model)), None)


def _kinds(model: type[BaseModel]) -> tuple[object, ...]:
    kind = model.model_fields.get("kind")
    return get_args(kind.annotation) if kind and get_origin(kind.annotation) is Literal else ()


def _below(annotation: object, step: str | int) -> object:
    """The annotation of the value at `step`; None if it has none."""
    for option in _options(annotation):
        origin = get_origin(option)
        if origin is tuple and isinstance(step, int):
            return get_args(option)[0]
        if origin is dict and isinstance(step, str):
            return get_args(option)[1]
        if isinstance(option, type) and issubclass(option, BaseModel):
            for name, info in option.model_fields.items():
                if step == (info.alias or name):
                    return info.annotation
    return None
