"""The read API: how repositories stand, why, and what if. People and programs see what GitHub lets them read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from reassay.common.instants import read_instant
from reassay.hosted.rules.overview import RepositoryRow
from reassay.hosted.rules.repository import Repository
from reassay.hosted.web.access import Door, Visitor, token_only
from reassay.hosted.web.api_models import (
    Check,
    ErrorAnswer,
    Files,
    Gate,
    Letter,
    Letters,
    Redriven,
    Repositories,
    RepositoryItem,
    Status,
    Stored,
    WhatIf,
)
from reassay.hosted.web.dependencies import Inspector, Parts
from reassay.hosted.web.web_errors import WebError, missing, unknown

PREFIX = "/api/v1"
_ONE = "/repositories/{owner}/{name}"
_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorAnswer, "description": words}
    for status, words in {
        401: "Nobody is signed in",
        404: "Not there, or not for you",
        422: "It cannot be read",
        429: "Too much in this minute",
        503: "Not now",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Api:
    """Version 1: fields are added, never taken away."""

    parts: Parts
    door: Door

    def routes(self) -> APIRouter:
        """With their types, from which the description is made."""
        router = APIRouter(prefix=PREFIX, responses=_ERRORS)
        add = router.add_api_route
        add("/repositories", self.repositories, response_model=Repositories, tags=["read"])
        add(f"{_ONE}/status", self.status, response_model=Stored, tags=["read"])
        add(f"{_ONE}/explain", self.explain, response_model=Status | Gate, tags=["read"])
        add(f"{_ONE}/what-if", self.what_if, methods=["POST"], response_model=Gate | Status, tags=["read"])
        add("/check", self.check, methods=["POST"], response_model=Check, tags=["read"])
        add("/dead-letters", self.dead_letters, response_model=Letters, tags=["operators"])
        add(
            "/dead-letters/{number}/redrive",
            self.redrive,
            methods=["POST"],
            response_model=Redriven,
            tags=["operators"],
        )
        return router

    def repositories(self, request: Request) -> Repositories:
        """All that you may read, with how they stood when they were last swept."""
        visitor = self.door.known(request)
        token_only(visitor)
        rows = self.parts.directory.repositories(visitor.repositories)
        return Repositories(
            repositories=[
                RepositoryItem(
                    id=row.id,
                    repository=row.full_name,
                    private=row.private,
                    swept_at=row.swept_at,
                    fine=row.fine,
                    summary=_summary(row),
                )
                for row in rows
            ]
        )

    def status(self, request: Request, owner: str, name: str) -> Mapping[str, object]:
        """How it stood when it was last swept, and when that was."""
        row = self.door.repository(self.door.known(request), f"{owner}/{name}")
        return {
            "repository": row.full_name,
            "swept_at": row.swept_at,
            "fine": row.fine,
            "problems": row.problems,
            "status": row.status,
        }

    def explain(  # noqa: PLR0913, PLR0917 -- two ways of asking
        self,
        request: Request,
        owner: str,
        name: str,
        subject: Annotated[str | None, Query(max_length=200)] = None,
        deployment: Annotated[str | None, Query(max_length=200)] = None,
        pull: Annotated[int | None, Query(ge=1, le=10**9)] = None,
    ) -> Mapping[str, object]:
        """Why: of a mitigation or commitment ("subject", and "deployment"), or of a pull request ("pull"). Looks anew."""
        if (subject is None) == (pull is None):
            raise WebError(422, "Either 'subject' or 'pull' is needed.", "Write ?subject=ID or ?pull=NUMBER.")
        row, inspector = self._live(request, f"{owner}/{name}")
        if pull is not None:
            return inspector.verdict(_known(row), pull, ())
        return inspector.cells(_known(row), subject or "", deployment)

    def what_if(self, request: Request, owner: str, name: str, asked: WhatIf) -> Mapping[str, object]:
        """The verdict if somebody had signed, or the status at another time. Changes nothing."""
        if (asked.pull is None) == (asked.at is None):
            raise WebError(422, "Either 'pull' or 'at' is needed.", "Send one of them.")
        self.door.check_origin(request)
        row, inspector = self._live(request, f"{owner}/{name}")
        if asked.pull is not None:
            assumed = tuple((role, person) for role, _, person in (each.partition(":") for each in asked.assume_signed))
            return inspector.verdict(_known(row), asked.pull, assumed)
        at = asked.at or ""

        def instant(timezone: str) -> datetime:
            return read_instant(at, timezone)

        return inspector.status(_known(row), instant)

    def check(self, request: Request, given: Files) -> Mapping[str, object]:
        """Findings in files that you send; no repository is needed, and nothing is kept."""
        visitor = self.door.known(request)
        self.door.live(visitor)
        self.door.check_origin(request)
        if visitor.kind == "token" and not self.parts.doorman.is_known(visitor.secret):
            raise unknown()
        return self.parts.check({path: text.encode() for path, text in given.files.items()})

    def dead_letters(self, request: Request) -> Letters:
        """What a person has to look at; for operators."""
        self.door.operator(request)
        found = self.parts.directory.dead_letters()
        return Letters(dead_letters=[Letter(**asdict(each)) for each in found])

    def redrive(self, request: Request, number: int) -> Redriven:
        """Tries one again; for operators. With a cookie, send the header X-CSRF-Token."""
        visitor = self.door.operator(request)
        self.door.check_form(request, visitor, "")
        letter = self.parts.directory.dead_letter(number)
        if letter is None or not self.parts.redrive(letter, self.parts.now()):
            raise missing()
        return Redriven(redriven=True)

    def _live(self, request: Request, full_name: str) -> tuple[RepositoryRow, Inspector]:
        visitor: Visitor = self.door.known(request)
        self.door.live(visitor)
        row = self.door.repository(visitor, full_name)
        inspector = self.parts.inspector()
        if inspector is None:
            raise WebError(503, "No App is set up here yet.", "Open the set-up page.")
        return row, inspector


def _known(row: RepositoryRow) -> Repository:
    return Repository(row.id, row.installation, row.full_name)


def _summary(row: RepositoryRow) -> dict[str, int]:
    found = (row.status or {}).get("summary")
    return dict(found) if isinstance(found, Mapping) else {}
