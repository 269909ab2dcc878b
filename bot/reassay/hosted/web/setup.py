"""Setting the App up: one page, one button, and GitHub does the rest."""

import json
import re
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from reassay.hosted.rules.manifest import CREATED, INSTALLED, NAME_LIMIT, SET_UP
from reassay.hosted.web.access import NOBODY, Door
from reassay.hosted.web.access import SET_UP as SET_UP_COOKIE
from reassay.hosted.web.dependencies import Parts
from reassay.hosted.web.oauth_state import derived, same
from reassay.hosted.web.pages import Pages, install_address
from reassay.hosted.web.web_errors import WebError, forged

LASTS_SECONDS = 3_600
TRIES_PER_MINUTE = 20
_ORGANISATION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")
_PURPOSE = "set up"


@dataclass(frozen=True, slots=True)
class SetUp:
    """For whoever opened the address that `serve` printed."""

    parts: Parts
    door: Door
    pages: Pages

    def routes(self) -> APIRouter:
        """None of it is part of the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(SET_UP, self.begin)
        router.add_api_route(CREATED, self.created)
        router.add_api_route(INSTALLED, self.installed)
        return router

    def begin(self, request: Request, code: str = "", organisation: str = "", name: str = "") -> Response:
        """The page with the button; afterwards, what has come of it."""
        if code:
            return self._enter(request, code)
        if not self.door.holds_set_up(request):
            done = self.parts.identities.current() is not None
            return self.pages.show("set_up_closed", NOBODY, 403, done=done)
        if self.parts.identities.current() is not None:
            return self._done()
        organisation, name = organisation.strip(), name.strip() or "reassay"
        if organisation and not _ORGANISATION.fullmatch(organisation):
            raise WebError(
                422, f"'{organisation[:60]}' is no organisation's name.", "Write it as in its address on GitHub."
            )
        if len(name) > NAME_LIMIT:
            raise WebError(422, f"The name is longer than {NAME_LIMIT} characters.", "GitHub takes no longer one.")
        manifest = self.parts.manifest(name)
        return self.pages.show(
            "set_up",
            NOBODY,
            action=self._action(request, organisation),
            manifest=json.dumps(manifest),
            asked=manifest,
            organisation=organisation,
            name=name,
            public=bool(self.parts.settings.public_url),
        )

    def _enter(self, request: Request, code: str) -> Response:
        self.door.limiter.spend("set-up", "all", TRIES_PER_MINUTE)
        cookie = self.parts.gate.open(code)
        if cookie is None and not self.door.holds_set_up(request):
            return self.pages.show("set_up_closed", NOBODY, 403, done=False)
        # The code leaves the address line at once.
        response = RedirectResponse(SET_UP, 303)
        if cookie is not None:
            self.door.cookies.put(response, SET_UP_COOKIE, cookie, LASTS_SECONDS)
        return response

    def _action(self, request: Request, organisation: str) -> str:
        settings = f"organizations/{quote(organisation)}/settings" if organisation else "settings"
        state = derived(self.door.cookies.get(request, SET_UP_COOKIE), _PURPOSE)
        return f"{self.parts.settings.server_url}/{settings}/apps/new?state={state}"

    def created(self, request: Request, code: str = "", state: str = "") -> Response:
        """GitHub has made it, and sends its code."""
        cookie = self.door.cookies.get(request, SET_UP_COOKIE)
        if not self.door.holds_set_up(request) or not same(state, derived(cookie, _PURPOSE)):
            raise forged()
        if self.parts.identities.current() is None:
            self.door.limiter.spend("set-up", "all", TRIES_PER_MINUTE)
            # The key first: if that fails, the code is still good.
            self.parts.ledger_key()
            self.parts.identities.created(self.parts.conversions.convert(code))
        return RedirectResponse(SET_UP, 303)

    def _done(self) -> Response:
        return self.pages.show(
            "set_up_done",
            NOBODY,
            app=self.parts.identities.current(),
            key=self.parts.ledger_key(),
            install=install_address(self.parts),
            public=bool(self.parts.settings.public_url),
        )

    def installed(self, request: Request) -> Response:
        """Somebody installed it. What that changes is asked of GitHub, and nothing of this address is believed."""
        if self.door.visitor(request).is_known or self.door.holds_set_up(request):
            self.parts.refresh_soon()
        return RedirectResponse("/sign-in?to=/" if self.parts.signs_in else "/", 303)
