"""A client for one token, on PyGithub.

- Only idempotent methods are retried: PyGithub's default repeats POST after a 502, which creates an issue three times.
- A rate limit raises LimitError, and the caller decides how long to wait: PyGithub's own sleep is not capped.
- Only PyGithub's requester is used: its objects send requests on attribute access.
- The version of the API is sent with each request.
"""

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from github import Auth, Github
from github.GithubException import GithubException
from urllib3.util.retry import Retry

from reassay import __version__
from reassay.common.errors import (
    LimitError,
    NotAllowedError,
    NotFoundError,
    RejectedError,
    StaleHeadError,
    UnavailableError,
    UpstreamError,
)
from reassay.github.app_types import READ_POINTS, WRITE_POINTS

API_VERSION = "2022-11-28"
TIMEOUT_SECONDS = 30
IDEMPOTENT = frozenset({"GET", "HEAD", "PATCH", "PUT", "DELETE"})
DEFAULT_LIMIT_SECONDS = 60.0
READ_TRIES = 3
_NEXT = re.compile(r'<([^>]*)>;\s*rel="next"')
_UNAUTHORISED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY, _UNPROCESSABLE, _SERVER = 401, 403, 404, 429, 422, 500


@dataclass(frozen=True, slots=True)
class Client:
    """A GitHub client for one token. It sends one request at a time, since PyGithub's clients are not safe across threads."""

    github: Github = field(repr=False)
    spend: Callable[[int], None] | None = field(default=None, repr=False)
    """Called with the points of each request before it is sent. If it raises LimitError, nothing is sent."""
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @staticmethod
    def connect(
        token: str, api_url: str, *, write_pause: float = 1.0, spend: Callable[[int], None] | None = None
    ) -> "Client":
        """A client for a token, without sending a request. `write_pause` is the least time between writes, in seconds."""
        return Client._of(Auth.Token(token), api_url, write_pause, spend)

    @staticmethod
    def as_app(app_id: int, key: str, api_url: str) -> "Client":
        """A client that authenticates as an App by its private key. Raises ValueError for an invalid key."""
        auth = Auth.AppAuth(app_id, key)
        try:
            _ = auth.token
        except Exception as error:
            # The library behind it has errors of its own for every way in which a key can be wrong.
            raise ValueError("not a private key") from error
        return Client._of(auth, api_url, 0.0)

    @staticmethod
    def _of(auth: Auth.Auth, api_url: str, write_pause: float, spend: Callable[[int], None] | None = None) -> "Client":
        retry = Retry(
            total=2,
            allowed_methods=IDEMPOTENT,
            status_forcelist=(500, 502, 503, 504),
            respect_retry_after_header=False,
            backoff_factor=0.2,
            raise_on_status=False,
        )
        return Client(
            Github(
                auth=auth,
                base_url=api_url,
                timeout=TIMEOUT_SECONDS,
                user_agent=f"reassay/{__version__}",
                per_page=100,
                retry=retry,
                seconds_between_requests=None,
                seconds_between_writes=write_pause or None,
                api_version=API_VERSION,
            ),
            spend,
        )

    def close(self) -> None:
        """Closes the connections."""
        self.github.close()

    def rest(self, method: str, path: str, body: object = None, parameters: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401 - JSON, mapped to frozen values by the caller
        """The parsed JSON of a REST request. Raises the errors of `reassay.common.errors`."""
        return self._send(method, path, body, parameters)

    def page(self, path: str, parameters: Mapping[str, object]) -> tuple[Any, Mapping[str, str]]:
        """The parsed JSON of a GET request and the parameters of the next page, which are empty for the last page."""
        headers, answer = self._ask("GET", path, None, parameters)
        link = next((str(value) for name, value in headers.items() if name.lower() == "link"), "")
        match = _NEXT.search(link)
        return answer, dict(parse_qsl(urlsplit(match[1]).query)) if match else {}

    def read_graphql(self, query: str, variables: Mapping[str, object]) -> Mapping[str, Any]:
        """`data` of a query's answer. A query changes nothing, so it is repeated if no answer comes."""
        for _ in range(READ_TRIES - 1):
            try:
                return self.graphql(query, variables)
            except (LimitError, NotAllowedError, NotFoundError):
                raise
            except UpstreamError:
                continue
        return self.graphql(query, variables)

    def graphql(self, query: str, variables: Mapping[str, object]) -> Mapping[str, Any]:
        """`data` of the answer, without repetition. An object that does not exist is None; any other error is raised."""
        body = {"query": query, "variables": dict(variables)}
        answer = self._send("POST", self.github.requester.graphql_url, body, None)
        errors = [error for error in answer.get("errors") or [] if error.get("type") != "NOT_FOUND"]
        if errors:
            raise _graphql_error(errors[0])
        data = answer.get("data")
        if not isinstance(data, dict):
            raise UpstreamError("GitHub's answer contains no data")
        return data

    def _send(self, method: str, path: str, body: object, parameters: Mapping[str, object] | None) -> Any:  # noqa: ANN401 - see rest
        return self._ask(method, path, body, parameters)[1]

    def _ask(
        self, method: str, path: str, body: object, parameters: Mapping[str, object] | None
    ) -> tuple[Mapping[str, Any], Any]:
        """Headers and parsed JSON of the answer."""
        if self.spend is not None:
            self.spend(_points(method, body))
        with self.lock:
            try:
                headers, answer = self.github.requester.requestJsonAndCheck(
                    method, path, parameters=dict(parameters) if parameters else None, input=body
                )
            except GithubException as error:
                raise _translated(error, f"{method} {path}") from error
            except requests.RequestException as error:
                message = f"GitHub could not be reached ({type(error).__name__})"
                raise UnavailableError(message, where=f"{method} {path}", remedy="Run it again.") from error
        return headers, answer


def _points(method: str, body: object) -> int:
    """Points for the secondary rate limit: 1 for a read, 5 for a write."""
    query = str(body.get("query", "")) if isinstance(body, dict) else ""
    reads = method in {"GET", "HEAD"} or (query and not query.lstrip().startswith("mutation"))
    return READ_POINTS if reads else WRITE_POINTS


def _graphql_error(error: Mapping[str, Any]) -> UpstreamError:
    kind, message = str(error.get("type", "")), str(error.get("message", "an error without a message"))
    if kind == "STALE_DATA":
        return StaleHeadError(message)
    if kind == "RATE_LIMITED":
        return LimitError(message, retry_after=DEFAULT_LIMIT_SECONDS)
    if kind == "FORBIDDEN":
        return NotAllowedError(message, remedy=_PERMISSIONS)
    return UpstreamError(f"GitHub says: {message}")


_PERMISSIONS = (
    "The token needs `contents: write`, `issues: write` and `pull-requests: write` on this repository,"
    " and `checks: write` for the gate."
)


def _translated(error: GithubException, where: str) -> UpstreamError:
    headers = {str(key).lower(): str(value) for key, value in (error.headers or {}).items()}
    message = _message(error)
    if error.status in {_FORBIDDEN, _TOO_MANY} and _is_limit(error.status, headers, message):
        return LimitError(f"GitHub's limit is reached: {message}", retry_after=_wait(headers), where=where)
    if error.status in {_UNAUTHORISED, _FORBIDDEN}:
        return NotAllowedError(f"GitHub refuses: {message}.", where=where, remedy=_PERMISSIONS)
    if error.status == _NOT_FOUND:
        remedy = "Check the name, and that the token may see the repository."
        detail = "" if message == "Not Found" else f" ({message})"
        return NotFoundError(f"GitHub finds nothing there{detail}.", where=where, remedy=remedy)
    if error.status == _UNPROCESSABLE:
        return RejectedError(f"GitHub rejects {where}: {message}", _codes(error))
    kind = UnavailableError if error.status >= _SERVER else UpstreamError
    return kind(f"GitHub answered {error.status}: {message}.", where=where, remedy="Run it again.")


def _message(error: GithubException) -> str:
    data = error.data
    if isinstance(data, dict) and data.get("message"):
        return str(data["message"]).rstrip(".")
    return error.message or json.dumps(data)[:200]


def _codes(error: GithubException) -> tuple[tuple[str, str], ...]:
    errors = error.data.get("errors") if isinstance(error.data, dict) else None
    return tuple(
        (str(item.get("field", "")), str(item.get("code", ""))) for item in errors or [] if isinstance(item, dict)
    )


def _is_limit(status: int, headers: Mapping[str, str], message: str) -> bool:
    exhausted = headers.get("x-ratelimit-remaining") == "0"
    return status == _TOO_MANY or "retry-after" in headers or exhausted or "rate limit" in message.lower()


def _wait(headers: Mapping[str, str]) -> float:
    if (after := headers.get("retry-after", "")).isdigit():
        return float(after)
    reset, date = headers.get("x-ratelimit-reset", ""), headers.get("date", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        # By GitHub's own clock: ours may be wrong.
        return max(1.0, float(reset) - _instant(date).timestamp())
    return DEFAULT_LIMIT_SECONDS


def _instant(date: str) -> datetime:
    try:
        return datetime.strptime(date, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        return datetime.now(UTC)
