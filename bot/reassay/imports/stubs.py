"""Stubs: minimal threat models and deployments that a spreadsheet names and the register does not declare."""

from dataclasses import dataclass, field

from reassay.imports.cell_text import line, slug
from reassay.imports.names import DeclaredNames, Ids, Titles, commas_separate, find, undeclared
from reassay.imports.spreadsheet import CellValue, SheetRow
from reassay.register.deployment import Audience, Deployment
from reassay.register.threat_model import ThreatModel

_KEY = {"threat-model": "threat_models", "deployment": "deployments"}


@dataclass(slots=True)
class Stubs:
    """Resolver of names of one kind, which creates stubs for undeclared names if `wanted`."""

    kind: str
    wanted: bool
    commas: bool = False
    """Whether commas separate names in the column."""
    created: dict[str, ThreatModel | Deployment] = field(default_factory=dict)
    _ids: Ids = field(default_factory=Ids)
    _known: Titles = field(default_factory=Titles)

    @staticmethod
    def of(kind: str, declared: DeclaredNames, texts: list[str], *, wanted: bool) -> "Stubs":
        """Stubs for a column with the given cells."""
        ids = Ids(dict.fromkeys(declared.of(kind), ""))
        return Stubs(kind, wanted, commas_separate(texts), _ids=ids, _known=Titles.of(declared.of(kind)))

    @property
    def key(self) -> str:
        """Field of a mitigation that names this kind of object."""
        return _KEY[self.kind]

    def read(self, text: str, row: SheetRow, audience: Audience | None) -> CellValue[tuple[str, ...]]:
        """The ids that a cell names. An undeclared name is noted, or becomes a stub."""
        named = find(text, self._known, comma=self.commas)
        if not named.unknown:
            return CellValue(named.ids or None)
        if not self.wanted:
            lost = undeclared(self.kind, named.unknown, "Declare it, or add --stubs.")
            return CellValue(named.ids or None, lost.why, lost.remedy)
        if self.kind == "deployment" and audience is None:
            lost = undeclared(self.kind, named.unknown, "To create it, give --audience or a column for its audience.")
            return CellValue(named.ids or None, lost.why, lost.remedy)
        ids = [self._make(name, row, audience) for name in named.unknown]
        why = "it has commas but became one name" if any("," in name for name in named.unknown) else ""
        return CellValue(tuple(dict.fromkeys((*named.ids, *ids))), why, "Separate several by ';'." if why else "")

    def _make(self, name: str, row: SheetRow, audience: Audience | None) -> str:
        title = line(name).value or name
        # Two entries of one cell may differ in capitals only.
        if (same := self._known.lookup(title)) is not None:
            return same
        new = self._ids.new(row, slug(name)).value or f"row-{row.number}"
        self._known.add(new, title)
        if self.kind == "deployment" and audience is not None:
            self.created[new] = Deployment(id=new, title=title, audience=audience)
        else:
            self.created[new] = ThreatModel(id=new, title=title)
        return new
