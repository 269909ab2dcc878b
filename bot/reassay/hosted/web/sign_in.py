"""Signing in with GitHub: GitHub says who it is and what they may read, and the token is forgotten."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from reassay.github.app_types import AppIdentity
from reassay.hosted.rules.manifest import CALLBACK
from reassay.hosted.web.access import FLOW, SESSION, Door
from reassay.hosted.web.dependencies import Parts
from reassay.hosted.web.oauth_state import challenge, derived, fresh, local, read_state, state
from reassay.hosted.web.web_errors import WebError

FLOW_SECONDS, SESSION_SECONDS = 600, 8 * 3_600
"""The session's cookie outlives what it stands for: GitHub is then asked again without a word."""
TRIES_PER_MINUTE = 60
_VERIFIER = "verifier"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Three addresses."""

    parts: Parts
    door: Door

    def routes(self) -> APIRouter:
        """None of it is part of the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/sign-in", self.begin)
        router.add_api_route(CALLBACK, self.back)
        router.add_api_route("/sign-out", self.leave, methods=["POST"])
        return router

    def begin(self, request: Request, to: str = "/") -> Response:
        """To GitHub, with a state and a challenge that only this browser can answer for."""
        app = self._app()
        self._limit(request)
        cookie = fresh()
        asked = challenge(derived(cookie, _VERIFIER))
        response = RedirectResponse(
            self.parts.doorman.address(app, self._redirect, state(cookie, local(to)), asked), 303
        )
        self.door.cookies.put(response, FLOW, cookie, FLOW_SECONDS)
        return response

    def back(self, request: Request, code: str = "", state: str = "", error: str = "") -> Response:
        """From GitHub."""
        app = self._app()
        self._limit(request)
        cookie = self.door.cookies.get(request, FLOW)
        to = read_state(cookie, state)
        if to is None:
            raise WebError(403, "This sign-in was not begun in this browser, or too long ago.", "Sign in again.")
        if error or not code:
            raise WebError(403, "GitHub was not allowed to say who you are.", "Sign in again, and allow it.")
        person = self.parts.doorman.person(app, self._redirect, code, derived(cookie, _VERIFIER))
        session = fresh()
        self.parts.sessions.open(session, person, self.parts.now())
        response = RedirectResponse(local(to), 303)
        self.door.cookies.put(response, SESSION, session, SESSION_SECONDS)
        self.door.cookies.drop(response, FLOW)
        return response

    def leave(self, request: Request, form: Annotated[str, Form()] = "") -> Response:
        """Signed out."""
        visitor = self.door.visitor(request)
        if visitor.kind == "person":
            self.door.check_form(request, visitor, form)
            self.parts.sessions.close(visitor.secret)
        response = RedirectResponse("/", 303)
        self.door.cookies.drop(response, SESSION)
        return response

    @property
    def _redirect(self) -> str:
        return f"{self.parts.settings.base_url}{CALLBACK}"

    def _app(self) -> AppIdentity:
        app = self.parts.identities.current()
        if app is None or not app.signs_in:
            remedy = "Set the App up, or set REASSAY_CLIENT_ID and REASSAY_CLIENT_SECRET, and start again."
            raise WebError(404, "Nobody can sign in here yet.", remedy)
        return app

    def _limit(self, request: Request) -> None:
        who = request.client.host if request.client else ""
        self.door.limiter.spend("sign-in", who, TRIES_PER_MINUTE)
