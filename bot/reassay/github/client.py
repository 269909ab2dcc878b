"""A client for one token, on PyGithub.

- Only idempotent methods are retried: PyGithub's default repeats POST after a 502, which creates an issue three times.
- A read whose answer is not whole is asked again, a few times and with pauses; a write never is.
- A rate limit raises LimitError, and the caller decides how long to wait: PyGithub's own sleep is not capped.
- Only PyGithub's requester is used, up to the raw answer: its objects send requests on attribute access, and its reading of
  an odd answer raises whatever Python raises.
- The version of the API is sent with each request.
"""

import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from github import Auth, Github
from github.GithubException import GithubException
from urllib3.util.retry import Retry

from reassay import __version__
from reassay.common.errors import (
    LimitError,
    NotAllowedError,
    NotFoundError,
    OddAnswerError,
    UnavailableError,
    UpstreamError,
)
from reassay.github.answers import ASK_AGAIN, GitHubAnswer, Place, graphql_data, readable_parts
from reassay.github.app_types import READ_POINTS, WRITE_POINTS
from reassay.github.odd_answers import PAUSES

API_VERSION = "2022-11-28"
TIMEOUT_SECONDS = 30
IDEMPOTENT = frozenset({"GET", "HEAD", "PATCH", "PUT", "DELETE"})
JSON = Mapping[str, Any]
Returned = TypeVar("Returned")
_NEXT = re.compile(r'<([^>]*)>;\s*rel="next"')


@lru_cache(maxsize=4)
def _loaded(key: str) -> PrivateKeyTypes:
    """A private key. Reading one tests its factors: some 40 ms, and each request as an App signs a token with it."""
    return load_pem_private_key(key.encode(), password=None)


