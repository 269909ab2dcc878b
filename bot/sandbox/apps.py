"""GitHub Apps: a JWT proves the App, an installation gives tokens, and what was delivered can be looked up."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt

from bot.sandbox import shapes
from bot.sandbox.shapes import stamp
from bot.sandbox.state import Installation, Repo, Store, Token, User
from bot.sandbox.traffic import Request, Response

_PREFIX = "/api/v3"
_NO_JWT = {"message": "A JSON web token could not be decoded"}
_NO_ACCESS = "There is at least one repository that does not exist or is not accessible to the parent installation."
_LEVELS = ("read", "write", "admin")
JSON = dict[str, Any]
Answered = tuple[int, object, dict[str, str]]
"""Status, body, headers."""
Handler = Callable[["_Asked", "App"], Answered]


@dataclass(slots=True)
class Delivered:
    """One attempt to deliver."""

    id: int
    guid: str
    event: str
    at: datetime
    status_code: int
    redelivery: bool = False


@dataclass(slots=True)
class App:
    """One App, and where it is installed."""

    id: int
    user: User
    public_key: str
    """PEM."""
    permissions: dict[str, str]
    installations: list[Installation] = field(default_factory=list)
    deliveries: list[Delivered] = field(default_factory=list)
    """In order of making."""
    redelivered: list[str] = field(default_factory=list)
    """GUIDs that another attempt was asked for."""

    @property
    def repositories(self) -> list[str]:
        """Of the account that it was installed on first."""
        return self.installations[0].repositories


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request and all that may be needed to answer it."""

    request: Request
    store: Store
    app: App | None
    """None if no valid JWT came with it."""
    now: datetime
    token: Token | None


def answer(
    request: Request, store: Store, apps: Mapping[int, App], now: datetime, token: Token | None
) -> Response | None:
    """The answer to what only an App asks; None if it is something else."""
    parts = request.path.removeprefix(_PREFIX).strip("/").split("/")
    act: Handler
    match request.method, parts:
        case "GET", ["repos", owner, name, "installation"]:
            act, operation = _installation_of(f"{owner}/{name}"), "GET /repos/{owner}/{repo}/installation"
        case "POST", ["app", "installations", number, "access_tokens"]:
            act, operation = _token(number), "POST /app/installations/{installation_id}/access_tokens"
        case "GET", ["app", "installations"]:
            act, operation = _installations, "GET /app/installations"
        case "GET", ["app", "hook", "deliveries"]:
            act, operation = _deliveries, "GET /app/hook/deliveries"
        case "POST", ["app", "hook", "deliveries", number, "attempts"]:
            act, operation = _attempt(int(number)), "POST /app/hook/deliveries/{delivery_id}/attempts"
        case "GET", ["installation", "repositories"]:
            status, body, headers = _repositories(_Asked(request, store, None, now, token))
            return _said(status, body, headers, "GET /installation/repositories")
        case _:
            return None
    asked = _Asked(request, store, _proved(request, apps), now, token)
    if asked.app is None:
        return _said(401, _NO_JWT, {}, operation)
    status, body, headers = act(asked, asked.app)
    return _said(status, body, headers, operation)


def _page(asked: _Asked) -> slice:
    size, page = int(asked.request.query.get("per_page", "30")), int(asked.request.query.get("page", "1"))
    return slice((page - 1) * size, page * size)


def _installation_of(full_name: str) -> Handler:
    def act(_asked: _Asked, app: App) -> Answered:
        found = next((each for each in app.installations if full_name in each.repositories), None)
        return (200, _installation(found, app), {}) if found else (404, {"message": "Not Found"}, {})

    return act


def _installations(asked: _Asked, app: App) -> Answered:
    return 200, [_installation(each, app) for each in app.installations[_page(asked)]], {}


def _installation(each: Installation, app: App) -> JSON:
    return {
        "id": each.id,
        "app_id": app.id,
        "account": {"login": each.account, "id": each.id + 500_000, "type": "Organization"},
        "permissions": app.permissions,
        "suspended_at": "2026-01-01T00:00:00Z" if each.suspended else None,
    }


def _repositories(asked: _Asked) -> Answered:
    token = asked.token
    if token is None or token.installation is None:
        return 403, {"message": "Resource not accessible by integration"}, {}
    every = [each for each in _repos(token.installation, asked.store) if token.covers(each, asked.store)]
    rows = [shapes.repository(each, "") for each in every[_page(asked)]]
    return 200, {"total_count": len(every), "repositories": rows}, {}


