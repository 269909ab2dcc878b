"""The last step of the manifest flow, which exchanges GitHub's code for the App's credentials.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

import re
from dataclasses import dataclass

import httpx

from reassay.common.errors import NotFoundError, UnavailableError, UpstreamError
from reassay.github.app_types import AppIdentity
from reassay.github.client import API_VERSION

_CODE = re.compile(r"[A-Za-z0-9_-]{1,200}")
_CREATED, _SERVER = 201, 500
_AGAIN = "Press the button on the set-up page again: a code can be used once, within an hour."


@dataclass(frozen=True, slots=True)
class ManifestFlow:
    """Client of the request that converts a code to credentials."""

    http: httpx.Client
    api_url: str

    def convert(self, code: str) -> AppIdentity:
        """Credentials for a code. Raises NotFoundError for an invalid or used code, UnavailableError, UpstreamError."""
        if not _CODE.fullmatch(code):
            raise NotFoundError("this is not a code from GitHub.", remedy=_AGAIN)
        headers = {"accept": "application/vnd.github+json", "x-github-api-version": API_VERSION}
        try:
            answer = self.http.post(f"{self.api_url}/app-manifests/{code}/conversions", headers=headers)
        except httpx.HTTPError as error:
            # Without its cause: that holds the request, and the code is in its address.
            raise UnavailableError(f"GitHub could not be reached ({type(error).__name__}).", remedy=_AGAIN) from None
        if answer.status_code >= _SERVER:
            raise UnavailableError(f"GitHub answered {answer.status_code}.", remedy=_AGAIN)
        if answer.status_code != _CREATED:
            raise NotFoundError("GitHub rejected this code; it may have been used already.", remedy=_AGAIN)
        try:
            return _identity(answer.json())
        except (ValueError, KeyError, TypeError):
            raise UpstreamError("GitHub's answer is not what its documentation says.", remedy=_AGAIN) from None


def _identity(data: dict[str, object]) -> AppIdentity:
    number = data["id"]
    if not isinstance(number, int):
        raise TypeError
    names = ("pem", "webhook_secret", "client_id", "client_secret", "slug")
    key, secret, client, client_secret, slug = (_text(data, name) for name in names)
    return AppIdentity(number, key, secret, client, client_secret, slug, str(data.get("html_url") or ""))


def _text(data: dict[str, object], name: str) -> str:
    value = data[name]
    if not isinstance(value, str) or not value:
        raise TypeError
    return value
