"""The read API: status of repositories, why, and what if. Callers see what GitHub lets them read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from reassay.common.instants import read_instant
from reassay.github.app_types import HostedRepository
from reassay.hosted.rules.repository import RepositoryStatus
from reassay.hosted.web.access import AccessControl, Visitor, refuse_token
from reassay.hosted.web.api_models import (
    CheckDocument,
    CheckRequest,
    DashboardDocument,
    DeadLetterItem,
    DeadLetterList,
    ErrorResponse,
    GateDocument,
    RedriveResponse,
    RepositoryItem,
    RepositoryList,
    StatusDocument,
    StoredStatus,
    WhatIfRequest,
)
from reassay.hosted.web.dependencies import LetterNumber, WebDependencies
from reassay.hosted.web.inspector import Inspector
from reassay.hosted.web.web_errors import WebError, missing, not_signed_in

PREFIX = "/api/v1"
_ONE = "/repositories/{owner}/{name}"
_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorResponse, "description": words}
    for status, words in {
        401: "Not signed in",
        404: "Not found, or you may not read it",
        422: "Invalid request",
        429: "Too many requests in this minute",
        503: "Temporarily unavailable",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Api:
    """Version 1: fields may be added, never removed."""

    dependencies: WebDependencies
    access: AccessControl

    def routes(self) -> APIRouter:
        """All routes with their types, from which the OpenAPI description is made."""
        router = APIRouter(prefix=PREFIX, responses=_ERRORS)
        add = router.add_api_route
        add("/repositories", self.repositories, response_model=RepositoryList, tags=["read"])
        add(f"{_ONE}/status", self.status, response_model=StoredStatus, tags=["read"])
        add(f"{_ONE}/dashboard", self.dashboard, response_model=DashboardDocument, tags=["read"])
        add(f"{_ONE}/explain", self.explain, response_model=StatusDocument | GateDocument, tags=["read"])
        add(
            f"{_ONE}/what-if",
            self.what_if,
            methods=["POST"],
            response_model=GateDocument | StatusDocument,
            tags=["read"],
        )
        add("/check", self.check, methods=["POST"], response_model=CheckDocument, tags=["read"])
        add("/dead-letters", self.dead_letters, response_model=DeadLetterList, tags=["operators"])
        add(
            "/dead-letters/{number}/redrive",
            self.redrive,
            methods=["POST"],
            response_model=RedriveResponse,
            tags=["operators"],
        )
        return router

    def repositories(self, request: Request) -> RepositoryList:
        """The repositories that you may read, with a summary of their last sweep."""
        visitor = self.access.authenticated(request)
        refuse_token(visitor)
        statuses = self.dependencies.overview.repositories(visitor.repositories)
        return RepositoryList(repositories=[_item(status) for status in statuses])

    def status(self, request: Request, owner: str, name: str) -> Mapping[str, object]:
        """The status as of the last sweep, and when that was."""
        status = self.access.repository(self.access.authenticated(request), f"{owner}/{name}")
        return {
            "repository": status.repository.full_name,
            "swept_at": status.swept_at,
            "fine": status.fine,
            "problems": status.problems,
            "status": status.status,
        }

    def dashboard(self, request: Request, owner: str, name: str) -> Response:
        """Everything that the dashboard shows as of the last sweep, and first of all what makes it less certain."""
        status = self.access.repository(self.access.authenticated(request), f"{owner}/{name}")
        shown = self.dependencies.dashboards.of(status, self.dependencies.now())
        if shown.dashboard is None:
            why = f": {shown.why_not}" if shown.why_not else " before the first sweep."
            raise WebError(404, f"There is no dashboard{why}", "Read the status, or try again after the next sweep.")
        # It is a document of ours already: to read it again only to check it would take as long as to make it.
        return Response(shown.dashboard.model_dump_json(), media_type="application/json")

    def explain(  # noqa: PLR0913, PLR0917 -- two ways of asking
        self,
        request: Request,
        owner: str,
        name: str,
        subject: Annotated[str | None, Query(max_length=200)] = None,
        deployment: Annotated[str | None, Query(max_length=200)] = None,
        pull: Annotated[int | None, Query(ge=1, le=10**9)] = None,
    ) -> Mapping[str, object]:
        """Why a mitigation or commitment ("subject", "deployment") or a pull request ("pull") has its state; read from GitHub."""
        if (subject is None) == (pull is None):
            raise WebError(422, "Exactly one of 'subject' and 'pull' is needed.", "Write ?subject=ID or ?pull=NUMBER.")
        repository, inspector = self._live(request, f"{owner}/{name}")
        if pull is not None:
            return inspector.verdict(repository, pull, ())
        return inspector.cells(repository, subject or "", deployment)

    def what_if(self, request: Request, owner: str, name: str, question: WhatIfRequest) -> Mapping[str, object]:
        """The verdict with assumed sign-offs, or the status at another time. Changes nothing."""
        if (question.pull is None) == (question.at is None):
            raise WebError(422, "Exactly one of 'pull' and 'at' is needed.", "Send one of them.")
        self.access.check_origin(request)
        repository, inspector = self._live(request, f"{owner}/{name}")
        if question.pull is not None:
            assumed = tuple(
                (role, person) for role, _, person in (text.partition(":") for text in question.assume_signed)
            )
            return inspector.verdict(repository, question.pull, assumed)
        at = question.at or ""

        def instant(timezone: str) -> datetime:
            return read_instant(at, timezone)

        return inspector.status(repository, instant)

    def check(self, request: Request, files: CheckRequest) -> Mapping[str, object]:
        """Findings in files that you send. No repository is needed, and nothing is stored."""
        visitor = self.access.authenticated(request)
        self.access.live(visitor)
        self.access.check_origin(request)
        if visitor.kind == "token" and not self.dependencies.oauth.is_valid(visitor.secret):
            raise not_signed_in()
        return self.dependencies.check({path: text.encode() for path, text in files.files.items()})

    def dead_letters(self, request: Request) -> DeadLetterList:
        """Dead letters; for operators."""
        self.access.operator(request)
        letters = self.dependencies.dead_letters.listed()
        return DeadLetterList(dead_letters=[DeadLetterItem(**asdict(letter)) for letter in letters])

    def redrive(self, request: Request, number: LetterNumber) -> RedriveResponse:
        """Retries a dead letter; for operators. With a cookie, send the header X-CSRF-Token."""
        visitor = self.access.operator(request)
        self.access.check_form(request, visitor, "")
        letter = self.dependencies.dead_letters.find(number)
        if letter is None or not self.dependencies.redrive(letter, self.dependencies.now()):
            raise missing()
        return RedriveResponse(redriven=True)

    def _live(self, request: Request, full_name: str) -> tuple[HostedRepository, Inspector]:
        visitor: Visitor = self.access.authenticated(request)
        self.access.live(visitor)
        status = self.access.repository(visitor, full_name)
        inspector = self.dependencies.inspector()
        if inspector is None:
            raise WebError(503, "No App is set up yet.", "Open the set-up page.")
        return status.repository, inspector


def _item(status: RepositoryStatus) -> RepositoryItem:
    summary = (status.status or {}).get("summary")
    return RepositoryItem(
        id=status.repository.id,
        repository=status.repository.full_name,
        private=status.repository.is_private,
        swept_at=status.swept_at,
        fine=status.fine,
        errors=status.errors,
        unreadable=len(status.unreadable),
        summary=dict(summary) if isinstance(summary, Mapping) else {},
    )
