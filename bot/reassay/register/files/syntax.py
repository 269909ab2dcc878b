"""Messages and remedies of YAML syntax errors."""

import re
from dataclasses import dataclass
from typing import Final

import yaml

from reassay.register.files.composer import Composer
from reassay.register.files.text import lines_of
from reassay.register.finding import Finding, Position

_INDENTATION: Final = "Keys of one object start in the same column; indent with spaces and line them up."
_QUOTES: Final = "Put the whole text in quotes."


@dataclass(frozen=True, slots=True)
class _Words:
    message: str
    remedy: str
    at_context: bool = False
    """Whether to show the start of the construct, not the place of the error."""


_NOTHING_INSIDE: Final = "did not find expected node content"
_BRACKET = _Words(
    "this bracket is not closed, or a comma is missing inside it",
    "Close it, or put a comma between entries.",
    at_context=True,
)
_PROBLEMS: Final[tuple[tuple[str, _Words], ...]] = (
    (
        "mapping values are not allowed",
        _Words(
            "a ':' is not expected here",
            "If it belongs to a text, put the whole text in quotes. If it begins a key, check that the line is indented "
            "like its neighbours.",
        ),
    ),
    (
        "found unexpected end of stream",
        _Words("this quotation mark is never closed", "Close it with the same quotation mark.", at_context=True),
    ),
    (
        "found unexpected document indicator",
        _Words("this quotation mark is never closed", "Close it with the same quotation mark.", at_context=True),
    ),
    ("did not find expected ',' or", _BRACKET),
    (_NOTHING_INSIDE, _BRACKET),
    (
        "did not find expected '-' indicator",
        _Words("this line does not belong to the list above it", "Start it with '- ', or indent it to its entry."),
    ),
    ("did not find expected key", _Words("this line is indented differently from the keys above it", _INDENTATION)),
    (
        "block sequence entries are not allowed",
        _Words("a list cannot begin here", "Begin the list on its own line, each entry with '- '."),
    ),
    (
        "could not find expected ':'",
        _Words(
            "a key without ':'", "Write 'key: value'; a text over several lines needs quotes or '>-'.", at_context=True
        ),
    ),
    (
        "found unknown escape character",
        _Words(
            "a backslash in double quotes begins an escape that YAML does not know",
            "Use single quotes, or write the backslash twice.",
        ),
    ),
    ("found undefined tag handle", _Words("this tag is not known", "Leave out the '!' or put the text in quotes.")),
    ("did not find expected <document start>", _Words("nothing more is expected here", _INDENTATION)),
    ("found a tab character", _Words("a tab is used for indentation", "Use spaces; YAML allows no tabs there.")),
)
_RESERVED: Final = frozenset("@`%")
_LOGIN: Final = re.compile(r"@([A-Za-z0-9-]+)(?=[\s,\]}]|$)")
_CONFLICT: Final = re.compile(r"(?:<<<<<<<|=======|>>>>>>>)(?: |$)")
_CONFLICT_WORDS: Final = (
    "this file holds the markers of a merge conflict",
    "Keep one of the two versions, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>.",
)


def explain_syntax(path: str, text: str, error: yaml.YAMLError, composer: Composer) -> Finding:
    """A finding for an error of the parser; `composer` has what was read until then."""
    first_line = composer.first_line
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        remedy = "Rewrite the file as plain UTF-8 text."
        return Finding(Position(path, first_line), "yaml-syntax", "this is not valid YAML", remedy)
    problem = error.problem or ""
    lines = lines_of(text)
    if (marker := next((index for index, line in enumerate(lines) if _CONFLICT.match(line)), None)) is not None:
        return Finding(Position(path, marker + first_line), "merge-conflict", *_CONFLICT_WORDS)
    words = _words(problem, lines, error.problem_mark)
    if words is _BRACKET and problem.startswith(_NOTHING_INSIDE) and composer.open_bracket:
        return Finding(Position(path, *composer.open_bracket), "yaml-syntax", words.message, words.remedy)
    mark = error.context_mark if words.at_context and error.context_mark else error.problem_mark
    line, column = _inside(lines, mark)
    return Finding(Position(path, line + first_line, column + 1), "yaml-syntax", words.message, words.remedy)


def _words(problem: str, lines: list[str], mark: yaml.Mark) -> _Words:
    character = _character(lines, mark)
    if problem.startswith("found character that cannot start any token"):
        if character == "\t":
            return _Words("a tab is used for indentation", "Use spaces; YAML allows no tabs there.")
        if character == "@" and (login := _LOGIN.match(lines[mark.line], mark.column)):
            return _Words("a text cannot begin with '@'", f"A login is written without it: '{login[1]}'.")
        if character in _RESERVED:
            return _Words(f"a text cannot begin with '{character}'", _QUOTES)
        return _Words("a text cannot begin with this character", _QUOTES)
    for start, words in _PROBLEMS:
        if problem.startswith(start):
            return words
    return _Words(
        f"this is not valid YAML: {problem}", "A text with special characters belongs in quotes; check brackets above."
    )


def _character(lines: list[str], mark: yaml.Mark) -> str:
    line = lines[mark.line] if mark.line < len(lines) else ""
    return line[mark.column : mark.column + 1]


def _inside(lines: list[str], mark: yaml.Mark) -> tuple[int, int]:
    """An existing place: an error at the end of the file is shown on the last line with text."""
    if mark.line < len(lines) and (lines[mark.line] or mark.column):
        return mark.line, min(mark.column, len(lines[mark.line]))
    last = max((index for index, line in enumerate(lines[: mark.line]) if line.strip()), default=0)
    return last, len(lines[last])
