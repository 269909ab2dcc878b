"""Problems of a file, counted by kind: a file with a million broken lines gives one sentence and not a million."""

from dataclasses import dataclass, field

from reassay.evidence.readers.names import name_of

MOST_KINDS = 50
"""Kinds of problems that are listed; of more only the number is."""


@dataclass(slots=True)
class ProblemList:
    """Problems that are gathered while a file is read. Sentences are without their full stop."""

    _numbers: dict[str, int] = field(default_factory=dict)
    _places: dict[str, str] = field(default_factory=dict)
    _left_out: int = 0

    def add(self, what: str, place: str = "") -> None:
        """Adds a problem; `place` is that of its first occurrence, for example `line 17`."""
        if what in self._numbers or len(self._numbers) < MOST_KINDS:
            self._numbers[what] = self._numbers.get(what, 0) + 1
            self._places.setdefault(what, place)
        else:
            self._left_out += 1

    def sentences(self) -> tuple[str, ...]:
        """A sentence for each kind, with how often and where it came up first."""
        lines = [self._sentence(what, number) for what, number in self._numbers.items()]
        if self._left_out:
            lines.append(f"{self._left_out:,} more problems of other kinds are not listed")
        return tuple(name_of(line) or "a problem without words" for line in lines)

    def _sentence(self, what: str, number: int) -> str:
        place = self._places[what]
        if number == 1:
            return f"{what} ({place})" if place else what
        return f"{what} ({number:,} times, first {place})" if place else f"{what} ({number:,} times)"
