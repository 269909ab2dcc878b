"""What only an App asks: its installations, tokens for them, and the log of its deliveries. A JWT proves it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt

from bot.sandbox.apps import App, Installation
from bot.sandbox.clock import MovableClock
from bot.sandbox.shapes import repository, stamp, user
from bot.sandbox.state import Repo, Store, Token
from bot.sandbox.traffic import Request, Response
from bot.sandbox.webhooks import Attempt, Webhooks

_PREFIX = "/api/v3"
JSON = Any
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AppApi:
    """Answers for one request."""

    store: Store
    apps: Mapping[int, App]
    hooks: Webhooks
    clock: MovableClock
    base: str

    def answer(self, request: Request) -> Response | None:  # noqa: PLR0911 -- one line a route
        """None if it is something else."""
        parts = request.path.removeprefix(_PREFIX).strip("/").split("/")
        match (request.method, parts):
            case ("GET", ["app"]):
                return self._as_app(request, "GET /app", lambda app: (200, self._app(app)))
            case ("GET", ["app", "installations"]):
                return self._as_app(
                    request,
                    "GET /app/installations",
                    lambda app: (
                        200,
                        self._page(request, [self._installation(app, each) for each in app.installations.values()]),
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
            case ("GET", ["app", "hook", "deliveries"]):
                return self._deliveries(request)
            case ("POST", ["app", "hook", "deliveries", number, "attempts"]):
                operation = "POST /app/hook/deliveries/{delivery_id}/attempts"
                return self._as_app(request, operation, lambda app: self._again(app, number))
            case _:
                return None

    def _as_app(self, request: Request, operation: str, act: Callable[[App], tuple[int, JSON]]) -> Response:
        app = self._proved(request)
        if app is None:
            return said(401, {"message": "A JSON web token could not be decoded"}, operation)
        status, data = act(app)
        return said(status, data, operation)

    def _proved(self, request: Request) -> App | None:
        kind, _, value = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or value.count(".") != 2:  # noqa: PLR2004 -- the three parts of a JWT
            return None
        try:
            issuer = int(jwt.decode(value, options={"verify_signature": False})["iss"])
            jwt.decode(
                value,
                self.apps[issuer].public_key,
                algorithms=["RS256"],
                options={"verify_exp": False, "verify_iat": False},
            )
        except (jwt.PyJWTError, KeyError, ValueError):
            return None
        return self.apps[issuer]

    def _app(self, app: App) -> JSON:
        return {
            "id": app.id, "slug": app.slug, "node_id": f"A_{app.id}", "name": app.slug, "owner": user(app.user, self.base),
            "description": "", "external_url": self.base, "html_url": f"{self.base}/apps/{app.slug}",
            "client_id": app.client_id, "permissions": app.permissions, "events": list(app.events),
        }  # fmt: skip

    def _installation(self, app: App, each: Installation) -> JSON:
        owner = self.store.users.get(each.account.lower())
        return {
            "id": each.id, "app_id": app.id, "app_slug": app.slug, "target_type": "Organization",
            "target_id": owner.id if owner else 1, "permissions": each.permissions, "events": list(app.events),
            "account": {"login": each.account, "id": owner.id if owner else 1, "type": "Organization"},
            "repository_selection": "selected",
            "suspended_at": stamp(each.suspended_at) if each.suspended_at else None,
        }  # fmt: skip

    def _one(self, app: App, number: str) -> tuple[int, JSON]:
        found = app.installations.get(int(number)) if number.isdigit() else None
        return (200, self._installation(app, found)) if found else (404, {"message": "Not Found"})

    def _of(self, app: App, full_name: str) -> tuple[int, JSON]:
        repo = self.store.find(full_name)
        found = app.on(repo) if repo else None
        return (200, self._installation(app, found)) if found else (404, {"message": "Not Found"})

    def _token(self, app: App, number: str, request: Request) -> tuple[int, JSON]:
        found = app.installations.get(int(number)) if number.isdigit() else None
        if found is None:
            return 404, {"message": "Not Found"}
        if found.suspended_at is not None:
            return 403, {"message": "This installation has been suspended"}
        wanted = json.loads(request.body or b"{}")
        permissions = dict(wanted.get("permissions") or found.permissions)
        chosen = self._chosen(found, wanted)
        if chosen is None or not found.grants(permissions):
            message = "The permissions requested are not granted to this installation."
            return 422, {"message": message, "errors": []}
        value, expires = f"ghs_sandbox{self.store.next_id():024d}", self.clock.now() + HOUR
        ids = frozenset(each.id for each in chosen)
        name = chosen[0].full_name if len(chosen) == 1 else ""
        self.store.tokens[value] = Token(value, app.user, name, permissions, ids, found.id, expires)
        answer = {"token": value, "expires_at": stamp(expires), "permissions": permissions}
        if "repositories" in wanted or "repository_ids" in wanted:
            answer |= {
                "repositories": [repository(each, self.base) for each in chosen],
                "repository_selection": "selected",
            }
        return 201, answer

    def _chosen(self, found: Installation, wanted: JSON) -> list[Repo] | None:
        """None if one that is asked for is not the installation's."""
        every = [each for each in self.store.repos.values() if each.id in found.repositories]
        names, ids = wanted.get("repositories"), wanted.get("repository_ids")
        if names is None and ids is None:
            return every
        chosen = [each for each in every if each.name in (names or ()) or each.id in (ids or ())]
        return chosen if len(chosen) == len(names or ()) + len(ids or ()) and chosen else None

    def _repositories(self, request: Request) -> Response:
        operation = "GET /installation/repositories"
        token = self.store.tokens.get(request.headers.get("authorization", "").partition(" ")[2])
        if token is None or token.repositories is None or (token.expires_at and token.expires_at <= self.clock.now()):
            return said(401, {"message": "Bad credentials"}, operation)
        rows = [repository(each, self.base) for each in self.store.repos.values() if each.id in token.repositories]
        return said(200, {"total_count": len(rows), "repositories": self._page(request, rows)}, operation)

    def _page(self, request: Request, rows: Sequence[JSON]) -> Sequence[JSON]:
        size, number = int(request.query.get("per_page", 30)), int(request.query.get("page", 1))
        return rows[(number - 1) * size : number * size]

    def _deliveries(self, request: Request) -> Response:
        operation = "GET /app/hook/deliveries"
        app = self._proved(request)
        if app is None:
            return said(401, {"message": "A JSON web token could not be decoded"}, operation)
        size, cursor = int(request.query.get("per_page", 30)), int(request.query.get("cursor", 1 << 60))
        every = [each for each in reversed(self.hooks.attempts) if each.app == app.id and each.id < cursor]
        page = every[:size]
        answer = said(200, [_attempt(each) for each in page], operation)
        if len(every) > size:
            following = f"{self.base}{request.path}?per_page={size}&cursor={page[-1].id}"
            answer.headers["link"] = f'<{following}>; rel="next"'
        return answer

    def _again(self, app: App, number: str) -> tuple[int, JSON]:
        found = next((each for each in self.hooks.attempts if str(each.id) == number and each.app == app.id), None)
        if found is None:
            return 404, {"message": "Not Found"}
        self.hooks.again(app, found)
        return 202, {}


def _attempt(each: Attempt) -> JSON:
    return {
        "id": each.id, "guid": each.guid, "delivered_at": stamp(each.at), "redelivery": each.redelivery,
        "duration": 0.1, "status": "OK" if each.is_fine else "failed", "status_code": each.status, "event": each.event,
        "action": each.action or None, "installation_id": each.installation, "repository_id": each.repository,
    }  # fmt: skip


def said(status: int, data: JSON, operation: str) -> Response:
    """JSON on the wire."""
    return Response(status, json.dumps(data).encode(), {"content-type": "application/json"}, operation)
