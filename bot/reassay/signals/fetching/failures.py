"""Failures of requests, in words of this program: the words of an error may contain a stranger's text."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httpx

from reassay.signals.fetching.bodies import BodyError
from reassay.signals.fetching.fetch_settings import HOSTS
from reassay.signals.fetching.pinned_transport import WHOLE, NoAddressError, PrivateAddressError, SlowAnswerError
from reassay.signals.fetching.retries import PASSING

CAUGHT: Final = (
    PrivateAddressError,
    NoAddressError,
    SlowAnswerError,
    BodyError,
    httpx.TransportError,
    OSError,
)
_AGAIN: Final = "The next sweep tries again."
_REMEDIES: Final = {
    400: "Check what the source asks for.",
    401: "Check the source's secret, and that it is still valid.",
    403: "Check the source's secret, and that it is still valid.",
    404: "Check the address in the source.",
    410: "Check the address in the source.",
    422: "Check what the source asks for.",
    429: "It limits how often it is read; the next sweep tries again.",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt gave no answer."""

    words: str
    """From its verb on, after the name of the host; then what to do."""
    is_passing: bool = False
    """Whether another attempt may help."""
    is_of_host: bool = False
    """Whether no other address of the host would have been answered."""
    retry_after: str | None = None
    """What the server says of when."""


def refusal(status: int, retry_after: str | None) -> Failure:
    """The failure of a status."""
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "no known status"
    words = f"answered {status} ({phrase}). {_REMEDIES.get(status, _AGAIN)}"
    return Failure(words, is_passing=status in PASSING, retry_after=retry_after)


def failure_of(error: Exception) -> Failure:
    """The failure of an error in CAUGHT."""
    match error:
        case PrivateAddressError():
            words = "has an address that is not of the public internet, so it was not read."
            return Failure(f"{words} The operator can allow it in {HOSTS}.")
        case BodyError():
            return Failure(f"sent an answer that {error}. Correct the address, or ask for less.")
        case SlowAnswerError():
            return Failure(f"did not answer within {WHOLE:.0f} seconds. Ask for less, or for a quicker server.")
        case _:
            return Failure(_passing(error), is_passing=True, is_of_host=True)


def _passing(error: Exception) -> str:
    if isinstance(error, NoAddressError):
        return "cannot be looked up: its name has no address. Check the address in the source."
    if isinstance(error, httpx.TimeoutException):
        return f"did not answer in time. {_AGAIN}"
    if isinstance(error, httpx.ConnectError):
        if "certif" in str(error).lower():
            return "has a certificate that is not valid for it. Correct the address, or have its certificate renewed."
        return f"cannot be connected to. {_AGAIN}"
    if isinstance(error, httpx.RemoteProtocolError):
        return f"ended the connection before its answer, or sent something that is not HTTP. {_AGAIN}"
    return f"ended the connection. {_AGAIN}"
