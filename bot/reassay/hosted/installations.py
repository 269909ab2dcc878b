"""Keeps the tables of installations and repositories equal to what GitHub lists."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from reassay.common.errors import ReassayError
from reassay.github.app_api import AppApi
from reassay.hosted.repositories import RepositoryTables

INSTALLATIONS = "installations"
"""Name of the periodic task."""


@dataclass(frozen=True, slots=True)
class RefreshResult:
    """Numbers of one refresh."""

    installations: int
    repositories: int
    failed: tuple[str, ...] = ()
    """Errors by installation; the stored repositories of such an installation stay."""


@dataclass(frozen=True, slots=True)
class InstallationRefresh:
    """Lists all installations and their repositories."""

    github: AppApi
    tables: RepositoryTables
    removed: Callable[[int], None]
    """Called with the id of each repository that the App has lost: its git mirror is deleted."""

    def run(self, now: datetime) -> RefreshResult:
        """Lists everything once. Raises UpstreamError if the installations cannot be listed."""
        installations = self.github.installations()
        self.tables.keep_installations(installations, now)
        count, failed = 0, list[str]()
        for installation in installations:
            if installation.suspended:
                continue
            try:
                listed = self.github.repositories(installation.id)
            except ReassayError as error:
                failed.append(f"installation {installation.id}: {error}")
                continue
            for repository in self.tables.keep_repositories(installation.id, listed, now):
                self.removed(repository)
            count += len(listed)
        return RefreshResult(len(installations), count, tuple(failed))
