"""The samples of docs/how-to/bring-evidence.md do what the page says."""

import io
import json
import re
from pathlib import Path

import pytest

from reassay.cli import build_parser, main
from reassay.commands.evidence import parse

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "how-to" / "bring-evidence.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def blocks(kind: str) -> list[str]:
    return [text for name, text in BLOCKS if name == kind]


def test_every_comment_of_the_page_is_a_valid_command() -> None:
    lines = [line for text in blocks("") for line in text.splitlines() if line.startswith("/reassay evidence ")]
    assert len(lines) == 5
    commands = [parse(line.removeprefix("/reassay evidence ")) for line in lines]
    assert {command.kind for command in commands} == {"result"}


def test_every_command_line_of_the_page_is_accepted() -> None:
    lines = [line for text in blocks("console") for line in text.splitlines()]
    assert len(lines) == 3
    for line in lines:
        words = line.removeprefix("$ reassay ").split()
        if words[0] == "evidence":
            words.insert(1, "read")
        build_parser(words[0]).parse_args(words)


def test_the_output_of_the_page_is_what_the_command_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "framework").mkdir()
    (tmp_path / "framework" / "register.yml").write_text(blocks("yaml")[0])
    attempts = [
        {"attack": f"attack {number}", "verdict": "blocked", "model": "large", "at": "2026-12-01T10:00:00Z"}
        for number in range(114)
    ]
    (tmp_path / "results.json").write_text(json.dumps(attempts))
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    words = blocks("console")[0].splitlines()[0].removeprefix("$ reassay ").split()
    code = main([*words, "--at", "2026-12-02"], out, io.StringIO())
    assert out.getvalue().startswith(blocks("text")[0])
    assert code == 1
    assert "61 more prompts without an adverse one would meet it" in " ".join(out.getvalue().split())
