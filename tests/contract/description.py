"""Traffic beside GitHub's own descriptions, so that the sandbox cannot certify its own mistakes."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from graphql import GraphQLSchema, build_schema, parse, validate
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest

from reassay_sandbox import Exchange

FOLDER = Path(__file__).resolve().parents[2] / ".cache" / "contract"
REASON = "GitHub's descriptions are not cached: `make contract-data` fetches them with npm"
SERVER = "http://sandbox"


def is_there() -> bool:
    """Whether both descriptions were fetched."""
    return (FOLDER / "openapi.json").exists() and (FOLDER / "schema.graphql").exists()


@cache
def _whole() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FOLDER / "openapi.json").read_bytes())
    return data


@cache
def specification() -> dict[str, Any]:
    """GitHub's OpenAPI description, less what no client request needs."""
    data = {name: value for name, value in _whole().items() if name != "x-webhooks"}
    data["servers"] = [{"url": SERVER}]
    return data


@cache
def webhooks() -> dict[str, frozenset[str]]:
    """Webhooks by `event-action`, with the fields that GitHub says are always there."""
    return {name: frozenset(_required(each["post"])) for name, each in _whole()["x-webhooks"].items()}


def _required(operation: Mapping[str, Any]) -> list[str]:
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    if "$ref" in schema:
        schema = _whole()["components"]["schemas"][str(schema["$ref"]).rsplit("/", 1)[1]]
    found: list[str] = schema.get("required", [])
    return found


@cache
def _openapi() -> OpenAPI:
    # The description is not valid by the letter of the standard; its requests are described all the same.
    return OpenAPI.from_dict(specification(), config=Config(spec_validator_cls=None))


@cache
def _schema() -> GraphQLSchema:
    return build_schema((FOLDER / "schema.graphql").read_text(encoding="utf-8"), assume_valid=True)


def violations(exchanges: Iterable[Exchange]) -> list[str]:
    """What GitHub would not have understood. Each different request is judged once."""
    seen: set[tuple[str, str, str, bytes]] = set()
    found: list[str] = []
    for each in exchanges:
        key = (each.method, each.path, each.query, each.request_body)
        if key in seen or not each.path.startswith("/api/"):
            continue
        seen.add(key)
        found += _graphql(each) if each.path == "/api/graphql" else _rest(*key)
    return found


def _graphql(each: Exchange) -> list[str]:
    return _graphql_document(json.loads(each.request_body)["query"])


@cache
def _judged(document: str) -> tuple[str, ...]:
    return tuple(f"GraphQL: {error.message}" for error in validate(_schema(), parse(document)))


def _graphql_document(document: str) -> list[str]:
    return list(_judged(document))


@cache
def _rest(method: str, path: str, query: str, request_body: bytes) -> tuple[str, ...]:
    """What many tests send alike is judged once."""
    arguments = dict(parse_qsl(query))
    request = MockRequest(
        SERVER,
        method.lower(),
        # A reference holds a slash, which the description's path parameter cannot.
        path.removeprefix("/api/v3")
        .replace("/git/refs/heads/", "/git/refs/heads%2F")
        .replace("/git/ref/heads/", "/git/ref/heads%2F"),
        args=arguments,
        headers={"Accept": "application/json"},
        data=request_body or None,
        content_type="application/json",
    )
    try:
        _openapi().validate_request(request)
    except OpenAPIError as error:
        cause = error.__cause__ or error
        details = "; ".join(
            str(getattr(one, "message", one)) for one in getattr(cause, "schema_errors", None) or [cause]
        )
        return (f"{method} {path}: {details}",)
    return ()
