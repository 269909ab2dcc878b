"""Settings of a run on GitHub: addresses, token and keys, read from options and the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from reassay.common.errors import UsageError
from reassay.github.addresses import PUBLIC_API, PUBLIC_SERVER, api_of, check_addresses, check_url, server_of
from reassay.ledger.store.configured_keys import LedgerKeys, ledger_keys
from reassay.signals.fetching.fetch_settings import FetchSettings, read_fetch_settings
from reassay.signals.source_readings import ReceivedEvent


@dataclass(frozen=True, slots=True)
class AppCredentials:
    """Id and key of a GitHub App of the user's own, with which the gate is enforced and not only advisory."""

    id: int
    key: str = field(repr=False)
    """PEM."""


@dataclass(frozen=True, slots=True)
class GitHubSettings:
    """Addresses, token and keys. Token and keys never show in a repr."""

    token: str = field(repr=False)
    """Empty if an App acts: `with_token` then requests one."""
    api_url: str = PUBLIC_API
    server_url: str = PUBLIC_SERVER
    write_pause: float = 1.0
    """Minimum time between writes, in seconds; GitHub recommends one."""
    run: str = ""
    """Id of this workflow run, for claims; empty outside of workflows."""
    ledger_keys: LedgerKeys = field(default_factory=LedgerKeys, repr=False)
    sources: FetchSettings = field(default_factory=FetchSettings, repr=False)
    """Secrets and hosts of sources and pages."""
    events: tuple[tuple[str, ReceivedEvent], ...] = ()
    """Events for sources of signals that started this run, each with the id of its source."""
    app: AppCredentials | None = None
    in_workflow: bool = False
    """Whether this is the Action, which does not write to a repository whose writer is the hosted App."""

    @property
    def host(self) -> str:
        """GitHub's host name, with the port if it is not the default."""
        return urlsplit(self.server_url).netloc


def read_settings(
    environment: Mapping[str, str], *, api_url: str | None = None, server_url: str | None = None
) -> GitHubSettings:
    """Reads the environment of a person (`GITHUB_TOKEN`) or of the Action (`REASSAY_*`). Raises UsageError."""
    token = environment.get("REASSAY_TOKEN") or environment.get("GITHUB_TOKEN") or environment.get("GH_TOKEN") or ""
    app = _app(environment)
    if not token.strip() and app is None:
        raise UsageError("no token is set.", remedy="Set GITHUB_TOKEN to a token with contents and issues: write.")
    api = api_url or environment.get("REASSAY_API_URL") or environment.get("GITHUB_API_URL") or ""
    server = server_url or environment.get("REASSAY_SERVER_URL") or environment.get("GITHUB_SERVER_URL") or ""
    for name, url in (("API", api), ("server", server)):
        if url:
            check_url(name, url)
    api = api or (api_of(server) if server else PUBLIC_API)
    server = server or server_of(api)
    check_addresses(server, api)
    return GitHubSettings(
        token="" if app else token.strip(),
        api_url=api.rstrip("/"),
        server_url=server.rstrip("/"),
        write_pause=_seconds(environment.get("REASSAY_WRITE_PAUSE", "1")),
        run=_run(environment),
        ledger_keys=ledger_keys(environment),
        sources=read_fetch_settings(environment, "action"),
        app=app,
    )


def _app(environment: Mapping[str, str]) -> AppCredentials | None:
    """The App, or None. Raises UsageError if only one of id and key is set: never fall back to the token silently."""
    number, key = environment.get("REASSAY_APP_ID", "").strip(), environment.get("REASSAY_APP_KEY", "").strip()
    if not number and not key:
        return None
    if not number or not key:
        raise UsageError("'app-id' and 'app-key' are only valid together.", remedy="Set both or neither.")
    if not number.isdigit():
        raise UsageError(
            f"'{number}' is not a valid App id.",
            where="app-id",
            remedy="Copy the number 'App ID' from the App's settings.",
        )
    return AppCredentials(int(number), key)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 60:  # noqa: PLR2004 - a minute is the longest pause that makes sense
        raise UsageError(f"'{text}' is not a valid REASSAY_WRITE_PAUSE.", remedy="Write seconds between 0 and 60.")
    return value


def _run(environment: Mapping[str, str]) -> str:
    number, attempt = environment.get("GITHUB_RUN_ID", ""), environment.get("GITHUB_RUN_ATTEMPT", "1")
    return f"actions-{number}-{attempt}" if number else ""


def check_repository(name: str) -> str:
    """Returns a valid `OWNER/NAME` unchanged. Raises UsageError."""
    owner, slash, rest = name.partition("/")
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    if not (owner and slash and rest) or set(owner + rest) - allowed or {owner, rest} & {".", ".."}:
        raise UsageError(f"'{name}' is not a valid repository.", remedy="Write OWNER/NAME.")
    return name
