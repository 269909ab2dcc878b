"""Answers that GitHub's description does not have, and that come all the same: of proxies, time-outs and half-done releases."""

import json
from dataclasses import replace
from typing import Any, get_args

from reassay_sandbox.faults import Kind, OddKind, RefusedKind
from reassay_sandbox.traffic import SandboxResponse

ODD: frozenset[Kind] = frozenset(get_args(OddKind))
REFUSED_KINDS: frozenset[Kind] = frozenset(get_args(RefusedKind))
PAGE = b"<!DOCTYPE html><html><body><h1>Whoa there!</h1></body></html>"
_HTML = {"content-type": "text/html; charset=utf-8"}
_JSON = {"content-type": "application/json; charset=utf-8"}


def odd_body(response: SandboxResponse, kind: Kind) -> SandboxResponse:
    """A success with another body than it should have. What is only for GraphQL leaves an answer of REST empty."""
    match kind:
        case "cut-off":
            return replace(response, body=response.body[: len(response.body) // 2])
        case "cut-short":
            return replace(response, is_cut=True)
        case "html":
            return replace(response, body=PAGE, headers={**response.headers, **_HTML})
        case "wrong-type":
            return replace(response, headers={**response.headers, "content-type": "text/plain"})
        case _:
            return replace(response, body=_body(response.body, kind))


def _body(body: bytes, kind: Kind) -> bytes:
    fixed = {"empty": b"", "null": b"null", "list": b"[]", "empty-text": b'""', "no-data": b'{"data": null}'}
    if kind in fixed:
        return fixed[kind]
    data = json.loads(body or b"null")
    if kind == "no-fields":
        return json.dumps([{}] if isinstance(data, list) else {"data": {}} if "data" in (data or {}) else {}).encode()
    if kind == "null-nodes":
        return json.dumps(_emptied(data)).encode()
    errors = [{"message": "Something went wrong while executing your query.", "path": ["repository"]}]
    return json.dumps({"data": (data or {}).get("data") if isinstance(data, dict) else None, "errors": errors}).encode()


def _emptied(data: Any) -> Any:  # noqa: ANN401 -- JSON
    """The same with every item of a list left empty."""
    if isinstance(data, dict):
        return {name: _emptied(value) for name, value in data.items()}
    return [None for _ in data] or [None] if isinstance(data, list) else data


def refused(kind: Kind) -> SandboxResponse:
    """A refusal, as GitHub words it or as a proxy does."""
    match kind:
        case "410":
            return _refusal(410, "Issues are disabled for this repo")
        case "locked":
            return _refusal(403, "Unable to create comment because issue is locked.")
        case "401":
            return _refusal(401, "Bad credentials")
        case "404":
            return _refusal(404, "Not Found")
        case "redirect":
            return SandboxResponse(302, PAGE, {**_HTML, "location": "https://example.com/maintenance"})
        case _:
            return SandboxResponse(int(kind.partition("-")[0]), PAGE, dict(_HTML))


def _refusal(status: int, message: str) -> SandboxResponse:
    return SandboxResponse(status, json.dumps({"message": message}).encode(), dict(_JSON))
