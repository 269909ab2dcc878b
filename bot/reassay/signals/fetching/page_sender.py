"""Sends messages to outgoing webhooks over HTTP: to checked addresses, in bounded time, signed."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reassay.common.clock import Clock
from reassay.register.notifications import OutgoingWebhook
from reassay.signals.fetching.fetch_settings import HOSTS, SECRETS, FetchSettings, HostPort, SourceSecret, normal_host
from reassay.signals.fetching.retries import PASSING, wait_after
from reassay.signals.page_delivery import UndeliveredError

if TYPE_CHECKING:
    import httpx

USER_AGENT: Final = "reassay (tells of severe incidents)"
KEY_HEADER: Final = "X-Reassay-Delivery"
TIMESTAMP_HEADER: Final = "X-Reassay-Timestamp"
SIGNATURE_HEADER: Final = "X-Reassay-Signature"
LONGEST_RUN: Final = 30.0
"""Seconds that one message may take."""
_PORTS: Final = {"https": 443, "http": 80}


def signature(key: bytes, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over `timestamp.body`: without the time, whoever saw a message could send it again later."""
    return f"v1={hmac.new(key, timestamp.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


@dataclass(frozen=True, slots=True)
class _Failure:
    words: str
    is_passing: bool = False
    retry_after: str | None = None


class PageSender:
    """A PageDelivery for the register of one framework repository; httpx is loaded when the first message is sent."""

    def __init__(
        self,
        settings: FetchSettings,
        repository: str,
        clock: Clock,
        *,
        transport: "httpx.BaseTransport | None" = None,
    ) -> None:
        self._settings, self._repository, self._clock, self._transport = settings, repository, clock, transport

    def deliver(self, hook: OutgoingWebhook, body: bytes, key: str) -> None:
        """Raises UndeliveredError."""
        import httpx  # noqa: PLC0415 -- see the class

        secret = self._secret(hook)
        try:
            url = httpx.URL(secret.value if hook.url is None else hook.url)
            place = HostPort(normal_host(url.raw_host.decode("ascii")), url.port or _PORTS[url.scheme])
        except (httpx.InvalidURL, ValueError, KeyError):
            what = f"The secret {hook.secret} is" if hook.url is None else "This is"
            raise UndeliveredError(f"{what} not an address of the web.") from None
        if secret.host != place or url.userinfo:
            raise UndeliveredError(f"The secret {hook.secret} is not declared for {place}.")
        if url.scheme != "https" and place not in self._settings.plain_hosts:
            raise UndeliveredError(f"The address at {place} is not https; the operator can allow that in {HOSTS}.")
        self._send(url, place, body, self._headers(hook, secret, body, key))

    def _secret(self, hook: OutgoingWebhook) -> SourceSecret:
        secret = self._settings.secrets.get(hook.secret)
        # A register could otherwise name the secret of another one, and write to the people of others.
        if secret is None or secret.repositories is None or not secret.is_for(self._repository):
            raise UndeliveredError(
                f"The secret {hook.secret} is not declared with {self._repository} among its repositories. The operator "
                f"declares it in {SECRETS}."
            )
        return secret

    def _headers(self, hook: OutgoingWebhook, secret: SourceSecret, body: bytes, key: str) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "User-Agent": USER_AGENT, KEY_HEADER: key}
        if hook.format == "json":
            timestamp = str(int(self._clock.now().timestamp()))
            headers[TIMESTAMP_HEADER] = timestamp
            headers[SIGNATURE_HEADER] = signature(secret.value.encode(), timestamp, body)
        return headers

    def _send(self, url: "httpx.URL", place: HostPort, body: bytes, headers: dict[str, str]) -> None:
        import httpx  # noqa: PLC0415 -- see the class

        from reassay.signals.fetching.pinned_transport import PinnedTransport  # noqa: PLC0415

        transport = self._transport or PinnedTransport(allowed=self._settings.hosts.__contains__, whole=LONGEST_RUN)
        began = self._clock.now()
        try:
            for attempt in range(1, 100):
                failure = _once(transport, httpx.Request("POST", url, headers=headers, content=body))
                if failure is None:
                    return
                wait = wait_after(attempt, failure.retry_after, self._clock.now()) if failure.is_passing else None
                spent = (self._clock.now() - began).total_seconds()
                if wait is None or spent + wait > LONGEST_RUN:
                    raise UndeliveredError(f"{place} {failure.words}.")
                self._clock.sleep(wait)
        finally:
            if self._transport is None:
                transport.close()


def _once(transport: "httpx.BaseTransport", request: "httpx.Request") -> _Failure | None:
    """Why one attempt failed; None if the message was taken. The answer itself is not read: it is a stranger's."""
    from reassay.signals.fetching.failures import CAUGHT  # noqa: PLC0415

    try:
        response = transport.handle_request(request)
        response.close()
    except CAUGHT as error:
        return _failure(error)
    status = response.status_code
    if 200 <= status < 300:  # noqa: PLR2004 -- https://www.rfc-editor.org/rfc/rfc9110#section-15.3
        return None
    return _Failure(f"answered {status}", status in PASSING, response.headers.get("retry-after"))


def _failure(error: Exception) -> _Failure:
    import httpx  # noqa: PLC0415

    from reassay.signals.fetching.pinned_transport import (  # noqa: PLC0415
        NoAddressError,
        PrivateAddressError,
        SlowAnswerError,
    )

    match error:
        case PrivateAddressError():
            return _Failure(f"has an address that is not of the public internet; the operator can allow it in {HOSTS}")
        case NoAddressError():
            return _Failure("cannot be looked up: its name has no address", is_passing=True)
        case SlowAnswerError() | httpx.TimeoutException():
            return _Failure("did not answer in time", is_passing=True)
        case _:
            return _Failure("cannot be reached, or ended the connection", is_passing=True)
