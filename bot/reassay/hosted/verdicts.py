"""The verdict on each open pull request, as stored after a job that judged it."""

import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from reassay.dashboard.verdict_values import DashboardVerdict
from reassay.hosted.database.database import Database

_KEEP = """
insert into reassay_verdicts (repository_id, pull, key, document) values (%s, %s, %s, %s)
on conflict (repository_id, pull) do update set key = excluded.key, document = excluded.document
"""


@dataclass(frozen=True, slots=True)
class VerdictTable:
    """Reads and writes the table. Methods raise DatabaseError."""

    database: Database = field(repr=False)

    def keys(self, repository: int) -> Mapping[int, str]:
        """The key of what is stored of each pull request, by number, in order."""
        rows = self.database.rows(
            "select pull, key from reassay_verdicts where repository_id = %s order by pull", (repository,)
        )
        return {int(pull): str(key) for pull, key in rows}

    def document(self, repository: int, pull: int, key: str) -> DashboardVerdict | None:
        """The verdict with this key; None if another one, or none, is stored by now. Raises ValueError if it cannot be read."""
        rows = self.database.rows(
            "select document from reassay_verdicts where repository_id = %s and pull = %s and key = %s",
            (repository, pull, key),
        )
        if not rows:
            return None
        try:
            return DashboardVerdict.model_validate_json(zlib.decompress(rows[0][0]))
        except zlib.error as error:
            raise ValueError(f"it cannot be decompressed ({error})") from error

    def keep(self, repository: int, pull: int, key: str, verdict: DashboardVerdict) -> None:
        """Stores a verdict in place of the last one."""
        document = zlib.compress(verdict.model_dump_json().encode())
        self.database.run(_KEEP, (repository, pull, key, document))

    def drop(self, repository: int, pulls: Collection[int]) -> None:
        """Forgets the verdicts on pull requests that are not open any more, or whose verdict is not known."""
        if pulls:
            self.database.run(
                "delete from reassay_verdicts where repository_id = %s and pull = any(%s)", (repository, list(pulls))
            )
