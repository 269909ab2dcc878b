"""Reader of one row of a list of controls: its mitigation, or the reason for skipping it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from pydantic import ValidationError

from reassay.imports.cell_text import LONGEST_LINE, is_placeholder, line, pieces, prose, says_nothing, slug
from reassay.imports.columns import Layout
from reassay.imports.dates import DateOrder, read_date
from reassay.imports.durations import Cadence, read_cadence
from reassay.imports.excel_changes import DATE_REMEDY, DATE_WHY, looks_changed
from reassay.imports.names import ID_FROM_TITLE, DeclaredNames, Ids
from reassay.imports.next_due import compared
from reassay.imports.references import read_references, write_references
from reassay.imports.row_cells import LEFT_OUT, RowCells, past_day
from reassay.imports.spreadsheet import CellValue, SkippedRow
from reassay.imports.standards import read_standards, write_standards
from reassay.imports.stubs import Stubs
from reassay.imports.taxonomies import read_taxonomy, write_taxonomy
from reassay.imports.totals import is_total
from reassay.imports.values import ValueChoice
from reassay.imports.vocabularies import (
    AUDIENCE,
    CONTROL_KIND,
    DEPTH,
    FUNCTION,
    LAYER,
    STAGE,
    STATUS,
    RoleCell,
    read_role,
    read_word,
)
from reassay.register.base import Depth, PublishedReference
from reassay.register.criteria import Target
from reassay.register.deployment import Audience
from reassay.register.finding import quoted
from reassay.register.mitigation import Mitigation, Reassess, Standard, TaxonomyCode
from reassay.register.schedules import Schedule


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Options of an import."""

    today: date
    owner: str | None = None
    """Owner of rows without one."""
    dates: DateOrder | None = None
    stubs: bool = False
    audience: Audience | None = None
    """Audience of created deployments without a column for it."""
    fill_down: tuple[str, ...] = ()
    values: tuple[ValueChoice, ...] = ()


