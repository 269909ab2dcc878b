"""The FastAPI application: pages, API and probes. Webhooks do not pass through it (see `intake`)."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reassay import __version__
from reassay.common.errors import ReassayError
from reassay.hosted.web.access import NOBODY, AccessControl, RequestLimiter
from reassay.hosted.web.api import PREFIX, Api
from reassay.hosted.web.api_page import objects, routes
from reassay.hosted.web.dashboard_pages import DashboardPages
from reassay.hosted.web.dependencies import WebDependencies
from reassay.hosted.web.headers import RequestGuard, ServerAddress
from reassay.hosted.web.logs import logger
from reassay.hosted.web.operations import Operations
from reassay.hosted.web.pages import WebPages
from reassay.hosted.web.sessions import Cookies
from reassay.hosted.web.setup import SetupPages
from reassay.hosted.web.sign_in import SignInPages
from reassay.hosted.web.web_errors import WebError, as_web

LOG = "reassay.web"
_ABOUT = "Status of repositories, why, and what if. You see what GitHub lets you read."


def make_app(dependencies: WebDependencies) -> FastAPI:
    """The application over `dependencies`; it has no other state."""
    settings = dependencies.settings
    address = ServerAddress(settings.base_url)
    cookies = Cookies(settings.base_url.startswith("https://"), settings.path)
    access = AccessControl(dependencies, address, cookies, RequestLimiter(dependencies.now))
    pages, operations = WebPages(dependencies, access), Operations(dependencies, access)
    app = FastAPI(
        title="reassay",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json",
    )
    groups = (
        pages,
        DashboardPages(dependencies, access, pages),
        SetupPages(dependencies, access, pages),
        SignInPages(dependencies, access),
        Api(dependencies, access),
        operations,
    )
    for group in groups:
        app.include_router(group.routes())
    app.add_api_route("/docs", _Docs(app, pages).show, include_in_schema=False)
    errors = ErrorAnswers(pages)
    _handle_errors(app, errors)
    # The last one added is the outermost.
    app.add_middleware(_Counted, operations=operations, errors=errors)
    app.add_middleware(
        RequestGuard,
        address=address,
        github=settings.server_url,
        refuse=errors.refusal,
        framed_by=settings.framed_by,
    )
    return app


@dataclass(frozen=True, slots=True)
class _Docs:
    """The page that documents the API, without scripts."""

    app: FastAPI
    pages: WebPages

    def show(self, request: Request) -> HTMLResponse:
        """The page. It is public; whoever is signed in keeps the navigation."""
        description = self.app.openapi()
        return self.pages.show(
            "docs",
            self.pages.access.visitor(request),
            about=description["info"]["description"],
            base_url=self.pages.dependencies.settings.base_url,
            routes=routes(description),
            objects=objects(description),
        )


def _handle_errors(app: FastAPI, errors: "ErrorAnswers") -> None:
    """Renders every error with its message and its remedy."""

    def handled(translate: Callable[[Exception], WebError]) -> Callable[[Request, Exception], Response]:
        return lambda request, error: errors.answer(request, translate(error))

    app.add_exception_handler(WebError, handled(lambda error: error if isinstance(error, WebError) else _fault(error)))
    app.add_exception_handler(
        ReassayError, handled(lambda error: as_web(error) if isinstance(error, ReassayError) else _fault(error))
    )
    app.add_exception_handler(RequestValidationError, handled(_unreadable))
    app.add_exception_handler(HTTPException, handled(_plain))


@dataclass(frozen=True, slots=True)
class ErrorAnswers:
    """Renders errors: JSON for programs, a page for browsers."""

    pages: WebPages

    def answer(self, request: Request, error: WebError) -> Response:
        """The response to a request."""
        headers = {"retry-after": str(error.wait)} if error.wait else {}
        if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
            body = {"error": {"message": error.message, "remedy": error.remedy}}
            return JSONResponse(body, error.status, headers)
        answer = self.pages.show("error", NOBODY, error.status, error=error)
        answer.headers.update(headers)
        return answer

    def refusal(self, scope: Scope, status: int, message: str, remedy: str) -> ASGIApp:
        """The response of the guard, as an ASGI application."""
        return self.answer(Request(scope), WebError(status, message, remedy))


def _unreadable(error: Exception) -> WebError:
    """Which field is wrong and how, without quoting its value."""
    listed = error.errors() if isinstance(error, RequestValidationError) else []
    first = listed[0] if listed else {"loc": (), "msg": "it is invalid"}
    place = ".".join(str(part)[:60] for part in first["loc"])
    return WebError(422, f"{place}: {first['msg']}"[:300], "See /docs for what is expected.")


def _plain(error: Exception) -> WebError:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:  # noqa: PLR2004 -- HTTP's number is its name
        return WebError(404, "There is no page at this address.", "Start at the front page.")
    return WebError(status, str(getattr(error, "detail", "The request failed.")), "See /docs for what is expected.")


def _fault(_error: Exception) -> WebError:
    """The response to an unexpected exception. The cause is in the log only."""
    return WebError(500, "An internal error occurred.", "Try again. The operator finds the cause in the log.")


@dataclass(frozen=True, slots=True)
class _Counted:
    """Counts and logs each request by its route, not by its address, which may hold secrets."""

    app: ASGIApp
    operations: Operations
    errors: ErrorAnswers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = time.perf_counter()
        status: list[int | None] = [None]

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:  # noqa: BLE001 -- the visitor gets a response, and the log the cause
            # Caught inside the guard, so that the response has the security headers.
            logger(LOG).exception("fault", exc_info=error)
            if status[0] is None:
                await self.errors.answer(Request(scope), _fault(error))(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            self.operations.requests.labels(route, str(status[0])).inc()
            took = round((time.perf_counter() - start) * 1_000, 1)
            method = scope["method"] if scope["method"] in _METHODS else "other"
            # Until the App exists, only what fails is logged: the console shows the address of the set-up page.
            is_before_set_up = self.operations.dependencies.current.app is None
            is_quiet = route in PROBES or (is_before_set_up and (status[0] or 500) < 500)  # noqa: PLR2004 -- HTTP
            log = logger(LOG).debug if is_quiet else logger(LOG).info
            log("request", method=method, route=route, status=status[0], milliseconds=took)


PROBES = frozenset({"/livez", "/readyz", "/style.css"})
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})
