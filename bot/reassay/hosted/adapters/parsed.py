"""What plainly written files of registers say, kept in PostgreSQL by the bytes they are made of; as JSON, never a pickle.

All tenants share it, since who has the bytes of a file could parse them as well.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from psycopg.types.json import Jsonb

from reassay import __version__
from reassay.hosted.database.database import Database, DatabaseError
from reassay.register.files.quick_reader import Parsed
from reassay.register.files.tree import File, Mode

VERSION = f"{__version__}/1"
"""Of the reader: what an older or newer one kept is not read."""
KEPT = timedelta(days=30)
MOST = 500_000
"""Files that are kept; beyond that those go that were not used for longest."""
_TAKE = "select digest, value, used_on from reassay_parsed where version = %s and digest = any(%s)"
_USED = "update reassay_parsed set used_on = %s where version = %s and digest = any(%s)"
_PUT = """
insert into reassay_parsed (digest, version, value, used_on)
select digest, %s, value, %s from unnest(%s::text[], %s::jsonb[]) as n (digest, value) on conflict do nothing
"""
_SURPLUS = """
delete from reassay_parsed where (digest, version) in
  (select digest, version from reassay_parsed order by used_on desc, digest offset %s)
"""


@dataclass(frozen=True, slots=True)
class ParsedFiles:
    """Satisfies `register_files.shelf.Shelf`. Without the database everything is parsed, and nothing else is different."""

    database: Database
    today: Callable[[], date]

    def take(self, files: Sequence[File]) -> Mapping[int, Parsed]:
        """One query, however many files a register has."""
        names = {digest: number for number, file in enumerate(files) if (digest := digest_of(file)) is not None}
        try:
            rows = self.database.rows(_TAKE, (VERSION, list(names)))
            today = self.today()
            if old := [row[0] for row in rows if row[2] != today]:
                self.database.run(_USED, (today, VERSION, old))
        except DatabaseError:
            return {}
        return {names[digest]: tuple((kind, text.encode()) for kind, text in value) for digest, value, _ in rows}

    def put(self, found: Iterable[tuple[File, Parsed]]) -> None:
        """One statement. Each JSON text is kept as a text: as a value PostgreSQL would order its keys anew."""
        kept = {digest: parsed for file, parsed in found if (digest := digest_of(file)) is not None}
        values = [Jsonb([(kind, text.decode()) for kind, text in each]) for each in kept.values()]
        with suppress(DatabaseError):
            self.database.run(_PUT, (VERSION, self.today(), list(kept), values))

    def forget(self) -> int:
        """Drops what nobody used for long, and what is more than there is room for."""
        old = self.database.run("delete from reassay_parsed where used_on < %s", (self.today() - KEPT,))
        return old + self.database.run(_SURPLUS, (MOST,))


def digest_of(file: File) -> str | None:
    """Of its bytes and its path, which says what kind of object is in it; None for what is no plain file."""
    if file.data is None or file.mode is not Mode.FILE:
        return None
    name = file.path.encode("utf-8", "surrogateescape")
    return hashlib.sha256(len(name).to_bytes(4) + name + file.data).hexdigest()
