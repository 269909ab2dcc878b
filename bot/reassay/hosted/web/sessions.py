"""Who is signed in. Only the digest of a cookie is kept, and what GitHub said for a few minutes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from reassay.github.app_types import Person
from reassay.hosted.database.database import Database

LASTS = timedelta(minutes=10)
"""So long it is believed what somebody may read; then GitHub is asked again."""
_OPEN = """
insert into reassay_sessions (digest, account_id, login, repositories, expires_at) values (%s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Sessions:
    """Raises DatabaseError where PostgreSQL does not do what is asked."""

    database: Database

    def open(self, cookie: str, person: Person, now: datetime) -> None:
        """The cookie stands for this person for a while; whatever has expired goes."""
        values = (_digest(cookie), person.account_id, person.login, sorted(person.repositories), now + LASTS)
        with self.database.transaction() as connection:
            connection.execute(b"delete from reassay_sessions where expires_at <= %s", (now,))
            connection.execute(_OPEN.encode(), values)

    def find(self, cookie: str, now: datetime) -> Person | None:
        """Whose cookie it is; None if it is nobody's, or not any more."""
        rows = self.database.rows(
            "select account_id, login, repositories from reassay_sessions where digest = %s and expires_at > %s",
            (_digest(cookie), now),
        )
        return Person(int(rows[0][0]), str(rows[0][1]), frozenset(rows[0][2])) if rows else None

    def close(self, cookie: str) -> None:
        """Signed out."""
        self.database.run("delete from reassay_sessions where digest = %s", (_digest(cookie),))


def _digest(cookie: str) -> bytes:
    # Plain SHA-256 is enough: a cookie is 32 random bytes, nobody's password.
    return hashlib.sha256(cookie.encode()).digest()
