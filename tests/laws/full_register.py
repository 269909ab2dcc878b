"""A register that uses every field of every model."""

import json
from collections.abc import Iterator
from dataclasses import replace
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from reassay.register.configuration import Configuration
from reassay.register.register import KINDS, Register, RegisterObject
from tests.laws.full_documents import CONFIGURATION, DOCUMENTS, Document
from tests.make import register

Path = tuple[str | int, ...]


def model_of(kind: str) -> type[BaseModel]:
    """The model of a kind, or that of the configuration."""
    return Configuration if kind == CONFIGURATION else KINDS[kind]


def read(kind: str, document: Document) -> BaseModel | None:
    """The object of a document; None if it is not valid."""
    try:
        return model_of(kind).model_validate_json(json.dumps(document))
    except ValidationError:
        return None


def holding(kind: str, document: Document) -> Register:
    """A register with this object alone, or with this configuration."""
    value = read(kind, document)
    assert value is not None, document
    return holding_value(value)


def holding_value(value: BaseModel) -> Register:
    """The same of an object, or a configuration, that was read already."""
    if isinstance(value, Configuration):
        return replace(register(), configuration=value)
    assert isinstance(value, RegisterObject)
    return register(value)


def unused_fields() -> list[str]:
    """Fields of models that no document states: a new field appears here until a document has it."""
    stated: set[str] = set()
    for kind, document in DOCUMENTS:
        value = read(kind, document)
        assert value is not None, document
        stated |= {_declared(type(item), name) for item in _instances(value) for name in item.model_fields_set}
    models = {model for kind in (*KINDS, CONFIGURATION) for model in _models(model_of(kind), set())}
    return sorted({_declared(model, name) for model in models for name in model.model_fields} - stated)


def _declared(model: type[BaseModel], name: str) -> str:
    """A field with the class that declares it: what several inherit has to be stated once."""
    owner = next(base for base in model.__mro__ if name in vars(base).get("__annotations__", {}))
    return f"{owner.__name__}.{name}"


def _instances(value: object) -> Iterator[BaseModel]:
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from _instances(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _instances(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _instances(item)


def _models(annotation: object, seen: set[object]) -> Iterator[type[BaseModel]]:
    """Every model that an annotation leads to."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation in seen:
            return
        seen.add(annotation)
        yield annotation
        for name in annotation.model_fields:
            yield from _models(annotation.model_fields[name].annotation, seen)
    elif get_origin(annotation) in {tuple, dict, list, Union, UnionType, Annotated}:
        for item in get_args(annotation):
            yield from _models(item, seen)
