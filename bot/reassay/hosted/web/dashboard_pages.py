"""The pages of a repository: its dashboard as of the last sweep, rendered when they are asked for."""

import threading
from dataclasses import dataclass, field
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from reassay.common.errors import ReassayError
from reassay.dashboard.site import Site
from reassay.dashboard.values import Dashboard
from reassay.dashboard.views.page_values import SiteFrame
from reassay.hosted.rules.repository import RepositoryStatus
from reassay.hosted.web.access import AccessControl, Visitor
from reassay.hosted.web.bounded_cache import BoundedCache
from reassay.hosted.web.dependencies import WebDependencies
from reassay.hosted.web.pages import WebPages, most_urgent_first
from reassay.hosted.web.stored_dashboards import ShownDashboard
from reassay.hosted.web.web_errors import WebError, missing

ONE: Final = "/repositories/{owner}/{name}"
INDEX: Final = "index.html"
PICTURES: Final = "pictures/"
PARTS: Final = (".css", ".js", ".svg")
"""Ends of the paths that browsers ask for with a page."""
MOST_PICTURE_BYTES: Final = 16 * 1024**2
"""Bytes of all pictures that a process keeps in memory."""


@dataclass(frozen=True, slots=True)
class DashboardPages:
    """The routes below a repository. Links in its pages are relative, so its address ends with a slash."""

    dependencies: WebDependencies
    access: AccessControl
    pages: WebPages
    pictures: BoundedCache[tuple[int, str, str], bytes] = field(
        default_factory=lambda: BoundedCache(MOST_PICTURE_BYTES, len), repr=False
    )
    """By repository, key of its dashboard, and path."""
    drawing: threading.Lock = field(default_factory=threading.Lock, repr=False)
    """One picture at a time: drawing takes much memory."""

    def routes(self) -> APIRouter:
        """Routes that are not part of the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(ONE, self.repository)
        router.add_api_route(f"{ONE}/{{path:path}}", self.file)
        return router

    def repository(self, request: Request, owner: str, name: str) -> Response:
        """The first page; the cells of the last sweep where there is no dashboard yet."""
        return self._answer(request, f"{owner}/{name}", None)

    def file(self, request: Request, owner: str, name: str, path: str) -> Response:
        """One file of the dashboard."""
        return self._answer(request, f"{owner}/{name}", path or INDEX)

    def _answer(self, request: Request, full_name: str, path: str | None) -> Response:
        visitor = self.access.visitor(request)
        if visitor.expired:
            return RedirectResponse(f"/sign-in?to={request.url.path}", 303)
        is_part = path is not None and path.endswith(PARTS)
        status = self.access.repository(self.access.authenticated(request, is_part=is_part), full_name)
        shown = self.dependencies.dashboards.of(status, self.dependencies.now())
        if shown.dashboard is None:
            return self._cells(visitor, status, shown, path)
        if path is None:
            return RedirectResponse(f"/repositories/{status.repository.full_name}/", 303)
        if path.startswith(PICTURES):
            return self._picture(status, shown.dashboard, shown.key, path)
        file = Site(shown.dashboard, self._frame(visitor)).file(path)
        if file is None:
            raise missing()
        return Response(file.content, media_type=file.media_type)

    def _cells(self, visitor: Visitor, status: RepositoryStatus, shown: ShownDashboard, path: str | None) -> Response:
        """Every cell as of the last sweep, and why there is no dashboard."""
        if path not in {None, INDEX}:
            raise missing()
        cells = (status.status or {}).get("cells")
        return self.pages.show(
            "repository", visitor, row=status, cells=most_urgent_first(cells), why_no_dashboard=shown.why_not
        )

    def _picture(self, status: RepositoryStatus, dashboard: Dashboard, key: str, path: str) -> Response:
        """A picture, drawn once for what it shows. Raises WebError 404 for another name, 503 if it cannot be drawn."""
        place = (status.repository.id, key, path)
        content = self.pictures.get(place)
        if content is None:
            with self.drawing:
                content = self.pictures.get(place) or self._drawn(dashboard, path)
                self.pictures.keep(place, content)
        return Response(content, media_type="image/svg+xml")

    @staticmethod
    def _drawn(dashboard: Dashboard, path: str) -> bytes:
        try:
            file = Site(dashboard).file(path)
        except ReassayError as error:
            raise WebError(503, f"This picture cannot be drawn: {error.message}", "The page has its table.") from error
        if file is None:
            raise missing()
        return file.content

    def _frame(self, visitor: Visitor) -> SiteFrame:
        """The App's part of each page: ways out of the dashboard, and the form for signing out."""
        root, is_person = self.dependencies.settings.path, visitor.kind == "person"
        operators = (("Dead letters", f"{root}/dead-letters"),) if visitor.is_operator else ()
        return SiteFrame(
            home_label="reassay",
            home_address=f"{root}/",
            links=(("Repositories", f"{root}/"), *operators, ("API", f"{root}/docs")),
            login=visitor.login,
            sign_out_address=f"{root}/sign-out" if is_person else "",
            form=visitor.form if is_person else "",
        )
