"""Who is asking, and what they may see."""

import hashlib
from dataclasses import dataclass, field
from typing import Literal

from starlette.requests import Request

from reassay.common.errors import UsageError
from reassay.github.app_types import AppIdentity
from reassay.hosted.rules.overview import RepositoryRow
from reassay.hosted.settings import LOOPBACK, HostingSettings
from reassay.hosted.web.dependencies import Parts
from reassay.hosted.web.headers import Places, is_loopback
from reassay.hosted.web.oauth_state import Cookies, derived, same
from reassay.hosted.web.request_limiter import Limiter
from reassay.hosted.web.web_errors import WebError, forged, missing, unknown

SESSION, SET_UP, FLOW = "session", "setup", "flow"
PER_MINUTE, LIVE_PER_MINUTE, TOKENS_PER_MINUTE = 120, 20, 120
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the door."""

    kind: Literal["nobody", "local", "person", "token"]
    name: str = ""
    """What they are counted by."""
    login: str = ""
    repositories: frozenset[int] | None = frozenset()
    """What they may read; None is everything."""
    is_operator: bool = False
    form: str = field(default="", repr=False)
    """What forms must send along."""
    secret: str = field(default="", repr=False)
    """The cookie, or the token of GitHub's."""
    expired: bool = False
    """Was signed in: GitHub is to be asked again."""

    @property
    def is_known(self) -> bool:
        """Whether they may see anything private."""
        return self.kind != "nobody"


NOBODY = Visitor("nobody")


def may_bind(settings: HostingSettings, app: AppIdentity | None) -> None:
    """Raises UsageError for an address that others reach while nobody can sign in."""
    if settings.host in LOOPBACK:
        return
    if app is None or not app.signs_in:
        raise UsageError(
            "this address can be reached from other machines, and nobody can sign in yet.",
            where=f"--host {settings.host}",
            remedy="Start without --host, set the App up on this machine (from afar: `ssh -L 8321:127.0.0.1:8321`), then start"
            " again; or set REASSAY_CLIENT_ID and REASSAY_CLIENT_SECRET beside the App's other variables.",
        )
    if not settings.public_url:
        raise UsageError(
            "people are sent back here after signing in, and the address for that is not known.",
            where=f"--host {settings.host}",
            remedy="Give it with --public-url https://...",
        )


@dataclass(frozen=True, slots=True)
class Door:
    """Asked by every handler that shows or does something private."""

    parts: Parts
    places: Places
    cookies: Cookies
    limiter: Limiter

    def visitor(self, request: Request) -> Visitor:
        """Whoever it is. A token of GitHub's is believed only where it is used."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and token.strip():
            self.limiter.spend("tokens", _client(request), TOKENS_PER_MINUTE)
            name = hashlib.sha256(token.strip().encode()).hexdigest()
            return Visitor("token", name=name, secret=token.strip())
        cookie = self.cookies.get(request, SESSION)
        if cookie:
            return self._person(cookie)
        if not self.parts.signs_in and not self.parts.settings.public_url and self.is_local(request):
            return Visitor("local", name="local", login="this machine", repositories=None, is_operator=True)
        return NOBODY

    def known(self, request: Request) -> Visitor:
        """Raises WebError 401 for nobody, 429 for somebody who asks too much."""
        visitor = self.visitor(request)
        if not visitor.is_known:
            raise unknown()
        self.limiter.spend("requests", visitor.name, PER_MINUTE)
        return visitor

    def operator(self, request: Request) -> Visitor:
        """Raises WebError 404 for people who are none: what there is for operators is not their business."""
        visitor = self.known(request)
        if not visitor.is_operator:
            raise missing()
        return visitor

    def repository(self, visitor: Visitor, full_name: str) -> RepositoryRow:
        """Raises WebError 404 for what is not there, and for what they may not read: nobody can tell which."""
        found = self.parts.directory.find(full_name)
        if visitor.kind == "token":
            # Asked in either case, so that the time taken says nothing of what is here.
            readable = self.parts.doorman.may_read(visitor.secret, full_name)
            if found is None or readable != found.id:
                raise missing()
            return found
        if found is None or (visitor.repositories is not None and found.id not in visitor.repositories):
            raise missing()
        return found

    def check_origin(self, request: Request) -> None:
        """Raises WebError 403 for what a page of another site sent."""
        origin = request.headers.get("origin")
        if origin is not None and not self.places.is_ours(origin):
            raise forged()
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            raise forged()

    def check_form(self, request: Request, visitor: Visitor, given: str) -> None:
        """Raises WebError 403 for what another site sent in somebody's name."""
        self.check_origin(request)
        if visitor.kind == "person" and not same(given or request.headers.get("x-csrf-token", ""), visitor.form):
            raise forged()

    def live(self, visitor: Visitor) -> None:
        """What is worked out anew costs more. Raises WebError 429."""
        self.limiter.spend("live", visitor.name, LIVE_PER_MINUTE)

    def is_local(self, request: Request) -> bool:
        """Whether it comes from this machine, and not through a proxy on it."""
        through = any(name in request.headers for name in _FORWARDED)
        return (
            not through and is_loopback(_client(request)) and self.places.is_loopback(request.headers.get("host", ""))
        )

    def holds_set_up(self, request: Request) -> bool:
        """Whether it is the browser that opened the printed address."""
        return self.parts.gate.holds(self.cookies.get(request, SET_UP))

    def _person(self, cookie: str) -> Visitor:
        person = self.parts.sessions.find(cookie, self.parts.now())
        if person is None or not self.parts.signs_in:
            return Visitor("nobody", expired=self.parts.signs_in)
        operators = {each.lower() for each in self.parts.settings.operators}
        return Visitor(
            "person",
            name=str(person.account_id),
            login=person.login,
            repositories=person.repositories,
            # A login can become somebody else's; an account's number cannot.
            is_operator=bool(operators & {person.login.lower(), str(person.account_id)}),
            form=derived(cookie, "form"),
            secret=cookie,
        )


def token_only(visitor: Visitor) -> None:
    """Raises WebError 403 where a token of GitHub's is not enough to say what may be seen."""
    if visitor.kind == "token":
        raise WebError(
            403, "A token shows one repository at a time.", "Name the repository, or sign in on the front page."
        )


def _client(request: Request) -> str:
    return request.client.host if request.client else ""
