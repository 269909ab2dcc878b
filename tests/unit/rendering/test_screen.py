"""Into a pipe a line looks the same whether rich was loaded for it or not."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.padding import Padding
from rich.text import Text

from reassay.common.screen import PIPED_WIDTH, Part, Screen
from reassay.common.terminal import console

words = st.text(st.sampled_from("ab [](x)/\\`@\t\n\r.:é漢\u200b\x1b"), max_size=140) | st.text("ab c", max_size=140)
parts = st.lists(words | st.tuples(words, st.sampled_from(["bold", "dim", "green"])), max_size=3)


def richly(line: list[Part], style: str, indent: int | None) -> str:
    out = io.StringIO()
    text = Text.assemble(*line, style=style)
    console(out).print(text if indent is None else Padding(text, (0, 0, 0, indent)))
    return out.getvalue()


@given(parts, st.sampled_from(["", "dim"]), st.none() | st.integers(0, 20))
def test_every_line_is_what_rich_would_have_written(line: list[Part], style: str, indent: int | None) -> None:
    out = io.StringIO()
    Screen(out).line(*line, style=style, indent=indent)
    assert out.getvalue() == richly(line, style, indent)


@pytest.mark.parametrize("length", [PIPED_WIDTH - 5, PIPED_WIDTH - 4, PIPED_WIDTH - 3, PIPED_WIDTH, PIPED_WIDTH + 1])
@pytest.mark.parametrize("indent", [None, 4])
def test_the_width_itself_still_fits(length: int, indent: int | None) -> None:
    out = io.StringIO()
    Screen(out).line("x" * length, indent=indent)
    assert out.getvalue() == richly(["x" * length], "", indent)


@pytest.mark.parametrize("name", ["FORCE_COLOR", "TTY_COMPATIBLE"])
def test_colours_can_be_asked_for(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv(name, "1")
    out = io.StringIO()
    Screen(out).line(("word", "bold"))
    assert out.getvalue() == richly([("word", "bold")], "", None)
    assert "\x1b[1m" in out.getvalue()
