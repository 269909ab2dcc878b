"""Answers of GitHub as they came: what a refusal means, and whether a success is what its description says.

A proxy, a time-out or a release of GitHub can cut an answer off, empty it or put a page in its place, with any status. Such an
answer says nothing about what was asked: it is neither "there is none" nor "you may not".
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from reassay.common.errors import (
    InvalidCredentialsError,
    IssuesOffError,
    LimitError,
    LockedError,
    NotAllowedError,
    NotFoundError,
    OddAnswerError,
    RejectedError,
    StaleHeadError,
    UnavailableError,
    UpstreamError,
)

DEFAULT_LIMIT_SECONDS = 60.0
ASK_AGAIN = "Run it again; if it stays so, see githubstatus.com, and any proxy between here and GitHub."
PERMISSIONS = (
    "The token needs `contents: write`, `issues: write` and `pull-requests: write` on this repository,"
    " and `checks: write` for the gate."
)
CREDENTIALS = (
    "Check that the token or key is the right one and still valid, and that the clock of this machine is right."
)
UNLOCK = "Unlock the conversation (on its page, at the right: 'Unlock conversation')."
TURN_ON = "Turn issues on: on the repository's page, under Settings, General, Features."
_REDIRECT, _REFUSED, _SERVER = 300, 400, 500
_UNAUTHORISED, _FORBIDDEN, _NOT_FOUND, _GONE, _TOO_MANY, _UNPROCESSABLE = 401, 403, 404, 410, 429, 422
_LOCKED = re.compile(r"\b(issue|conversation|pull request|discussion)\b.*\blocked\b", re.IGNORECASE)
_NO_CONTENT = frozenset({202, 204, 205})
_SHOWN = 60


@dataclass(frozen=True)
class GitHubAnswer:
    """One answer. `where` names the request."""

    status: int
    headers: Mapping[str, str]
    """By name in small letters."""
    text: str
    where: str

    @cached_property
    def data(self) -> Any:  # noqa: ANN401 -- JSON
        """The parsed JSON; None where there is none."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None

    @property
    def is_success(self) -> bool:
        """Whether GitHub did what was asked."""
        return self.status < _REDIRECT

    @property
    def has_nothing(self) -> bool:
        """Whether it is empty by its status: an answer without content."""
        return self.status in _NO_CONTENT and not self.text.strip()

    def content(self, kind: type[Any] | tuple[type[Any], ...]) -> Any:  # noqa: ANN401 -- JSON of this kind
        """The JSON of a success. Raises OddAnswerError where it is of another kind, or a list holds anything but objects."""
        data = self.data
        if not isinstance(data, kind):
            raise self.odd(self._came())
        if isinstance(data, list) and not all(isinstance(row, dict) for row in data):
            raise self.odd("a list in which something is no object")
        return data

    def odd(self, came: str) -> OddAnswerError:
        """The error for a success that says nothing that can be understood."""
        return odd(f"with {self.status} and {came}", self.where)

    def _came(self) -> str:
        kind = self.headers.get("content-type", "").partition(";")[0].strip()
        text = self.text.strip()
        if not text:
            return "nothing in it"
        if self.data is None and text != "null":
            return f"{kind or 'text'} that is not complete JSON, beginning with {text[:_SHOWN]!r}"
        return f"{_KINDS.get(type(self.data), 'something else')} ({text[:_SHOWN]})"

    def refusal(self, *, is_graphql: bool = False) -> UpstreamError:  # noqa: C901, PLR0911 -- one line for each meaning
        """The error for an answer that is not a success."""
        message, where = self._message(), self.where
        if self.status in {_FORBIDDEN, _TOO_MANY} and self._is_limit(message):
            return LimitError(f"GitHub's limit is reached: {message}", retry_after=self._wait(), where=where)
        if not isinstance(self.data, dict) or "message" not in self.data or (is_graphql and self.status == _NOT_FOUND):
            # GitHub explains each refusal: this one is a proxy's, a wrong address's, or of a service that is down. GraphQL
            # exists for every repository, so its absence says nothing of one.
            text = f"GitHub answered {self.status} without saying why ({self._came()})."
            if _REDIRECT <= self.status < _REFUSED:
                text = f"GitHub answered {self.status}, which leads to {self.headers.get('location') or 'nowhere'}."
            elif self.status == _NOT_FOUND and is_graphql:
                text = "GitHub answered 404: its GraphQL API is not at this address now."
            return UnavailableError(text, where=where, remedy=f"Check the address of the API. {ASK_AGAIN}")
        if self.status == _FORBIDDEN and _is_locked(message):
            return LockedError(f"GitHub refuses: {message}.", where=where, remedy=UNLOCK)
        if self.status == _UNAUTHORISED:
            return InvalidCredentialsError(f"GitHub refuses: {message}.", where=where, remedy=CREDENTIALS)
        if self.status == _FORBIDDEN:
            return NotAllowedError(f"GitHub refuses: {message}.", where=where, remedy=PERMISSIONS)
        if self.status == _NOT_FOUND:
            remedy = "Check the name, and that the token may see the repository."
            detail = "" if message == "Not Found" else f" ({message})"
            return NotFoundError(f"GitHub finds nothing there{detail}.", where=where, remedy=remedy)
        if self.status == _GONE:
            return IssuesOffError(f"GitHub answered 410: {message}.", where=where, remedy=TURN_ON)
        if self.status == _UNPROCESSABLE:
            return RejectedError(f"GitHub rejects {where}: {message}", self._codes())
        kind = UnavailableError if self.status >= _SERVER else UpstreamError
        return kind(f"GitHub answered {self.status}: {message}.", where=where, remedy="Run it again.")

    def _message(self) -> str:
        if isinstance(self.data, dict) and self.data.get("message"):
            return str(self.data["message"]).rstrip(".")
        return self.text.strip()[:200]

    def _codes(self) -> tuple[tuple[str, str], ...]:
        errors = self.data.get("errors")
        rows = errors if isinstance(errors, list) else []
        return tuple((str(row.get("field", "")), str(row.get("code", ""))) for row in rows if isinstance(row, dict))

    def _is_limit(self, message: str) -> bool:
        exhausted = self.headers.get("x-ratelimit-remaining") == "0"
        return self.status == _TOO_MANY or "retry-after" in self.headers or exhausted or "rate limit" in message.lower()

    def _wait(self) -> float:
        if (after := self.headers.get("retry-after", "")).isdigit():
            return float(after)
        reset, now = self.headers.get("x-ratelimit-reset", ""), _instant(self.headers.get("date", ""))
        if self.headers.get("x-ratelimit-remaining") == "0" and reset.isdigit() and now is not None:
            # By GitHub's own clock: ours may be wrong.
            return max(1.0, float(reset) - now.timestamp())
        return DEFAULT_LIMIT_SECONDS


