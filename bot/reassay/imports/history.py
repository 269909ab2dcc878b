"""Rows of past tests and reviews become past assessments: history that is shown as imported, never as verified."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import ValidationError

from reassay.common.errors import UsageError
from reassay.common.sentences import names
from reassay.imports.cells import RowCells, date_order, fill_down, merge, past_day
from reassay.imports.columns import Column, Layout
from reassay.imports.dates import DateOrder
from reassay.imports.names import Ids, Titles, commas_separate, find, undeclared
from reassay.imports.table import Cell, Notes, RowLeft, Said, Sheet
from reassay.imports.text import LONGEST_ID, line, prose, says_nothing, slug
from reassay.imports.values import DECISION, DEPTH, NOT_DONE, one_of, words_of
from reassay.register.finding import quoted
from reassay.register.past_assessment import PastAssessment
from reassay.register.register import Register


@dataclass(frozen=True, slots=True)
class HistoryChoices:
    """What the person said beside the file."""

    today: date
    attestor: str
    dates: DateOrder | None = None
    fill_down: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """Past assessments that are new, those that the register has already, and what is to be said."""

    layout: Layout
    new: tuple[PastAssessment, ...] = ()
    there: Mapping[int, str] = field(default_factory=dict)
    """Row to the place where the register has it."""
    same_file: tuple[str, ...] = ()
    """Places of what was imported from these very bytes before."""
    unused: tuple[Column, ...] = ()
    said: Said = field(default_factory=Said)


@dataclass(frozen=True, slots=True)
class _Known:
    """One past assessment that the register has."""

    value: PastAssessment
    place: str


def import_history(sheet: Sheet, layout: Layout, register: Register, choices: HistoryChoices) -> History:
    """All rows, in order. Raises UsageError where columns are missing that every row needs."""
    _needs(layout)
    notes = Notes()
    layout = fill_down(layout, choices.fill_down, notes)
    reader = _Reader.of(sheet, layout, register, choices, date_order(layout, "assessed_on", choices.dates, notes))
    new: list[PastAssessment] = []
    there: dict[int, str] = {}
    for row in layout.rows:
        cells = RowCells(row, layout)
        outcome = reader.read(cells)
        match outcome:
            case RowLeft():
                notes.left.append(outcome)
            case str():
                there[row.number] = outcome
            case _:
                merge(notes, cells.notes)
                new.append(outcome)
    before = tuple(each.place for each in reader.known if each.value.source.sha256 == sheet.digest)
    return History(layout, tuple(new), there, before, layout.unused, Said.of(notes))


def _needs(layout: Layout) -> None:
    known = names(*(quoted(column.name) for column in layout.columns))
    for field_name, what in (("mitigation", "says what was assessed"), ("assessed_on", "says when")):
        if not layout.has(field_name):
            remedy = f"Say which one: --map 'COLUMN={field_name}'. Columns are {known}."
            raise UsageError(f"no column {what}.", where=f"row {layout.header.number}", remedy=remedy)


@dataclass(slots=True)
class _Reader:
    """Reads row after row; remembers ids and rows that were there before."""

    sheet: Sheet
    choices: HistoryChoices
    order: DateOrder | None
    subjects: Titles
    """What can be assessed."""
    renamed: Mapping[str, str]
    deployments: Titles
    commas: bool
    known: tuple[_Known, ...]
    ids: Ids
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)

    @staticmethod
    def of(
        sheet: Sheet, layout: Layout, register: Register, choices: HistoryChoices, order: DateOrder | None
    ) -> "_Reader":
        places = [(entry.value, entry.origin.at("id")) for entry in register.past_assessments.values()]
        taken = (*register.past_assessments, *register.broken.get("past-assessment", ()))
        texts = [row.at(column.index) for column in layout.of("deployments") for row in layout.rows]
        return _Reader(
            sheet,
            choices,
            order,
            Titles.of({name: entry.value.title for name, entry in register.subjects.items()}),
            register.renamed,
            Titles.of({name: entry.value.title for name, entry in register.deployments.items()}),
            commas_separate(texts),
            tuple(_Known(value, f"{at.path}:{at.line}") for value, at in places),
            Ids(dict.fromkeys(taken, 0)),
        )

    def read(self, cells: RowCells) -> PastAssessment | RowLeft | str:
        """A past assessment; why the row becomes none; or the place where the register has it."""
        number, label = cells.row.number, cells.label
        if cells.repeats_header:
            return RowLeft(number, label, "it repeats the header", "Nothing to do.")
        content = tuple(cell.strip() for cell in cells.row.cells)
        if content in self.seen:
            return RowLeft(number, label, f"it says the same as row {self.seen[content]}", "Nothing to do.")
        self.seen[content] = number
        result = cells.text("decision")
        if words_of(result) in NOT_DONE:
            return RowLeft(number, label, f"its result is {quoted(result)}: nothing was assessed", "Nothing to do.")
        subject = self._subject(cells)
        return subject if isinstance(subject, RowLeft) else self._dated(cells, subject)

    def _subject(self, cells: RowCells) -> str | RowLeft:
        text = cells.text("mitigation")
        number, label = cells.row.number, cells.label
        if not text or says_nothing(text):
            return RowLeft(number, label, "it names no mitigation", "Write its id or title.")
        found = self.subjects.lookup(text) or self.renamed.get(slug(text))
        if found is None:
            why = f"the register has no mitigation {quoted(text)}, by id, title or former id"
            return RowLeft(number, label, why, "Write its id; or add it under 'formerly' of the one it became.")
        return found

    def _dated(self, cells: RowCells, subject: str) -> PastAssessment | RowLeft | str:
        number, label, text = cells.row.number, cells.label, cells.text("assessed_on")
        day: Cell[date] = Cell() if not text or says_nothing(text) else past_day(text, self.order, self.choices.today)
        if day.value is None:
            why = f"its date {quoted(text)}: {day.why}" if day.why else "it has no date"
            return RowLeft(number, label, why, day.remedy or "Write the day, as YYYY-MM-DD.")
        covered = self._deployments(cells)
        if isinstance(covered, RowLeft):
            return covered
        cells.take("assessed_on", lambda _: day)
        fields = {
            "mitigation": subject,
            "assessed_on": day.value,
            **self._rest(cells),
            **({"deployments": covered} if covered else {}),
        }
        known = self._known(subject, day.value, covered, number)
        if known is not None:
            return self._compared(known, fields, cells)
        return self._made(fields, cells)

    def _deployments(self, cells: RowCells) -> tuple[str, ...] | RowLeft:
        text = cells.text("deployments")
        if not text or says_nothing(text):
            return ()
        found = find(text, self.deployments, comma=self.commas)
        if not found.unknown:
            return found.ids
        # Leaving one out would make the assessment cover more, or less, than it did.
        lost = undeclared("deployment", found.unknown, "Declare it, write its id, or leave the column out with --map.")
        return RowLeft(cells.row.number, cells.label, lost.why, lost.remedy)

    def _rest(self, cells: RowCells) -> dict[str, object]:
        anchors = "it counts as assessed, with no decision known"
        takes: dict[str, Callable[[], object | None]] = {
            "decision": lambda: cells.take("decision", lambda text: one_of(text, DECISION), or_else=anchors),
            "depth": lambda: cells.take("depth", lambda text: one_of(text, DEPTH)),
            "assessed_by": lambda: cells.take("assessed_by", line),
            "summary": lambda: cells.take("summary", prose),
        }
        found = {name: take() for name, take in takes.items()}
        decision = found["decision"]
        return {name: value for name, value in found.items() if value is not None} | (
            {"decision": str(decision)} if decision is not None else {}
        )

    def _known(self, subject: str, day: date, covered: tuple[str, ...], row: int) -> _Known | None:
        """The same row of the same file; or else the same day of the same mitigation and deployments."""
        for each in self.known:
            if each.value.source.sha256 == self.sheet.digest and each.value.source.row == row:
                return each
        same = (subject, day, frozenset(covered))
        known = ((self.renamed.get(each.value.mitigation, each.value.mitigation), each) for each in self.known)
        return next(
            (each for name, each in known if (name, each.value.assessed_on, frozenset(each.value.deployments)) == same),
            None,
        )

    def _compared(self, known: _Known, fields: Mapping[str, object], cells: RowCells) -> RowLeft | str:
        same_file = known.value.source.sha256 == self.sheet.digest
        if same_file or fields.get("decision") in {None, known.value.decision}:
            return known.place
        why = f"the register says {known.value.decision or 'nothing'} of that day ({known.place}), this row {fields['decision']}"
        return RowLeft(cells.row.number, cells.label, why, "Change it there, if this row is right.")

    def _made(self, fields: Mapping[str, object], cells: RowCells) -> PastAssessment | RowLeft:
        number, subject, day = cells.row.number, str(fields["mitigation"]), fields["assessed_on"]
        own = cells.text("id")
        named = self.ids.new(number, slug(own), f"{subject[: LONGEST_ID - 11].rstrip('-')}-{day}")
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
            return RowLeft(number, cells.label, f"{where}: {first['msg']}", "Change the cell, or leave its column out.")
