"""Which installations and repositories there are: what GitHub lists goes into the tables, and what is gone leaves them."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reassay.common.errors import ReassayError
from reassay.hosted.rules.repository import Installation, Listed


class Lists(Protocol):
    """What GitHub lists for the App."""

    def installations(self) -> tuple[Installation, ...]:
        """All of them, suspended ones too."""
        ...

    def repositories(self, installation: int) -> tuple[Listed, ...]:
        """All that one of them may see."""
        ...


class Tables(Protocol):
    """What is known."""

    def keep_installations(self, listed: Iterable[Installation], now: datetime) -> tuple[int, ...]:
        """Brings it to what is listed; ids that are gone."""
        ...

    def keep_repositories(self, installation: int, listed: Collection[Listed], now: datetime) -> tuple[int, ...]:
        """Brings one installation's to what is listed; ids that are gone."""
        ...


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What one round came to."""

    installations: int
    repositories: int
    failed: tuple[str, ...] = ()
    """What went wrong; what was known of that installation stays."""


@dataclass(frozen=True, slots=True)
class Installations:
    """Keeps the tables true."""

    lists: Lists
    tables: Tables
    gone: Callable[[int], None]
    """Called with the id of a repository that is no longer ours: its copy on disk goes."""

    def run(self, now: datetime) -> Refreshed:
        """Everything anew. Raises UpstreamError if not even the installations can be listed."""
        installations = self.lists.installations()
        self.tables.keep_installations(installations, now)
        count, failed = 0, list[str]()
        for each in installations:
            if each.suspended:
                continue
            try:
                listed = self.lists.repositories(each.id)
            except ReassayError as error:
                failed.append(f"installation {each.id}: {error}")
                continue
            for repository in self.tables.keep_repositories(each.id, listed, now):
                self.gone(repository)
            count += len(listed)
        return Refreshed(len(installations), count, tuple(failed))
