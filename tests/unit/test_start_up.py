"""Start-up cost counts: what a command imports is paid on every run of an Action."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reassay.cli import COMMANDS

HEAVY = (
    "github",
    "fastapi",
    "jinja2",
    "pydantic",
    "rich",
    "yaml",
    "icalendar",
    "starlette",
    "markdown_it",
    "requests",
    "uvicorn",
    "mcp",
)


def imported(*arguments: str) -> set[str]:
    code = (
        "import sys, io\n"
        "from reassay.cli import main\n"
        f"main({list(arguments)!r}, io.StringIO(), io.StringIO())\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.__stderr__)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("sweep", "--help")])
def test_help_and_version_import_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert not imported(*arguments) & set(HEAVY)


@pytest.mark.slow
def test_a_local_command_imports_neither_github_nor_a_server() -> None:
    found = imported("status", "examples/starter")
    assert "pydantic" in found
    assert not found & {
        "github",
        "httpx",
        "requests",
        "fastapi",
        "starlette",
        "uvicorn",
        "icalendar",
        "dateutil",
        "mcp",
    }


def test_the_action_decides_that_nothing_is_to_be_done_before_it_imports_github(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"issue": {"number": 1}, "comment": {"body": "just talk"}}')
    monkeypatch.setenv("GITHUB_EVENT_NAME", "issue_comment")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    monkeypatch.setenv("GITHUB_REPOSITORY", "example-lab/framework")
    found = imported("action")
    assert not found & {"github", "requests", "jinja2", "rich"}


@pytest.mark.slow
def test_sources_are_loaded_without_the_library_for_http() -> None:
    code = "import sys, reassay.signals.sources, reassay.signals.fetching.lazy_reader\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    assert "reassay.signals.sources.prometheus" in modules
    assert not modules & {"httpx", "httpcore", "ssl"}


def run(*arguments: str) -> tuple[str, set[str]]:
    """Output of the process, and the modules it imported."""
    code = "import sys, runpy\ntry:\n    runpy.run_module('reassay', run_name='__main__', alter_sys=True)\nfinally:\n    print(*sys.modules, file=sys.stderr)\n"
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return done.stdout, set(done.stderr.split())


@pytest.mark.parametrize(
    ("argument", "words"), [("--help", "usage: reassay"), ("-h", "sweep"), ("--version", "reassay 0.")]
)
def test_help_and_version_of_the_process_import_argparse_and_no_command(argument: str, words: str) -> None:
    out, modules = run(argument)
    assert words in out
    own = {name for name in modules if name.startswith("reassay.")}
    assert own <= {
        "reassay.__main__",
        "reassay.cli",
        "reassay.cli.command_entry",
        "reassay.cli.examples",
        "reassay.cli.parser",
        "reassay.common",
        "reassay.common.errors",
    }
    assert "argparse" in modules
    assert not modules & {*HEAVY, "email", "subprocess"}
    # The argparse of Python 3.14 imports dataclasses itself.
    assert sys.version_info >= (3, 14) or "dataclasses" not in modules


def test_a_command_does_not_import_the_others() -> None:
    _, modules = run("schema", "--help")
    commands = {f"reassay.cli.{entry.module}" for entry in COMMANDS}
    assert modules & commands == {"reassay.cli.schema"}


@pytest.mark.slow
def test_a_command_that_cannot_say_everything_fails(tmp_path: Path) -> None:
    git = ["git", "-c", "user.name=maintainer", "-c", "user.email=maintainer@example.com"]
    for arguments in (["init", "--quiet"], ["commit", "--quiet", "--allow-empty", "-m", "empty"]):
        subprocess.run([*git, *arguments], cwd=tmp_path, check=True)
    command = [
        sys.executable,
        "-m",
        "reassay",
        "gate",
        "--base",
        "HEAD",
        "--head",
        "HEAD",
        str(tmp_path),
        "--format",
        "json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["schema"] == "reassay/gate/v1"
    wrong = subprocess.run([*command, "--base", "nowhere"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "'nowhere' is not a commit of this clone" in wrong.stderr
    buffered = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("w") as full:
        lost = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=buffered)
    assert lost.returncode == 120
    assert "No space left" in lost.stderr