@dataclass(slots=True)
class RowReader:
    """Reader of rows, with the ids that are in use."""

    declared: DeclaredNames
    choices: ImportOptions
    order: DateOrder | None
    next_order: DateOrder | None
    """The order of day and month in the column of the days that are due next."""
    threat_models: Stubs
    deployments: Stubs
    ids: Ids = field(default_factory=Ids)
    spelt: dict[str, str] = field(default_factory=dict)
    """Casefolded name -> name of a role as first written, so that `Security` and `security` are the same role."""

    def read(self, cells: RowCells) -> Mitigation | SkippedRow:
        """The mitigation, with notes in `cells`, or a skipped row with its reason."""
        number, label = cells.row.number, cells.label
        if cells.repeats_header:
            return SkippedRow(number, label, "it repeats the header", "Nothing to do.")
        title = cells.take("title", line)
        if title is None:
            return SkippedRow(number, label, "it has no title", "If it is a control, write one.")
        if is_total(cells.row, title):
            return SkippedRow(number, label, "it is a row of totals", "If it is a control, write more than its title.")
        owner = self._owner(cells)
        if owner is None:
            remedy = (
                "Name a team or a role, or add --owner ROLE for all blanks, or --fill-down COLUMN for merged cells."
            )
            return SkippedRow(number, label, "it has no owner", remedy)
        return self._named(cells, title, owner)

    def _named(self, cells: RowCells, title: str, owner: str) -> Mitigation | SkippedRow:
        number, text = cells.row.number, self._id_text(cells)
        own = "" if says_nothing(text) else slug(text)
        wanted = (own, slug(title, ID_FROM_TITLE))
        # An id that the register has already is reported; a collision within the sheet gets a number.
        alone = Ids().new(cells.row, *wanted).value or ""
        named = CellValue(alone) if alone in self.declared.taken else self.ids.new(cells.row, *wanted)
        name = named.value or ""
        if name in self.declared.taken:
            why = f"the register already has {quoted(name)} ({self.declared.taken[name]})"
            return SkippedRow(number, cells.label, why, "Change it there, or give this row another id.")
        if named.why:
            column = cells.layout.of("id" if text else "title")[0]
            cells.note(column, text or title, f"id: {name}", named.why, named.remedy)
        try:
            return Mitigation.model_validate({"id": name, "title": title, "owner": owner, **self._rest(cells)})
        except ValidationError as error:
            # Cells were validated before; if one still fails, the row is skipped with the reason.
            first = error.errors(include_url=False)[0]
            where = ".".join(str(step) for step in first["loc"])
            return SkippedRow(
                number, cells.label, f"{where}: {first['msg']}", "Change the cell, or leave its column out."
            )

    def _id_text(self, cells: RowCells) -> str:
        """The text of the id; "" if Excel has replaced it. A text that only looks so is kept, with a note."""
        text = cells.text("id")
        column = next(iter(cells.layout.of("id")), None)
        if column is None or not text:
            return ""
        if why := cells.lost(column):
            cells.note(
                column, text, "id from the title", why, DATE_REMEDY if why == DATE_WHY else "Correct the formula."
            )
            return ""
        if why := looks_changed(text):
            cells.note(column, text, f"id: {slug(text)}", why, "If so, format the column as Text and type it again.")
        return text

    def _owner(self, cells: RowCells) -> str | None:
        text = cells.text("owner")
        if text and not says_nothing(text) and not is_placeholder(text):
            role = cells.take("owner", self._role, _name)
            return role.name if role else self.choices.owner
        if text and self.choices.owner:
            column = cells.layout.of("owner")[0]
            cells.note(column, text, f"owner: {self.choices.owner}", "it names nobody, so --owner applies")
        return self.choices.owner

    def _role(self, text: str) -> CellValue[RoleCell]:
        cell = read_role(text, {**self.spelt, **self.declared.roles})
        if cell.value is not None:
            self.spelt.setdefault(cell.value.name.casefold(), cell.value.name)
        return cell

    def _rest(self, cells: RowCells) -> dict[str, object]:
        """Optional fields with a value, by name."""
        cadence = cells.take("every", _cadence_reader(cells.layout), Cadence.words)
        last = cells.take("last_assessed", self._last_assessed)
        schedule = self._next_due(cells, last, cadence)
        fields: dict[str, object | None] = {
            "description": _description(cells),
            "status": cells.take("status", lambda text: read_word(text, STATUS), or_else="it counts as active"),
            **self._assessors(cells),
            "last_assessed": last,
            **_reassess(cadence, schedule, cells.take("depth", lambda text: read_word(text, DEPTH))),
            "layer": cells.take("layer", lambda text: read_word(text, LAYER)),
            "lifecycle_stage": cells.take("lifecycle_stage", lambda text: read_word(text, STAGE)),
            "function": cells.take("function", lambda text: read_word(text, FUNCTION)),
            "actor": cells.take("actor", line),
            "kind_of_control": cells.take("kind_of_control", lambda text: read_word(text, CONTROL_KIND)),
            "taxonomy": _taxonomy(cells),
            "standards": _standards(cells),
            "references": references_of_row(cells),
            "related": self._related(cells),
            "threat_models": self._names(cells, self.threat_models, None),
            "deployments": self._names(cells, self.deployments, self._audience(cells)),
            "target": _target(cells),
        }
        return {name: value for name, value in fields.items() if value is not None}

    def _next_due(self, cells: RowCells, last: date | None, cadence: Cadence | None) -> Schedule | None:
        """The schedule that keeps the day on which the row is due next; None if the interval keeps it, or it is left out."""
        text = cells.text("next_due")
        if not text or says_nothing(text) or is_placeholder(text):
            return None
        column = cells.layout.of("next_due")[0]
        day = read_date(text, self.next_order)
        if day.value is None:
            cells.note(column, text, LEFT_OUT, day.why, day.remedy)
            return None
        outcome = compared(day.value, last, cadence)
        if outcome.why:
            kept = f"every: {outcome.schedule.words()}" if outcome.schedule else LEFT_OUT
            cells.note(column, text, kept, outcome.why, outcome.remedy)
        return outcome.schedule

    def _last_assessed(self, text: str) -> CellValue[date]:
        return past_day(text, self.order, self.choices.today)

    def _assessors(self, cells: RowCells) -> Mapping[str, object]:
        text = cells.text("assessor")
        if text and is_placeholder(text):
            column = cells.layout.of("assessor")[0]
            cells.note(column, text, "left out", "it names nobody", "Name a role that does not own the control.")
            return {}
        roles = cells.take("assessor", self._roles, lambda roles: "; ".join(role.name for role in roles)) or ()
        named = tuple(dict.fromkeys(role.name for role in roles))
        return {"assessor": named[0]} if len(named) == 1 else {"assessors": named} if named else {}

    def _roles(self, text: str) -> CellValue[tuple[RoleCell, ...]]:
        cells = [self._role(piece) for piece in pieces(text)]
        why = next((cell.why for cell in cells if cell.why), "")
        remedy = "Separate several assessors by ';'." if why else ""
        return CellValue(tuple(cell.value for cell in cells if cell.value) or None, why, remedy)

    def _audience(self, cells: RowCells) -> Audience | None:
        own = cells.take("audience", lambda text: read_word(text, AUDIENCE)) if self.choices.stubs else None
        return own or self.choices.audience

    @staticmethod
    def _related(cells: RowCells) -> tuple[str, ...] | None:
        return cells.take("related", _ids, "; ".join)

    def _names(self, cells: RowCells, stubs: Stubs, audience: Audience | None) -> tuple[str, ...] | None:
        return cells.take(stubs.key, lambda text: stubs.read(text, cells.row, audience), "; ".join)


