"""A pooler that assigns connections by transaction would lose our locks, so it is refused at the start."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from reassay.common.errors import UsageError
from reassay.hosted.database.database import DatabaseError
from reassay.hosted.database.pooling import refuse_transaction_pooling, shares_backend

PGBOUNCER = shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


def test_postgresql_itself_is_fine(url: str) -> None:
    refuse_transaction_pooling(url)


def test_two_connections_with_one_process_are_noticed(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as one:

        @contextmanager
        def again() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
            yield one

        assert shares_backend(again)


def test_an_address_without_an_answer_shows_no_password() -> None:
    with pytest.raises(DatabaseError) as raised:
        refuse_transaction_pooling("postgresql://somebody:hidden@127.0.0.1:9/x")
    assert "hidden" not in str(raised.value)


@pytest.mark.skipif(PGBOUNCER is None, reason="pgbouncer is not on this machine")
@pytest.mark.parametrize(("mode", "is_refused"), [("transaction", True), ("session", False)])
def test_pgbouncer_is_refused_by_transaction_and_taken_by_session(
    url: str, tmp_path: Path, mode: str, is_refused: bool
) -> None:
    assert PGBOUNCER is not None
    own = conninfo_to_dict(url)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    place = f"host={own['host']} port={own.get('port', 5432)} dbname={own['dbname']} user={own['user']}"
    (tmp_path / "users.txt").write_text('"reassay" "reassay"\n')
    (tmp_path / "pgbouncer.ini").write_text(
        f"[databases]\nx = {place}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = trust\n"
        f"auth_file = {tmp_path}/users.txt\npool_mode = {mode}\nunix_socket_dir =\nlogfile = {tmp_path}/log\n"
    )
    # It refuses to run as root, and only its owner may open PostgreSQL's socket.
    account = ["-u", next(Path(str(own["host"])).glob(".s.PGSQL.*[0-9]")).owner()] if os.geteuid() == 0 else []
    tmp_path.chmod(0o777)
    top = Path(tempfile.gettempdir())
    for folder in (folder for folder in tmp_path.parents if top in folder.parents):
        folder.chmod(0o711)
    with subprocess.Popen([PGBOUNCER, "-q", *account, str(tmp_path / "pgbouncer.ini")]) as process:
        try:
            through = f"postgresql://reassay@127.0.0.1:{port}/x"
            _until_it_answers(through)
            if is_refused:
                with pytest.raises(UsageError, match="by transaction"):
                    refuse_transaction_pooling(through)
            else:
                refuse_transaction_pooling(through)
        finally:
            process.terminate()


def _until_it_answers(url: str) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.Error:
            assert time.monotonic() < end
            time.sleep(0.1)
        else:
            return
