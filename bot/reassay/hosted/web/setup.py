"""Set-up of the App with GitHub's manifest flow: one page with one button."""

import json
import re
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from reassay.hosted.rules.manifest import CREATED, INSTALLED, NAME_LIMIT, SET_UP
from reassay.hosted.web.access import NOBODY, AccessControl
from reassay.hosted.web.access import SET_UP as SET_UP_COOKIE
from reassay.hosted.web.dependencies import WebDependencies
from reassay.hosted.web.pages import WebPages, install_address
from reassay.hosted.web.sessions import derived, same
from reassay.hosted.web.web_errors import WebError, forged

LASTS_SECONDS = 3_600
TRIES_PER_MINUTE = 20
_ORGANISATION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")
_PURPOSE = "set up"


@dataclass(frozen=True, slots=True)
class SetupPages:
    """Pages for the browser that opened the address printed by `reassay serve`."""

    dependencies: WebDependencies
    access: AccessControl
    pages: WebPages

    def routes(self) -> APIRouter:
        """Routes that are not part of the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(SET_UP, self.begin)
        router.add_api_route(CREATED, self.created)
        router.add_api_route(INSTALLED, self.installed)
        return router

    def begin(self, request: Request, code: str = "", organisation: str = "", name: str = "") -> Response:
        """The page with the button; once the App exists, the page with the next steps."""
        if code:
            return self._enter(request, code)
        if not self.access.holds_set_up(request):
            done = self.dependencies.current.app is not None
            return self.pages.show("set_up_closed", NOBODY, 403, done=done)
        if self.dependencies.current.app is not None:
            return self._done()
        organisation, name = organisation.strip(), name.strip() or "reassay"
        if organisation and not _ORGANISATION.fullmatch(organisation):
            raise WebError(
                422,
                f"'{organisation[:60]}' is not a valid name of an organisation.",
                "Write it as in its address on GitHub.",
            )
        if len(name) > NAME_LIMIT:
            raise WebError(
                422,
                f"The name is longer than {NAME_LIMIT} characters.",
                "Choose a shorter name: this is GitHub's limit.",
            )
        manifest = self.dependencies.manifest(name)
        return self.pages.show(
            "set_up",
            NOBODY,
            action=self._action(request, organisation),
            manifest=json.dumps(manifest),
            asked=manifest,
            organisation=organisation,
            name=name,
            public=bool(self.dependencies.settings.public_url),
        )

    def _enter(self, request: Request, code: str) -> Response:
        self.access.limiter.spend("set-up", "all", TRIES_PER_MINUTE)
        cookie = self.dependencies.setup_code.open(code)
        if cookie is None and not self.access.holds_set_up(request):
            return self.pages.show("set_up_closed", NOBODY, 403, done=False)
        # The redirect removes the code from the address bar.
        response = RedirectResponse(SET_UP, 303)
        if cookie is not None:
            self.access.cookies.put(response, SET_UP_COOKIE, cookie, LASTS_SECONDS)
        return response

    def _action(self, request: Request, organisation: str) -> str:
        settings = f"organizations/{quote(organisation)}/settings" if organisation else "settings"
        state = derived(self.access.cookies.get(request, SET_UP_COOKIE), _PURPOSE)
        return f"{self.dependencies.settings.server_url}/{settings}/apps/new?state={state}"

    def created(self, request: Request, code: str = "", state: str = "") -> Response:
        """The redirect from GitHub with the code of the new App."""
        cookie = self.access.cookies.get(request, SET_UP_COOKIE)
        if not self.access.holds_set_up(request) or not same(state, derived(cookie, _PURPOSE)):
            raise forged()
        if self.dependencies.current.app is None:
            self.access.limiter.spend("set-up", "all", TRIES_PER_MINUTE)
            # The key comes first: if that fails, the code can be used again.
            self.dependencies.ledger_key()
            self.dependencies.current.created(self.dependencies.manifest_flow.convert(code))
        return RedirectResponse(SET_UP, 303)

    def _done(self) -> Response:
        return self.pages.show(
            "set_up_done",
            NOBODY,
            app=self.dependencies.current.app,
            key=self.dependencies.ledger_key(),
            install=install_address(self.dependencies),
            public=bool(self.dependencies.settings.public_url),
        )

    def installed(self, request: Request) -> Response:
        """The redirect after an installation. Its parameters are not trusted: the installations are read from GitHub."""
        if self.access.visitor(request).is_authenticated or self.access.holds_set_up(request):
            self.dependencies.refresh_soon()
        return RedirectResponse("/sign-in?to=/" if self.dependencies.current.signs_in else "/", 303)
