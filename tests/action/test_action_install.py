"""The Action's install step: locked, made once, never seen half made, and deaf to what lies in the workspace."""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.action.action_runs import PATH, ROOT, install


@pytest.fixture
def action(tmp_path: Path) -> Path:
    """The Action with a requirements file of its own: a package in a file, so that no index is asked."""
    folder = tmp_path / "action"
    (folder / ".github/action").mkdir(parents=True)
    (folder / ".github/action/install.sh").write_bytes((ROOT / ".github/action/install.sh").read_bytes())
    (folder / "requirements").mkdir()
    require(folder, hashlib.sha256(wheel(tmp_path).read_bytes()).hexdigest())
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


def wheel(folder: Path) -> Path:
    """The smallest package there is, the same bytes each time."""
    file = folder / "tiny-1-py3-none-any.whl"
    files = {
        "tiny.py": "ANSWER = 42\n",
        "tiny-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1\n",
        "tiny-1.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "tiny-1.dist-info/RECORD": "tiny.py,,\ntiny-1.dist-info/METADATA,,\ntiny-1.dist-info/WHEEL,,\ntiny-1.dist-info/RECORD,,\n",
    }
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return file


def require(action: Path, digest: str) -> None:
    place = (action.parent / "tiny-1-py3-none-any.whl").as_uri()
    (action / "requirements/action.txt").write_text(f"tiny @ {place} --hash=sha256:{digest}\n", encoding="utf-8")


def interpreters(workspace: Path) -> list[str]:
    lines = (workspace / "output").read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("interpreter=") for line in lines]


def made(cache: Path) -> list[str]:
    return sorted(each.name for each in (cache / "reassay").iterdir())


@pytest.fixture(params=["uv", pytest.param("pip", marks=pytest.mark.long)])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """PATH with uv on it, and one that holds just what the script needs."""
    if request.param == "uv":
        return PATH
    folder = tmp_path / "few-commands"
    folder.mkdir()
    for name in ("bash", "mkdir", "mktemp", "mv", "rm", "touch"):
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    return str(folder)


@pytest.mark.long
def test_it_installs_what_is_locked_and_names_the_interpreter(
    action: Path, workspace: Path, tmp_path: Path, path: str
) -> None:
    done = install(action, tmp_path / "cache", workspace, REASSAY_PYTHON=sys.executable, PATH=path)
    assert done.returncode == 0, done.stdout + done.stderr
    (interpreter,) = interpreters(workspace)
    command = [interpreter, "-c", "import tiny; print(tiny.ANSWER)"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "42\n"
    assert len(made(tmp_path / "cache")) == 1


def test_a_complete_installation_is_used_again(action: Path, workspace: Path, tmp_path: Path) -> None:
    install(action, tmp_path / "cache", workspace).check_returncode()
    again = install(action, tmp_path / "cache", workspace)
    assert (again.returncode, again.stdout) == (0, "")
    assert len(set(interpreters(workspace))) == 1


def test_other_requirements_get_another_installation(action: Path, workspace: Path, tmp_path: Path) -> None:
    install(action, tmp_path / "cache", workspace).check_returncode()
    requirements = action / "requirements/action.txt"
    requirements.write_text(f"# newer\n{requirements.read_text(encoding='utf-8')}", encoding="utf-8")
    install(action, tmp_path / "cache", workspace).check_returncode()
    assert len(made(tmp_path / "cache")) == 2


def test_jobs_at_the_same_time_end_with_one_complete_installation(
    action: Path, workspace: Path, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(3) as pool:
        runs = list(pool.map(lambda _: install(action, tmp_path / "cache", workspace), range(3)))
    assert [run.returncode for run in runs] == [0, 0, 0], [run.stdout + run.stderr for run in runs]
    assert len(set(interpreters(workspace))) == 1
    assert len(made(tmp_path / "cache")) == 1


def test_one_that_is_broken_is_made_again(action: Path, workspace: Path, tmp_path: Path) -> None:
    install(action, tmp_path / "cache", workspace).check_returncode()
    Path(interpreters(workspace)[0]).unlink()
    install(action, tmp_path / "cache", workspace).check_returncode()
    subprocess.run([interpreters(workspace)[-1], "-c", "import tiny"], check=True)
    assert len(made(tmp_path / "cache")) == 1


@pytest.mark.long
def test_a_file_with_another_hash_is_refused_and_leaves_nothing(action: Path, workspace: Path, tmp_path: Path) -> None:
    require(action, "0" * 64)
    done = install(action, tmp_path / "cache", workspace)
    assert done.returncode == 2
    assert "::error title=reassay::The locked requirements could not be installed" in done.stdout
    assert made(tmp_path / "cache") == []
    assert interpreters(workspace) == []


@pytest.mark.long
def test_what_lies_in_the_workspace_takes_no_part(action: Path, workspace: Path, tmp_path: Path, path: str) -> None:
    mark = tmp_path / "pwned"
    for name in ("hashlib", "platform", "venv", "pip", "ensurepip", "sitecustomize", "tiny"):
        (workspace / f"{name}.py").write_text(f"open({str(mark)!r}, 'w')\n", encoding="utf-8")
    for name in ("pip.conf", "uv.toml", "pyproject.toml"):
        (workspace / name).write_text("this is not toml\n", encoding="utf-8")
    done = install(action, tmp_path / "cache", workspace, REASSAY_PYTHON=sys.executable, PATH=path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not mark.exists()


def test_without_python_the_error_says_what_to_add(action: Path, workspace: Path, tmp_path: Path) -> None:
    done = install(action, tmp_path / "cache", workspace, REASSAY_PYTHON="no-such-python")
    assert done.returncode == 2
    assert done.stdout.startswith(
        "::error title=reassay::Python was not found as 'no-such-python'. Add actions/setup-python"
    )


def test_something_that_is_no_python_is_named(action: Path, workspace: Path, tmp_path: Path) -> None:
    done = install(action, tmp_path / "cache", workspace, REASSAY_PYTHON="false")
    assert done.returncode == 2
    assert "false' is not Python; Python 3.11 or later is needed." in done.stdout


def test_a_tool_cache_that_cannot_be_written_is_passed_over(action: Path, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache/reassay").write_text("a file where the folder should be\n", encoding="utf-8")
    install(action, tmp_path / "cache", workspace, RUNNER_TEMP=str(tmp_path / "temp")).check_returncode()
    assert interpreters(workspace)[0].startswith(str(tmp_path / "temp"))
