"""GitHub Apps: a JWT proves the App, an installation gives tokens for one repository."""

import json
from dataclasses import dataclass, field

import jwt

from bot.sandbox.state import Store, Token, User
from bot.sandbox.traffic import Request, Response

_PREFIX = "/api/v3"


@dataclass(slots=True)
class App:
    """One App, installed on some repositories."""

    id: int
    user: User
    public_key: str
    """PEM."""
    permissions: dict[str, str]
    repositories: list[str] = field(default_factory=list)


def answer(request: Request, store: Store, apps: dict[int, App]) -> Response | None:
    """The answer to what only an App asks; None if it is something else."""
    parts = request.path.removeprefix(_PREFIX).strip("/").split("/")
    match parts:
        case ["repos", owner, name, "installation"] if request.method == "GET":
            app = _proved(request, apps)
            if app is None:
                return _said(
                    401, {"message": "A JSON web token could not be decoded"}, "GET /repos/{owner}/{repo}/installation"
                )
            known = f"{owner}/{name}" in app.repositories
            found = (
                {"id": app.id + 1, "app_id": app.id, "permissions": app.permissions}
                if known
                else {"message": "Not Found"}
            )
            return _said(200 if known else 404, found, "GET /repos/{owner}/{repo}/installation")
        case ["app", "installations", number, "access_tokens"] if request.method == "POST":
            return _token(request, store, _proved(request, apps), number)
        case _:
            return None


def _token(request: Request, store: Store, app: App | None, number: str) -> Response:
    operation = "POST /app/installations/{installation_id}/access_tokens"
    if app is None:
        return _said(401, {"message": "A JSON web token could not be decoded"}, operation)
    if number != str(app.id + 1):
        return _said(404, {"message": "Not Found"}, operation)
    wanted = json.loads(request.body)
    permissions = dict(wanted.get("permissions") or app.permissions)
    levels = ("read", "write", "admin")
    too_much = [
        name
        for name, level in permissions.items()
        if name not in app.permissions or levels.index(level) > levels.index(app.permissions[name])
    ]
    repositories = [each for each in app.repositories if each.partition("/")[2] in wanted.get("repositories", [])]
    if too_much or not repositories:
        message = "The permissions requested are not granted to this installation."
        return _said(422, {"message": message, "errors": []}, operation)
    value = f"ghs_sandbox{store.next_id():024d}"
    store.tokens[value] = Token(value, app.user, repositories[0], permissions)
    return _said(201, {"token": value, "expires_at": "2099-01-01T00:00:00Z", "permissions": permissions}, operation)


def _proved(request: Request, apps: dict[int, App]) -> App | None:
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


def _said(status: int, data: object, operation: str) -> Response:
    return Response(status, json.dumps(data).encode(), {"content-type": "application/json"}, operation)
