"""Requests and responses of the API. Documents of the command line have the same form here and may gain fields."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MOST_FILES = 500
FilePath = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^/\\\x00][^\\\x00]*$")]
AssumedSignOff = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^:]+:.+$")]


class OpenModel(BaseModel):
    """A document that may have more fields than are listed."""

    model_config = ConfigDict(extra="allow")


class TriggerItem(OpenModel):
    """A trigger that fired."""

    kind: str
    reason: str


class CellItem(OpenModel):
    """One mitigation or commitment in one deployment; `*` means all deployments."""

    mitigation: str | None = None
    commitment: str | None = None
    deployment: str
    state: str
    verdict: str = ""
    """The last decision with its basis."""
    due: str | None = None
    due_at: str | None = None
    """The instant of a deadline that has an hour."""
    reason: str = ""
    triggers: list[TriggerItem] = []


class UnreadableItem(OpenModel):
    """An entry of the register, or the configuration, that cannot be read any more."""

    kind: str | None
    """`configuration`, or the kind of the entry; null if it cannot be told."""
    id: str | None
    owner: str | None = None
    """The last known owner."""
    cells: list[str] = []
    """The last known cells of a mitigation or commitment."""
    path: str
    line: int
    message: str
    since: str | None = None


class StatusDocument(OpenModel):
    """`reassay/status/v1`."""

    document: Literal["reassay/status/v1"] = Field(alias="schema")
    at: str
    errors: int = 0
    """Errors in the register."""
    unreadable: list[UnreadableItem] = []
    cells: list[CellItem]
    summary: dict[str, int]


class ProblemItem(OpenModel):
    """A problem of the last sweep."""

    what: str
    message: str


class StoredStatus(BaseModel):
    """The status of a repository as of its last sweep."""

    repository: str
    swept_at: datetime | None
    fine: bool
    """Whether that sweep finished without problems, and everything in the register can be read."""
    problems: list[ProblemItem]
    status: StatusDocument | None


class DashboardProblemItem(OpenModel):
    """Something that makes the rest less certain."""

    kind: str
    """`unreadable`, `error`, `blind`, `ledger`, `sweep` or `verdict`."""
    what: str
    why: str
    remedy: str = ""


class DashboardDutyItem(OpenModel):
    """One thing that one of some people has to do."""

    role: str
    people: list[str]
    verb: str
    what: str
    state: str = ""
    due: str | None = None
    group: str
    """`now`, `month`, `later`, `queued` or `unknown`."""


class DashboardDocument(OpenModel):
    """`reassay/dashboard/v1`; documents for programs lists all fields."""

    document: Literal["reassay/dashboard/v1"] = Field(alias="schema")
    repository: str
    at: str
    """The instant that the states speak of."""
    today: str
    swept: str | None = None
    """When a sweep last found what the document says."""
    problems: list[DashboardProblemItem] = []
    duties: list[DashboardDutyItem] = []
    cells: list[dict[str, Any]] = []


class RepositoryItem(BaseModel):
    """A repository that you may read."""

    id: int
    repository: str
    private: bool
    swept_at: datetime | None
    fine: bool
    """Whether that sweep finished without problems, and everything in the register can be read."""
    errors: int
    """Errors in the register."""
    unreadable: int
    """Entries of the register, and the configuration, that cannot be read any more."""
    summary: dict[str, int]


class RepositoryList(BaseModel):
    """The repositories that you may read."""

    repositories: list[RepositoryItem]


class SignOffItem(OpenModel):
    """A required sign-off, present or missing."""

    item: str
    role: str
    holds: bool
    signed_by: str | None = None
    why_not: str | None = None


class GateDocument(OpenModel):
    """`reassay/gate/v1`."""

    document: Literal["reassay/gate/v1"] = Field(alias="schema")
    conclusion: str
    head: str
    tree: dict[str, Any]
    required: list[SignOffItem]


class WhatIfRequest(BaseModel):
    """Either a pull request with assumed sign-offs, or another time for the status."""

    model_config = ConfigDict(extra="forbid")
    pull: Annotated[int, Field(ge=1, le=10**9)] | None = None
    assume_signed: Annotated[list[AssumedSignOff], Field(max_length=50)] = []
    """`role:person`: assumed for every item that the role signs off."""
    at: Annotated[str, Field(max_length=40)] | None = None
    """A date, which means the end of that day in the register's time zone, or an instant."""


class CheckRequest(BaseModel):
    """Files of a framework repository: text by path."""

    model_config = ConfigDict(extra="forbid")
    files: Annotated[dict[FilePath, str], Field(min_length=1, max_length=MOST_FILES)]


class FindingItem(OpenModel):
    """A finding with its place and remedy."""

    path: str
    line: int
    column: int
    code: str
    message: str
    remedy: str
    severity: str


class CheckDocument(OpenModel):
    """`reassay/check/v1`."""

    document: Literal["reassay/check/v1"] = Field(alias="schema")
    findings: list[FindingItem]
    summary: dict[str, int]


class DeadLetterItem(BaseModel):
    """A delivery that could not be processed, or a job that failed too often."""

    id: int
    kind: str
    key: str
    repository: str
    event: str
    reason: str
    at: datetime
    redriven_at: datetime | None


class DeadLetterList(BaseModel):
    """Dead letters, the latest first."""

    dead_letters: list[DeadLetterItem]


class RedriveResponse(BaseModel):
    """A dead letter was retried."""

    redriven: bool


class ErrorDetail(BaseModel):
    """What is wrong, and what to do next."""

    message: str
    remedy: str


class ErrorResponse(BaseModel):
    """The body of every error response."""

    error: ErrorDetail
