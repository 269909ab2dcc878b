"""OAuth states, PKCE verifiers and form tokens, all derived from a cookie.

Nothing is stored for them, so any process can check what another process issued. A library for signed values (such as
itsdangerous) would need a key that all processes share; here the cookie is the key.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

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
    """Reads and sets cookies. On https they have the prefix `__Host-` and the attribute Secure."""

    is_https: bool

    def get(self, request: Request, name: str) -> str:
        """The cookie's value; empty if there is none."""
        return request.cookies.get(self._name(name), "")[:200]

    def put(self, response: Response, name: str, value: str, seconds: int) -> None:
        """Sets a cookie that scripts cannot read and that forms of other sites do not send."""
        response.set_cookie(
            self._name(name), value, max_age=seconds, path="/", secure=self.is_https, httponly=True, samesite="lax"
        )

    def drop(self, response: Response, name: str) -> None:
        """Deletes a cookie."""
        response.delete_cookie(self._name(name), path="/", secure=self.is_https, httponly=True, samesite="lax")

    def _name(self, name: str) -> str:
        return f"__Host-reassay-{name}" if self.is_https else f"reassay-{name}"
