"""From a request to its answer: faults, credentials, limits, judgement, then the handler."""

import base64
import copy
import json
import re
import threading
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from reassay_sandbox import rest
from reassay_sandbox.actions import InvalidError, SandboxActions
from reassay_sandbox.advisories import list_advisories
from reassay_sandbox.app_api import SandboxAppApi, json_response
from reassay_sandbox.apps import App
from reassay_sandbox.clock import MovableClock
from reassay_sandbox.faults import Fault, Faults
from reassay_sandbox.files import STORAGE, from_storage
from reassay_sandbox.git_http import serve
from reassay_sandbox.graphql_api import GraphQL
from reassay_sandbox.graphql_documents import operation_of
from reassay_sandbox.judge import Judge
from reassay_sandbox.limits import SandboxLimits
from reassay_sandbox.metering import Meter, Resource
from reassay_sandbox.odd_bodies import ODD, REFUSED_KINDS, odd_body, refused
from reassay_sandbox.pages import SandboxPages
from reassay_sandbox.people import SandboxPeople, opened
from reassay_sandbox.reading import may_read, permissions_of
from reassay_sandbox.registering import Registering
from reassay_sandbox.rest_base import RestCall, Route
from reassay_sandbox.state import Repo, Store, Token
from reassay_sandbox.traffic import Exchange, SandboxRequest, SandboxResponse
from reassay_sandbox.webhooks import Webhooks

BEFORE = frozenset({"502-before", "500", "403-primary", "403-secondary", "429", "forbidden", "timeout"}) | REFUSED_KINDS
REFUSED = 300
"""From this status on nothing took effect."""
KNOWN_VERSIONS = frozenset({"2022-11-28", "2026-03-10"})


