"""A reader that has seen enough (`reassay status | head`) is no failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.checkouts import git
from tests.unit.register.trees import written

REGISTER = "mitigations:\n  - {id: filter, title: Filter, owner: safety-lead, assessor: red-team-lead, every: 1 year}\n"


@pytest.mark.parametrize("command", ["status", "plan", "check", "help", "--help"])
def test_a_closed_pipe_ends_a_command_well(command: str, tmp_path: Path) -> None:
    written(tmp_path, {"framework/m.yml": REGISTER})
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "register")
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "reassay", command],
            cwd=tmp_path,
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")
