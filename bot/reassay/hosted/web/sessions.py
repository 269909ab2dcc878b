"""Sessions and cookies of browsers, and the OAuth states, PKCE verifiers and form tokens derived from a cookie.

Derived values are not stored, so any process can check what another process issued. A library for signed values (such
as itsdangerous) would need a key that all processes share; here the cookie is the key.
"""

import base64
import hashlib
import hmac
import re
import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from reassay.github.app_types import SignedInPerson
from reassay.hosted.database.database import Database
from reassay.hosted.rules.clock_steps import latest_wait

_LOCAL = re.compile(r"/(?!/)[A-Za-z0-9_.~/%-]{0,400}(\?[A-Za-z0-9_.~/%=&-]{0,400})?")


def fresh() -> str:
    """A random value for a new cookie."""
    return secrets.token_urlsafe(32)


def derived(cookie: str, purpose: str) -> str:
    """HMAC-SHA-256 of a purpose with the cookie as key, in 43 characters of base64url."""
    return _text(hmac.digest(cookie.encode(), purpose.encode(), hashlib.sha256))


def challenge(verifier: str) -> str:
    """The PKCE challenge of a verifier, method S256 (RFC 7636)."""
    return _text(hashlib.sha256(verifier.encode()).digest())


def same(given: str, wanted: str) -> bool:
    """Whether two texts are equal, compared in constant time."""
    return hmac.compare_digest(given.encode(), wanted.encode())


def state(cookie: str, to: str) -> str:
    """The OAuth state: proves that this browser began the sign-in, and holds the path to return to."""
    return f"{derived(cookie, f'state {to}')}.{_text(to.encode())}"


def read_state(cookie: str, given: str) -> str | None:
    """The path to return to; None if this browser did not begin the sign-in."""
    _, _, rest = given.partition(".")
    try:
        to = base64.urlsafe_b64decode(rest + "=" * (-len(rest) % 4)).decode()
    except ValueError:
        return None
    return to if cookie and same(given, state(cookie, to)) else None


def local(to: str) -> str:
    """`to` if it is a path of this server, otherwise `/`: no open redirect."""
    return to if _LOCAL.fullmatch(to) and ".." not in to else "/"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Cookies:
    """Reads and sets cookies. On https they have the attribute Secure and the prefix `__Host-`, or `__Secure-` below a path.

    https://www.ietf.org/archive/id/draft-ietf-httpbis-rfc6265bis-20.html#name-cookie-name-prefixes
    """

    is_https: bool
    path: str = ""
    """Path of the public address; other programs on that host are not sent the cookies."""

    def get(self, request: Request, name: str) -> str:
        """The cookie's value; empty if there is none."""
        return request.cookies.get(self._name(name), "")[:200]

    def put(self, response: Response, name: str, value: str, seconds: int) -> None:
        """Sets a cookie that scripts cannot read and that forms of other sites do not send."""
        response.set_cookie(
            self._name(name),
            value,
            max_age=seconds,
            path=self.path or "/",
            secure=self.is_https,
            httponly=True,
            samesite="lax",
        )

    def drop(self, response: Response, name: str) -> None:
        """Deletes a cookie."""
        response.delete_cookie(
            self._name(name), path=self.path or "/", secure=self.is_https, httponly=True, samesite="lax"
        )

    def _name(self, name: str) -> str:
        # `__Host-` is for cookies of the whole host.
        prefix = ("__Secure-" if self.path else "__Host-") if self.is_https else ""
        return f"{prefix}reassay-{name}"


LASTS = timedelta(minutes=10)
"""Time for which GitHub's answer about what a person may read is used."""
_OPEN = """
insert into reassay_sessions (digest, account_id, login, repositories, expires_at) values (%s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Sessions:
    """The table of sessions, by a digest of the cookie. Methods raise DatabaseError."""

    database: Database

    def open(self, cookie: str, person: SignedInPerson, now: datetime) -> None:
        """Stores a session for a cookie; deletes expired sessions."""
        values = (_digest(cookie), person.account_id, person.login, sorted(person.repositories), now + LASTS)
        with self.database.transaction() as connection:
            connection.execute(b"delete from reassay_sessions where expires_at <= %s", (now,))
            connection.execute(_OPEN.encode(), values)

    def find(self, cookie: str, now: datetime) -> SignedInPerson | None:
        """The person of a cookie; None if it has no session or the session has expired."""
        # One that would last longer than sessions do was opened while a clock was ahead.
        rows = self.database.rows(
            "select account_id, login, repositories from reassay_sessions"
            " where digest = %s and expires_at > %s and expires_at <= %s",
            (_digest(cookie), now, latest_wait(now, LASTS)),
        )
        return SignedInPerson(int(rows[0][0]), str(rows[0][1]), frozenset(rows[0][2])) if rows else None

    def close(self, cookie: str) -> None:
        """Deletes the session of a cookie."""
        self.database.run("delete from reassay_sessions where digest = %s", (_digest(cookie),))


def _digest(cookie: str) -> bytes:
    # Plain SHA-256 is enough: the cookie is 32 random bytes, not a password.
    return hashlib.sha256(cookie.encode()).digest()


@dataclass(slots=True)
class SetupCode:
    """The one-time code of the set-up page, generated at each start and never stored.

    Only the browser that opens the printed address first can set the App up.
    """

    code: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    """Part of the printed address; valid for one browser."""
    holder: str = field(default="", repr=False)
    """Cookie of that browser; empty until the code was used."""
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def address(self, base_url: str) -> str:
        """The address to print on the console. It must not be logged."""
        return f"{base_url}/setup?code={self.code}"

    def open(self, given: str) -> str | None:
        """A cookie for the first browser with the right code; otherwise None."""
        with self.lock:
            if self.holder or not hmac.compare_digest(given.encode(), self.code.encode()):
                return None
            self.holder = secrets.token_urlsafe(32)
            return self.holder

    def holds(self, cookie: str) -> bool:
        """Whether the cookie is that of the browser that used the code."""
        return bool(self.holder) and hmac.compare_digest(cookie.encode(), self.holder.encode())