@dataclass(frozen=True, slots=True)
class Client:
    """A GitHub client for one token. It sends one request at a time, since PyGithub's clients are not safe across threads."""

    github: Github = field(repr=False)
    spend: Callable[[int], None] | None = field(default=None, repr=False)
    """Called with the points of each request before it is sent. If it raises LimitError, nothing is sent."""
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    """Waits so many seconds, before an answer that could not be understood is asked for again."""

    @staticmethod
    def connect(
        token: str,
        api_url: str,
        *,
        write_pause: float = 1.0,
        spend: Callable[[int], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> "Client":
        """A client for a token, without sending a request. `write_pause` is the least time between writes, in seconds."""
        return Client._of(Auth.Token(token), api_url, write_pause, spend, sleep)

    @staticmethod
    def as_app(app_id: int, key: str, api_url: str, *, sleep: Callable[[float], None] = time.sleep) -> "Client":
        """A client that authenticates as an App by its private key. Raises ValueError for an invalid key."""
        auth = Auth.AppAuth(app_id, partial(_loaded, key))  # type: ignore[arg-type] # PyGithub passes it on to PyJWT
        try:
            _ = auth.token
        except Exception as error:
            # The library behind it has errors of its own for every way in which a key can be wrong.
            raise ValueError("not a private key") from error
        return Client._of(auth, api_url, 0.0, None, sleep)

    @staticmethod
    def _of(
        auth: Auth.Auth,
        api_url: str,
        write_pause: float,
        spend: Callable[[int], None] | None,
        sleep: Callable[[float], None],
    ) -> "Client":
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
            sleep=sleep,
        )

    def close(self) -> None:
        """Closes the connections."""
        self.github.close()

    def wait(self, seconds: float) -> None:
        """Waits by the clock of the run."""
        self.sleep(seconds)

    def read(self, path: str, parameters: Mapping[str, object] | None = None) -> JSON:
        """The object that a GET request answers with. Raises the errors of `reassay.common.errors`."""
        answer: JSON = self._again(lambda: self._ask("GET", path, None, parameters).content(dict))
        return answer

    def rows(self, path: str, parameters: Mapping[str, object] | None = None) -> Sequence[JSON]:
        """The list of objects that a GET request answers with: one page of them. Raises the same errors."""
        answer: Sequence[JSON] = self._again(lambda: self._ask("GET", path, None, parameters).content(list))
        return answer

    def page(self, path: str, parameters: Mapping[str, object]) -> tuple[Sequence[JSON], Mapping[str, str]]:
        """The rows of a GET request and the parameters of the next page, which are empty for the last page."""

        def ask() -> tuple[Sequence[JSON], Mapping[str, str]]:
            answer = self._ask("GET", path, None, parameters)
            match = _NEXT.search(answer.headers.get("link", ""))
            return answer.content(list), dict(parse_qsl(urlsplit(match[1]).query)) if match else {}

        return self._again(ask)

    def write(self, method: str, path: str, body: object = None) -> JSON:
        """The object that a request answers with which changes something; it is sent once. Raises the same errors.

        Empty where the answer has no content by its status, or is the list of what is there afterwards.
        """
        answer = self._ask(method, path, body, None)
        if answer.has_nothing:
            return {}
        content = answer.content((dict, list))
        return content if isinstance(content, dict) else {}

    def read_graphql(self, query: str, variables: Mapping[str, object]) -> JSON:
        """`data` of a query's answer. A query changes nothing, so it is repeated if no answer comes."""
        return self._again(lambda: self.graphql(query, variables), UpstreamError)

    def graphql(self, query: str, variables: Mapping[str, object]) -> JSON:
        """`data` of the answer, without repetition. An object that does not exist is None; any other error is raised."""
        body = {"query": query, "variables": dict(variables)}
        return graphql_data(self._ask("POST", self.github.requester.graphql_url, body, None))

    def read_parts(self, query: str, variables: Mapping[str, object]) -> tuple[JSON, tuple[Place, ...]]:
        """`data` of a query's answer, and the places that are empty in it because the token may not read them."""
        body = {"query": query, "variables": dict(variables)}
        url = self.github.requester.graphql_url
        return self._again(lambda: readable_parts(self._ask("POST", url, body, None)), UpstreamError)

    def _again(self, ask: Callable[[], Returned], kind: type[UpstreamError] = OddAnswerError) -> Returned:
        """The answer to a question, asked again after a pause while an error of this kind comes."""
        for pause in PAUSES:
            try:
                return ask()
            except (LimitError, NotAllowedError, NotFoundError):
                raise
            except kind:
                self.wait(pause)
        return ask()

    def _ask(self, method: str, path: str, body: object, parameters: Mapping[str, object] | None) -> GitHubAnswer:
        """The answer of a request that succeeded."""
        if self.spend is not None:
            self.spend(_points(method, body))
        where = f"{method} {path}"
        with self.lock:
            try:
                status, headers, text = self.github.requester.requestJson(
                    method, path, parameters=dict(parameters) if parameters else None, input=body
                )
            except requests.exceptions.ChunkedEncodingError as error:
                raise OddAnswerError("GitHub's answer was cut off.", where=where, remedy=ASK_AGAIN) from error
            except requests.RequestException as error:
                message = f"GitHub could not be reached ({type(error).__name__})"
                raise UnavailableError(message, where=where, remedy="Run it again.") from error
            except (GithubException, RuntimeError, ValueError, AssertionError) as error:
                # The library refuses to follow a redirection, or a header that it reads is none.
                message = f"GitHub's answer cannot be read: {error}"
                raise UnavailableError(message, where=where, remedy=ASK_AGAIN) from error
        answer = GitHubAnswer(status, {str(name).lower(): str(value) for name, value in headers.items()}, text, where)
        if not answer.is_success:
            raise answer.refusal(is_graphql=path == self.github.requester.graphql_url)
        return answer


def _points(method: str, body: object) -> int:
    """Points for the secondary rate limit: 1 for a read, 5 for a write."""
    query = str(body.get("query", "")) if isinstance(body, dict) else ""
    reads = method in {"GET", "HEAD"} or (query and not query.lstrip().startswith("mutation"))
    return READ_POINTS if reads else WRITE_POINTS
