"""What went over the wire, kept for tests and for the check against GitHub's own descriptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer."""

    method: str
    path: str
    query: str
    request_body: bytes
    status: int
    """0 if the connection was dropped."""
    response_body: bytes
    operation: str
    """`METHOD template` of REST, `MUTATION name` or `QUERY name` of GraphQL, `GIT service`, `PAGE`."""
    actor: str | None
    is_write: bool
    committed: bool
    """Whether it took effect."""


@dataclass(frozen=True, slots=True)
class SandboxRequest:
    """A request as handlers see it."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    raw_query: str = ""


@dataclass(slots=True)
class SandboxResponse:
    """An answer."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    operation: str = ""
    is_write: bool = False
    actor: str | None = None
    is_cut: bool = False
    """Whether the connection ends in the middle of the body."""
