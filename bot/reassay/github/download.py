"""A bounded download through GitHub's API. Redirections are followed without the token; too large a file is given up."""

import time
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests

from reassay import __version__
from reassay.common.errors import NotFoundError, UnavailableError
from reassay.github.answers import ASK_AGAIN, GitHubAnswer
from reassay.github.app_types import READ_POINTS
from reassay.github.client import API_VERSION, TIMEOUT_SECONDS, Client

REDIRECTIONS = 3
LONGEST_SECONDS = 300.0
"""A download that takes longer is given up."""
_CHUNK = 1 << 16
_REDIRECTED = frozenset({301, 302, 303, 307, 308})
_GONE = 410
_MOST_EXPLAINED = 10_000


def download(client: Client, path: str, target: Path, limit: int) -> None:
    """Writes the content behind an API path to `target`, at most `limit` bytes.

    Raises NotFoundError also for what is there no longer (410), UnavailableError for more than `limit` bytes than were announced
    and for a connection that fails, and the other errors of `reassay.common.errors`.
    """
    if client.spend is not None:
        client.spend(READ_POINTS)
    requester = client.github.requester
    url = f"{requester.base_url}{path}"
    headers = {
        "accept": "application/octet-stream",
        "authorization": f"token {getattr(requester.auth, 'token', '')}",
        "x-github-api-version": API_VERSION,
    }
    where = f"GET {path}"
    end = time.monotonic() + LONGEST_SECONDS
    try:
        with client.lock, requests.Session() as session:
            # Or the library adds what a .netrc says of the storage host.
            session.auth = _without_credentials
            for _ in range(REDIRECTIONS + 1):
                own = {"user-agent": f"reassay/{__version__}", **headers}
                with session.get(
                    url, headers=own, allow_redirects=False, stream=True, timeout=TIMEOUT_SECONDS
                ) as answer:
                    if answer.status_code not in _REDIRECTED:
                        _keep(answer, target, limit, where, end)
                        return
                    url, headers = _onwards(url, answer.headers.get("location", ""), where), {}
    except requests.RequestException as error:
        message = f"GitHub's storage could not be reached ({type(error).__name__})"
        raise UnavailableError(message, where=where, remedy="Run it again.") from error
    raise UnavailableError("GitHub redirects the download again and again.", where=where, remedy=ASK_AGAIN)


def _without_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _onwards(url: str, location: str, where: str) -> str:
    """The address of a redirection: encrypted, or on the API's own host."""
    onwards = urljoin(url, location)
    parts, own = urlsplit(onwards), urlsplit(url)
    if not location or (parts.scheme != "https" and (parts.scheme, parts.netloc) != (own.scheme, own.netloc)):
        raise UnavailableError(
            "GitHub redirects the download to an address that is not encrypted.", where=where, remedy=ASK_AGAIN
        )
    return onwards


def _keep(answer: requests.Response, target: Path, limit: int, where: str, end: float) -> None:
    status = answer.status_code
    if status == _GONE:
        raise NotFoundError("GitHub keeps it no longer (410).", where=where)
    if status != requests.codes.ok:
        text = answer.raw.read(_MOST_EXPLAINED, decode_content=True).decode("utf-8", "replace")
        names = {str(name).lower(): str(value) for name, value in answer.headers.items()}
        raise GitHubAnswer(status, names, text, where).refusal()
    size = 0
    with target.open("wb") as file:
        for chunk in answer.iter_content(_CHUNK):
            size += len(chunk)
            if size > limit or time.monotonic() > end:
                why = "is larger than it was said to be" if size > limit else "takes too long"
                raise UnavailableError(f"The download {why}.", where=where, remedy="Run it again.")
            file.write(chunk)
    announced = answer.headers.get("content-length", "")
    if announced.isdigit() and "content-encoding" not in answer.headers and size != int(announced):
        raise UnavailableError("The download was cut off.", where=where, remedy="Run it again.")
