"""Threat models and deployments that a spreadsheet names and the register does not declare: left out, or made minimal."""

from dataclasses import dataclass, field

from reassay.imports.names import Declared, Ids, Titles, commas_separate, find, undeclared
from reassay.imports.table import Cell
from reassay.imports.text import line, slug
from reassay.register.deployment import Audience, Deployment
from reassay.register.threat_model import ThreatModel

_KEY = {"threat-model": "threat_models", "deployment": "deployments"}


@dataclass(slots=True)
class Stubs:
    """Finds names of one kind, and makes minimal objects for the others if that was asked for."""

    kind: str
    wanted: bool
    commas: bool = False
    """Whether the column shows that commas separate."""
    made: dict[str, ThreatModel | Deployment] = field(default_factory=dict)
    _ids: Ids = field(default_factory=Ids)
    _known: Titles = field(default_factory=Titles)

    @staticmethod
    def of(kind: str, declared: Declared, texts: list[str], *, wanted: bool) -> "Stubs":
        """For a column with these cells."""
        ids = Ids(dict.fromkeys(declared.of(kind), 0))
        return Stubs(kind, wanted, commas_separate(texts), _ids=ids, _known=Titles.of(declared.of(kind)))

    @property
    def key(self) -> str:
        """The field of a mitigation that names them."""
        return _KEY[self.kind]

    def read(self, text: str, row: int, audience: Audience | None) -> Cell[tuple[str, ...]]:
        """The ids that a cell names; what leads nowhere is said, or becomes an object."""
        found = find(text, self._known, comma=self.commas)
        if not found.unknown:
            return Cell(found.ids or None)
        if not self.wanted:
            lost = undeclared(self.kind, found.unknown, "Declare it, or use --stubs.")
            return Cell(found.ids or None, lost.why, lost.remedy)
        if self.kind == "deployment" and audience is None:
            lost = undeclared(
                self.kind, found.unknown, "To have it made, say who can reach it: --audience, or a column for it."
            )
            return Cell(found.ids or None, lost.why, lost.remedy)
        made = [self._make(name, row, audience) for name in found.unknown]
        why = "it has commas and became one name" if any("," in name for name in found.unknown) else ""
        return Cell(tuple(dict.fromkeys((*found.ids, *made))), why, "Separate several by ';'." if why else "")

    def _make(self, name: str, row: int, audience: Audience | None) -> str:
        title = line(name).value or name
        # Two entries of one cell may be the same but for capitals.
        if (same := self._known.lookup(title)) is not None:
            return same
        new = self._ids.new(row, slug(name)).value or f"row-{row}"
        self._known.add(new, title)
        if self.kind == "deployment" and audience is not None:
            self.made[new] = Deployment(id=new, title=title, audience=audience)
        else:
            self.made[new] = ThreatModel(id=new, title=title)
        return new
