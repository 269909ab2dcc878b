"""Tokens of the hosted App: each for one repository with what a run needs, or for one installation to look and no more.

They are kept until shortly before they expire, in memory only, and never shown.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from reassay.common.errors import NotAllowedError, RejectedError
from reassay.github.app_token import LOOKS, PERMISSIONS, WITH_TEAMS
from reassay.github.client import Client

EARLY = timedelta(minutes=10)
"""A run that begins now has so long before its token expires."""
Answer = TypeVar("Answer")
Key = tuple[int, int | None]
"""Installation, and repository if it is for one."""


@dataclass(frozen=True, slots=True)
class TokenAccess:
    """A token, and a client that uses it: one for each, since PyGithub's are not safe across threads."""

    token: str = field(repr=False)
    client: Client = field(repr=False)
    full_name: str
    """What the repository is called now; empty for a token that is for many."""
    expires_at: datetime


@dataclass(slots=True)
class Tokens:
    """Threads may share it."""

    app: Client
    connect: Callable[[str, int], Client] = field(repr=False)
    """Makes a client of a token, for an installation."""
    now: Callable[[], datetime] = field(repr=False)
    kept: dict[Key, TokenAccess] = field(default_factory=dict, repr=False)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    permissions: tuple[Mapping[str, str], ...] = (WITH_TEAMS, PERMISSIONS)
    """Of a token for one repository: the first that the installation grants."""

    def for_repository(self, installation: int, repository: int) -> TokenAccess:
        """For exactly this repository. Raises NotAllowedError, NotFoundError or RejectedError if it is not the installation's."""
        return self._kept((installation, repository), lambda: self._ask_for(installation, repository))

    def for_looks(self, installation: int) -> TokenAccess:
        """For all repositories of an installation, to read. Raises as above."""
        return self._kept((installation, None), lambda: self._ask(installation, {"permissions": LOOKS}))

    def look(self, installation: int, ask: Callable[[Client], Answer]) -> Answer:
        """What is read of an installation; once more with another token if GitHub ended the one that was kept."""
        try:
            return ask(self.for_looks(installation).client)
        except NotAllowedError:
            self.forget(installation)
            return ask(self.for_looks(installation).client)

    def forget(self, installation: int, repository: int | None = None) -> None:
        """The next one is asked for anew."""
        with self.lock:
            self.kept.pop((installation, repository), None)

    def close(self) -> None:
        """Ends all connections."""
        with self.lock:
            for access in self.kept.values():
                access.client.close()
            self.kept.clear()
            self.app.close()

    def _kept(self, key: Key, ask: Callable[[], TokenAccess]) -> TokenAccess:
        with self.lock:
            now = self.now()
            # What nobody asks for any more goes as well, so that it does not grow with the number of repositories.
            for old in [name for name, access in self.kept.items() if access.expires_at <= now + EARLY]:
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

    def _ask(self, installation: int, wanted: Mapping[str, object], repository: int | None = None) -> TokenAccess:
        answer = self.app.rest("POST", f"/app/installations/{installation}/access_tokens", dict(wanted))
        named = {int(item["id"]): str(item["full_name"]) for item in _repositories(answer)}
        if repository is not None and set(named) != {repository}:
            raise NotAllowedError(f"installation {installation} gave a token for other repositories than {repository}")
        token = str(answer["token"])
        return TokenAccess(
            token=token,
            client=self.connect(token, installation),
            full_name=named[repository] if repository is not None else "",
            expires_at=datetime.fromisoformat(str(answer["expires_at"])),
        )


def _repositories(answer: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from answer.get("repositories") or []
