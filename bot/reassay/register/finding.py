"""A finding: what is wrong in a register, where exactly, and what to write instead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Location = tuple[str | int, ...]
"""A path inside a document, for example ("mitigations", 3, "owner")."""


class Severity(StrEnum):
    """Errors make the object unusable; warnings say what will not work as hoped."""

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
    """One thing wrong. `code` is stable and kebab-case; `remedy` says what to write instead."""

    at: Position
    code: str
    message: str
    remedy: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an object was written: its file, and the place of every key and value in it."""

    path: str
    marks: Mapping[Location, tuple[int, int]] = field(default_factory=dict)
    """Location to (line, column), both from 1; the object itself is ()."""
    key_marks: Mapping[Location, tuple[int, int]] = field(default_factory=dict)
    """Same for the keys."""
    index: int = 0
    """Which object of its file, from 0."""

    def at(self, *location: str | int) -> Position:
        """The place of `location`, or of the nearest thing around it."""
        for length in range(len(location), -1, -1):
            mark = self.marks.get(location[:length])
            if mark:
                return Position(self.path, *mark)
        return Position(self.path)

    def at_key(self, *location: str | int) -> Position:
        """The place of the key itself, or of the nearest thing around it."""
        mark = self.key_marks.get(location)
        return Position(self.path, *mark) if mark else self.at(*location)


def tidy(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """In order of place, each once."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda each: (each.at, each.severity, each.code, each.message)))


_LONGEST_GUESS = 100
_LONGEST_QUOTE = 60


def nearest(wrong: str, known: Iterable[str]) -> str | None:
    """The known word that `wrong` looks like, if any. Capitals, `_` and spaces count for nothing."""
    if len(wrong) > _LONGEST_GUESS:
        return None
    from difflib import get_close_matches  # noqa: PLC0415 -- loaded where something is misspelt

    folded = {_folded(word): word for word in known}
    near = get_close_matches(_folded(wrong), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """`Did you mean 'x'?`, or an empty string when nothing is near."""
    near = nearest(wrong, known)
    return f"Did you mean '{near}'?" if near else ""


def quoted(text: str) -> str:
    """A text in single quotes for a sentence: cut to a readable length, control characters as escapes."""
    shown = text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"
    return f"'{inert(shown)}'"


def inert(text: str) -> str:
    """The text with everything that could steer a terminal, or hide or reorder letters, as an escape."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _folded(word: str) -> str:
    return word.casefold().replace("_", "-").replace(" ", "-")
