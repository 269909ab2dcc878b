"""Output to a pipe or a file has no blanks at the ends of lines."""

import io
from pathlib import Path

import pytest
from rich.padding import Padding
from rich.text import Text

from reassay.cli import main
from reassay.common.terminal import console
from reassay.doctor.checks import Check
from reassay.doctor.view import show
from tests.unit.cli.checkouts import git
from tests.unit.register.trees import written

REGISTER = "mitigations:\n  - {{id: filter, title: Filter, owner: safety-lead, assessor: red-team-lead, every: {}}}\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Two commits, of which the second one loosens an interval."""
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    for interval in ("6 months", "1 year"):
        written(tmp_path, {"framework/m.yml": REGISTER.format(interval)})
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "--quiet", "-m", interval)
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ("diff", "HEAD~1", "HEAD", "PATH"),
        ("gate", "PATH", "--base", "HEAD~1", "--head", "HEAD"),
        ("plan", "PATH", "--at", "2026-12-01"),
        ("status", "PATH", "--coverage"),
    ],
)
def test_commands_write_no_blanks_at_the_ends_of_lines(checkout: Path, arguments: tuple[str, ...]) -> None:
    out = io.StringIO()
    main([str(checkout) if word == "PATH" else word for word in arguments], out, io.StringIO())
    lines = out.getvalue().splitlines()
    assert len(lines) > 2
    assert [line for line in lines if line != line.rstrip()] == []


def test_the_doctor_writes_none_either() -> None:
    out = io.StringIO()
    checks = [
        Check("a", "weak", "the branch is open", "anybody may push", "protect it"),
        Check("b", "ok", "fine", "", ""),
    ]
    show("example-lab/framework", "auditor", checks, out)
    assert "Fix: protect it" in out.getvalue()
    assert [line for line in out.getvalue().splitlines() if line != line.rstrip()] == []


def test_blanks_inside_a_line_stay() -> None:
    out = io.StringIO()
    console(out).print(Padding(Text("a  b"), (0, 0, 0, 2)))
    assert out.getvalue() == "  a  b\n"
