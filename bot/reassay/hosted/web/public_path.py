"""A public address below a path (`https://example.com/reassay`): the path of a request here, and the path of a redirect there.

Proxies either strip the path or pass it on; probes and people on this machine may leave it out. All of them are served: a path
that begins with the public one loses it, any other one stays as it is. No page of ours begins with it (`settings.OWN_PATHS`).
Links of pages begin with it (`root` in the templates), and so do cookies (`sessions.Cookies`).
"""

from dataclasses import dataclass

from reassay.hosted.web.asgi_requests import Application, Receive, Scope, Send


def inside(path: str, public_path: str) -> str:
    """The path of a page here, whether or not a proxy stripped `public_path` off it."""
    if not public_path or not f"{path}/".startswith(f"{public_path}/"):
        return path
    return path[len(public_path) :] or "/"


@dataclass(frozen=True, slots=True)
class PublicPath:
    """ASGI application in front of all others."""

    inner: Application
    public_path: str
    """Empty if the public address has no path; nothing is changed then."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on with the path of the page here, and redirects with the path there."""
        if scope["type"] != "http" or not self.public_path:
            await self.inner(scope, receive, send)
            return
        raw = inside(scope.get("raw_path", b"").decode("latin-1"), self.public_path).encode("latin-1")
        scope = {**scope, "path": inside(scope["path"], self.public_path), "raw_path": raw}

        async def outwards(message: Scope) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [self._outside(*header) for header in message.get("headers", [])]}
            await send(message)

        await self.inner(scope, receive, outwards)

    def _outside(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        is_ours = name.lower() == b"location" and value.startswith(b"/") and not value.startswith(b"//")
        return (name, self.public_path.encode() + value) if is_ours else (name, value)
