"""The App's credentials and the ledger's key in the data folder. Only the account that runs reassay may read them.

Errors name the file and never quote its content.
"""

import json
import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reassay.common.clock import random_nonce
from reassay.common.errors import UsageError
from reassay.github.app_types import AppIdentity
from reassay.ledger.store.ed25519 import new_key_file, read_signer_file

VERSION = 1
APP_FILE, KEY_FILE, BACKUP_FILE = "app.json", "ledger-key.pem", "backed-up"
LARGEST = 100_000
_OTHERS, _FOLDER_OTHERS = 0o077, 0o066
"""Mode bits that others must not have. Others may enter the folder (without listing it): PostgreSQL does, if root runs it."""
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_FIELDS = ("key", "webhook_secret", "client_id", "client_secret", "slug")
_LATER_FIELDS = ("page",)
"""Fields that files of earlier versions do not have."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Files in `folder`, which is created if it is missing. Methods raise UsageError with a remedy."""

    folder: Path

    def read(self) -> AppIdentity | None:
        """The App that was set up here; None if there is none."""
        path = self.folder / APP_FILE
        text = _private(path)
        if text is None:
            return None
        try:
            data = json.loads(text)
            if data["version"] != VERSION:
                raise UsageError(
                    f"the file has version {data['version']}.", where=str(path), remedy="Use a newer reassay."
                )
            return _identity(data)
        except (ValueError, KeyError, TypeError):
            # Without its cause: the parser's message may quote the file.
            remedy = "Restore it from a backup, or delete it and set the App up again."
            raise UsageError("the file is not valid.", where=str(path), remedy=remedy) from None

    def keep(self, app: AppIdentity) -> None:
        """Writes the file atomically, and durably: it survives a power failure."""
        self.prepare()
        path, new = self.folder / APP_FILE, self.folder / f".{APP_FILE}.{random_nonce()}"
        fields = {name: getattr(app, name) for name in (*_FIELDS, *_LATER_FIELDS)}
        data = json.dumps({"version": VERSION, "id": app.id, **fields}, indent=1).encode()
        try:
            _write(new, data)
            new.replace(path)
            _sync(self.folder)
        except OSError as error:
            new.unlink(missing_ok=True)
            raise _unwritable(path, error) from None

    def prepare(self) -> None:
        """Creates the folder, or checks that only its owner may read it. To be called before anything is written there."""
        try:
            mode = 0o711 if os.name == "posix" and os.geteuid() == 0 else 0o700
            self.folder.mkdir(mode=mode, parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(self.folder, error) from None
        _own(self.folder, self.folder.lstat())

    def inspect(self) -> bool:
        """Whether the folder exists; checks that only its owner may read it, and changes nothing."""
        try:
            status = self.folder.lstat()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _unwritable(self.folder, error) from None
        _own(self.folder, status)
        return True

    @property
    def key_file(self) -> Path:
        """Path of the ledger's key; the file exists once `ledger_key` was called."""
        return self.folder / KEY_FILE

    def backed_up_at(self) -> datetime | None:
        """Time of the last backup, by the file that whoever makes it touches; None if none is stated."""
        try:
            return datetime.fromtimestamp((self.folder / BACKUP_FILE).stat().st_mtime, UTC)
        except OSError:
            return None

    def ledger_key(self) -> str:
        """Public half of the key, in base64. Creates the key if it is missing; never overwrites it."""
        self.prepare()
        if self.key_file.exists():
            return read_signer_file(self.key_file, "ledger-key").public_key
        return new_key_file(self.key_file).public_key


def _identity(data: dict[str, Any]) -> AppIdentity:
    if not isinstance(data["id"], int) or not all(isinstance(data[name], str) for name in _FIELDS):
        raise TypeError
    later = {name: data[name] for name in _LATER_FIELDS if isinstance(data.get(name), str)}
    return AppIdentity(id=data["id"], **{name: data[name] for name in _FIELDS}, **later)


def _private(path: Path) -> str | None:
    """The text of a file that only its owner may read; None if the file is missing."""
    try:
        opened = os.open(path, _FLAGS)
    except FileNotFoundError:
        return None
    except OSError as error:
        remedy = "Check its permissions; symbolic links are not followed."
        raise UsageError(f"the file cannot be read ({error.strerror}).", where=str(path), remedy=remedy) from None
    with os.fdopen(opened, "rb") as file:
        # Checks the opened file, not what the path names now.
        _own(path, os.fstat(file.fileno()))
        return file.read(LARGEST).decode("utf-8", "replace")


def _own(path: Path, status: os.stat_result) -> None:
    """Raises UsageError if others may read or write it, or if another account owns it."""
    if os.name != "posix":
        return
    if status.st_uid != os.geteuid():
        raise UsageError("it belongs to another account.", where=str(path), remedy=f"Run `chown $(id -u) {path}`.")
    is_folder = stat.S_ISDIR(status.st_mode)
    if status.st_mode & (_FOLDER_OTHERS if is_folder else _OTHERS):
        mode = "700" if is_folder else "600"
        raise UsageError("other accounts may read it.", where=str(path), remedy=f"Run `chmod {mode} {path}`.")


def _write(path: Path, data: bytes) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Makes the renamed file durable."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _unwritable(path: Path, error: OSError) -> UsageError:
    remedy = "Use --data-dir to name a folder that you may write to, and check that its disk has room."
    return UsageError(f"it cannot be written ({error.strerror}).", where=str(path), remedy=remedy)