def _repos(installation: Installation, store: Store) -> list[Repo]:
    return [repo for name in installation.repositories if (repo := store.find(name)) is not None]


def _token(number: str) -> Handler:
    def act(asked: _Asked, app: App) -> Answered:
        installation = next((each for each in app.installations if str(each.id) == number), None)
        if installation is None:
            return 404, {"message": "Not Found"}, {}
        if installation.suspended:
            return 403, {"message": "This installation has been suspended"}, {}
        wanted = json.loads(asked.request.body or b"{}")
        permissions = dict(wanted.get("permissions") or app.permissions)
        if any(
            name not in app.permissions or _LEVELS.index(level) > _LEVELS.index(app.permissions[name])
            for name, level in permissions.items()
        ):
            return _unprocessable("The permissions requested are not granted to this installation.")
        return _granted(asked, app, installation, wanted, permissions)

    return act


def _granted(asked: _Asked, app: App, installation: Installation, wanted: JSON, permissions: JSON) -> Answered:
    store, own = asked.store, _repos(installation, asked.store)
    names, ids = wanted.get("repositories"), wanted.get("repository_ids")
    chosen = [each for each in own if each.name in (names or []) or each.id in (ids or [])]
    if len(chosen) != len(names or []) + len(ids or []):
        return _unprocessable(_NO_ACCESS)
    value = f"ghs_sandbox{store.next_id():024d}"
    store.tokens[value] = Token(
        value,
        app.user,
        chosen[0].full_name if chosen else "",
        permissions,
        installation,
        frozenset(each.id for each in chosen),
    )
    answer: JSON = {"token": value, "expires_at": stamp(asked.now + timedelta(hours=1)), "permissions": permissions}
    if chosen:
        answer |= {
            "repository_selection": "selected",
            "repositories": [shapes.repository(each, "") for each in chosen],
        }
    return 201, answer, {}


def _deliveries(asked: _Asked, app: App) -> Answered:
    """The newest first, by cursor."""
    size = int(asked.request.query.get("per_page", "30"))
    cursor = asked.request.query.get("cursor")
    rows = [each for each in reversed(app.deliveries) if cursor is None or each.id <= int(cursor.removeprefix("v1_"))]
    headers = {}
    if len(rows) > size:
        link = f"http://sandbox/app/hook/deliveries?per_page={size}&cursor=v1_{rows[size].id}"
        headers["link"] = f'<{link}>; rel="next"'
    return 200, [_delivery(each) for each in rows[:size]], headers


def _delivery(each: Delivered) -> JSON:
    return {
        "id": each.id,
        "guid": each.guid,
        "delivered_at": stamp(each.at),
        "redelivery": each.redelivery,
        "duration": 0.1,
        "status": "OK" if each.status_code in range(200, 300) else "Invalid HTTP Response",
        "status_code": each.status_code,
        "event": each.event,
        "action": None,
        "installation_id": None,
        "repository_id": None,
    }


def _attempt(number: int) -> Handler:
    def act(asked: _Asked, app: App) -> Answered:
        found = next((each for each in app.deliveries if each.id == number), None)
        if found is None:
            return 404, {"message": "Not Found"}, {}
        app.redelivered.append(found.guid)
        app.deliveries.append(
            Delivered(asked.store.next_id(), found.guid, found.event, asked.now, 202, redelivery=True)
        )
        return 202, {}, {}

    return act


def _unprocessable(message: str) -> Answered:
    return 422, {"message": message, "errors": []}, {}


def _proved(request: Request, apps: Mapping[int, App]) -> App | None:
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or value.count(".") != 2:  # noqa: PLR2004 -- the three parts of a JWT
        return None
    try:
        issuer = int(jwt.decode(value, options={"verify_signature": False})["iss"])
        jwt.decode(
            value, apps[issuer].public_key, algorithms=["RS256"], options={"verify_exp": False, "verify_iat": False}
        )
    except (jwt.PyJWTError, KeyError, ValueError):
        return None
    return apps[issuer]


def _said(status: int, data: object, headers: dict[str, str], operation: str) -> Response:
    return Response(status, json.dumps(data).encode(), {"content-type": "application/json", **headers}, operation)
