"""Findings: what is wrong in a register, at which place, and what to write instead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Location = tuple[str | int, ...]
"""A path inside a document, for example ("mitigations", 3, "owner")."""


class FindingSeverity(StrEnum):
    """The severity of a finding: an error makes its object unusable, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file; line and column count from 1."""

    path: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One error or warning. `code` is stable and kebab-case; `remedy` says what to write instead."""

    at: Position
    code: str
    message: str
    remedy: str
    severity: FindingSeverity = FindingSeverity.ERROR


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of an object: its file, and the place of every key and value in it."""

    path: str
    marks: Mapping[Location, tuple[int, int]] = field(default_factory=dict)
    """Location to (line, column), both from 1; the object itself is ()."""
    key_marks: Mapping[Location, tuple[int, int]] = field(default_factory=dict)
    """Location to (line, column) of the key, both from 1."""
    index: int = 0
    """Number of the object within its file, from 0."""

    def at(self, *location: str | int) -> Position:
        """The place of the value at `location`, or of the nearest enclosing one."""
        for length in range(len(location), -1, -1):
            mark = self.marks.get(location[:length])
            if mark:
                return Position(self.path, *mark)
        return Position(self.path)

    def at_key(self, *location: str | int) -> Position:
        """The place of the key at `location`, or of the nearest enclosing value."""
        mark = self.key_marks.get(location)
        return Position(self.path, *mark) if mark else self.at(*location)


def tidy(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in order of place, without duplicates."""
    return tuple(
        sorted(
            dict.fromkeys(findings), key=lambda finding: (finding.at, finding.severity, finding.code, finding.message)
        )
    )


_LONGEST_GUESS = 100
_LONGEST_QUOTE = 60
_CLOSE = 0.85


def nearest(wrong: str, words: Iterable[str]) -> str | None:
    """The word most similar to `wrong`, ignoring capitals, `_` and spaces; None if none is similar."""
    if len(wrong) > _LONGEST_GUESS:
        return None
    from difflib import get_close_matches  # noqa: PLC0415 -- loaded where something is misspelt

    folded = {_folded(word): word for word in words}
    near = get_close_matches(_folded(wrong), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def is_close(wrong: str, word: str) -> bool:
    """Whether two words differ so little that one is most likely the other, misspelt: `evry` and `every`."""
    from difflib import SequenceMatcher  # noqa: PLC0415 -- loaded where something is misspelt

    if len(wrong) == len(word) and not wrong.isascii():
        # Letters of another alphabet look like those that they stand for.
        return all(one == other or not one.isascii() for one, other in zip(wrong.casefold(), word, strict=False))
    return SequenceMatcher(None, _folded(wrong), _folded(word)).ratio() >= _CLOSE


def did_you_mean(wrong: str, words: Iterable[str]) -> str:
    """`Did you mean 'x'?` for the most similar word; empty if none is similar."""
    near = nearest(wrong, words)
    return f"Did you mean '{near}'?" if near else ""


def quoted(text: str) -> str:
    """A text in single quotes, cut to 60 characters, with control characters as escapes."""
    shown = text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"
    return f"'{inert(shown)}'"


def inert(text: str) -> str:
    """A text with control and formatting characters as escapes, safe for terminals."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


def _folded(word: str) -> str:
    return word.casefold().replace("_", "-").replace(" ", "-")
