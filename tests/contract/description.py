"""Traffic beside GitHub's own descriptions, so that the sandbox cannot certify its own mistakes."""

import json
import re
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
def _openapi(paths: tuple[str, ...] | None = None) -> OpenAPI:
    """The description, or that of a few of its paths: it looks for a request's path among all that it has, one by one."""
    whole = specification()
    part = whole if paths is None else whole | {"paths": {path: whole["paths"][path] for path in paths}}
    # The description is not valid by the letter of the standard; its requests are described all the same.
    return OpenAPI.from_dict(part, config=Config(spec_validator_cls=None))


@cache
def _patterns() -> dict[int, list[tuple[str, re.Pattern[str]]]]:
    """Every path of the description as a pattern, by its number of parts."""
    patterns: dict[int, list[tuple[str, re.Pattern[str]]]] = {}
    for path in specification()["paths"]:
        pattern = "".join(
            "[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]*\})", path)
        )
        patterns.setdefault(path.count("/"), []).append((path, re.compile(pattern)))
    return patterns


def described(path: str) -> tuple[str, ...] | None:
    """The paths of the description that a path may be; None without any, which the whole description then says."""
    return tuple(name for name, pattern in _patterns().get(path.count("/"), ()) if pattern.fullmatch(path)) or None


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
    # A reference holds a slash, which the description's path parameter cannot.
    own = (
        path.removeprefix("/api/v3")
        .replace("/git/refs/heads/", "/git/refs/heads%2F")
        .replace("/git/ref/heads/", "/git/ref/heads%2F")
    )
    request = MockRequest(
        SERVER,
        method.lower(),
        own,
        args=arguments,
        headers={"Accept": "application/json"},
        data=request_body or None,
        content_type="application/json",
    )
    try:
        _openapi(described(own)).validate_request(request)
    except OpenAPIError as error:
        cause = error.__cause__ or error
        details = "; ".join(
            str(getattr(one, "message", one)) for one in getattr(cause, "schema_errors", None) or [cause]
        )
        return (f"{method} {path}: {details}",)
    return ()
