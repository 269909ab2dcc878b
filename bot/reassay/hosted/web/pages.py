"""Pages for people: the front page, dead letters, and how every page of the App is rendered. All values are escaped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reassay.assessment.cell_status import State
from reassay.common.calendar import due_words
from reassay.common.environment import clock_words, templates_folder
from reassay.github.addresses import app_page
from reassay.hosted.rules.overview import QueueFigures
from reassay.hosted.web.access import NOBODY, AccessControl, Visitor
from reassay.hosted.web.dependencies import LetterNumber, WebDependencies
from reassay.hosted.web.web_errors import missing


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_folder() / "hosted"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["when"] = _when
    environment.filters["due"] = due_of
    return environment


def _when(instant: datetime | None) -> str:
    return clock_words(instant) if instant else "never"


def due_of(cell: Mapping[str, object]) -> str:
    """The due date of a cell of a status document: an instant with its hour and zone, or a date."""
    at = cell.get("due_at")
    if isinstance(at, str):
        instant = datetime.fromisoformat(at)
        return due_words(instant.date(), instant)
    return str(cell.get("due") or "no date")


def page(template: str, **values: object) -> str:
    """Renders `templates/hosted/NAME.html.j2` with `values`. Raises jinja2.UndefinedError for a missing value."""
    return _environment().get_template(f"{template}.html.j2").render(**values)


def style() -> str:
    """The style sheet."""
    return (templates_folder() / "hosted" / "style.css").read_text(encoding="utf-8")


def states(status: Mapping[str, object] | None) -> str:
    """Summary of a document `reassay/status/v1` in words, the most urgent state first: `2 overdue, 11 current`."""
    summary = (status or {}).get("summary")
    if not isinstance(summary, Mapping):
        return ""
    ranked = sorted(summary.items(), key=lambda pair: (_rank(pair[0]), str(pair[0])))
    return ", ".join(f"{count} {state}" for state, count in ranked if count)


_RANK = {str(state): rank for rank, state in enumerate(State)}
_UNHEARD_OF = -1
"""The rank of a state that this version does not know: it counts as the most urgent."""


def most_urgent_first(cells: object) -> list[Mapping[str, object]]:
    """The cells of a document `reassay/status/v1`, by state, subject and deployment."""
    listed = [cell for cell in cells if isinstance(cell, Mapping)] if isinstance(cells, list) else []
    return sorted(
        listed,
        key=lambda cell: (
            _rank(cell.get("state")),
            str(cell.get("mitigation") or cell.get("commitment")),
            str(cell.get("deployment")),
        ),
    )


def _rank(state: object) -> int:
    return _RANK.get(str(state), _UNHEARD_OF)


@dataclass(frozen=True, slots=True)
class WebPages:
    """The routes of the pages."""

    dependencies: WebDependencies
    access: AccessControl

    def routes(self) -> APIRouter:
        """Routes that are not part of the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/", self.front, methods=["GET", "HEAD"])
        router.add_api_route("/dead-letters", self.dead_letters)
        router.add_api_route("/dead-letters/{number}/redrive", self.redrive, methods=["POST"])
        router.add_api_route("/style.css", self.style)
        return router

    def front(self, request: Request) -> Response:
        """The overview, or the page where the visitor can sign in or set the App up."""
        visitor = self.access.visitor(request)
        if visitor.expired:
            return RedirectResponse("/sign-in?to=/", 303)
        if self.dependencies.current.app is None:
            return RedirectResponse("/setup", 303)
        if not visitor.is_authenticated or visitor.kind == "token":
            return self.show("welcome", NOBODY)
        self.access.authenticated(request)
        return self._overview(visitor)

    def _overview(self, visitor: Visitor) -> Response:
        now, overview = self.dependencies.now(), self.dependencies.overview
        return self.show(
            "overview",
            visitor,
            app=self.dependencies.current.app,
            rows=[(status, states(status.status)) for status in overview.repositories(visitor.repositories)],
            installations=overview.installations() if visitor.is_operator else (),
            figures=overview.figures(now) if visitor.is_operator else QueueFigures(),
            stopped=self.dependencies.alarm.stopped(now),
            has_operators=bool(self.dependencies.settings.operators) or visitor.kind == "local",
            install=install_address(self.dependencies),
        )

    def dead_letters(self, request: Request) -> Response:
        """Dead letters; for operators."""
        visitor = self.access.visitor(request)
        if visitor.expired:
            return RedirectResponse("/sign-in?to=/dead-letters", 303)
        visitor = self.access.operator(request)
        return self.show("dead_letters", visitor, letters=self.dependencies.dead_letters.listed())

    def redrive(self, request: Request, number: LetterNumber, form: Annotated[str, Form()] = "") -> Response:
        """Retries a dead letter; for operators."""
        visitor = self.access.operator(request)
        self.access.check_form(request, visitor, form)
        letter = self.dependencies.dead_letters.find(number)
        if letter is None or not self.dependencies.redrive(letter, self.dependencies.now()):
            raise missing()
        return RedirectResponse("/dead-letters", 303)

    def style(self) -> Response:
        """The one style sheet."""
        return Response(style(), media_type="text/css")

    def show(self, template: str, visitor: Visitor, status: int = 200, **values: object) -> HTMLResponse:
        """Renders a page with the values that every page needs."""
        settings, signs_in = self.dependencies.settings, self.dependencies.current.signs_in
        values = {"server_url": settings.server_url, "root": settings.path, "signs_in": signs_in} | values
        return HTMLResponse(page(template, visitor=visitor, **values), status)


def install_address(dependencies: WebDependencies) -> str:
    """Address where people install the App, also on GitHub Enterprise; empty if it is not known."""
    app, server = dependencies.current.app, dependencies.settings.server_url
    if app is None:
        return ""
    address = app.page if app.page.startswith(f"{server}/") else app_page(server, app.slug)
    return f"{address}/installations/new" if address else ""
