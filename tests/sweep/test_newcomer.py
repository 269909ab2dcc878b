"""A newcomer's script: the commands of the page, run as they stand, lead from an empty folder to an issue on the sandbox."""

import io
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from reassay.cli import main

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "start-with-ten-lines.md"
MOST_COMMANDS = 6
PATIENCE_SECONDS = 120


def commands_of_the_page() -> list[str]:
    section = (
        PAGE.read_text(encoding="utf-8")
        .partition("## From an empty folder to the first issue")[2]
        .partition("\n## ")[0]
    )
    block = section.partition("```console\n")[2].partition("```")[0]
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def answered(address: str, form: bytes, expected: str) -> str:
    """The page once the bot has replied to a comment with some words."""
    waiting = threading.Event()
    with urlopen(address, form, timeout=PATIENCE_SECONDS):
        pass
    for _ in range(PATIENCE_SECONDS * 5):
        with urlopen(address, timeout=PATIENCE_SECONDS) as page:
            text: str = page.read().decode()
        if expected in text:
            break
        waiting.wait(0.2)
    return text


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A newcomer's shell: the entry point of the installed package, and no settings of this machine."""
    scripts = Path(sys.executable).parent
    assert (scripts / "reassay").exists(), "the package is installed with its entry point"
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT", "REASSAY"))}
    return {**kept, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path / "home")}


@pytest.mark.long
def test_six_commands_lead_from_an_empty_folder_to_an_issue(tmp_path: Path, environment: dict[str, str]) -> None:
    folder = tmp_path / "framework-repository"
    folder.mkdir()
    commands = commands_of_the_page()
    assert len(commands) <= MOST_COMMANDS
    assert not any(re.search(r"&&|;|\|", command) for command in commands), "one command a line"
    install, *before, last = commands
    assert install == "pipx install reassay"
    for command in before:
        done = subprocess.run(
            shlex.split(command),
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, "reassay:" in done.stderr) == (0, False), f"{command}\n{done.stdout}"
    assert "1 mitigation valid" in done.stdout
    process = subprocess.Popen(shlex.split(last), cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        shown = ""
        for line in process.stdout:
            shown += line
            if "To stop, press Ctrl-C." in line:
                break
        (title, address) = re.findall(r"#\d+ (Re-assess .*)\n  (http://127\.0\.0\.1:\d+/\S+/issues/\d+)", shown)[0]
        assert "Input filter blocks known jailbreak families" in title
        with urlopen(address, timeout=PATIENCE_SECONDS) as page:
            text = page.read().decode()
        assert "Re-assess Input filter blocks known jailbreak families" in text
        assert "@red-team-lead" in text
        assert "You can do now" not in text
        form = urlencode({"as": "red-team-lead", "body": "/reassay help"}).encode()
        help_text = answered(address, form, "You can do now")
        assert "You can do now" in help_text
        assert "/reassay conclude ineffective|degraded|inconclusive|effective because" in help_text
    finally:
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=PATIENCE_SECONDS)[0]
    assert (process.returncode, "your files are as they were" in rest) == (0, True)


def test_the_sandbox_shows_errors_and_refuses_what_is_no_register(tmp_path: Path) -> None:
    def sandbox() -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        return main(["sandbox", str(tmp_path), "--headless"], out, err), out.getvalue(), err.getvalue()

    code, _, err = sandbox()
    assert (code, "there is no register" in err) == (2, True)
    main(["init", str(tmp_path), "--owner", "safety-lead", "--without-git"], io.StringIO(), io.StringIO())
    code, out, err = sandbox()
    assert (code, "run `reassay check`" in err) == (1, True)
    assert "The register has 2 errors" in out
