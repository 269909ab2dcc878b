"""Installation access tokens of a GitHub App, for one repository or to read an installation.

https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app

They are kept in memory until shortly before they expire, and never shown.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, TypeVar

from reassay.common.errors import NotAllowedError, NotFoundError, RejectedError, UsageError
from reassay.github.client import Client
from reassay.github.odd_answers import reads

PERMISSIONS = {"metadata": "read", "contents": "write", "issues": "write", "pull_requests": "write", "checks": "write"}
"""Permissions of a run."""


QUEUES = {"merge_queues": "read"}
"""To read merge queues. GitHub gives it to Apps only: the token of a workflow cannot read a queue."""
WITH_QUEUES = {**PERMISSIONS, **QUEUES}
WITH_TEAMS = {**PERMISSIONS, "members": "read"}
"""Permissions of a run if the App may read teams, for roles that name teams."""
WITH_ALL = {**WITH_TEAMS, **QUEUES}
ARTIFACTS = {"actions": "read"}
"""To read artifacts of workflows that commands name as evidence."""
_OFFERED = (WITH_ALL, WITH_TEAMS, WITH_QUEUES, PERMISSIONS)
RUNS = (*({**permissions, **ARTIFACTS} for permissions in _OFFERED), *_OFFERED)
"""Permissions of a run, the most first: an installation may not have accepted all that the App asks for."""
LOOKS = {"metadata": "read", "contents": "read", "issues": "read", "pull_requests": "read"}
"""Permissions to read the activity of all repositories of an installation."""


READINGS = tuple(dict.fromkeys(permissions, "read") for permissions in _OFFERED)
"""Permissions to read the state of one repository, for its pages; in the same order."""
ASKED = (RUNS[0], READINGS[0], LOOKS)
"""All sets of permissions that are requested."""


def installation_token(app_id: int, key: str, repository: str, api_url: str) -> str:
    """A token of an App for one repository, valid for an hour.

    Raises UsageError if the App is not installed there or lacks permissions, and UpstreamError.
    """
    try:
        client = Client.as_app(app_id, key, api_url)
    except ValueError as error:
        message = "the App's private key cannot be read."
        raise UsageError(message, where="app-key", remedy="Give the whole PEM file that GitHub made.") from error
    try:
        return _InstallationToken(client).ask(app_id, repository)
    finally:
        client.close()


@dataclass(frozen=True, slots=True)
class _InstallationToken:
    """Asks for a token of an App for one repository."""

    client: Client

    @reads
    def ask(self, app_id: int, repository: str) -> str:
        """The token; asking for another one changes nothing on GitHub."""
        name = repository.partition("/")[2]
        try:
            number = int(self.client.read(f"/repos/{repository}/installation")["id"])
        except NotFoundError as error:
            message = f"App {app_id} is not installed on {repository}."
            raise UsageError(
                message, where="app-id", remedy="Install it on the repository, in the App's settings."
            ) from error
        path = f"/app/installations/{number}/access_tokens"
        for permissions in RUNS:
            try:
                return token_of(self.client.write("POST", path, {"repositories": [name], "permissions": permissions}))
            except RejectedError:
                continue
        wanted = ", ".join(f"{name}: {level}" for name, level in PERMISSIONS.items())
        raise UsageError(
            f"App {app_id} lacks permissions.", where="app-id", remedy=f"Give it {wanted}, and accept the change."
        )


def token_of(answer: Mapping[str, Any]) -> str:
    """The token of an answer. Raises TypeError where it is none."""
    token = answer["token"]
    if not isinstance(token, str) or not token:
        raise TypeError("the token is no text")
    return token


LASTS = timedelta(hours=1)
"""How long GitHub's tokens last."""
EARLY = timedelta(minutes=10)
"""Least time that a token is valid when a run gets it."""
Answer = TypeVar("Answer")
Key = tuple[int, int | None]
"""Ids of the installation and the repository; None for a token for all repositories."""


