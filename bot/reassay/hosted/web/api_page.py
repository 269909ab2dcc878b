"""The OpenAPI description of the API as values for the page that documents it: routes, their bodies and answers, and objects."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
_METHODS = ("get", "post", "put", "patch", "delete")
_WORDS = {"string": "text", "integer": "whole number", "boolean": "true or false"}


@dataclass(frozen=True, slots=True)
class ApiType:
    """The type of a value in words, with the objects that it names."""

    words: str
    objects: tuple[str, ...] = ()
    """Names of objects on the same page."""


@dataclass(frozen=True, slots=True)
class ApiField:
    """A field of an object, or a parameter of a route."""

    name: str
    type: ApiType
    is_required: bool
    place: str = ""
    """Place of a parameter: `path` or `query`."""


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """An answer of a route."""

    status: str
    words: str
    type: ApiType


@dataclass(frozen=True, slots=True)
class ApiRoute:
    """A route."""

    method: str
    path: str
    words: str
    is_for_operators: bool
    parameters: tuple[ApiField, ...]
    body: ApiType | None
    """None for a route that takes no body."""
    answers: tuple[ApiAnswer, ...]


@dataclass(frozen=True, slots=True)
class ApiObject:
    """An object of a body or of an answer."""

    name: str
    words: str
    fields: tuple[ApiField, ...]


def routes(description: Schema) -> tuple[ApiRoute, ...]:
    """All routes of an OpenAPI 3.1 description, in its order."""
    return tuple(
        _route(path, method, methods[method])
        for path, methods in description["paths"].items()
        for method in _METHODS
        if method in methods
    )


def objects(description: Schema) -> tuple[ApiObject, ...]:
    """All objects that bodies and answers name, by name; without FastAPI's own, which no route answers with."""
    schemas: Mapping[str, Schema] = description.get("components", {}).get("schemas", {})
    used = set(_reachable(description, schemas))
    return tuple(
        ApiObject(name, str(schema.get("description", "")), tuple(_fields(schema)))
        for name, schema in sorted(schemas.items())
        if name in used
    )


def _reachable(description: Schema, schemas: Mapping[str, Schema]) -> Iterator[str]:
    waiting = [
        name
        for route in routes(description)
        for named in (
            route.body,
            *(answer.type for answer in route.answers),
            *(field.type for field in route.parameters),
        )
        if named is not None
        for name in named.objects
    ]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in schemas:
            continue
        seen.add(name)
        yield name
        waiting += [inner for own in _fields(schemas[name]) for inner in own.type.objects]


def _route(path: str, method: str, operation: Schema) -> ApiRoute:
    parameters = tuple(
        ApiField(str(own["name"]), type_of(own.get("schema", {})), bool(own.get("required")), str(own["in"]))
        for own in operation.get("parameters", ())
    )
    body = operation.get("requestBody")
    answers = tuple(
        ApiAnswer(str(status), str(own.get("description", "")), _content(own))
        for status, own in sorted(operation.get("responses", {}).items())
    )
    is_for_operators = "operators" in operation.get("tags", ())
    words = str(operation.get("description", ""))
    return ApiRoute(
        method.upper(), path, words, is_for_operators, parameters, _content(body) if body else None, answers
    )


def _content(holder: Schema) -> ApiType:
    """Type of the JSON in a body or an answer."""
    return type_of(holder.get("content", {}).get("application/json", {}).get("schema", {}))


def _fields(schema: Schema) -> Iterator[ApiField]:
    required = set(schema.get("required", ()))
    for name, own in schema.get("properties", {}).items():
        yield ApiField(str(name), type_of(own), name in required)


def type_of(schema: Schema) -> ApiType:
    """A JSON Schema type in words: `list of CellItem`, `text or null`."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return ApiType(name, (name,))
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return _joined([type_of(own) for own in schema[key]])
    if "const" in schema or "enum" in schema:
        values = [schema["const"]] if "const" in schema else schema["enum"]
        return ApiType(" or ".join(f"“{value}”" for value in values))
    return _plain(schema)


def _plain(schema: Schema) -> ApiType:
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        inner = type_of(schema.get("items", {}))
        return ApiType(f"list of {inner.words}", inner.objects)
    if kind == "object":
        more = schema.get("additionalProperties")
        inner = type_of(more) if isinstance(more, Mapping) and more else ApiType("anything")
        return ApiType(f"map of texts to {inner.words}", inner.objects)
    if schema.get("format") == "date-time":
        return ApiType("time (ISO 8601)")
    return ApiType(_WORDS.get(kind, kind))


def _joined(types: list[ApiType]) -> ApiType:
    return ApiType(" or ".join(own.words for own in types), tuple(name for own in types for name in own.objects))