def _name(role: RoleCell) -> str:
    return role.name


def _cadence_reader(layout: Layout) -> Callable[[str], CellValue[Cadence]]:
    unit = next((column.unit for column in layout.of("every")), None)
    return lambda text: read_cadence(text, unit)


def _reassess(cadence: Cadence | None, schedule: Schedule | None, depth: Depth | None) -> Mapping[str, object]:
    """Field `every` for a plain interval, or else `reassess` with a range or a depth."""
    near = cadence.at_least_after if cadence else None
    given = {"every": cadence.every if cadence and near else None, "at_least_after": near, "depth": depth}
    inner = {name: value for name, value in given.items() if value is not None}
    return {
        "every": schedule or (cadence.every if cadence and not near else None),
        "reassess": Reassess.model_validate(inner) if inner else None,
    }


def _description(cells: RowCells) -> str | None:
    """The description; it begins with the full title if the title was shortened."""
    own = cells.take("description", prose)
    title = prose(cells.text("title")).value or ""
    if len(title) <= LONGEST_LINE or (own and title in own):
        return own
    return prose(f"{title}\n\n{own or ''}").value


def _standards(cells: RowCells) -> tuple[Standard, ...] | None:
    standards: list[Standard] = []
    for column in cells.layout.of("standards"):
        read = partial(read_standards, catalogue=column.catalogue)
        here = cells.take_from(column, read, partial(write_standards, catalogue=column.catalogue))
        standards += [standard for standard in here or () if standard not in standards]
    return tuple(standards) or None


def references_of_row(cells: RowCells) -> tuple[PublishedReference, ...] | None:
    """The references of all columns that have some, without repetition."""
    references: list[PublishedReference] = []
    for column in cells.layout.of("references"):
        read = partial(read_references, source=column.catalogue)
        here = cells.take_from(column, read, partial(write_references, source=column.catalogue))
        references += [reference for reference in here or () if reference not in references]
    return tuple(references) or None


def _taxonomy(cells: RowCells) -> tuple[TaxonomyCode, ...] | None:
    codes: list[TaxonomyCode] = []
    for column in cells.layout.of("taxonomy"):
        here = cells.take_from(column, partial(read_taxonomy, scheme=column.catalogue), write_taxonomy)
        codes += [code for code in here or () if code not in codes]
    return tuple(codes) or None


def _ids(text: str) -> CellValue[tuple[str, ...]]:
    """Ids of other objects; `check` says which of them there are not."""
    ids = (slug(piece) for piece in pieces(text, comma=True))
    return CellValue(tuple(dict.fromkeys(name for name in ids if name)) or None)


def _target(cells: RowCells) -> Target | None:
    statement = cells.take("target", prose)
    return Target(statement=statement) if statement else None
