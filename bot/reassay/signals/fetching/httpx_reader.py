"""Reads sources over HTTP: bounded in time and size, with secrets that go to their host alone."""

import json
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final, Self

import httpx

from reassay.common.clock import Clock
from reassay.signals.fetching.bodies import ACCEPTED, read_body
from reassay.signals.fetching.failures import CAUGHT, Failure, failure_of, refusal
from reassay.signals.fetching.fetch_settings import HOSTS, SECRETS, FetchSettings, HostPort, normal_host
from reassay.signals.fetching.pinned_transport import PORTS, WHOLE, PinnedTransport
from reassay.signals.fetching.retries import wait_after
from reassay.signals.source_readings import LARGEST, HttpAnswer, SourceUnreadError

MOST_REDIRECTS: Final = 3
MOST_KEPT: Final = 64 * 1024 * 1024
"""Bytes of answers that are kept, so that a sweep of several rounds asks once and reads the same in each."""
MOST_SECONDS: Final = 300.0
"""Seconds that all requests of one run may take together: a register may name a hundred sources, each as slow as it may be."""
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
USER_AGENT: Final = "reassay (reads sources of signals)"


class HttpxReader:
    """An HttpReader for the register of one framework repository."""

    def __init__(
        self,
        settings: FetchSettings,
        repository: str,
        clock: Clock,
        *,
        transport: httpx.BaseTransport | None = None,
        largest: int = LARGEST,
    ) -> None:
        self._settings, self._repository, self._clock, self._largest = settings, repository, clock, largest
        self._down: dict[HostPort, str] = {}
        """Why hosts could not be reached: they are not tried again for the next source."""
        self._spent = 0.0
        """Seconds of all requests of this run, with what was waited for."""
        self._known: dict[tuple[object, ...], HttpAnswer | str] = {}
        """Answers, or why there is none, by request."""
        self._kept = 0
        self._transport = transport or PinnedTransport(allowed=settings.hosts.__contains__)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends all connections."""
        self._transport.close()

    def get(self, url: str, *, query: Mapping[str, str] | None = None, secret: str | None = None) -> HttpAnswer:
        """Raises SourceUnreadError."""
        target = _url(url)
        return self._read("GET", target.copy_merge_params(query) if query else target, None, secret)

    def post(self, url: str, document: object, *, secret: str | None = None) -> HttpAnswer:
        """Sends JSON. Raises SourceUnreadError."""
        return self._read("POST", _url(url), json.dumps(document).encode(), secret)

    def _read(self, method: str, url: httpx.URL, content: bytes | None, secret: str | None) -> HttpAnswer:
        """The answer of this run. Raises SourceUnreadError."""
        key = (method, str(url), content, secret)
        known = self._known.get(key)
        if known is None:
            try:
                known = self._asked(method, url, content, secret)
            except SourceUnreadError as error:
                known = str(error)
            size = len(known.body) if isinstance(known, HttpAnswer) else 0
            if self._kept + size <= MOST_KEPT:
                self._kept += size
                self._known[key] = known
        if isinstance(known, str):
            raise SourceUnreadError(known)
        return known

    def _asked(self, method: str, url: httpx.URL, content: bytes | None, secret: str | None) -> HttpAnswer:
        for _ in range(MOST_REDIRECTS + 1):
            place = self._permitted(url)
            value = None if secret is None else self._secret(secret, place, url)
            request = httpx.Request(method, url, headers=_headers(content, value), content=content)
            answer = self._tried(request, place)
            if isinstance(answer, HttpAnswer):
                return _without(value, answer, place)
            url = self._followed(url, place, answer, content, secret)
        raise SourceUnreadError(
            f"{place} redirects more than {MOST_REDIRECTS} times. Write the address that it ends at in the source."
        )

    def _permitted(self, url: httpx.URL) -> HostPort:
        """The host of an address that may be read at all. Raises SourceUnreadError."""
        place = _place(url)
        if url.userinfo:
            raise SourceUnreadError(
                f"The address at {place} has a login in it. Declare a secret and name that instead."
            )
        if url.scheme != "https" and place not in self._settings.plain_hosts:
            raise SourceUnreadError(
                f"The address at {place} is not https. Write it with https, or have the operator allow "
                f"'http://{place.host}:{place.port}' in {HOSTS}."
            )
        return place

    def _secret(self, name: str, place: HostPort, url: httpx.URL) -> str:
        secret = self._settings.secrets.get(name)
        if secret is None or not secret.is_for(self._repository):
            raise SourceUnreadError(
                f"The secret {name} is not declared for {self._repository}, so {place} was not read. "
                f"The operator declares it in {SECRETS}."
            )
        if secret.host != place or url.scheme != "https":
            raise SourceUnreadError(
                f"The secret {name} is not for {url.scheme}://{place}, so this address was not read. "
                f"Correct the address, or have the operator declare another secret in {SECRETS}."
            )
        return secret.value

    def _followed(
        self, url: httpx.URL, place: HostPort, location: str, content: bytes | None, secret: str | None
    ) -> httpx.URL:
        """Where a redirection leads, if it may be followed. Raises SourceUnreadError."""
        try:
            target = url.join(location)
            other = _place(target)
        except (httpx.InvalidURL, SourceUnreadError):
            raise SourceUnreadError(
                f"{place} redirects to an invalid address. Correct the address in the source."
            ) from None
        remedy = "Write the new address in the source, if it is the right one."
        if content is not None:
            raise SourceUnreadError(f"{place} redirects a query to another address. {remedy}")
        if target.scheme != url.scheme or (other != place and (secret or other not in self._settings.hosts)):
            where = f"{target.scheme}://{other}" if target.scheme != url.scheme else str(other)
            with_secret = " with a secret" if secret else ""
            raise SourceUnreadError(f"{place} redirects{with_secret} to {where}, which was not followed. {remedy}")
        return target

    def _tried(self, request: httpx.Request, place: HostPort) -> HttpAnswer | str:
        """The answer, or where a redirection leads. Raises SourceUnreadError."""
        if place in self._down:
            raise SourceUnreadError(self._down[place])
        if self._spent >= MOST_SECONDS:
            raise SourceUnreadError(
                f"{place} was not asked: the answers of this sweep took more than {MOST_SECONDS:.0f} seconds together. "
                "The next sweep begins with what was read before; remove or fix slow sources."
            )
        began = self._clock.now()
        try:
            return self._attempts(request, place, began)
        finally:
            self._spent += max(0.0, (self._clock.now() - began).total_seconds())

    def _attempts(self, request: httpx.Request, place: HostPort, began: datetime) -> HttpAnswer | str:
        for attempt in range(1, 100):
            outcome = self._once(request)
            if not isinstance(outcome, Failure):
                return outcome
            late = (self._clock.now() - began).total_seconds() > WHOLE
            wait = wait_after(attempt, outcome.retry_after, self._clock.now())
            if not outcome.is_passing or late or wait is None or self._is_too_late(began, wait):
                words = f"{place} {outcome.words}"
                if outcome.is_of_host:
                    self._down[place] = words
                raise SourceUnreadError(words) from None
            self._clock.sleep(wait)
        raise AssertionError  # attempts are fewer

    def _is_too_late(self, began: datetime, wait: float) -> bool:
        """Whether another attempt would begin after the time of the whole run."""
        return self._spent + (self._clock.now() - began).total_seconds() + wait >= MOST_SECONDS

    def _once(self, request: httpx.Request) -> HttpAnswer | str | Failure:
        try:
            response = self._transport.handle_request(request)
            try:
                return self._answer(response)
            finally:
                response.close()
        except CAUGHT as error:
            return failure_of(error)

    def _answer(self, response: httpx.Response) -> HttpAnswer | str | Failure:
        status, headers = response.status_code, {name.lower(): value for name, value in response.headers.items()}
        if status in _REDIRECTS:
            return headers.get("location", "")
        if status != HTTPStatus.OK:
            return refusal(status, headers.get("retry-after"))
        stream = response.stream
        chunks = stream if isinstance(stream, httpx.SyncByteStream) else ()
        return HttpAnswer(read_body(chunks, headers.get("content-encoding", ""), self._largest), headers)


def _headers(content: bytes | None, secret: str | None) -> dict[str, str]:
    headers = {
        "Accept": "application/json, */*;q=0.5",
        "Accept-Encoding": ACCEPTED,
        "User-Agent": USER_AGENT,
    }
    if content is not None:
        headers["Content-Type"] = "application/json"
    if secret is not None:
        headers["Authorization"] = f"Bearer {secret}"
    return headers


def _without(secret: str | None, answer: HttpAnswer, place: HostPort) -> HttpAnswer:
    """The answer, unless the secret is repeated in it: what a source says can be quoted in an issue."""
    if secret is not None and (
        secret.encode() in answer.body or any(secret in value for value in answer.headers.values())
    ):
        raise SourceUnreadError(
            f"{place} repeats the secret in its answer, which was not taken. Have the server corrected."
        )
    return answer


def _url(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
        _place(parsed)
    except (httpx.InvalidURL, ValueError):
        raise SourceUnreadError("The address is not one of the web. Correct it in the source.") from None
    return parsed


def _place(url: httpx.URL) -> HostPort:
    if url.scheme not in PORTS or not url.raw_host:
        raise SourceUnreadError("The address is neither https nor http. Correct it in the source.")
    try:
        return HostPort(normal_host(url.raw_host.decode("ascii")), url.port or PORTS[url.scheme])
    except ValueError:
        raise SourceUnreadError("The address names no host. Correct it in the source.") from None