@dataclass(slots=True)
class RequestDispatcher:
    """Everything that answers. One request at a time: the lock is GitHub's database."""

    store: Store
    clock: MovableClock
    actions: SandboxActions
    judge: Judge
    pages: SandboxPages
    faults: Faults = field(default_factory=Faults)
    limits: SandboxLimits = field(default_factory=SandboxLimits)
    meter: Meter = field(default_factory=Meter)
    traffic: list[Exchange] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    apps: dict[int, App] = field(default_factory=dict)
    hooks: Webhooks = field(default_factory=Webhooks)
    before_last_write: Store | None = None
    registering: Registering = field(init=False)

    def __post_init__(self) -> None:
        self.registering = Registering(self.store, self.apps, self.judge, self.clock.now, lambda: self.actions.base)

    def answer(self, request: SandboxRequest) -> tuple[SandboxResponse | None, Fault | None]:
        """The answer; None if the connection is to be dropped. The fault tells the server whether to dawdle first."""
        # Outside of the lock: what the button starts talks to this very server.
        if (own := self.pages.unlocked(request)) is not None:
            return own, None
        is_form = request.method == "POST" and _names(request)[0] == ("PAGE",)
        wait = self.pages.before_post() if is_form else None
        response, fault = self._locked(request)
        if wait is not None:
            wait()
        return response, fault

    def _locked(self, request: SandboxRequest) -> tuple[SandboxResponse | None, Fault | None]:
        with self.lock:
            names, is_write = _names(request)
            if self.faults.dead:
                self._note(request, SandboxResponse(0), names, is_write=is_write, committed=False)
                return None, None
            if self.faults.outage and names[0] != "PAGE":
                response = _message(503, "No server is currently available to service your request.")
                self._note(request, response, names, is_write=is_write, committed=False)
                return response, None
            fault = None if names[0] == "PAGE" else self.faults.strike(names, is_write=is_write)
            if fault and fault.kind in BEFORE:
                response = self._refusal(fault)
                self._note(request, response, names, is_write=is_write, committed=False)
                return (None if fault.kind == "timeout" else response), fault
            if is_write and self.faults.wants("stale-read"):
                self.before_last_write = copy.deepcopy(self.store)
            response = self._handle(request, fault)
            committed = is_write and response.status < REFUSED and not _has_errors(response)
            if fault and fault.kind in ODD and response.status < REFUSED:
                response = odd_body(response, fault.kind)
            if fault and fault.kind == "502-after-commit":
                response = SandboxResponse(
                    502, b'{"message": "Server Error"}', {"content-type": "application/json"}, response.operation
                )
            self._note(request, response, names, is_write=is_write, committed=committed)
            if fault and fault.kind in {"drop", "dead"}:
                self.faults.dead = fault.kind == "dead"
                return None, fault
        self.deliver()
        return response, fault

    def deliver(self) -> None:
        """Tells listeners what happened, outside of the lock."""
        with self.lock:
            events, self.actions.events = self.actions.events, []
        for name, payload in events:
            self.hooks.tell(self.apps.values(), name, payload)
            for listener in list(self.actions.listeners):
                listener(name, payload)

    def _note(
        self,
        request: SandboxRequest,
        response: SandboxResponse,
        names: tuple[str, ...],
        *,
        is_write: bool,
        committed: bool,
    ) -> None:
        operation = response.operation or names[0]
        self.traffic.append(
            Exchange(request.method, request.path, request.raw_query, request.body, response.status,
                     response.body, operation, response.actor, is_write, committed)
        )  # fmt: skip

    def _refusal(self, fault: Fault) -> SandboxResponse:  # noqa: PLR0911 -- one line for each kind
        reset = str(int(self.clock.now().timestamp()) + 1800)
        wait = {"retry-after": str(fault.retry_after)} if fault.retry_after is not None else {}
        secondary = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
        match fault.kind:
            case "403-primary":
                headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}
                return _message(403, "API rate limit exceeded for installation.", headers)
            case "403-secondary":
                return _message(403, secondary, wait)
            case "429":
                return _message(429, secondary, wait)
            case kind if kind in REFUSED_KINDS:
                return refused(kind)
            case "forbidden":
                return _message(403, "Resource not accessible by integration")
            case "502-before":
                return _message(502, "Server Error")
            case _:
                return _message(500, "Server Error")

    def _handle(self, request: SandboxRequest, fault: Fault | None) -> SandboxResponse:
        if request.path.startswith("/api/"):
            return self._api(request, fault)
        if request.path.startswith(STORAGE):
            return from_storage(request, [repo.storage for repo in self.store.repos.values()], self.judge)
        owner, name, rest_ = _git_path(request.path)
        if name:
            return self._git(request, f"{owner}/{name}", rest_)
        return self.pages.answer(request)

    def _api(self, request: SandboxRequest, fault: Fault | None) -> SandboxResponse:
        if not request.headers.get("user-agent"):
            return _message(
                403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header"
            )
        version = request.headers.get("x-github-api-version")
        if version not in KNOWN_VERSIONS and request.path != "/api/graphql":
            self.judge.say(f"{request.method} {request.path}: X-GitHub-Api-Version is {version}")
        special = self._without_repository(request)
        if special is not None:
            return special
        token = self._token(request)
        if token is None:
            return _message(401, "Bad credentials")
        resource: Resource = "graphql" if request.path == "/api/graphql" else "core"
        if self.meter.refuses(token.installation, resource, self.clock.now()):
            return self._exhausted(token, resource)
        if request.method == "GET" and request.path == "/api/v3/advisories":
            response = list_advisories(request, self.actions.base, self.store.advisories)
        else:
            answer = self._graphql if resource == "graphql" else self._rest
            response = answer(request, token, fault)
        response.headers.update(self.meter.headers(token.installation, resource, self.clock.now()))
        return response

    def _exhausted(self, token: Token, resource: Resource) -> SandboxResponse:
        """GraphQL says it with status 200."""
        text = f"API rate limit exceeded for installation ID {token.installation}."
        headers = self.meter.headers(token.installation, resource, self.clock.now())
        if resource == "core":
            return _message(403, text, headers)
        body = json.dumps({"errors": [{"type": "RATE_LIMITED", "message": text}]}).encode()
        return SandboxResponse(200, body, {"content-type": "application/json; charset=utf-8", **headers}, "QUERY")

    def _without_repository(self, request: SandboxRequest) -> SandboxResponse | None:
        """What Apps and people who sign in ask; None if it is something else."""
        parts = request.path.removeprefix("/api/v3").strip("/").split("/")
        if request.method == "POST" and parts[0] == "app-manifests" and parts[-1] == "conversions":
            return self.registering.convert(parts[1])
        base = self.actions.base
        if parts == ["rate_limit"]:
            return self._limits(self._token(request))
        as_person = SandboxPeople(self.store, self.apps, base).answer(request, self._token(request))
        return as_person or SandboxAppApi(self.store, self.apps, self.hooks, self.clock, base).answer(request)

    def _limits(self, token: Token | None) -> SandboxResponse:
        """Asking costs nothing."""
        if token is None:
            return json_response(401, {"message": "Bad credentials"}, "GET /rate_limit")
        resources = self.meter.shown(token.installation, self.clock.now())
        return json_response(200, {"resources": resources, "rate": resources["core"]}, "GET /rate_limit")

    def _token(self, request: SandboxRequest) -> Token | None:
        kind, _, value = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            value = base64.b64decode(value).decode().partition(":")[2]
        token = self.store.tokens.get(value)
        is_over = token is not None and token.expires_at is not None and token.expires_at <= self.clock.now()
        if token is None or is_over:
            return None
        own = token.through is not None
        return replace(token, repositories=opened(self.store, self.apps, token)) if own else token

    def _graphql(self, request: SandboxRequest, token: Token, fault: Fault | None) -> SandboxResponse:
        store = self._readable(fault)
        graphql = GraphQL(
            store,
            self.actions,
            token,
            self.actions.base,
            self.judge,
            self.meter,
            stale_head=bool(fault and fault.kind == "stale-head"),
        )
        answer, complaints = graphql.answer(request.body)
        for complaint in complaints:
            self.judge.say(complaint)
        if fault and fault.kind == "reorder-comments":
            _reverse_comments(answer)
        name, is_write = operation_of(request.body)
        headers = {"content-type": "application/json; charset=utf-8"}
        return SandboxResponse(200, json.dumps(answer, default=str).encode(), headers, name, is_write, token.user.login)

    def _readable(self, fault: Fault | None) -> Store:
        return self.before_last_write or self.store if fault and fault.kind == "stale-read" else self.store

    def _rest(self, request: SandboxRequest, token: Token, fault: Fault | None) -> SandboxResponse:
        match = rest.find_route(request.method, request.path)
        if match is None:
            self.judge.say(f"no such route here: {request.method} {request.path}")
            return _message(404, "Not Found")
        route, arguments = match
        repo = self._readable(fault).find(f"{arguments['owner']}/{arguments['repo']}")
        if repo is None or (repo.is_private and not token.opens(repo)):
            return _message(404, "Not Found")
        refused = self._refused(request, route, token, repo)
        if refused:
            return refused
        call = RestCall(self.store, self.actions, self.judge, request, token, self.actions.base, repo, arguments)
        try:
            response = rest.as_response(route.handler(call), route, token)
        except InvalidError as error:
            body = json.dumps({"message": str(error), "errors": error.errors}).encode()
            response = SandboxResponse(
                422, body, {"content-type": "application/json"}, f"{route.method} {route.template}"
            )
        except (LookupError, StopIteration, ValueError):
            response = _message(404, "Not Found")
        return response

    def _refused(self, request: SandboxRequest, route: Route, token: Token, repo: Repo) -> SandboxResponse | None:
        reads = permissions_of(route.template) if route.permission is None else None
        if reads is not None and not may_read(token, repo, reads):
            return _message(403, "Resource not accessible by integration")
        if route.permission and not token.allows(route.permission):
            self.judge.say(
                f"{request.method} {request.path} needs {route.permission}: write, which the token does not have"
            )
            return _message(403, "Resource not accessible by integration")
        if not repo.has_issues and _is_about_issues(route, request, repo):
            return _message(410, "Issues are disabled for this repo")
        if route.permission and repo.is_archived:
            return _message(403, "Repository was archived so is read-only.")
        wait = self.limits.refuse(self.clock.now()) if route.creates else None
        if wait is not None:
            return _message(403, "You have exceeded a secondary rate limit.", {"retry-after": str(wait)})
        return None

    def _git(self, request: SandboxRequest, full_name: str, rest_: str) -> SandboxResponse:
        repo = self.store.find(full_name)
        token = self._token(request)
        if repo is None or (repo.is_private and token is None):
            status = 401 if token is None else 404
            return SandboxResponse(status, b"", {"www-authenticate": 'Basic realm="sandbox"'}, "GIT")
        if repo.is_private and token and not token.opens(repo):
            return SandboxResponse(404, b"", {}, "GIT")
        return serve(request, repo, rest_)


