"""Sign-in with GitHub by OAuth with PKCE. The token is used at once and not stored.

https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from reassay.common.errors import NotAllowedError, UnavailableError, UpstreamError
from reassay.github.app_types import AppIdentity, SignedInPerson
from reassay.github.client import API_VERSION

PAGE = 100
MOST_PAGES = 60
"""Limit of installations and repositories together; repositories beyond it are not shown to the person."""
_OK, _SERVER, _TOO_MANY = 200, 500, 429
_AGAIN = "Sign in again."


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """OAuth client for the identity of a person and the repositories that they may read.

    Raises NotAllowedError, UnavailableError and UpstreamError.
    """

    http: httpx.Client
    server_url: str
    api_url: str

    def address(self, app: AppIdentity, redirect: str, state: str, challenge: str) -> str:
        """Address of GitHub's consent page; `challenge` is the SHA-256 of the PKCE verifier."""
        asked = {
            "client_id": app.client_id,
            "redirect_uri": redirect,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self.server_url}/login/oauth/authorize?{urlencode(asked)}"

    def person(self, app: AppIdentity, redirect: str, code: str, verifier: str) -> SignedInPerson:
        """The person who signed in, by the code from GitHub, with the repositories that they may read now."""
        token = self._token(app, redirect, code, verifier)
        user = self._get("/user", token)
        try:
            return SignedInPerson(int(user["id"]), str(user["login"]), frozenset(self._repositories(token)))
        except (KeyError, TypeError, ValueError):
            raise UpstreamError("GitHub's answer is not what its documentation says.", remedy=_AGAIN) from None

    def may_read(self, token: str, full_name: str) -> int | None:
        """Id of a repository if a person's token may read its content, else None."""
        owner, _, name = full_name.partition("/")
        path = f"/repos/{quote(owner, safe='')}/{quote(name, safe='')}"
        page = self._look(path, token)
        # Access to metadata alone is not enough, since the pages show content.
        if page is None:
            return None
        try:
            number, branch = int(page["id"]), quote(str(page["default_branch"]))
        except (KeyError, TypeError, ValueError):
            raise UpstreamError("GitHub's answer is not what its documentation says.", remedy=_AGAIN) from None
        return number if self._look(f"{path}/git/ref/heads/{branch}", token) is not None else None

    def is_valid(self, token: str) -> bool:
        """Whether GitHub accepts a token. The request does not count against its rate limit."""
        return self._look("/rate_limit", token) is not None

    def _token(self, app: AppIdentity, redirect: str, code: str, verifier: str) -> str:
        form = {
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": verifier,
        }
        try:
            answer = self.http.post(
                f"{self.server_url}/login/oauth/access_token", data=form, headers={"accept": "application/json"}
            )
            data = answer.json() if answer.status_code < _SERVER else {}
        except (httpx.HTTPError, ValueError) as error:
            # Without its cause: that holds the request, and the secret is in it.
            raise UnavailableError(f"GitHub could not be reached ({type(error).__name__}).", remedy=_AGAIN) from None
        if answer.status_code >= _SERVER:
            raise UnavailableError(f"GitHub answered {answer.status_code}.", remedy=_AGAIN)
        token = data.get("access_token") if isinstance(data, dict) else None
        if not isinstance(token, str) or not token:
            raise NotAllowedError("GitHub rejected this code; it may have expired.", remedy=_AGAIN)
        return token

    def _repositories(self, token: str) -> Iterator[int]:
        left = MOST_PAGES
        installations, left = self._all("/user/installations", "installations", token, left)
        for installation in installations:
            path = f"/user/installations/{int(installation['id'])}/repositories"
            repositories, left = self._all(path, "repositories", token, left)
            yield from (int(row["id"]) for row in repositories)

    def _all(self, path: str, key: str, token: str, left: int) -> tuple[list[Mapping[str, Any]], int]:
        nodes: list[Mapping[str, Any]] = []
        page = 1
        while left > 0:
            rows = self._get(f"{path}?per_page={PAGE}&page={page}", token)[key]
            nodes += rows
            left, page = left - 1, page + 1
            if len(rows) < PAGE:
                break
        return nodes, left

    def _get(self, path: str, token: str) -> Mapping[str, Any]:
        page = self._look(path, token)
        if page is None:
            raise NotAllowedError("GitHub refused the request.", remedy=_AGAIN)
        return page if isinstance(page, dict) else {}

    def _look(self, path: str, token: str) -> Any:  # noqa: ANN401 -- JSON, mapped by the caller
        """The JSON of the answer; None if GitHub refuses the request."""
        headers = {
            "accept": "application/vnd.github+json",
            "authorization": f"Bearer {token}",
            "x-github-api-version": API_VERSION,
        }
        try:
            answer = self.http.get(f"{self.api_url}{path}", headers=headers)
            if answer.status_code >= _SERVER or answer.status_code == _TOO_MANY:
                raise UnavailableError(f"GitHub answered {answer.status_code}.", remedy="Try again later.")
            return answer.json() if answer.status_code == _OK else None
        except (httpx.HTTPError, ValueError) as error:
            raise UnavailableError(f"GitHub could not be reached ({type(error).__name__}).", remedy=_AGAIN) from None
