"""Writes the secrets of a server as files, one value each, as container platforms mount them (`deploy/compose.yml`).

The App and the ledger's key come from the data folder or the environment; a password for a new PostgreSQL is made.
"""

import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from reassay.common.errors import UsageError
from reassay.hosted.credentials import Credentials
from reassay.hosted.settings import HostingSettings
from reassay.ledger.store.configured_keys import LedgerKeys
from reassay.ledger.store.key_files import read_key_file

DATABASE_PASSWORD, DATABASE_URL = "database-password", "database-url"
_FOLDER, _FILE = 0o700, 0o444
"""Only the owner enters the folder. Files in it may be read by every account: a container has another one, and mounts them
read-only with the mode that they have here."""


def export_secrets(settings: HostingSettings, folder: Path) -> tuple[Path, ...]:
    """Writes what is not there yet, and returns the files that it wrote. Raises UsageError, and then writes nothing."""
    wanted = _values(settings)
    try:
        folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        if stat.S_IMODE(folder.stat().st_mode) & ~_FOLDER:
            raise UsageError("other accounts may enter it.", where=str(folder), remedy=f"Run `chmod 700 {folder}`.")
        password = folder / DATABASE_PASSWORD
        wanted[DATABASE_PASSWORD] = password.read_text(encoding="utf-8") if password.exists() else secrets.token_hex(24)
        wanted[DATABASE_URL] = f"postgresql://reassay:{wanted[DATABASE_PASSWORD].strip()}@database/reassay"
        missing = {folder / name: text for name, text in wanted.items() if not _is_there(folder / name, text)}
        for path, text in missing.items():
            _write(path, text)
    except OSError as error:
        raise UsageError(f"it cannot be written ({error.strerror}).", where=str(folder)) from error
    return tuple(missing)


def _values(settings: HostingSettings) -> dict[str, str]:
    app = settings.app or Credentials(settings.data).read()
    if app is None:
        raise UsageError(
            "no App is set up yet, so there are no secrets.",
            where=str(settings.data),
            remedy="Run `reassay serve` on this machine, create the App on its set-up page, then export.",
        )
    values: Mapping[str, str] = {
        "app-id": str(app.id),
        "app-key.pem": app.key,
        "app-slug": app.slug,
        "webhook-secret": app.webhook_secret,
        "client-id": app.client_id,
        "client-secret": app.client_secret,
        "ledger-key.pem": _ledger_key(settings),
    }
    empty = [name for name, text in values.items() if not text.strip()]
    if empty:
        words = f"{', '.join(empty)} {'is' if len(empty) == 1 else 'are'} not known."
        raise UsageError(
            words, remedy="Set the variable (REASSAY_APP_SLUG for app-slug), or the data folder with app.json."
        )
    return dict(values)


def _ledger_key(settings: HostingSettings) -> str:
    keys: LedgerKeys = settings.keys
    if keys.key:
        return keys.key
    path = Path(keys.key_file) if keys.key_file else Credentials(settings.data).key_file
    return read_key_file(path, "ledger-key.pem") if path.exists() else ""


def _is_there(path: Path, text: str) -> bool:
    """Whether the file has this content. Raises UsageError if it has another one: a secret is never overwritten."""
    if not path.exists():
        return False
    if path.read_text(encoding="utf-8").strip() != text.strip():
        raise UsageError(
            "it holds another value.", where=str(path), remedy="Delete it if it is outdated, then export again."
        )
    return True


def _write(path: Path, text: str) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(text if text.endswith("\n") else f"{text}\n")
        os.fchmod(file.fileno(), _FILE)
