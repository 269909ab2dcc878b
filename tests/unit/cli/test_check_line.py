"""What other commands quote of `reassay check` is what it then says."""

import io
import re
from pathlib import Path

import pytest

from reassay.cli import main

REGISTER = (
    "timezone: UTC\n"
    "mitigations:\n"
    "  - {id: late, title: T, owner: safety-lead, every: 1 year, last_assessed: 2999-01-01}\n"
    "  - {id: plain, title: T, owner: safety-lead, every: 1 year}\n"
)
COMMANDS = {
    "new": ("new", "mitigation", "output-filter", ".", "--title", "T", "--owner", "safety-lead"),
    "init": ("init", ".", "--owner", "safety-lead", "--without-git"),
    "import": ("import", "controls.csv", "."),
    "import-history": ("import-history", "past.csv", ".", "--attestor", "safety-lead"),
    "commitments": ("commitments", "add", "openai-preparedness", ".", "--owner", "safety-lead"),
}


def run(*arguments: str) -> str:
    out = io.StringIO()
    assert main(list(arguments), out, io.StringIO()) in {0, 1}
    return out.getvalue()


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_every_command_quotes_what_check_then_says(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "framework").mkdir()
    (tmp_path / "framework/mitigations.yml").write_text(REGISTER)
    (tmp_path / "controls.csv").write_text("Title,Owner,Frequency\nFilter,safety-lead,yearly\n")
    (tmp_path / "past.csv").write_text("Mitigation,Date,Result\nplain,2026-01-02,pass\n")
    (quoted,) = re.findall("^reassay check: (.*)$", run(*arguments), re.MULTILINE)
    assert quoted == run("check", ".").splitlines()[-1]
