"""Pages that show what there is: the front page, one repository, dead letters. Reading only, besides one button."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from reassay.hosted.rules.overview import Numbers
from reassay.hosted.web.access import NOBODY, Door, Visitor
from reassay.hosted.web.dependencies import Parts
from reassay.hosted.web.view import page, states, style
from reassay.hosted.web.web_errors import missing


@dataclass(frozen=True, slots=True)
class Pages:
    """For people."""

    parts: Parts
    door: Door

    def routes(self) -> APIRouter:
        """None of it is part of the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/", self.front, methods=["GET", "HEAD"])
        router.add_api_route("/repositories/{owner}/{name}", self.repository)
        router.add_api_route("/dead-letters", self.dead_letters)
        router.add_api_route("/dead-letters/{number}/redrive", self.redrive, methods=["POST"])
        router.add_api_route("/style.css", self.style)
        return router

    def front(self, request: Request) -> Response:
        """What to do next, whoever it is."""
        visitor = self.door.visitor(request)
        if visitor.expired:
            return RedirectResponse("/sign-in?to=/", 303)
        if self.parts.identities.current() is None:
            return RedirectResponse("/setup", 303)
        if not visitor.is_known or visitor.kind == "token":
            return self.show("welcome", NOBODY, signs_in=self.parts.signs_in)
        self.door.known(request)
        return self._overview(visitor)

    def _overview(self, visitor: Visitor) -> Response:
        now, directory = self.parts.now(), self.parts.directory
        return self.show(
            "overview",
            visitor,
            app=self.parts.identities.current(),
            rows=[(each, states(each.status)) for each in directory.repositories(visitor.repositories)],
            installations=directory.installations() if visitor.is_operator else (),
            numbers=directory.numbers(now) if visitor.is_operator else Numbers(),
            silent=self.parts.watch.silent(now),
            has_operators=bool(self.parts.settings.operators) or visitor.kind == "local",
            install=install_address(self.parts),
        )

    def repository(self, request: Request, owner: str, name: str) -> Response:
        """Every cell, as of the last sweep."""
        visitor = self.door.visitor(request)
        if visitor.expired:
            return RedirectResponse(f"/sign-in?to={request.url.path}", 303)
        row = self.door.repository(self.door.known(request), f"{owner}/{name}")
        cells = (row.status or {}).get("cells")
        return self.show("repository", visitor, row=row, cells=cells if isinstance(cells, list) else [])

    def dead_letters(self, request: Request) -> Response:
        """For operators."""
        visitor = self.door.visitor(request)
        if visitor.expired:
            return RedirectResponse("/sign-in?to=/dead-letters", 303)
        visitor = self.door.operator(request)
        return self.show("dead_letters", visitor, letters=self.parts.directory.dead_letters())

    def redrive(self, request: Request, number: int, form: Annotated[str, Form()] = "") -> Response:
        """Tries one again."""
        visitor = self.door.operator(request)
        self.door.check_form(request, visitor, form)
        letter = self.parts.directory.dead_letter(number)
        if letter is None or not self.parts.redrive(letter, self.parts.now()):
            raise missing()
        return RedirectResponse("/dead-letters", 303)

    def style(self) -> Response:
        """The one style sheet."""
        return Response(style(), media_type="text/css")

    def show(self, template: str, visitor: Visitor, status: int = 200, **values: object) -> HTMLResponse:
        """A page with what every page needs."""
        return HTMLResponse(
            page(template, visitor=visitor, server_url=self.parts.settings.server_url, **values), status
        )


def install_address(parts: Parts) -> str:
    """Where people install the App; empty while that is not known. GitHub Enterprise Server has its Apps elsewhere."""
    app, server = parts.identities.current(), parts.settings.server_url
    if app is None or not app.slug:
        return ""
    folder = "apps" if server == "https://github.com" else "github-apps"
    return f"{server}/{folder}/{app.slug}/installations/new"
