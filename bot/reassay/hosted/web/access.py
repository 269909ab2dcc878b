"""Access control: the sender of a request, what they may read, and how many requests they may send."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from starlette.requests import Request

from reassay.common.errors import UsageError
from reassay.github.app_types import AppIdentity
from reassay.hosted.rules.repository import RepositoryStatus
from reassay.hosted.settings import LOOPBACK, HostingSettings
from reassay.hosted.web.dependencies import WebDependencies
from reassay.hosted.web.headers import ServerAddress, is_loopback
from reassay.hosted.web.sessions import Cookies, derived, same
from reassay.hosted.web.web_errors import WebError, forged, missing, not_signed_in
from reassay.register.pins import bare, pinned

SESSION, SET_UP, FLOW = "session", "setup", "flow"
PER_MINUTE, PARTS_PER_MINUTE, LIVE_PER_MINUTE, TOKENS_PER_MINUTE = 120, 1_200, 20, 120
MOST_KEYS = 10_000
MINUTE = 60
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Visitor:
    """The sender of a request."""

    kind: Literal["nobody", "local", "person", "token"]
    name: str = ""
    """Key of the request limits."""
    login: str = ""
    repositories: frozenset[int] | None = frozenset()
    """Ids of repositories that they may read; None means all."""
    is_operator: bool = False
    form: str = field(default="", repr=False)
    """Token that forms must send (against cross-site request forgery)."""
    secret: str = field(default="", repr=False)
    """The session cookie or the GitHub token."""
    expired: bool = False
    """Whether a session has expired, so that GitHub is to be asked again."""

    @property
    def is_authenticated(self) -> bool:
        """Whether they may see anything that is not public."""
        return self.kind != "nobody"


NOBODY = Visitor("nobody")


def may_bind(settings: HostingSettings, app: AppIdentity | None) -> None:
    """Checks the address to listen on. Raises UsageError if other machines reach it and sign-in is not configured."""
    if settings.host in LOOPBACK:
        return
    where = f"--host {settings.host}"
    if app is None:
        raise UsageError(
            "until the App exists, the server listens on localhost only.",
            where=where,
            remedy="Start without --host and set the App up; from another machine, use `ssh -L 8321:127.0.0.1:8321`. Then start"
            " again with --host.",
        )
    if not app.signs_in:
        raise UsageError(
            "sign-in is not configured, so the server listens on localhost only.",
            where=where,
            remedy="Set REASSAY_CLIENT_ID and REASSAY_CLIENT_SECRET.",
        )
    if not settings.public_url:
        raise UsageError(
            "the public address is needed: GitHub sends people back there after they sign in.",
            where=where,
            remedy="Add --public-url https://...",
        )


@dataclass(slots=True)
class RequestLimiter:
    """A limit of requests per person and minute, counted in this process."""

    now: Callable[[], datetime]
    counted: dict[str, int] = field(default_factory=dict)
    minute: int = 0
    refused: int = 0
    """Number of refused requests since the start."""
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def spend(self, what: str, who: str, most: int) -> None:
        """Counts one request. Raises WebError 429 beyond `most` in this minute."""
        second = int(self.now().timestamp())
        key = f"{what} {who}"
        with self.lock:
            if second // MINUTE != self.minute or len(self.counted) > MOST_KEYS:
                self.minute = second // MINUTE
                self.counted.clear()
            count = self.counted[key] = self.counted.get(key, 0) + 1
            self.refused += count > most
        if count > most:
            wait = MINUTE - second % MINUTE
            raise WebError(429, f"More than {most} requests in one minute.", f"Try again in {wait} s.", wait=wait)


@dataclass(frozen=True, slots=True)
class AccessControl:
    """Called by every handler that shows or changes something that is not public."""

    dependencies: WebDependencies
    address: ServerAddress
    cookies: Cookies
    limiter: RequestLimiter

    def visitor(self, request: Request) -> Visitor:
        """Identifies the sender. A GitHub token is not checked here but where it is used."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and token.strip():
            self.limiter.spend("tokens", _client(request), TOKENS_PER_MINUTE)
            name = hashlib.sha256(token.strip().encode()).hexdigest()
            return Visitor("token", name=name, secret=token.strip())
        cookie = self.cookies.get(request, SESSION)
        if cookie:
            return self._person(cookie)
        if (
            not self.dependencies.current.signs_in
            and not self.dependencies.settings.public_url
            and self.is_local(request)
        ):
            return Visitor("local", name="local", login="this machine", repositories=None, is_operator=True)
        return NOBODY

    def authenticated(self, request: Request, *, is_part: bool = False) -> Visitor:
        """The sender. Raises WebError 401 if nobody is signed in, 429 for too many requests.

        `is_part`: it asks for a part of a page, such as a picture, of which one page has several.
        """
        visitor = self.visitor(request)
        if not visitor.is_authenticated:
            raise not_signed_in()
        what, most = ("parts", PARTS_PER_MINUTE) if is_part else ("requests", PER_MINUTE)
        self.limiter.spend(what, visitor.name, most)
        return visitor

    def operator(self, request: Request) -> Visitor:
        """The sender, who is an operator. Raises WebError 404 for others, so that they cannot tell what is there."""
        visitor = self.authenticated(request)
        if not visitor.is_operator:
            raise missing()
        return visitor

    def repository(self, visitor: Visitor, full_name: str) -> RepositoryStatus:
        """The repository. Raises WebError 404 both if it is missing and if they may not read it."""
        status = self.dependencies.overview.find(full_name)
        if visitor.kind == "token":
            # Asked in either case, so that the response time does not reveal whether the repository is here.
            readable = self.dependencies.oauth.may_read(visitor.secret, full_name)
            if status is None or readable != status.repository.id:
                raise missing()
            return status
        if status is None or (visitor.repositories is not None and status.repository.id not in visitor.repositories):
            raise missing()
        return status

    def check_origin(self, request: Request) -> None:
        """Raises WebError 403 for a request from a page of another site."""
        origin = request.headers.get("origin")
        if origin is not None and not self.address.is_ours(origin):
            raise forged()
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            raise forged()

    def check_form(self, request: Request, visitor: Visitor, given: str) -> None:
        """Raises WebError 403 for a forged form (cross-site request forgery)."""
        self.check_origin(request)
        if visitor.kind == "person" and not same(given or request.headers.get("x-csrf-token", ""), visitor.form):
            raise forged()

    def live(self, visitor: Visitor) -> None:
        """Counts a request that reads from GitHub. Raises WebError 429."""
        self.limiter.spend("live", visitor.name, LIVE_PER_MINUTE)

    def is_local(self, request: Request) -> bool:
        """Whether the request comes from this machine and not through a proxy on it."""
        through = any(name in request.headers for name in _FORWARDED)
        return (
            not through and is_loopback(_client(request)) and self.address.is_loopback(request.headers.get("host", ""))
        )

    def holds_set_up(self, request: Request) -> bool:
        """Whether this browser opened the printed set-up address."""
        return self.dependencies.setup_code.holds(self.cookies.get(request, SET_UP))

    def _person(self, cookie: str) -> Visitor:
        person = self.dependencies.sessions.find(cookie, self.dependencies.now())
        if person is None or not self.dependencies.current.signs_in:
            return Visitor("nobody", expired=self.dependencies.current.signs_in)
        return Visitor(
            "person",
            name=str(person.account_id),
            login=person.login,
            repositories=person.repositories,
            is_operator=is_operator(self.dependencies.settings.operators, person.login, person.account_id),
            form=derived(cookie, "form"),
            secret=cookie,
        )


def is_operator(operators: Sequence[str], login: str, account_id: int) -> bool:
    """Whether an account is named as an operator: by id, by `login#id`, or by a login that is not all digits.

    Digits are an id only: GitHub allows logins of digits, and anybody may take the one that is an operator's id. A login
    can pass to another account, an id cannot.
    """
    for operator in operators:
        name, number = bare(operator), pinned(operator)
        if name.isdigit() or number is not None:
            if (int(name) if number is None else number) == account_id:
                return True
        elif name.lower() == login.lower():
            return True
    return False


def refuse_token(visitor: Visitor) -> None:
    """Raises WebError 403 for a GitHub token, which does not say which repositories its owner may read."""
    if visitor.kind == "token":
        raise WebError(
            403,
            "A token gives access to one repository at a time.",
            "Name the repository, or sign in on the front page.",
        )


def _client(request: Request) -> str:
    return request.client.host if request.client else ""
