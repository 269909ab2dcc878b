"""The dashboard of each repository, as stored after a sweep."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from reassay.common.errors import ReassayError
from reassay.dashboard.values import Dashboard
from reassay.hosted.database.database import Database

LARGEST: Final = 32 * 1024**2
"""Bytes of a stored document at most, before compression: a page is made from the whole document in memory."""
_LEVEL: Final = 6
_KEEP = """
insert into reassay_dashboards (repository_id, key, document, confirmed_at, tried) values (%s, %s, %s, %s, %s)
on conflict (repository_id) do update set
  key = excluded.key, document = excluded.document, confirmed_at = excluded.confirmed_at, tried = excluded.tried, failure = ''
"""
_FAIL = """
insert into reassay_dashboards (repository_id, tried, failure) values (%s, %s, %s)
on conflict (repository_id) do update set tried = excluded.tried, failure = excluded.failure
"""
_CONFIRM = """
update reassay_dashboards set confirmed_at = %s, tried = key, failure = '' where repository_id = %s and key = %s
"""


class TooLargeError(ReassayError):
    """The document is larger than what the App stores."""


@dataclass(frozen=True, slots=True)
class StoredDashboard:
    """What is stored of a repository's dashboard, without the document itself."""

    key: str | None
    """Key of the state that the document shows; None without a document."""
    confirmed_at: datetime | None
    """End of the last sweep that found what the document shows."""
    tried: str
    """The key of the last attempt, which is not made twice; empty if the next sweep makes it again."""
    failure: str
    """Why the last attempt gave no document; empty if it gave one."""


@dataclass(frozen=True, slots=True)
class DashboardTable:
    """Reads and writes the table. Methods raise DatabaseError."""

    database: Database = field(repr=False)

    def find(self, repository: int) -> StoredDashboard | None:
        """None if no sweep has made one, and none has tried."""
        rows = self.database.rows(
            "select key, confirmed_at, tried, failure from reassay_dashboards where repository_id = %s", (repository,)
        )
        return _stored(rows[0]) if rows else None

    def document(self, repository: int, key: str) -> Dashboard | None:
        """The dashboard with this key; None if another one is stored by now. Raises ValueError if it cannot be read."""
        rows = self.database.rows(
            "select document from reassay_dashboards where repository_id = %s and key = %s", (repository, key)
        )
        return unpacked(rows[0][0]) if rows else None

    def keep(self, repository: int, key: str, dashboard: Dashboard, now: datetime) -> None:
        """Stores a dashboard in place of the last one. Raises TooLargeError, and then stores nothing."""
        self.database.run(_KEEP, (repository, key, packed(dashboard), now, key))

    def confirm(self, repository: int, key: str, now: datetime) -> None:
        """Notes that a later sweep found what the stored document shows."""
        self.database.run(_CONFIRM, (now, repository, key))

    def fail(self, repository: int, tried: str, why: str) -> None:
        """Notes why an attempt gave no document; an earlier document stays. `tried`: as in `StoredDashboard`."""
        self.database.run(_FAIL, (repository, tried, why))


def packed(dashboard: Dashboard) -> bytes:
    """The document as it is stored. Raises TooLargeError."""
    text = dashboard.model_dump_json().encode()
    if len(text) > LARGEST:
        raise TooLargeError(
            f"this dashboard has {len(text) / 1024**2:.0f} MB, and the App stores at most {LARGEST // 1024**2} MB.",
            remedy="Run `reassay report DIR` in a checkout: the static report has no limit.",
        )
    return zlib.compress(text, _LEVEL)


def unpacked(document: bytes) -> Dashboard:
    """The dashboard of a stored document. Raises ValueError if it cannot be read, for example after a change of version."""
    try:
        return Dashboard.model_validate_json(zlib.decompress(document))
    except zlib.error as error:
        raise ValueError(f"it cannot be decompressed ({error})") from error


def _stored(row: Sequence[Any]) -> StoredDashboard:
    return StoredDashboard(*row)
