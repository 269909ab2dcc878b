"""What people ask with a token of their own: who they are, and what they may read. Worked out whenever it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from reassay_sandbox.app_api import json_response
from reassay_sandbox.apps import App
from reassay_sandbox.rest_base import page_of
from reassay_sandbox.shapes import installation, repository
from reassay_sandbox.shapes import user as user_json
from reassay_sandbox.state import Repo, Store, Token, User
from reassay_sandbox.traffic import SandboxRequest, SandboxResponse

PERSONAL = 0
"""In place of an App's id: a token that somebody made for themselves."""


def reads(repo: Repo, person: User) -> bool:
    """Whether somebody may read it."""
    return not repo.is_private or person.login.lower() in {collaborator.lower() for collaborator in repo.collaborators}


def opened(store: Store, apps: Mapping[int, App], token: Token) -> frozenset[int]:
    """Ids of what a person's token opens: their own rights, and through an App only what it is installed on."""
    mine = {repo.id for repo in store.repos.values() if reads(repo, token.user)}
    if token.through == PERSONAL:
        return frozenset(mine)
    app = apps.get(token.through or 0)
    places = app.installations.values() if app else ()
    return frozenset(mine & {number for place in places if not place.suspended_at for number in place.repositories})


@dataclass(frozen=True, slots=True)
class SandboxPeople:
    """Answers for one request."""

    store: Store
    apps: Mapping[int, App]
    base: str

    def answer(self, request: SandboxRequest, token: Token | None) -> SandboxResponse | None:  # noqa: PLR0911 -- one line a route
        """None if it is something else."""
        parts = request.path.removeprefix("/api/v3").strip("/").split("/")
        if request.method != "GET" or parts[0] != "user":
            return None
        if token is None:
            return json_response(401, {"message": "Bad credentials"}, "GET /user")
        if token.through is None:
            return json_response(403, {"message": "Resource not accessible by integration"}, "GET /user")
        match parts:
            case ["user"]:
                return json_response(200, user_json(token.user, self.base), "GET /user")
            case ["user", "installations"] if token.through in self.apps:
                return self._installations(request, token)
            case ["user", "installations", number, "repositories"] if token.through in self.apps:
                return self._repositories(request, token, number)
            case _:
                return json_response(404, {"message": "Not Found"}, f"GET {request.path}")

    def _installations(self, request: SandboxRequest, token: Token) -> SandboxResponse:
        """Those where there is something to read for them."""
        app, mine = self.apps[token.through or 0], opened(self.store, self.apps, token)
        installations = [installed for installed in app.installations.values() if installed.repositories & mine]
        rows = [installation(app, installed, self.store, self.base) for installed in installations]
        part, headers = page_of(request, self.base, rows)
        answer = json_response(200, {"total_count": len(rows), "installations": part}, "GET /user/installations")
        answer.headers.update(headers)
        return answer

    def _repositories(self, request: SandboxRequest, token: Token, number: str) -> SandboxResponse:
        operation = "GET /user/installations/{installation_id}/repositories"
        where = self.apps[token.through or 0].installations.get(int(number)) if number.isdigit() else None
        mine = opened(self.store, self.apps, token) & (where.repositories if where else set())
        if not mine:
            return json_response(404, {"message": "Not Found"}, operation)
        rows = [repository(repo, self.base) for repo in self.store.repos.values() if repo.id in mine]
        part, headers = page_of(request, self.base, rows)
        answer = json_response(200, {"total_count": len(rows), "repositories": part}, operation)
        answer.headers.update(headers)
        return answer
