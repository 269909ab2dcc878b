"""Ids for rows, and names of roles, threat models and deployments that a register declares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reassay.common.sentences import names
from reassay.imports.cell_text import LONGEST_ID, pieces, slug
from reassay.imports.spreadsheet import CellValue, SheetRow
from reassay.imports.vocabularies import words_of
from reassay.register.finding import quoted
from reassay.register.register import KINDS, Register, in_words

ID_FROM_TITLE: Final = 60
"""Longest id that is made from a title. People type ids, so it is short and ends at a word."""


@dataclass(slots=True)
class Ids:
    """Unique ids for rows."""

    given: dict[str, str] = field(default_factory=dict)
    """Id -> where its row is found; "" if the register has it."""
    _last: dict[str, int] = field(default_factory=dict)
    """The last number appended to each id, so that thousands of rows with one title stay fast."""

    def new(self, row: SheetRow, *wanted: str) -> CellValue[str]:
        """The first of `wanted` (slugs) that is not empty, with a number if another row has it."""
        base = next(filter(None, wanted), f"row-{row.number}")
        name, number = base, self._last.get(base, 1)
        while name in self.given:
            number += 1
            name = f"{base[: LONGEST_ID - len(str(number)) - 1].rstrip('-')}-{number}"
        self.given[name], self._last[base] = row.where, number
        if name != base:
            whose = self.given[base] or "something else"
            return CellValue(name, f"{quoted(base)} is already the id of {whose}", "Give each row its own id.")
        if not any(wanted):
            return CellValue(name, "no id can be made from its characters", "Change it before the first re-assessment.")
        return CellValue(name)


@dataclass(frozen=True, slots=True)
class DeclaredNames:
    """Names that the register declares, to resolve names in cells."""

    roles: Mapping[str, str] = field(default_factory=dict)
    """Casefolded name -> name of the role."""
    threat_models: Mapping[str, str] = field(default_factory=dict)
    """Titles by id."""
    deployments: Mapping[str, str] = field(default_factory=dict)
    taken: Mapping[str, str] = field(default_factory=dict)
    """Ids that no new mitigation may have -> their place."""
    ids: frozenset[str] = frozenset()
    """Ids of objects of every kind."""

    @staticmethod
    def of_register(register: Register) -> "DeclaredNames":
        """Names of a register. Ids of entries that cannot be read are taken, too."""
        taken = {name: _where(register, name) for name in (*register.mitigations, *register.commitments)}
        for kind in ("mitigation", "commitment"):
            taken |= {
                name: "an entry that cannot be read" for name in register.broken.get(kind, ()) if name not in taken
            }
        former = {former: f"a former id of '{present}'" for former, present in register.renamed.items()}
        return DeclaredNames(
            roles={name.casefold(): name for name in register.configuration.roles},
            threat_models={name: entry.value.title for name, entry in register.threat_models.items()},
            deployments={name: entry.value.title for name, entry in register.deployments.items()},
            taken={**former, **taken},
            ids=frozenset(former) | {name for kind in KINDS for name in register.objects(kind)},
        )

    def without_taken(self) -> "DeclaredNames":
        """These names without taken ids, for rows that are already in the register."""
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
    """Ids and titles of one kind of object, to resolve names in cells."""

    titles: dict[str, str] = field(default_factory=dict)
    """Titles by id."""
    _by_words: dict[str, set[str]] = field(default_factory=dict)

    @staticmethod
    def of(titles: Mapping[str, str]) -> "Titles":
        """Titles by id."""
        index = Titles()
        for name, title in titles.items():
            index.add(name, title)
        return index

    def add(self, name: str, title: str) -> None:
        """Adds an id with its title."""
        self.titles[name] = title
        self._by_words.setdefault(words_of(title), set()).add(name)

    def lookup(self, text: str) -> str | None:
        """The id that a text names by id or title; None if none or several match."""
        bare = text.strip()
        if bare in self.titles:
            return bare
        same = set(self._by_words.get(words_of(bare), ()))
        if (name := slug(bare)) in self.titles:
            same.add(name)
        return same.pop() if len(same) == 1 else None


@dataclass(frozen=True, slots=True)
class NamesInCell:
    """Names of a cell: declared ids, and names that nothing is declared for."""

    ids: tuple[str, ...]
    unknown: tuple[str, ...]


def find(text: str, titles: Titles, *, comma: bool = False) -> NamesInCell:
    """The names in a cell: the whole cell as a title, or else its entries separated by `;`, line breaks or commas."""
    whole = titles.lookup(text)
    if whole is not None:
        return NamesInCell((whole,), ())
    ids: list[str] = []
    unknown: list[str] = []
    for piece in pieces(text):
        parts = [piece]
        if titles.lookup(piece) is None:
            split = [part.strip() for part in piece.split(",") if part.strip()]
            parts = split if comma or any(titles.lookup(part) for part in split) else parts
        for part in parts:
            name = titles.lookup(part)
            (unknown if name is None else ids).append(name or part)
    return NamesInCell(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(unknown)))


def commas_separate(texts: Sequence[str]) -> bool:
    """Whether commas separate entries in a column: a part of one cell is the whole of another."""
    whole = {words_of(piece) for text in texts for piece in pieces(text) if "," not in piece}
    return any(
        words_of(part) in whole for text in texts for piece in pieces(text) if "," in piece for part in piece.split(",")
    )


def undeclared(kind: str, unknown: Sequence[str], remedy: str) -> CellValue[tuple[str, ...]]:
    """The cell value for names that the register does not declare."""
    return CellValue(None, f"the register declares no {in_words(kind)} {names(*map(quoted, unknown))}", remedy)
