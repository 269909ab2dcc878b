"""Import of past tests and reviews as past assessments, which are shown as imported, never as verified."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import ValidationError

from reassay.common.errors import UsageError
from reassay.common.sentences import names
from reassay.imports.cell_text import LONGEST_ID, line, prose, says_nothing, slug
from reassay.imports.columns import Column, Layout
from reassay.imports.dates import DateOrder
from reassay.imports.excel_changes import number_remarks
from reassay.imports.names import Ids, Titles, commas_separate, find, undeclared
from reassay.imports.row_cells import RowCells, date_order, fill_down, merge, past_day
from reassay.imports.spreadsheet import CellValue, ImportNotes, Notes, SkippedRow, Spreadsheet
from reassay.imports.values import ValueChoice, with_values
from reassay.imports.vocabularies import DECISION, DEPTH, NOT_DONE, read_word, words_of
from reassay.register.finding import quoted
from reassay.register.past_assessment import PastAssessment
from reassay.register.register import Register


@dataclass(frozen=True, slots=True)
class HistoryOptions:
    """Options of a history import."""

    today: date
    attestor: str
    dates: DateOrder | None = None
    fill_down: tuple[str, ...] = ()
    values: tuple[ValueChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedHistory:
    """New past assessments, those that the register has already, and notes."""

    layout: Layout
    new: tuple[PastAssessment, ...] = ()
    there: Mapping[int, str] = field(default_factory=dict)
    """Number of a row -> its place in the register."""
    same_file: tuple[str, ...] = ()
    """Places of past assessments that were imported from the same file before."""
    unused: tuple[Column, ...] = ()
    notes: ImportNotes = field(default_factory=ImportNotes)


@dataclass(frozen=True, slots=True)
class _PlacedAssessment:
    """A past assessment of the register with its place, `path:line`."""

    value: PastAssessment
    place: str


def import_history(sheet: Spreadsheet, layout: Layout, register: Register, choices: HistoryOptions) -> ImportedHistory:
    """The past assessments of all rows, in order. Raises UsageError if a required column is missing."""
    _needs(layout)
    notes = Notes()
    layout = with_values(fill_down(layout, choices.fill_down, notes), choices.values, notes)
    notes.remarks += number_remarks(layout)
    reader = _Reader.of(sheet, layout, register, choices, date_order(layout, "assessed_on", choices.dates, notes))
    new: list[PastAssessment] = []
    there: dict[int, str] = {}
    for row in layout.rows:
        cells = RowCells(row, layout)
        outcome = reader.read(cells)
        match outcome:
            case SkippedRow():
                notes.left.append(outcome)
            case str():
                there[row.number] = outcome
            case _:
                merge(notes, cells.notes)
                new.append(outcome)
    before = tuple(imported.place for imported in reader.existing if imported.value.source.sha256 == sheet.digest)
    return ImportedHistory(layout, tuple(new), there, before, layout.unused, ImportNotes.of(notes))


def _needs(layout: Layout) -> None:
    titles = names(*(quoted(column.name) for column in layout.columns))
    for field_name, what in (("mitigation", "names the mitigation"), ("assessed_on", "has the date of the assessment")):
        if not layout.has(field_name):
            remedy = f"Name it: --map 'COLUMN={field_name}'. Columns are {titles}."
            raise UsageError(f"no column {what}.", where=layout.header.where, remedy=remedy)


_About = tuple[str, date, frozenset[str], frozenset[str]]
"""Mitigation, day, deployments and models of an assessment."""


@dataclass(slots=True)
class _Reader:
    """Reader of rows, with the ids and rows that occurred before."""

    sheet: Spreadsheet
    choices: HistoryOptions
    order: DateOrder | None
    subjects: Titles
    """Mitigations and commitments."""
    renamed: Mapping[str, str]
    deployments: Titles
    models: Titles
    commas: bool
    existing: tuple[_PlacedAssessment, ...]
    ids: Ids
    seen: dict[tuple[str, ...], str] = field(default_factory=dict)
    """Cells of a row -> where it is found."""

    @staticmethod
    def of(
        sheet: Spreadsheet, layout: Layout, register: Register, choices: HistoryOptions, order: DateOrder | None
    ) -> "_Reader":
        places = [(entry.value, entry.origin.at("id")) for entry in register.past_assessments.values()]
        taken = (*register.past_assessments, *register.broken.get("past-assessment", ()))
        columns = (*layout.of("deployments"), *layout.of("models"))
        texts = [row.at(column.index) for column in columns for row in layout.rows]
        return _Reader(
            sheet,
            choices,
            order,
            Titles.of({name: entry.value.title for name, entry in register.subjects.items()}),
            register.renamed,
            Titles.of({name: entry.value.title for name, entry in register.deployments.items()}),
            Titles.of({name: entry.value.title for name, entry in register.models.items()}),
            commas_separate(texts),
            tuple(_PlacedAssessment(value, f"{at.path}:{at.line}") for value, at in places),
            Ids(dict.fromkeys(taken, "")),
        )

    def read(self, cells: RowCells) -> PastAssessment | SkippedRow | str:
        """A past assessment, a skipped row with its reason, or the place of the assessment in the register."""
        number, label = cells.row.number, cells.label
        if cells.repeats_header:
            return SkippedRow(number, label, "it repeats the header", "Nothing to do.")
        content = tuple(cell.strip() for cell in cells.row.cells)
        if content in self.seen:
            return SkippedRow(number, label, f"it is identical to {self.seen[content]}", "Nothing to do.")
        self.seen[content] = cells.row.where
        result = cells.text("decision")
        if words_of(result) in NOT_DONE:
            return SkippedRow(number, label, f"its result is {quoted(result)}: nothing was assessed", "Nothing to do.")
        subject = self._subject(cells)
        return subject if isinstance(subject, SkippedRow) else self._dated(cells, subject)

    def _subject(self, cells: RowCells) -> str | SkippedRow:
        text = cells.text("mitigation")
        number, label = cells.row.number, cells.label
        if text and (why := cells.lost(cells.layout.of("mitigation")[0])):
            return SkippedRow(number, label, f"its mitigation {quoted(text)}: {why}", "Write its id as text.")
        if not text or says_nothing(text):
            return SkippedRow(number, label, "it names no mitigation", "Write its id or title.")
        subject = self.subjects.lookup(text) or self.renamed.get(slug(text))
        if subject is None:
            why = f"the register has no mitigation {quoted(text)}, by id, title or former id"
            return SkippedRow(
                number, label, why, "Write its id, or add it to 'formerly' of the mitigation that replaced it."
            )
        return subject

    def _dated(self, cells: RowCells, subject: str) -> PastAssessment | SkippedRow | str:
        number, label, text = cells.row.number, cells.label, cells.text("assessed_on")
        day: CellValue[date] = (
            CellValue() if not text or says_nothing(text) else past_day(text, self.order, self.choices.today)
        )
        if day.value is None:
            why = f"its date {quoted(text)}: {day.why}" if day.why else "it has no date"
            return SkippedRow(number, label, why, day.remedy or "Write the date, as YYYY-MM-DD.")
        covered = self._covered(cells, "deployment", self.deployments)
        models = self._covered(cells, "model", self.models)
        if isinstance(covered, SkippedRow):
            return covered
        if isinstance(models, SkippedRow):
            return models
        cells.take("assessed_on", lambda _: day)
        fields = {
            "mitigation": subject,
            "assessed_on": day.value,
            **self._rest(cells),
            **({"deployments": covered} if covered else {}),
            **({"models": models} if models else {}),
        }
        existing = self._match((subject, day.value, frozenset(covered), frozenset(models)), number)
        if existing is not None:
            return self._compared(existing, fields, cells)
        return self._made(fields, cells)

    def _covered(self, cells: RowCells, kind: str, titles: Titles) -> tuple[str, ...] | SkippedRow:
        """The ids of deployments or models in a row."""
        text = cells.text(f"{kind}s")
        if not text or says_nothing(text):
            return ()
        named = find(text, titles, comma=self.commas)
        if not named.unknown:
            return named.ids
        # Without one of them the assessment would cover more or fewer cells than it did.
        lost = undeclared(kind, named.unknown, "Declare it, write its id, or leave the column out with --map.")
        return SkippedRow(cells.row.number, cells.label, lost.why, lost.remedy)

    def _rest(self, cells: RowCells) -> dict[str, object]:
        anchors = "it counts as assessed, without a decision"
        takes: dict[str, Callable[[], object | None]] = {
            "decision": lambda: cells.take("decision", lambda text: read_word(text, DECISION), or_else=anchors),
            "depth": lambda: cells.take("depth", lambda text: read_word(text, DEPTH)),
            "assessed_by": lambda: cells.take("assessed_by", line),
            "summary": lambda: cells.take("summary", prose),
        }
        fields = {name: take() for name, take in takes.items()}
        decision = fields["decision"]
        return {name: value for name, value in fields.items() if value is not None} | (
            {"decision": str(decision)} if decision is not None else {}
        )

    def _match(self, same: _About, row: int) -> _PlacedAssessment | None:
        """The same row of the same file, or else an assessment of the same mitigation, date, deployments and models."""
        for existing in self.existing:
            if existing.value.source.sha256 == self.sheet.digest and existing.value.source.row == row:
                return existing
        candidates = (
            (self.renamed.get(existing.value.mitigation, existing.value.mitigation), existing)
            for existing in self.existing
        )
        return next(
            (
                existing
                for name, existing in candidates
                if (
                    name,
                    existing.value.assessed_on,
                    frozenset(existing.value.deployments),
                    frozenset(existing.value.models),
                )
                == same
            ),
            None,
        )

    def _compared(self, existing: _PlacedAssessment, fields: Mapping[str, object], cells: RowCells) -> SkippedRow | str:
        same_file = existing.value.source.sha256 == self.sheet.digest
        if same_file or fields.get("decision") in {None, existing.value.decision}:
            return existing.place
        stated = existing.value.decision or "nothing"
        why = f"the register has {stated} for that date ({existing.place}), this row has {fields['decision']}"
        return SkippedRow(cells.row.number, cells.label, why, "If this row is right, change the register.")

    def _made(self, fields: Mapping[str, object], cells: RowCells) -> PastAssessment | SkippedRow:
        number, subject, day = cells.row.number, str(fields["mitigation"]), fields["assessed_on"]
        own = cells.text("id")
        named = self.ids.new(cells.row, slug(own), f"{subject[: LONGEST_ID - 11].rstrip('-')}-{day}")
        if own and named.why:
            cells.note(cells.layout.of("id")[0], own, f"id: {named.value}", named.why, named.remedy)
        title = cells.take("title", line) or line(f"{self.subjects.titles[subject]}, {day}").value
        source = {"file": line(self.sheet.file).value or "spreadsheet", "sha256": self.sheet.digest, "row": number}
        every = {"id": named.value, "title": title, **fields, "attestor": self.choices.attestor, "source": source}
        try:
            return PastAssessment.model_validate(every)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(step) for step in first["loc"])
            return SkippedRow(
                number, cells.label, f"{where}: {first['msg']}", "Change the cell, or leave its column out."
            )
