"""Settings: where GitHub is, and the token. From arguments and the environment, validated once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from reassay.common.errors import UsageError
from reassay.github.addresses import PUBLIC_API, PUBLIC_SERVER, check_url
from reassay.ledger.store.configured_keys import LedgerKeys, ledger_keys


@dataclass(frozen=True, slots=True)
class AppCredentials:
    """An App of one's own: with it what happens is enforced, and not only advice."""

    id: int
    key: str = field(repr=False)
    """PEM."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to reach GitHub. The token never shows in a repr."""

    token: str = field(repr=False)
    """Empty where an App acts: then one is asked for."""
    api_url: str = PUBLIC_API
    server_url: str = PUBLIC_SERVER
    write_pause: float = 1.0
    """Least time between writes, in seconds; GitHub asks for one."""
    run: str = ""
    """Identifies this run in claims."""
    ledger_keys: LedgerKeys = field(default_factory=LedgerKeys, repr=False)
    app: AppCredentials | None = None
    in_workflow: bool = False
    """Whether the Action runs, which leaves a repository to the hosted App where that is the writer."""

    @property
    def host(self) -> str:
        """Name of the GitHub host, with its port if it is not the usual one."""
        return urlsplit(self.server_url).netloc


def read_settings(
    environment: Mapping[str, str], *, api_url: str | None = None, server_url: str | None = None
) -> Settings:
    """From the environment of a person (`GITHUB_TOKEN`) or of the Action (`REASSAY_*`). Raises UsageError."""
    token = environment.get("REASSAY_TOKEN") or environment.get("GITHUB_TOKEN") or environment.get("GH_TOKEN") or ""
    app = _app(environment)
    if not token.strip() and app is None:
        raise UsageError("no token is set.", remedy="Set GITHUB_TOKEN to a token with contents and issues: write.")
    api = api_url or environment.get("REASSAY_API_URL") or environment.get("GITHUB_API_URL") or PUBLIC_API
    server = server_url or environment.get("REASSAY_SERVER_URL") or environment.get("GITHUB_SERVER_URL") or _server(api)
    for name, url in (("API", api), ("server", server)):
        check_url(name, url)
    return Settings(
        token="" if app else token.strip(),
        api_url=api.rstrip("/"),
        server_url=server.rstrip("/"),
        write_pause=_seconds(environment.get("REASSAY_WRITE_PAUSE", "1")),
        run=_run(environment),
        ledger_keys=ledger_keys(environment),
        app=app,
    )


def _app(environment: Mapping[str, str]) -> AppCredentials | None:
    """Both or neither: half of it must not quietly fall back to a token that everybody has."""
    number, key = environment.get("REASSAY_APP_ID", "").strip(), environment.get("REASSAY_APP_KEY", "").strip()
    if not number and not key:
        return None
    if not number or not key:
        raise UsageError("'app-id' and 'app-key' go together.", remedy="Give both or neither.")
    if not number.isdigit():
        raise UsageError(
            f"'{number}' is no App's id.", where="app-id", remedy="It is the number in the App's settings."
        )
    return AppCredentials(int(number), key)


def _server(api: str) -> str:
    """Of the API's address: GitHub Enterprise Server has both on one host."""
    return PUBLIC_SERVER if api.rstrip("/") == PUBLIC_API else api.rstrip("/").removesuffix("/api/v3")


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 60:  # noqa: PLR2004 - a minute is the longest pause that makes sense
        raise UsageError(f"REASSAY_WRITE_PAUSE is '{text}'.", remedy="Give seconds between 0 and 60.")
    return value


def _run(environment: Mapping[str, str]) -> str:
    number, attempt = environment.get("GITHUB_RUN_ID", ""), environment.get("GITHUB_RUN_ATTEMPT", "1")
    return f"actions-{number}-{attempt}" if number else ""


def check_repository(name: str) -> str:
    """`OWNER/NAME`. Raises UsageError."""
    owner, slash, rest = name.partition("/")
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    if not (owner and slash and rest) or set(owner + rest) - allowed or {owner, rest} & {".", ".."}:
        raise UsageError(f"'{name}' is no repository.", remedy="Write OWNER/NAME.")
    return name
