"""Ids for rows, and names of things that a register declares or does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reassay.common.sentences import names
from reassay.imports.table import Cell
from reassay.imports.text import LONGEST_ID, pieces, slug
from reassay.imports.values import words_of
from reassay.register.finding import quoted
from reassay.register.register import Register, in_words

ID_FROM_TITLE: Final = 60
"""Ids are typed by people; one that is made of a title ends at a word before this."""


@dataclass(slots=True)
class Ids:
    """Gives each row an id of its own."""

    given: dict[str, int] = field(default_factory=dict)
    """Id to the row that has it."""
    _last: dict[str, int] = field(default_factory=dict)
    """The last number behind each name: thousands of rows may share one."""

    def new(self, row: int, *wanted: str) -> Cell[str]:
        """The first of `wanted` (slugs) that is not empty; a second row of that name gets a number."""
        base = next(filter(None, wanted), f"row-{row}")
        name, number = base, self._last.get(base, 1)
        while name in self.given:
            number += 1
            name = f"{base[: LONGEST_ID - len(str(number)) - 1].rstrip('-')}-{number}"
        self.given[name], self._last[base] = row, number
        if name != base:
            whose = f"row {self.given[base]}" if self.given[base] else "something else"
            return Cell(name, f"{quoted(base)} is the id of {whose} already", "Give each row its own id.")
        if not any(wanted):
            return Cell(name, "no id can be made from its letters", "Change it before the first re-assessment.")
        return Cell(name)


@dataclass(frozen=True, slots=True)
class Declared:
    """What the register at hand declares, so that a name in a cell can be found there."""

    roles: Mapping[str, str] = field(default_factory=dict)
    """Casefolded name to the name of the role."""
    threat_models: Mapping[str, str] = field(default_factory=dict)
    """Id to title."""
    deployments: Mapping[str, str] = field(default_factory=dict)
    taken: Mapping[str, str] = field(default_factory=dict)
    """Ids that no new mitigation may have, with where they stand."""

    @staticmethod
    def by(register: Register) -> "Declared":
        """Of a register; ids of what could not be read are taken, too."""
        taken = {name: _where(register, name) for name in (*register.mitigations, *register.commitments)}
        for kind in ("mitigation", "commitment"):
            taken |= {
                name: "an entry that cannot be read" for name in register.broken.get(kind, ()) if name not in taken
            }
        former = {each: f"a former id of '{present}'" for each, present in register.renamed.items()}
        return Declared(
            roles={name.casefold(): name for name in register.configuration.roles},
            threat_models={name: entry.value.title for name, entry in register.threat_models.items()},
            deployments={name: entry.value.title for name, entry in register.deployments.items()},
            taken={**former, **taken},
        )

    def but_untaken(self) -> "Declared":
        """The same, for reading rows that are in the register already."""
        return replace(self, taken={})

    def of(self, kind: str) -> Mapping[str, str]:
        """Ids and titles of `threat-model` or `deployment`."""
        return self.threat_models if kind == "threat-model" else self.deployments


def _where(register: Register, name: str) -> str:
    entry = register.mitigations.get(name) or register.commitments[name]
    at = entry.origin.at("id")
    return f"{at.path}:{at.line}"


@dataclass(slots=True)
class Titles:
    """Ids and titles of one kind of thing, to find names of cells in."""

    titles: dict[str, str] = field(default_factory=dict)
    """Id to title."""
    _by_words: dict[str, set[str]] = field(default_factory=dict)

    @staticmethod
    def of(known: Mapping[str, str]) -> "Titles":
        """With these ids and titles."""
        made = Titles()
        for name, title in known.items():
            made.add(name, title)
        return made

    def add(self, name: str, title: str) -> None:
        """One more."""
        self.titles[name] = title
        self._by_words.setdefault(words_of(title), set()).add(name)

    def lookup(self, text: str) -> str | None:
        """The id that is written there, or has that title; None if none or several do."""
        bare = text.strip()
        if bare in self.titles:
            return bare
        same = set(self._by_words.get(words_of(bare), ()))
        if (name := slug(bare)) in self.titles:
            same.add(name)
        return same.pop() if len(same) == 1 else None


@dataclass(frozen=True, slots=True)
class Found:
    """Names of a cell: ids that are declared, and what nothing is declared for."""

    ids: tuple[str, ...]
    unknown: tuple[str, ...]


def find(text: str, known: Titles, *, comma: bool = False) -> Found:
    """The whole cell may be one title; else its entries, by `;` or lines, and by commas where those show to separate."""
    whole = known.lookup(text)
    if whole is not None:
        return Found((whole,), ())
    ids: list[str] = []
    unknown: list[str] = []
    for piece in pieces(text):
        parts = [piece]
        if known.lookup(piece) is None:
            split = [part.strip() for part in piece.split(",") if part.strip()]
            parts = split if comma or any(known.lookup(part) for part in split) else parts
        for part in parts:
            name = known.lookup(part)
            (unknown if name is None else ids).append(name or part)
    return Found(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(unknown)))


def commas_separate(texts: Sequence[str]) -> bool:
    """Whether a column shows that commas separate entries: a part of one cell stands alone in another."""
    whole = {words_of(piece) for text in texts for piece in pieces(text) if "," not in piece}
    return any(
        words_of(part) in whole for text in texts for piece in pieces(text) if "," in piece for part in piece.split(",")
    )


def undeclared(kind: str, unknown: Sequence[str], remedy: str) -> Cell[tuple[str, ...]]:
    """What is said of names that lead nowhere."""
    return Cell(None, f"the register declares no {in_words(kind)} {names(*map(quoted, unknown))}", remedy)
