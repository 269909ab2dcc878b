"""Sign-in with GitHub (OAuth with PKCE). GitHub states the identity of a person and the repositories that they may read."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from reassay.github.app_types import AppIdentity
from reassay.hosted.rules.manifest import CALLBACK
from reassay.hosted.web.access import FLOW, SESSION, AccessControl
from reassay.hosted.web.dependencies import WebDependencies
from reassay.hosted.web.sessions import challenge, derived, fresh, local, read_state, state
from reassay.hosted.web.web_errors import WebError

FLOW_SECONDS, SESSION_SECONDS = 600, 8 * 3_600
"""The cookie outlives the session in the table; GitHub is then asked again without a sign-in page."""
TRIES_PER_MINUTE = 60
_VERIFIER = "verifier"


@dataclass(frozen=True, slots=True)
class SignInPages:
    """The routes of sign-in and sign-out."""

    dependencies: WebDependencies
    access: AccessControl

    def routes(self) -> APIRouter:
        """Routes that are not part of the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/sign-in", self.begin)
        router.add_api_route(CALLBACK, self.back)
        router.add_api_route("/sign-out", self.leave, methods=["POST"])
        return router

    def begin(self, request: Request, to: str = "/") -> Response:
        """Redirects to GitHub, with a state and a PKCE challenge that belong to this browser."""
        app = self._app()
        self._limit(request)
        cookie = fresh()
        pkce = challenge(derived(cookie, _VERIFIER))
        response = RedirectResponse(
            self.dependencies.oauth.address(app, self._redirect, state(cookie, local(to)), pkce), 303
        )
        self.access.cookies.put(response, FLOW, cookie, FLOW_SECONDS)
        return response

    def back(self, request: Request, code: str = "", state: str = "", error: str = "") -> Response:
        """The redirect from GitHub."""
        app = self._app()
        self._limit(request)
        cookie = self.access.cookies.get(request, FLOW)
        to = read_state(cookie, state)
        if to is None:
            raise WebError(403, "This sign-in was not started in this browser, or it has expired.", "Sign in again.")
        if error or not code:
            raise WebError(403, "Access was denied on GitHub.", "Sign in again and authorize the App.")
        person = self.dependencies.oauth.person(app, self._redirect, code, derived(cookie, _VERIFIER))
        session = fresh()
        self.dependencies.sessions.open(session, person, self.dependencies.now())
        response = RedirectResponse(local(to), 303)
        self.access.cookies.put(response, SESSION, session, SESSION_SECONDS)
        self.access.cookies.drop(response, FLOW)
        return response

    def leave(self, request: Request, form: Annotated[str, Form()] = "") -> Response:
        """Signs the person out."""
        visitor = self.access.visitor(request)
        if visitor.kind == "person":
            self.access.check_form(request, visitor, form)
            self.dependencies.sessions.close(visitor.secret)
        response = RedirectResponse("/", 303)
        self.access.cookies.drop(response, SESSION)
        return response

    @property
    def _redirect(self) -> str:
        return f"{self.dependencies.settings.base_url}{CALLBACK}"

    def _app(self) -> AppIdentity:
        app = self.dependencies.current.app
        if app is None or not app.signs_in:
            remedy = "Set the App up, or set REASSAY_CLIENT_ID and REASSAY_CLIENT_SECRET and restart."
            raise WebError(404, "Sign-in is not configured.", remedy)
        return app

    def _limit(self, request: Request) -> None:
        who = request.client.host if request.client else ""
        self.access.limiter.spend("sign-in", who, TRIES_PER_MINUTE)
