"""The web of the hosted App, put together: everything but the deliveries, which come in beside it."""

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
from reassay.hosted.web.access import NOBODY, Door
from reassay.hosted.web.api import PREFIX, Api
from reassay.hosted.web.dependencies import Parts
from reassay.hosted.web.headers import Guard, Places
from reassay.hosted.web.logs import logger
from reassay.hosted.web.oauth_state import Cookies
from reassay.hosted.web.operations import Operations
from reassay.hosted.web.pages import Pages
from reassay.hosted.web.request_limiter import Limiter
from reassay.hosted.web.setup import SetUp
from reassay.hosted.web.sign_in import SignIn
from reassay.hosted.web.view import page
from reassay.hosted.web.web_errors import WebError, as_web

LOG = "reassay.web"
_ABOUT = "How repositories stand, why, and what if. You see what GitHub lets you read."


def make_app(parts: Parts) -> FastAPI:
    """Reads nothing but `parts`; several in one process do not know of each other."""
    places = Places(parts.settings.base_url)
    door = Door(parts, places, Cookies(parts.settings.base_url.startswith("https://")), Limiter(parts.now))
    pages, operations = Pages(parts, door), Operations(parts, door)
    app = FastAPI(
        title="reassay",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json",
    )
    rooms = (pages, SetUp(parts, door, pages), SignIn(parts, door), Api(parts, door), operations)
    for room in rooms:
        app.include_router(room.routes())
    app.add_api_route("/docs", _Docs(app, pages), include_in_schema=False)
    _answers(app, parts.settings.server_url)
    # The last one added is the outermost.
    app.add_middleware(_Counted, operations=operations, server_url=parts.settings.server_url)
    app.add_middleware(Guard, places=places, github=parts.settings.server_url)
    return app


@dataclass(frozen=True, slots=True)
class _Docs:
    """The API on a page, without scripts of anybody's."""

    app: FastAPI
    pages: Pages

    def __call__(self) -> HTMLResponse:
        return self.pages.show("docs", NOBODY, api=self.app.openapi())


def _answers(app: FastAPI, server_url: str) -> None:
    """Every error says what it is and what to do."""

    def handled(translate: Callable[[Exception], WebError]) -> Callable[[Request, Exception], Response]:
        return lambda request, error: _answer(request, translate(error), server_url)

    app.add_exception_handler(WebError, handled(lambda error: error if isinstance(error, WebError) else _fault(error)))
    app.add_exception_handler(
        ReassayError, handled(lambda error: as_web(error) if isinstance(error, ReassayError) else _fault(error))
    )
    app.add_exception_handler(RequestValidationError, handled(_unreadable))
    app.add_exception_handler(HTTPException, handled(_plain))


def _answer(request: Request, error: WebError, server_url: str) -> Response:
    """To programs in JSON, to people on a page."""
    headers = {"retry-after": str(error.wait)} if error.wait else {}
    if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
        body = {"error": {"message": error.message, "remedy": error.remedy}}
        return JSONResponse(body, error.status, headers)
    return HTMLResponse(page("error", visitor=NOBODY, server_url=server_url, error=error), error.status, headers)


def _unreadable(error: Exception) -> WebError:
    """Which field is wrong and how, without what stood there."""
    listed = error.errors() if isinstance(error, RequestValidationError) else []
    first = listed[0] if listed else {"loc": (), "msg": "it cannot be read"}
    place = ".".join(str(part)[:60] for part in first["loc"])
    return WebError(422, f"{place}: {first['msg']}"[:300], "See /docs for what is expected.")


def _plain(error: Exception) -> WebError:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:  # noqa: PLR2004 -- HTTP's number is its name
        return WebError(404, "There is nothing at this address.", "Begin at the front page.")
    return WebError(status, str(getattr(error, "detail", "It cannot be done.")), "See /docs for what is expected.")


def _fault(_error: Exception) -> WebError:
    """What it was stands in the log; a visitor learns nothing of it."""
    return WebError(
        500, "Something is wrong with this program.", "Try again; whoever runs it finds the cause in its log."
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """Counts and logs each request by its route: never by its address, which may hold anything."""

    app: ASGIApp
    operations: Operations
    server_url: str

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
        except Exception as error:  # noqa: BLE001 -- whatever it is, the visitor gets an answer, and the log its cause
            # Here and not outside of the guard: an error is answered with the same headers.
            logger(LOG).exception("fault", exc_info=error)
            if status[0] is None:
                await _answer(Request(scope), _fault(error), self.server_url)(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            self.operations.requests.labels(route, str(status[0])).inc()
            took = round((time.perf_counter() - start) * 1_000, 1)
            method = scope["method"] if scope["method"] in _METHODS else "other"
            logger(LOG).info("request", method=method, route=route, status=status[0], milliseconds=took)


_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})
