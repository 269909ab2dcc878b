"""`reassay doctor --server`: a running server as GitHub and browsers reach it, through whatever stands in front of it."""

import json
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import httpx

from reassay import __version__
from reassay.doctor.checks.base import Check
from reassay.hosted.checks.clocks import clock_check
from reassay.hosted.rules.manifest import WEBHOOK
from reassay.hosted.settings import LOOPBACK

_LOG = "Read the server's log."
_SET_UP = "Open the address that `reassay serve` printed, and create the App there."
SECONDS = 15.0
LEAST_DAYS = timedelta(days=14)
"""A certificate that ends sooner was not renewed: the usual ones last 90 days and are renewed a month before their end."""
LARGE_BYTES = 2 * 1024 * 1024
"""Size of the body that the proxy is tried with: more than the 1 MB that nginx takes unless told otherwise."""
_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
_HTTPS_PORT = 443


@dataclass(frozen=True, slots=True)
class ServerLook:
    """What a server answered."""

    checks: tuple[Check, ...]
    ledger_key: str = ""
    """Id of the key that the server signs ledgers with; empty if it did not say so."""


@dataclass(frozen=True, slots=True)
class ServerProbe:
    """Sends requests to one server. It writes nothing there: the webhook's delivery has no valid signature."""

    http: httpx.Client
    """It must not follow redirects."""
    url: str
    """Public address of the server, without a trailing slash."""
    app_id: int | None = None
    """Id of the App that the server should act as; None if it is not known here."""

    def look(self, now: datetime) -> ServerLook:
        """All checks; only one if the server does not answer at all."""
        reachable, answer = self._reach()
        if answer is None:
            return ServerLook((reachable,))
        checks = [reachable, *self._https(now), *self._host(), *self._paths(), *self._webhook(), *self._large_body()]
        date = answer.headers.get("date")
        if date:
            checks.append(clock_check("server-clock", "the server", instant(date, now), now))
        ready, key = self._ready()
        return ServerLook((*checks, *self._version(), *ready), key)

    @property
    def is_loopback(self) -> bool:
        """Whether the address is one of this machine."""
        return (urlsplit(self.url).hostname or "") in LOOPBACK

    def _get(self, path: str) -> httpx.Response | None:
        try:
            return self.http.get(f"{self.url}{path}", timeout=SECONDS, headers={"accept": "text/html"})
        except httpx.HTTPError:
            return None

    def _reach(self) -> tuple[Check, httpx.Response | None]:
        try:
            answer = self.http.get(f"{self.url}/livez", timeout=SECONDS)
        except httpx.HTTPError as error:
            words = _cause(error)
            mend = "Check DNS, the firewall and the proxy, and that `reassay serve` runs."
            if "CERTIFICATE" in words.upper():
                mend = (
                    "Install a certificate for this name with its whole chain; for an own authority set SSL_CERT_FILE."
                )
            return Check(
                "reachable", "weak", f"{self.url} cannot be reached: {words}.", "GitHub cannot either.", mend
            ), None
        if answer.text != "alive\n":
            words = f"{self.url}/livez answers {answer.status_code}, and not as a reassay server does."
            mend = (
                "Check that the proxy passes this address on to `reassay serve`, and that --public-url is this address."
            )
            return Check("reachable", "weak", words, "Webhooks do not arrive.", mend), None
        return Check("reachable", "ok", f"{self.url} is a reassay server."), answer

    def _https(self, now: datetime) -> Iterator[Check]:
        parts = urlsplit(self.url)
        if parts.scheme != "https":
            if self.is_loopback:
                yield Check("https", "unknown", "This is an address of this machine.", "", "Name the public address.")
                return
            means = "Sessions and deliveries can be read on the way."
            yield Check(
                "https", "weak", "The address is not https.", means, "Use deploy/Caddyfile or deploy/nginx.conf."
            )
            return
        ends = certificate_end(parts.hostname or "", parts.port or _HTTPS_PORT)
        if ends is None:
            yield Check("https", "unknown", "The end of the certificate could not be read.")
        elif ends - now < LEAST_DAYS:
            words = f"The certificate ends on {ends:%Y-%m-%d}."
            yield Check(
                "https", "weak", words, "It was not renewed in time.", "Renew it, and look why that is not automatic."
            )
        else:
            yield Check("https", "ok", f"The certificate is valid, until {ends:%Y-%m-%d}.")
        if (parts.port or _HTTPS_PORT) == _HTTPS_PORT:
            yield self._redirect(parts.hostname or "", parts.path)

    def _redirect(self, host: str, path: str) -> Check:
        try:
            answer = self.http.get(f"http://{host}{path}/", timeout=SECONDS)
        except httpx.HTTPError:
            return Check("http-redirect", "ok", "Nothing answers at http.")
        if answer.headers.get("location", "").startswith("https://"):
            return Check("http-redirect", "ok", "http leads to https.")
        words = f"http://{host} answers {answer.status_code}, and does not lead to https."
        return Check(
            "http-redirect", "weak", words, "People may send their session unprotected.", "Redirect http to https."
        )

    def _host(self) -> Iterator[Check]:
        answer = self._get("/")
        if answer is not None and answer.status_code == HTTPStatus.MISDIRECTED_REQUEST:
            words = "The server does not accept this host name."
            means = "No page and no sign-in works; webhooks do."
            yield Check(
                "host", "weak", words, means, f"Start it with --public-url {self.url}, and pass the Host header on."
            )
            return
        yield Check("host", "ok", "The server accepts this host name.")
        metrics = self._get("/metrics")
        if not self.is_loopback and metrics is not None and metrics.is_success:
            yield Check(
                "host-passed-on",
                "weak",
                "The server takes requests of the proxy for requests of its own machine.",
                "Everybody can read /metrics and why jobs failed.",
                "In the proxy, pass the Host header on and set X-Forwarded-For (deploy/nginx.conf).",
            )

    def _paths(self) -> Iterator[Check]:
        """Redirects and links of the front page stay below the public address."""
        answer = self._get("/")
        if answer is None or answer.status_code == HTTPStatus.MISDIRECTED_REQUEST:
            return
        wanted = f"{self.url}/"
        own = answer.headers.get("location") if answer.is_redirect else None
        links = [own] if own else _STYLE.findall(answer.text)
        strays = [urljoin(wanted, link) for link in links if not urljoin(wanted, link).startswith(wanted)]
        if strays:
            words = f"The front page leads to {strays[0][:120]}, which is not below {self.url}."
            yield Check("path", "weak", words, "People meet missing pages.", f"Start it with --public-url {self.url}.")
        elif links:
            yield Check("path", "ok", f"Links and redirects stay below {self.url}.")

    def _webhook(self) -> Iterator[Check]:
        answer = self._post(b"{}")
        words, means = "", ""
        if answer is None:
            words, means = "The webhook address did not answer.", "Deliveries do not arrive."
        elif answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE and _message(answer):
            words, means = f"The webhook answers: {_message(answer)}", "Deliveries are refused until then."
            yield Check("webhook", "weak", words, means, _SET_UP if "No App" in words else _LOG)
            return
        elif answer.status_code == HTTPStatus.UNAUTHORIZED and _message(answer):
            yield Check("webhook", "ok", "The webhook answers, and refuses a delivery without a valid signature.")
            return
        elif answer.status_code == HTTPStatus.NOT_FOUND and "another App" in _message(answer):
            if self.app_id is None:
                means = "Only the App's id shows whether it is the right one."
                yield Check("webhook", "ok", "The webhook answers, and refuses a delivery for another App.", means)
                return
            words, means = f"The server is not App {self.app_id}.", "The deliveries of that App are refused."
        elif answer.is_success:
            words, means = "The webhook accepted a delivery without a signature.", "Another program answers there."
        else:
            words = f"The webhook answers {answer.status_code}, and not as a reassay server does."
            means = "Deliveries do not arrive."
        yield Check(
            "webhook", "weak", words, means, f"Pass {self.url}{WEBHOOK} on to `reassay serve`, with all headers."
        )

    def _large_body(self) -> Iterator[Check]:
        answer = self._post(b" " * LARGE_BYTES)
        if answer is not None and answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            words = "Something in front of the server refuses bodies of 2 MB."
            mend = "Allow 25 MB, as GitHub's webhooks may have (nginx: `client_max_body_size 25m`)."
            yield Check("body-size", "weak", words, "Large deliveries are lost.", mend)
        elif answer is not None and answer.status_code == HTTPStatus.UNAUTHORIZED:
            yield Check("body-size", "ok", "Large deliveries get through.")
        else:
            # A delivery for another App is refused before its body is read.
            means = "The App's id is needed to see whether the server gets it." if self.app_id is None else ""
            yield Check("body-size", "unknown", "A delivery of 2 MB got no answer that tells.", means)

    def _post(self, body: bytes) -> httpx.Response | None:
        headers = {
            "content-type": "application/json",
            "x-github-event": "ping",
            "x-github-delivery": "reassay-doctor",
            "x-github-hook-installation-target-type": "integration",
            "x-github-hook-installation-target-id": str(self.app_id or 0),
            "x-hub-signature-256": f"sha256={'0' * 64}",
        }
        try:
            return self.http.post(f"{self.url}{WEBHOOK}", content=body, headers=headers, timeout=SECONDS)
        except httpx.HTTPError:
            return None

    def _version(self) -> Iterator[Check]:
        answer = self._get("/api/v1/openapi.json")
        version = ""
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            version = str(answer.json()["info"]["version"]) if answer is not None else ""
        if not version:
            yield Check("version", "unknown", "The version of the server could not be read.")
        elif version != __version__:
            words = f"The server is version {version}, and this program is {__version__}."
            yield Check("version", "unknown", words, "These checks may not fit it.", "Use the same version for both.")
        else:
            yield Check("version", "ok", f"The server is version {version}, as this program.")

    def _ready(self) -> tuple[list[Check], str]:
        answer = self._get("/readyz")
        try:
            document = answer.json() if answer is not None else {}
            rows = [(str(row["name"]), bool(row["ok"]), str(row["words"])) for row in document["checks"]]
            key = str(document.get("ledger_key") or "")
        except (ValueError, KeyError, TypeError, AttributeError):
            words = "/readyz gave no answer that can be read."
            return [Check("ready", "unknown", words, "", _LOG)], ""
        bad = [
            Check(f"ready-{name}", "weak", f"{name}: {words}.", "", _SET_UP if name == "app" else _LOG)
            for name, ok, words in rows
            if not ok
        ]
        fine = Check("ready", "ok", "Database, App, background tasks and jobs work.")
        return (bad or [fine]), key


def certificate_end(host: str, port: int) -> datetime | None:
    """When the certificate at an address ends; None if that cannot be read."""
    context = httpx.create_ssl_context()
    try:
        with (
            socket.create_connection((host, port), timeout=SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as wrapped,
        ):
            text = (wrapped.getpeercert() or {}).get("notAfter")
    except (OSError, ssl.SSLError):
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC) if isinstance(text, str) else None


def instant(date: str, now: datetime) -> datetime:
    """A Date header as an instant (RFC 9110); `now` if it cannot be read."""
    try:
        return parsedate_to_datetime(date)
    except ValueError:
        return now


def _message(answer: httpx.Response) -> str:
    try:
        return str(json.loads(answer.text)["message"])
    except (ValueError, KeyError, TypeError):
        return ""


def _cause(error: Exception) -> str:
    words = re.sub(r"\s+", " ", str(error) or type(error).__name__)
    return re.sub(r"^\[Errno -?\d+\] ", "", words)[:200].rstrip(".")