def odd(came: str, where: str) -> OddAnswerError:
    """The error for an answer that is not what GitHub's description says; `came` says how it differs."""
    return OddAnswerError(
        f"GitHub answered {came}, which is not what its description says.", where=where, remedy=ASK_AGAIN
    )


Place = tuple[str | int, ...]
"""The way to a value in an answer: names of fields, and numbers in lists."""


def readable_parts(answer: GitHubAnswer) -> tuple[Mapping[str, Any], tuple[Place, ...]]:
    """`data` of an answer of GraphQL, and the places that are empty in it because the token may not read them.

    Raises NotAllowedError where the server is too old to know what is asked for.
    """
    errors = answer.data.get("errors") if isinstance(answer.data, dict) else None
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, dict) and (error.get("extensions") or {}).get("code") == UNDEFINED:
            message = f"this GitHub server does not know it: {error.get('message')}."
            raise NotAllowedError(message, where=answer.where, remedy="Update GitHub Enterprise Server.")
    data, refused = _data(answer, REFUSALS)
    return data, tuple(tuple(error.get("path") or ()) for error in refused)


def graphql_data(answer: GitHubAnswer) -> Mapping[str, Any]:
    """`data` of an answer of GraphQL. An object that does not exist is None; any other error is raised."""
    return _data(answer, frozenset({"NOT_FOUND"}))[0]


UNDEFINED = "undefinedField"
"""Code of GitHub's error for a field that its schema does not have."""
REFUSALS = frozenset({"FORBIDDEN", "INSUFFICIENT_SCOPES", "NOT_FOUND"})


def _data(answer: GitHubAnswer, excused: frozenset[str]) -> tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]:
    """`data` of an answer, and its errors, which are all of these types. Any other error is raised."""
    body = answer.content(dict)
    errors = body.get("errors") or []
    if not isinstance(errors, list) or not all(isinstance(error, dict) for error in errors):
        raise answer.odd("errors that are no list of errors")
    missing = [error for error in errors if error.get("type") in excused]
    other = [error for error in errors if error.get("type") not in excused]
    if other:
        raise _graphql_error(other[0])
    data = body.get("data")
    if not isinstance(data, dict):
        raise answer.odd("no data")
    explained = [tuple(path) for error in missing if isinstance(path := error.get("path"), list)]
    for place in _empty(data):
        # An error names the field that could not be had, or one below what had to be left empty for it.
        if not any(path[: len(place)] == place for path in explained):
            raise answer.odd(f"nothing at {'.'.join(str(part) for part in place)}")
    return data, missing


MAY_BE_HIDDEN = frozenset({"associatedPullRequests"})
"""Lists that leave out what the token may not see: a commit may also be in pull requests of another repository."""


def _empty(data: object, at: Place = ()) -> Iterator[Place]:
    """Places of what was asked for by name or listed, and is empty.

    What is left out of a list could be a veto, a command or a check: nothing says that it is not.
    """
    if isinstance(data, dict):
        for name, value in data.items():
            if value is None and not at:
                yield (name,)
            elif name not in MAY_BE_HIDDEN:
                yield from _empty(value, (*at, name))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            if value is None:
                yield (*at, index)
            else:
                yield from _empty(value, (*at, index))


def _graphql_error(error: Mapping[str, Any]) -> UpstreamError:
    kind, message = str(error.get("type", "")), str(error.get("message", "an error without a message"))
    if kind == "STALE_DATA":
        return StaleHeadError(message)
    if kind == "RATE_LIMITED":
        return LimitError(message, retry_after=DEFAULT_LIMIT_SECONDS)
    if _is_locked(message):
        return LockedError(f"GitHub refuses: {message}.", remedy=UNLOCK)
    if kind == "FORBIDDEN":
        return NotAllowedError(message, remedy=PERMISSIONS)
    return UpstreamError(f"GitHub says: {message.rstrip('.')}.", remedy=ASK_AGAIN)


def _is_locked(message: str) -> bool:
    """Whether a refusal is about a locked conversation, and not a locked repository. GitHub has no code for it."""
    return _LOCKED.search(message) is not None


_KINDS: Mapping[type[object], str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "a truth value",
    int: "a number",
    float: "a number",
    type(None): "null",
}


def _instant(date: str) -> datetime | None:
    """GitHub's time by the header `date`; None if that cannot be read."""
    try:
        return datetime.strptime(date, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        return None
