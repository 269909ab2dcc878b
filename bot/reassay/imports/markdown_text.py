"""Parts of Markdown texts: the first heading, the opening section, and rows of tables."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_RULE = re.compile(r" {0,3}(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}")
_CELL_END = re.compile(r"(?<!\\)\|")
_DASHES = re.compile(r"[ \t]*:?-+:?[ \t]*")
_EMPHASIS = re.compile(r"\*\*(.+?)\*\*|__(.+?)__")


class Heading(NamedTuple):
    """A heading of a text."""

    level: int
    """1 for `#` to 6 for `######`."""
    text: str
    line: int
    """Its line in the text, from 0."""


def headings(text: str) -> Iterator[Heading]:
    """The headings of a text that are written with `#`, without those in blocks of code."""
    fence = ""
    for number, line in enumerate(text.split("\n")):
        if opening := _FENCE.match(line):
            mark = opening[1]
            if not fence:
                fence = mark
            elif mark.startswith(fence):
                fence = ""
        elif not fence and (match := _HEADING.fullmatch(line)):
            yield Heading(len(match[1]), without_emphasis(match[2]).strip(), number)


def split_title(text: str) -> tuple[str, str]:
    """The first heading of a text, and the text without it; "" and the text if it does not begin with one."""
    first = next(headings(text), None)
    lines = text.split("\n")
    if first is None or any(line.strip() for line in lines[: first.line]):
        return "", text
    return first.text, "\n".join(lines[first.line + 1 :]).strip()


def opening_section(text: str) -> str:
    """The text before the second heading or the first rule, without the first heading."""
    own: list[str] = []
    begun = False
    places = {heading.line for heading in headings(text)}
    for number, line in enumerate(text.split("\n")):
        if number in places or _RULE.fullmatch(line):
            if begun:
                break
            continue
        begun = begun or bool(line.strip())
        own.append(line)
    return "\n".join(own).strip()


def table_cells(line: str) -> tuple[str, ...]:
    """The cells of a row of a table; () for another line and for the line below a header."""
    bare = line.strip()
    if not bare.startswith("|"):
        return ()
    cells = tuple(cell.replace("\\|", "|").strip() for cell in _CELL_END.split(bare.strip("|")))
    return () if all(_DASHES.fullmatch(cell) for cell in cells) else cells


def without_emphasis(text: str) -> str:
    """The text without `**` and `__` around words."""
    return _EMPHASIS.sub(lambda match: match[1] or match[2], text)