@dataclass(frozen=True, slots=True)
class TokenAccess:
    """A token with its own client, since PyGithub's clients are not safe across threads."""

    token: str = field(repr=False)
    client: Client = field(repr=False)
    full_name: str
    """Present name of the repository; empty for a token for all repositories."""
    expires_at: datetime
    kept_since: float = field(default_factory=monotonic)
    """When it was made, in seconds of a clock that nobody sets: by a clock that was set back it would look valid."""


@dataclass(slots=True)
class Tokens:
    """The tokens of an App's installations. Threads may share it."""

    app: Client
    connect: Callable[[str, int], Client] = field(repr=False)
    """Makes a client from a token and the id of an installation."""
    now: Callable[[], datetime] = field(repr=False)
    kept: dict[Key, TokenAccess] = field(default_factory=dict, repr=False)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    permissions: tuple[Mapping[str, str], ...] = RUNS
    """Permissions of a token for one repository; the first set that the installation grants is used."""

    @property
    def client(self) -> Client:
        """The client of the App itself."""
        return self.app

    def for_repository(self, installation: int, repository: int) -> TokenAccess:
        """A token for one repository.

        Raises NotAllowedError, NotFoundError or RejectedError if the installation has no access to it.
        """
        return self._kept((installation, repository), lambda: self._ask_for(installation, repository))

    def for_looks(self, installation: int) -> TokenAccess:
        """A token to read all repositories of an installation. Raises the same errors as `for_repository`."""
        return self._kept((installation, None), lambda: self._ask(installation, {"permissions": LOOKS}))

    def look(self, installation: int, ask: Callable[[Client], Answer]) -> Answer:
        """The answer of a read-only request; repeated with a new token if GitHub revoked the kept one."""
        try:
            return ask(self.for_looks(installation).client)
        except NotAllowedError:
            self.forget(installation)
            return ask(self.for_looks(installation).client)

    def forget(self, installation: int, repository: int | None = None) -> None:
        """Removes a kept token, so that the next use requests a new one."""
        with self.lock:
            self.kept.pop((installation, repository), None)

    def close(self) -> None:
        """Closes all connections."""
        with self.lock:
            for access in self.kept.values():
                access.client.close()
            self.kept.clear()
            self.app.close()

    def _kept(self, key: Key, ask: Callable[[], TokenAccess]) -> TokenAccess:
        with self.lock:
            now = self.now()
            # Unused tokens are removed as well, so that the dictionary does not grow with the number of repositories.
            aged = monotonic() - (LASTS - EARLY).total_seconds()
            for old in [
                name
                for name, access in self.kept.items()
                if access.expires_at <= now + EARLY or access.kept_since <= aged
            ]:
                del self.kept[old]
            if key not in self.kept:
                self.kept[key] = ask()
            return self.kept[key]

    def _ask_for(self, installation: int, repository: int) -> TokenAccess:
        refused: RejectedError | None = None
        for permissions in self.permissions:
            try:
                return self._ask(installation, {"repository_ids": [repository], "permissions": permissions}, repository)
            except RejectedError as error:
                refused = error
        raise NotAllowedError(
            f"installation {installation} gives no token for repository {repository}: {refused}",
            remedy="Accept the App's permissions in the settings of the account, or give it the repository again.",
        )

    @reads
    def _ask(self, installation: int, wanted: Mapping[str, object], repository: int | None = None) -> TokenAccess:
        answer = self.app.write("POST", f"/app/installations/{installation}/access_tokens", dict(wanted))
        # An answer that names none is no answer about this repository: only one that names others is.
        rows = answer["repositories"] if repository is not None else ()
        named = {int(item["id"]): str(item["full_name"]) for item in rows}
        if repository is not None and set(named) != {repository}:
            raise NotAllowedError(f"installation {installation} gave a token for other repositories than {repository}")
        token = token_of(answer)
        return TokenAccess(
            token=token,
            client=self.connect(token, installation),
            full_name=named[repository] if repository is not None else "",
            expires_at=datetime.fromisoformat(str(answer["expires_at"])),
        )
