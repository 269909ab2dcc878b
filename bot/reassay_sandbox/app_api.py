"""What only an App asks: its installations, tokens for them, and the log of its deliveries. A JWT proves it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt

from reassay_sandbox.apps import App, SandboxInstallation
from reassay_sandbox.clock import MovableClock
from reassay_sandbox.delivery_log import DeliveryLog
from reassay_sandbox.rest_base import page_of
from reassay_sandbox.shapes import installation, repository, stamp, user
from reassay_sandbox.state import Repo, Store, Token
from reassay_sandbox.traffic import SandboxRequest, SandboxResponse
from reassay_sandbox.webhooks import Webhooks

_PREFIX = "/api/v3"
JSON = Any
Answered = tuple[int, JSON] | tuple[int, JSON, Mapping[str, str]]
"""Status, body, further headers."""
HOUR = timedelta(hours=1)
LONGEST_SECONDS = 660
"""Of a JWT: ten minutes, and one for a clock that is ahead."""


@dataclass(frozen=True, slots=True)
class SandboxAppApi:
    """Answers for one request."""

    store: Store
    apps: Mapping[int, App]
    hooks: Webhooks
    clock: MovableClock
    base: str

    def answer(self, request: SandboxRequest) -> SandboxResponse | None:  # noqa: PLR0911 -- one line a route
        """None if it is something else."""
        parts = request.path.removeprefix(_PREFIX).strip("/").split("/")
        match (request.method, parts):
            case ("GET", ["app"]):
                return self._as_app(request, "GET /app", lambda app: (200, self._app(app)))
            case ("GET", ["app", "installations"]):
                return self._as_app(
                    request,
                    "GET /app/installations",
                    lambda app: self._page(
                        request, [self._installation(app, installation) for installation in app.installations.values()]
                    ),
                )
            case ("GET", ["app", "installations", number]):
                return self._as_app(
                    request, "GET /app/installations/{installation_id}", lambda app: self._one(app, number)
                )
            case ("POST", ["app", "installations", number, "access_tokens"]):
                operation = "POST /app/installations/{installation_id}/access_tokens"
                return self._as_app(request, operation, lambda app: self._token(app, number, request))
            case ("GET", ["repos", owner, name, "installation"]):
                operation = "GET /repos/{owner}/{repo}/installation"
                return self._as_app(request, operation, lambda app: self._of(app, f"{owner}/{name}"))
            case ("GET", ["installation", "repositories"]):
                return self._repositories(request)
            case (_, ["app", "hook", *rest]):
                log = DeliveryLog(self.hooks, self.base)
                path = "/".join("{delivery_id}" if part.isdigit() else part for part in rest)
                operation = f"{request.method} /app/hook/{path}"
                return self._as_app(request, operation, lambda app: log.answer(app, request, rest))
            case _:
                return None

    def _as_app(self, request: SandboxRequest, operation: str, act: Callable[[App], Answered]) -> SandboxResponse:
        app = self._proved(request)
        if app is None:
            return json_response(401, {"message": "A JSON web token could not be decoded"}, operation)
        status, data, *headers = act(app)
        answer = json_response(status, data, operation)
        for header in headers:
            answer.headers.update(header)
        return answer

    def _proved(self, request: SandboxRequest) -> App | None:
        kind, _, value = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or value.count(".") != 2:  # noqa: PLR2004 -- the three parts of a JWT
            return None
        try:
            claims = jwt.decode(value, options={"verify_signature": False, "verify_iat": False, "verify_exp": False})
            issuer = int(claims["iss"])
            jwt.decode(
                value,
                self.apps[issuer].public_key,
                algorithms=["RS256"],
                options={"verify_exp": False, "verify_iat": False},
            )
        except (jwt.PyJWTError, KeyError, ValueError):
            return None
        # How long it lives, and not when: whoever makes one has a clock of its own.
        lives = claims.get("exp", 0) - claims.get("iat", 0)
        return self.apps[issuer] if 0 < lives <= LONGEST_SECONDS else None

    def _app(self, app: App) -> JSON:
        return {
            "id": app.id, "slug": app.slug, "node_id": f"A_{app.id}", "name": app.slug, "owner": user(app.user, self.base),
            "description": "", "external_url": self.base, "html_url": f"{self.base}/apps/{app.slug}",
            "client_id": app.client_id, "permissions": app.permissions, "events": list(app.events),
        }  # fmt: skip

    def _installation(self, app: App, sandbox_installation: SandboxInstallation) -> JSON:
        return installation(app, sandbox_installation, self.store, self.base)

    def _one(self, app: App, number: str) -> tuple[int, JSON]:
        installation = app.installations.get(int(number)) if number.isdigit() else None
        return (200, self._installation(app, installation)) if installation else (404, {"message": "Not Found"})

    def _of(self, app: App, full_name: str) -> tuple[int, JSON]:
        repo = self.store.find(full_name)
        installation = app.on(repo) if repo else None
        return (200, self._installation(app, installation)) if installation else (404, {"message": "Not Found"})

    def _token(self, app: App, number: str, request: SandboxRequest) -> tuple[int, JSON]:
        installation = app.installations.get(int(number)) if number.isdigit() else None
        if installation is None:
            return 404, {"message": "Not Found"}
        if installation.suspended_at is not None:
            return 403, {"message": "This installation has been suspended"}
        wanted = json.loads(request.body or b"{}")
        permissions = dict(wanted.get("permissions") or installation.permissions)
        chosen = self._chosen(installation, wanted)
        if chosen is None or not installation.grants(permissions):
            message = "The permissions requested are not granted to this installation."
            return 422, {"message": message, "errors": []}
        value, expires = f"ghs_sandbox{self.store.next_id():024d}", self.clock.now() + HOUR
        ids = frozenset(repo.id for repo in chosen)
        name = chosen[0].full_name if len(chosen) == 1 else ""
        self.store.tokens[value] = Token(value, app.user, name, permissions, ids, installation.id, expires)
        answer = {"token": value, "expires_at": stamp(expires), "permissions": permissions}
        if "repositories" in wanted or "repository_ids" in wanted:
            answer |= {
                "repositories": [repository(repo, self.base) for repo in chosen],
                "repository_selection": "selected",
            }
        return 201, answer

    def _chosen(self, sandbox_installation: SandboxInstallation, wanted: JSON) -> list[Repo] | None:
        """None if one that is asked for is not the installation's."""
        every = [repo for repo in self.store.repos.values() if repo.id in sandbox_installation.repositories]
        names, ids = wanted.get("repositories"), wanted.get("repository_ids")
        if names is None and ids is None:
            return every
        chosen = [repo for repo in every if repo.name in (names or ()) or repo.id in (ids or ())]
        return chosen if len(chosen) == len(names or ()) + len(ids or ()) and chosen else None

    def _repositories(self, request: SandboxRequest) -> SandboxResponse:
        operation = "GET /installation/repositories"
        token = self.store.tokens.get(request.headers.get("authorization", "").partition(" ")[2])
        if token is None or token.repositories is None or (token.expires_at and token.expires_at <= self.clock.now()):
            return json_response(401, {"message": "Bad credentials"}, operation)
        rows = [repository(repo, self.base) for repo in self.store.repos.values() if repo.id in token.repositories]
        part, headers = page_of(request, self.base, rows)
        answer = json_response(200, {"total_count": len(rows), "repositories": part}, operation)
        answer.headers.update(headers)
        return answer

    def _page(self, request: SandboxRequest, rows: Sequence[JSON]) -> Answered:
        part, headers = page_of(request, self.base, rows)
        return 200, part, headers


def json_response(status: int, data: JSON, operation: str) -> SandboxResponse:
    """JSON on the wire."""
    return SandboxResponse(status, json.dumps(data).encode(), {"content-type": "application/json"}, operation)