def _names(request: SandboxRequest) -> tuple[tuple[str, ...], bool]:
    if request.path == "/api/graphql":
        name, is_write = operation_of(request.body)
        return (name,), is_write
    if request.path.startswith("/api/"):
        is_write = request.method not in {"GET", "HEAD"} and not request.path.endswith("/access_tokens")
        return (f"{request.method} {request.path}",), is_write
    if ".git/" in request.path:
        service = request.query.get("service") or request.path.rpartition("/")[2]
        return (f"GIT {service.removeprefix('git-')}",), False
    if request.path.startswith(STORAGE):
        return ("STORAGE",), False
    return ("PAGE",), request.method == "POST"


def _has_errors(response: SandboxResponse) -> bool:
    is_graphql = response.operation.startswith(("MUTATION", "QUERY"))
    return is_graphql and "errors" in json.loads(response.body)


def _is_about_issues(route: Route, request: SandboxRequest, repo: Repo) -> bool:
    """Whether a route needs issues to be turned on; a pull request has its comments all the same."""
    match = re.search(r"/issues(?:/(\d+))?(?:/|$)", request.path)
    issue = repo.issues.get(int(match[1])) if match and match[1] else None
    return "/issues" in route.template and not (issue and issue.pull) and "/issues/comments" not in route.template


def _git_path(path: str) -> tuple[str, str, str]:
    parts = unquote(path).split("/", 3)
    if len(parts) == 4 and parts[2].endswith(".git"):  # noqa: PLR2004 - /OWNER/NAME.git/rest
        return parts[1], parts[2].removesuffix(".git"), f"/{parts[3]}"
    return "", "", ""


def _message(status: int, text: str, headers: dict[str, str] | None = None) -> SandboxResponse:
    return SandboxResponse(
        status, json.dumps({"message": text}).encode(), {"content-type": "application/json", **(headers or {})}
    )


def _reverse_comments(answer: object) -> None:
    if isinstance(answer, dict):
        comments = answer.get("comments")
        if isinstance(comments, dict) and isinstance(comments.get("nodes"), list):
            comments["nodes"].reverse()
        for value in answer.values():
            _reverse_comments(value)
