"""Settings of the hosted App, from options and the environment; validated once, at the start."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from reassay.common.errors import UsageError
from reassay.github.addresses import PUBLIC_API, PUBLIC_SERVER, api_of, check_addresses, check_url
from reassay.github.app_types import AppIdentity
from reassay.ledger.store.configured_keys import LedgerKeys, ledger_keys
from reassay.ledger.store.key_files import read_key_file
from reassay.signals.fetching.fetch_settings import FetchSettings, read_fetch_settings

__all__ = ["AppIdentity", "HostingSettings", "read_hosting", "secret_of"]

DEFAULT_PORT = 8321
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
OWN_PATHS = frozenset(
    {
        *("api", "dead-letters", "docs", "livez", "metrics", "readyz", "repositories", "setup", "sign-in", "sign-out"),
        *("signals", "style.css", "webhook"),
    }
)
"""First parts of the paths of our own pages."""
_PATH = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*")


@dataclass(frozen=True, slots=True)
class HostingSettings:
    """Settings of `reassay serve` and `reassay worker`."""

    data: Path
    """Folder for secrets, the embedded PostgreSQL and git mirrors; only its owner may read it."""
    database_url: str = field(default="", repr=False)
    """Empty: the embedded PostgreSQL is used."""
    server_url: str = PUBLIC_SERVER
    api_url: str = PUBLIC_API
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    public_url: str = ""
    """Public address of this server; empty if only this machine reaches it."""
    app: AppIdentity | None = None
    """From the environment; None if the App is to be set up on the set-up page."""
    concurrency: int = 2
    """Concurrent jobs in this process; 0 for a server that only receives webhooks."""
    previous_webhook_secret: str = field(default="", repr=False)
    """Accepted as well while the webhook secret is being rotated."""
    operators: tuple[str, ...] = ()
    """Logins, account ids or `login#id` that may see dead letters and metrics; digits are always an id."""
    heartbeat_url: str = field(default="", repr=False)
    """Requested every minute while all background tasks run (a dead man's switch); empty: none."""
    write_pause: float = 1.0
    """Shortest time between two writes of one job, in seconds."""
    poll_seconds: float = 5.0
    """How often a worker looks for a job that waited until another one of its repository had ended."""
    framed_by: str = ""
    """Origin of the one page that may show this server's pages in a frame; empty: none may. No option sets it: the demo does."""
    keys: LedgerKeys = field(default_factory=LedgerKeys, repr=False)
    sources: FetchSettings = field(default_factory=FetchSettings, repr=False)
    """Secrets and hosts of sources and pages."""

    @property
    def base_url(self) -> str:
        """Address that browsers use, without a trailing slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def path(self) -> str:
        """Path below which browsers and GitHub see this server, such as `/reassay`; empty if it has a host of its own."""
        return urlsplit(self.base_url).path


def read_hosting(environment: Mapping[str, str], options: Mapping[str, str | None]) -> HostingSettings:
    """`options` by name without leading dashes (`database-url`); an option overrides its variable. Raises UsageError."""

    def given(name: str, default: str = "") -> str:
        # Also from a file: database addresses hold passwords.
        variable = f"REASSAY_{name.upper().replace('-', '_')}"
        return (options.get(name) or secret_of(environment, variable) or default).strip()

    server = given("github-url", environment.get("GITHUB_SERVER_URL", PUBLIC_SERVER)).rstrip("/")
    api = given("api-url", api_of(server)).rstrip("/")
    check_addresses(server, api)
    settings = HostingSettings(
        data=_folder(given("data-dir"), environment),
        database_url=_database(given("database-url")),
        server_url=server,
        api_url=api,
        host=given("host", "127.0.0.1"),
        port=_whole("port", given("port", str(DEFAULT_PORT)), 0, 65_535),
        public_url=_public(given("public-url")),
        app=_app(environment),
        concurrency=_whole("concurrency", given("concurrency", "2"), 0, 64),
        operators=tuple(given("operators").replace(",", " ").split()),
        heartbeat_url=given("heartbeat-url"),
        previous_webhook_secret=secret_of(environment, "REASSAY_PREVIOUS_WEBHOOK_SECRET"),
        write_pause=float(_whole("write-pause", given("write-pause", "1"), 0, 60)),
        keys=ledger_keys(environment),
        sources=read_fetch_settings(environment, "app"),
    )
    if settings.heartbeat_url:
        check_url("heartbeat", settings.heartbeat_url)
    return settings


def _folder(text: str, environment: Mapping[str, str]) -> Path:
    if text:
        return Path(text).expanduser().absolute()
    home = environment.get("XDG_DATA_HOME") or f"{environment.get('HOME', '.')}/.local/share"
    return Path(home).absolute() / "reassay"


def _database(url: str) -> str:
    if url and urlsplit(url).scheme not in {"postgresql", "postgres"}:
        raise UsageError(
            "only PostgreSQL is supported.", where="--database-url", remedy="Write postgresql://user@host/name."
        )
    return url


def _public(url: str) -> str:
    url = url.rstrip("/")
    if not url:
        return ""
    check_url("public", url)
    path = urlsplit(url).path
    if not _PATH.fullmatch(path):
        raise UsageError(
            f"the path '{path}' holds more than letters, digits and - . _ ~.",
            where="--public-url",
            remedy="Write e.g. https://example.com/reassay, and use that path in the proxy.",
        )
    if path[1:].partition("/")[0] in OWN_PATHS:
        # A proxy may pass the path on or strip it; both can be told apart only by a name that no page has.
        raise UsageError(
            f"the path '{path}' begins like a page of this server.",
            where="--public-url",
            remedy="Choose another path, e.g. /reassay.",
        )
    return url


def _whole(name: str, text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise UsageError(
            f"'{text}' is not a whole number from {least} to {most}.",
            where=f"--{name}",
            remedy=f"Use a number from {least} to {most}.",
        )
    return int(text)


def _app(environment: Mapping[str, str]) -> AppIdentity | None:
    """The App from the environment; None if no variable of it is set. Raises UsageError if only some are set."""
    names = ("REASSAY_APP_ID", "REASSAY_APP_KEY", "REASSAY_WEBHOOK_SECRET")
    number, key, secret = (secret_of(environment, name, is_key=name == "REASSAY_APP_KEY") for name in names)
    if not (number or key or secret):
        return None
    missing = [name for name, text in zip(names, (number, key, secret), strict=True) if not text]
    if missing or not number.isdigit():
        what = f"{missing[0]} is not set" if missing else f"REASSAY_APP_ID is '{number}', not a number"
        raise UsageError(f"{what}.", remedy=f"Set all of {', '.join(names)}, or none of them and use the set-up page.")
    return AppIdentity(
        id=int(number),
        key=key,
        webhook_secret=secret,
        client_id=secret_of(environment, "REASSAY_CLIENT_ID"),
        client_secret=secret_of(environment, "REASSAY_CLIENT_SECRET"),
        slug=secret_of(environment, "REASSAY_APP_SLUG"),
    )


def secret_of(environment: Mapping[str, str], name: str, *, is_key: bool = False) -> str:
    """The variable's value, or the content of the file named by `<name>_FILE` (a mounted secret). Raises UsageError.

    The file of a private key must be no more open than key files may be.
    """
    path = environment.get(f"{name}_FILE", "")
    if not path:
        return environment.get(name, "").strip()
    if is_key:
        return read_key_file(Path(path), f"{name}_FILE").strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise UsageError(
            "the file cannot be read.", where=f"{name}_FILE", remedy="Check its path and permissions."
        ) from error
