"""Everything that `reassay doctor --server` looks at, in the order in which people fix it."""

from contextlib import closing
from dataclasses import dataclass

import httpx

from reassay import __version__
from reassay.common.clock import Clock
from reassay.common.errors import ReassayError, UpstreamError, UsageError
from reassay.doctor.checks.base import Check
from reassay.github.app_api import AppApi
from reassay.github.app_types import AppIdentity
from reassay.github.client import API_VERSION, Client
from reassay.github.tokens import READINGS, Tokens
from reassay.hosted.checks.app_on_github import AppOnGitHub, ledger_key_checks
from reassay.hosted.checks.backup import backup_check
from reassay.hosted.checks.clocks import clock_check
from reassay.hosted.checks.outside import SECONDS, ServerLook, ServerProbe, instant
from reassay.hosted.credentials import Credentials
from reassay.hosted.job_services import app_client, hosted_keyring
from reassay.hosted.settings import HostingSettings
from reassay.hosted.web.inspector import ReadOnlyAccess
from reassay.ledger.keys import short


@dataclass(frozen=True, slots=True)
class ServerDiagnosis:
    """Results of all checks of a server."""

    url: str
    checks: tuple[Check, ...]
    is_github_read: bool = True
    """Whether GitHub answered, where it was asked."""


def diagnose_server(settings: HostingSettings, url: str, clock: Clock) -> ServerDiagnosis:
    """Asks the server, and GitHub if the App's credentials are here. Writes nothing. Raises UsageError for invalid ones."""
    app = settings.app or Credentials(settings.data).read()
    headers = {"user-agent": f"reassay/{__version__}"}
    with httpx.Client(headers=headers, follow_redirects=False) as http:
        look = ServerProbe(http, url, app.id if app else None).look(clock.now())
        checks = [*look.checks, *_keys(settings, look)]
        if app is None:
            means = "Webhook, permissions and the keys of ledgers were not compared with GitHub."
            mend = "Run it with the server's data folder or variables (REASSAY_DATA_DIR, REASSAY_APP_ID ...)."
            checks.append(Check("app-on-github", "unknown", "The App's credentials are not here.", means, mend))
            return ServerDiagnosis(url, (*checks, backup_check(settings, clock.now())))
        try:
            checks += [*_github_clock(http, settings, clock), *_github(settings, app, url, clock)]
            is_read = True
        except UpstreamError as error:
            checks.append(
                Check("app-on-github", "unknown", f"GitHub could not be read: {error.message}", "", error.remedy)
            )
            is_read = False
    return ServerDiagnosis(url, (*checks, backup_check(settings, clock.now())), is_read)


def _keys(settings: HostingSettings, look: ServerLook) -> list[Check]:
    """Whether the server signs with the key that is configured here."""
    try:
        signer = hosted_keyring(settings).signer
    except ReassayError as error:
        return [Check("ledger-key", "weak", error.message, "", error.remedy)]
    if signer is None or not look.ledger_key:
        return []
    if signer.id == look.ledger_key:
        return [
            Check(
                "ledger-key", "ok", f"The server signs ledgers with key {short(signer.id)}, which is configured here."
            )
        ]
    words = f"The server signs with key {short(look.ledger_key)}, and {short(signer.id)} is configured here."
    return [
        Check("ledger-key", "weak", words, "One of them cannot write the ledgers.", "Configure one key, and restart.")
    ]


def _github_clock(http: httpx.Client, settings: HostingSettings, clock: Clock) -> list[Check]:
    try:
        headers = {"accept": "application/vnd.github+json", "x-github-api-version": API_VERSION}
        answer = http.get(f"{settings.api_url}/rate_limit", timeout=SECONDS, headers=headers)
    except httpx.HTTPError:
        return []
    date, now = answer.headers.get("date"), clock.now()
    return [clock_check("github-clock", "GitHub", instant(date, now), now)] if date else []


def _github(settings: HostingSettings, app: AppIdentity, url: str, clock: Clock) -> list[Check]:
    client = app_client(app, settings, clock)

    def connect(token: str, _installation: int) -> Client:
        return Client.connect(token, settings.api_url, sleep=clock.sleep)

    with closing(Tokens(client, connect, clock.now, permissions=READINGS)) as tokens:
        checks = list(AppOnGitHub(client, url).checks())
        if any(check.standing == "weak" and check.id == "app-on-github" for check in checks):
            return checks
        keyring = hosted_keyring(settings)
        access = ReadOnlyAccess(tokens, keyring, clock, settings.server_url)
        return [*checks, *ledger_key_checks(AppApi(client, tokens), access, keyring)]


def server_url(settings: HostingSettings, given: str) -> str:
    """The address to look at. Raises UsageError if none is known."""
    url = (given or settings.public_url).rstrip("/")
    if not url.startswith(("https://", "http://")):
        raise UsageError(
            "the address of the server is not known.",
            where="--server",
            remedy="Write reassay doctor --server https://reassay.example.com, or set REASSAY_PUBLIC_URL.",
        )
    return url
