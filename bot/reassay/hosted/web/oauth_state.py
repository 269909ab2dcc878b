"""Values that belong to a cookie and can be had from nothing else: states, verifiers, tokens of forms.

They are derived, so nothing has to be stored for them, and any process can check what another one gave out.
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
    """A value for a new cookie."""
    return secrets.token_urlsafe(32)


def derived(cookie: str, purpose: str) -> str:
    """43 characters that follow from the cookie and the purpose."""
    return _text(hmac.digest(cookie.encode(), purpose.encode(), hashlib.sha256))


def challenge(verifier: str) -> str:
    """PKCE, S256."""
    return _text(hashlib.sha256(verifier.encode()).digest())


def same(given: str, wanted: str) -> bool:
    """In constant time."""
    return hmac.compare_digest(given.encode(), wanted.encode())


def state(cookie: str, to: str) -> str:
    """Says where to go afterwards, and that this browser began."""
    return f"{derived(cookie, f'state {to}')}.{_text(to.encode())}"


def read_state(cookie: str, given: str) -> str | None:
    """Where to go; None if this browser did not begin."""
    _, _, rest = given.partition(".")
    try:
        to = base64.urlsafe_b64decode(rest + "=" * (-len(rest) % 4)).decode()
    except ValueError:
        return None
    return to if cookie and same(given, state(cookie, to)) else None


def local(to: str) -> str:
    """A path of this server; `/` for anything else, so that no link leads elsewhere by way of here."""
    return to if _LOCAL.fullmatch(to) and ".." not in to else "/"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Cookies:
    """`__Host-` and Secure on https: no other host, no path and no plain connection can set or see them."""

    is_https: bool

    def get(self, request: Request, name: str) -> str:
        """Empty if there is none."""
        return request.cookies.get(self._name(name), "")[:200]

    def put(self, response: Response, name: str, value: str, seconds: int) -> None:
        """Not for scripts, and not sent along by other sites' forms."""
        response.set_cookie(
            self._name(name), value, max_age=seconds, path="/", secure=self.is_https, httponly=True, samesite="lax"
        )

    def drop(self, response: Response, name: str) -> None:
        """Gone."""
        response.delete_cookie(self._name(name), path="/", secure=self.is_https, httponly=True, samesite="lax")

    def _name(self, name: str) -> str:
        return f"__Host-reassay-{name}" if self.is_https else f"reassay-{name}"
