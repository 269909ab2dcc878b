"""`reassay demo` from an install without the server extra."""

import hashlib
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reassay.cli.server_environment import cache_folder, run_in_own_environment, server_requirements
from reassay.common.errors import UsageError

_WITHOUT_THE_EXTRA = """
import sys
sys.modules["uvicorn"] = None  # as if it were not installed
from reassay.__main__ import main
sys.argv = ["reassay", "demo", "--headless"]
raise SystemExit(main())
"""


def environment_folder(home: Path, requirements: Path) -> Path:
    key = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:16]
    return home / "reassay" / f"server-{key}"


def test_the_requirements_are_locked_by_hash_and_hold_the_server() -> None:
    text = server_requirements().read_text(encoding="utf-8")
    assert "uvicorn==" in text
    assert "--hash=sha256:" in text


def test_the_cache_is_where_the_desktop_says() -> None:
    assert cache_folder({"XDG_CACHE_HOME": "/somewhere"}) == Path("/somewhere/reassay")
    assert cache_folder({"XDG_CACHE_HOME": "relative"}) == Path.home() / ".cache" / "reassay"
    assert cache_folder({}) == Path.home() / ".cache" / "reassay"


@pytest.mark.slow
def test_the_demo_goes_on_in_an_environment_that_is_complete(tmp_path: Path) -> None:
    folder = environment_folder(tmp_path, server_requirements())
    (folder / "bin").mkdir(parents=True)
    python = folder / "bin" / "python"
    python.write_text(
        '#!/bin/sh\necho "ran $@ in $REASSAY_SERVER_ENVIRONMENT with $PYTHONPATH"\nexit 7\n', encoding="utf-8"
    )
    python.chmod(0o755)
    (folder / ".complete").touch()
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_THE_EXTRA],
        env=os.environ | {"XDG_CACHE_HOME": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 7, done.stderr
    assert done.stdout.startswith(f"ran -m reassay demo --headless --port=0 in {folder} with ")
    assert done.stderr == ""


@pytest.mark.slow
def test_whoever_ends_the_demo_ends_the_process_in_its_environment(tmp_path: Path) -> None:
    python = environment_folder(tmp_path, server_requirements()) / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho $$\nexec cat\n", encoding="utf-8")
    python.chmod(0o755)
    (python.parents[1] / ".complete").touch()
    with subprocess.Popen(
        [sys.executable, "-c", _WITHOUT_THE_EXTRA],
        env=os.environ | {"XDG_CACHE_HOME": str(tmp_path)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as demo:  # fmt: skip
        assert demo.stdin
        assert demo.stdout
        assert int(demo.stdout.readline()) == demo.pid
        demo.terminate()
        # Its output ends only when no process is left that could write to it.
        assert demo.stdout.read() == ""
        assert demo.wait() == -signal.SIGTERM


def test_an_environment_that_cannot_be_started_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = environment_folder(tmp_path, server_requirements())
    folder.mkdir(parents=True)
    (folder / ".complete").touch()
    with pytest.raises(UsageError, match="is not complete"):
        run_in_own_environment(["demo"], server_requirements(), io.StringIO())


@pytest.mark.long
def test_packages_that_cannot_be_installed_are_an_error_and_not_half_an_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"reassay-no-such-package==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    err = io.StringIO()
    with pytest.raises(UsageError, match="could not be installed: ERROR: No matching distribution"):
        run_in_own_environment(["demo"], requirements, err)
    folder = environment_folder(tmp_path, requirements)
    assert str(folder) in err.getvalue()
    assert not (folder / ".complete").exists()


def test_a_broken_environment_is_an_error_and_not_a_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REASSAY_SERVER_ENVIRONMENT", str(tmp_path))
    with pytest.raises(UsageError, match="is not complete"):
        run_in_own_environment(["demo"], server_requirements(), io.StringIO())
