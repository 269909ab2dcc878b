"""Check findings as terminal text: place, message, source line and remedy."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TextIO
from unicodedata import east_asian_width

from reassay.common.terminal import Styled, line_writer
from reassay.register.files import Tree, read_following
from reassay.register.files.text import BOM, Unreadable, lines_of
from reassay.register.finding import Finding, FindingSeverity, inert
from reassay.register.register import Register
from reassay.register.views.repeated_keys import once_a_key
from reassay.register.views.summary import register_summary

WIDTH = 100
"""Most columns shown of a source line; longer lines are cut around the place."""


def show(register: Register, tree: Tree, out: TextIO) -> None:
    """Prints the findings by file and place, then the totals."""
    writer = line_writer(out)
    for path, findings in groupby(once_a_key(register.findings), key=lambda finding: finding.at.path):
        source = _lines(tree, path)
        for finding in findings:
            for line in _finding(finding, source):
                writer.write(*line)
            writer.write()
    style = "bold red" if register.errors else "bold yellow" if register.findings else "bold green"
    writer.write((register_summary(register), style))


def _finding(finding: Finding, source: Sequence[str]) -> Iterator[list[Styled]]:
    place = f"{inert(finding.at.path)}:{finding.at.line}:{finding.at.column}: "
    style = "bold red" if finding.severity is FindingSeverity.ERROR else "bold yellow"
    yield [(place, "bold"), (f"{finding.severity} {finding.code}", style), (f": {finding.message}", "")]
    if 0 < finding.at.line <= len(source) and source[finding.at.line - 1].strip():
        yield from _excerpt(source[finding.at.line - 1], finding, style)
    yield [(f"    {finding.remedy}", "")]


def _excerpt(line: str, finding: Finding, style: str) -> Iterator[list[Styled]]:
    column = min(finding.at.column, len(line) + 1) - 1
    start = max(0, column - WIDTH // 2) if len(line) > WIDTH else 0
    before, after = _shown(line[start:column]), _shown(line[column : start + WIDTH])
    left = "…" if start else ""
    right = "…" if len(line) > start + WIDTH else ""
    number = str(finding.at.line)
    yield [(f"    {number} | ", "dim"), (f"{left}{before}{after}{right}", "")]
    gap = " " * (len(left) + _width(before))
    yield [(f"    {' ' * len(number)} | ", "dim"), (f"{gap}^", style)]


def _shown(text: str) -> str:
    return inert(text.replace("\t", " "))


def _width(text: str) -> int:
    return (
        len(text)
        if text.isascii()
        else sum(2 if east_asian_width(character) in {"W", "F"} else 1 for character in text)
    )


def _lines(tree: Tree, path: str) -> Sequence[str]:
    """The lines of a file; empty if it cannot be read."""
    try:
        file = read_following(tree, path)
    except Unreadable:
        return ()
    if file is None or file.data is None or b"\x00" in file.data:
        return ()
    return lines_of(file.data.decode("utf-8", "replace").removeprefix(BOM))
