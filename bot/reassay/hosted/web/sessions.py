"""Sessions of signed-in people. The table holds a digest of the cookie, and GitHub's answer for a few minutes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from reassay.github.app_types import SignedInPerson
from reassay.hosted.database.database import Database

LASTS = timedelta(minutes=10)
"""How long GitHub's answer about what a person may read is used before GitHub is asked again."""
_OPEN = """
insert into reassay_sessions (digest, account_id, login, repositories, expires_at) values (%s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Sessions:
    """The table. Methods raise DatabaseError."""

    database: Database

    def open(self, cookie: str, person: SignedInPerson, now: datetime) -> None:
        """Stores a session for a cookie; deletes expired sessions."""
        values = (_digest(cookie), person.account_id, person.login, sorted(person.repositories), now + LASTS)
        with self.database.transaction() as connection:
            connection.execute(b"delete from reassay_sessions where expires_at <= %s", (now,))
            connection.execute(_OPEN.encode(), values)

    def find(self, cookie: str, now: datetime) -> SignedInPerson | None:
        """The person of a cookie; None if it has no session or the session has expired."""
        rows = self.database.rows(
            "select account_id, login, repositories from reassay_sessions where digest = %s and expires_at > %s",
            (_digest(cookie), now),
        )
        return SignedInPerson(int(rows[0][0]), str(rows[0][1]), frozenset(rows[0][2])) if rows else None

    def close(self, cookie: str) -> None:
        """Deletes the session of a cookie."""
        self.database.run("delete from reassay_sessions where digest = %s", (_digest(cookie),))


def _digest(cookie: str) -> bytes:
    # Plain SHA-256 is enough: the cookie is 32 random bytes, not a password.
    return hashlib.sha256(cookie.encode()).digest()
