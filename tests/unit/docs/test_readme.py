"""The README is short, and what it shows as printed is what is printed."""

import io
import re
from pathlib import Path

import pytest

from reassay.cli import main
from reassay.common.clock import SystemClock
from tests.unit.docs.command_folder import NOW, copy, prepare
from tests.unit.docs.page_commands import FENCE, ROOT, steps_of

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = [fence["body"] for fence in FENCE.finditer(README) if fence["language"] == "console"]


def test_it_has_fewer_than_120_lines_of_a_width_that_can_be_read() -> None:
    lines = README.splitlines()
    assert len(lines) < 120
    assert [line for line in lines if len(line) > 180] == []


def test_its_pictures_are_there_and_have_words() -> None:
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", README)
    assert pictures
    assert all(words and (ROOT / place).is_file() for words, place in pictures)


@pytest.mark.parametrize("block", CONSOLE, ids=range(len(CONSOLE)))
def test_what_it_shows_as_printed_is_printed(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Line by line; a line `...` stands for any number of lines."""
    monkeypatch.setattr(SystemClock, "now", lambda _: NOW)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(copy(prepare(tmp_path / "prepared"), tmp_path / "copy"))
    command, *shown = block.splitlines()
    (step,) = steps_of(command.removeprefix("$ "))
    out = io.StringIO()
    main(step.words[1:], out, io.StringIO())
    assert _begins_with(out.getvalue().splitlines(), shown), out.getvalue()


def _begins_with(printed: list[str], shown: list[str]) -> bool:
    if not shown:
        return True
    if shown[0] != "...":
        return printed[:1] == shown[:1] and _begins_with(printed[1:], shown[1:])
    return any(_begins_with(printed[start:], shown[1:]) for start in range(len(printed)))


def test_there_is_a_printed_result_and_a_wrong_one_is_noticed() -> None:
    assert CONSOLE
    printed = ["a", "b", "c"]
    assert _begins_with(printed, ["a", "...", "c"])
    assert not _begins_with(printed, ["a", "...", "d"])
    assert not _begins_with(printed, ["a", "c"])
