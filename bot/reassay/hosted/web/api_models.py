"""What the API takes and gives, typed. Documents of the command line are the same here, and may grow further fields."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MOST_FILES = 500
Path = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^/\\\x00][^\\\x00]*$")]
Signature = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^:]+:.+$")]


class Open(BaseModel):
    """May have more fields than are listed."""

    model_config = ConfigDict(extra="allow")


class Trigger(Open):
    """Why something is due."""

    kind: str
    reason: str


class Cell(Open):
    """One mitigation or commitment in one deployment; `*` is all of it."""

    mitigation: str | None = None
    commitment: str | None = None
    deployment: str
    state: str
    due: str | None = None
    reason: str = ""
    triggers: list[Trigger] = []


class Status(Open):
    """`reassay/status/v1`."""

    document: Literal["reassay/status/v1"] = Field(alias="schema")
    at: str
    cells: list[Cell]
    summary: dict[str, int]


class Problem(Open):
    """What went wrong in a sweep."""

    what: str
    message: str


class Stored(BaseModel):
    """How a repository stood when it was last swept."""

    repository: str
    swept_at: datetime | None
    fine: bool
    """Whether that sweep left nothing undone."""
    problems: list[Problem]
    status: Status | None


class RepositoryItem(BaseModel):
    """A repository that you may read."""

    id: int
    repository: str
    private: bool
    swept_at: datetime | None
    fine: bool
    summary: dict[str, int]


class Repositories(BaseModel):
    """All that you may read."""

    repositories: list[RepositoryItem]


class Required(Open):
    """A signature, or that there is none."""

    item: str
    role: str
    holds: bool
    signed_by: str | None = None
    why_not: str | None = None


class Gate(Open):
    """`reassay/gate/v1`."""

    document: Literal["reassay/gate/v1"] = Field(alias="schema")
    conclusion: str
    head: str
    tree: dict[str, Any]
    required: list[Required]


class WhatIf(BaseModel):
    """Either a pull request with signatures taken as given, or another time for the status."""

    model_config = ConfigDict(extra="forbid")
    pull: Annotated[int, Field(ge=1, le=10**9)] | None = None
    assume_signed: Annotated[list[Signature], Field(max_length=50)] = []
    """`role:person`, for every row that the role signs."""
    at: Annotated[str, Field(max_length=40)] | None = None
    """`2027-06-30`, the end of that day in the register's time zone, or an instant."""


class Files(BaseModel):
    """Files of a framework repository, as texts by path."""

    model_config = ConfigDict(extra="forbid")
    files: Annotated[dict[Path, str], Field(min_length=1, max_length=MOST_FILES)]


class Finding(Open):
    """What is wrong, where, and what to write instead."""

    path: str
    line: int
    column: int
    code: str
    message: str
    remedy: str
    severity: str


class Check(Open):
    """`reassay/check/v1`."""

    document: Literal["reassay/check/v1"] = Field(alias="schema")
    findings: list[Finding]
    summary: dict[str, int]


class Letter(BaseModel):
    """A delivery that made no sense, or a subject that failed too often."""

    id: int
    kind: str
    key: str
    repository: str
    event: str
    reason: str
    at: datetime
    redriven_at: datetime | None


class Letters(BaseModel):
    """The latest first."""

    dead_letters: list[Letter]


class Redriven(BaseModel):
    """It is tried again."""

    redriven: bool


class Said(BaseModel):
    """What is wrong, and what to do next."""

    message: str
    remedy: str


class ErrorAnswer(BaseModel):
    """Every answer that is an error."""

    error: Said
