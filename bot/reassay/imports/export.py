"""Export of mitigations and past assessments as rows, with our field names or the columns of a given sheet."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reassay.common.csv_cells import as_written
from reassay.imports.columns import Column
from reassay.imports.durations import Cadence
from reassay.imports.mitigations import ImportedMitigations
from reassay.imports.references import write_references
from reassay.imports.standards import write_standards
from reassay.imports.taxonomies import write_taxonomy
from reassay.register.mitigation import Mitigation
from reassay.register.past_assessment import PastAssessment
from reassay.register.schedules import Schedule

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Export:
    """Rows with their header, and notes on values that they leave out."""

    rows: Rows
    lost: tuple[str, ...] = ()
    """Sentences about values that the spreadsheet has no place for."""
    rows_missing: bool = False
    """Whether rows of the given sheet are missing in the export."""


def cadence_of(mitigation: Mitigation) -> Cadence | None:
    """The re-assessment frequency of a mitigation; None if it states none."""
    stated = mitigation.every or (mitigation.reassess.every if mitigation.reassess else None)
    every = stated.interval if isinstance(stated, Schedule) else stated
    return Cadence(every, mitigation.earliest) if every is not None else None


def _cadence(mitigation: Mitigation) -> str:
    cadence = cadence_of(mitigation)
    return cadence.words() if cadence else ""


FIELDS: Final[Mapping[str, Callable[[Mitigation], str]]] = {
    "id": lambda mitigation: mitigation.id,
    "title": lambda mitigation: mitigation.title,
    "description": lambda mitigation: mitigation.description or "",
    "status": lambda mitigation: str(mitigation.status),
    "owner": lambda mitigation: mitigation.owner,
    "assessor": lambda mitigation: "; ".join(mitigation.assessor_names),
    "every": _cadence,
    "last_assessed": lambda mitigation: str(mitigation.last_assessed or ""),
    "depth": lambda mitigation: str((mitigation.reassess.depth if mitigation.reassess else None) or ""),
    "layer": lambda mitigation: str(mitigation.layer or ""),
    "kind_of_control": lambda mitigation: str(mitigation.kind_of_control or ""),
    "function": lambda mitigation: str(mitigation.function or ""),
    "actor": lambda mitigation: mitigation.actor or "",
    "lifecycle_stage": lambda mitigation: str(mitigation.lifecycle_stage or ""),
    "taxonomy": lambda mitigation: write_taxonomy(mitigation.taxonomy),
    "standards": lambda mitigation: write_standards(mitigation.standards),
    "threat_models": lambda mitigation: "; ".join(mitigation.threat_models),
    "deployments": lambda mitigation: "; ".join(mitigation.deployments),
    "references": lambda mitigation: write_references(mitigation.references),
    "related": lambda mitigation: "; ".join(mitigation.related),
    "target": lambda mitigation: mitigation.target.statement if mitigation.target else "",
}
"""Field -> its text in a spreadsheet, for a mitigation."""
_PAST: Final[Mapping[str, Callable[[PastAssessment], str]]] = {
    "assessment id": lambda assessment: assessment.id,
    "title": lambda assessment: assessment.title,
    "mitigation": lambda assessment: assessment.mitigation,
    "deployments": lambda assessment: "; ".join(assessment.deployments),
    "models": lambda assessment: "; ".join(assessment.models),
    "assessed_on": lambda assessment: str(assessment.assessed_on),
    "decision": lambda assessment: assessment.decision or "",
    "depth": lambda assessment: str(assessment.depth or ""),
    "assessed_by": lambda assessment: assessment.assessed_by or "",
    "summary": lambda assessment: assessment.summary or "",
    "attestor": lambda assessment: assessment.attestor,
    "source file": lambda assessment: assessment.source.file,
    "source row": lambda assessment: str(assessment.source.row),
    "source sha256": lambda assessment: assessment.source.sha256,
}
_NOT_HELD: Final = (
    "formerly", "version", "checklist", "approval", "taxonomy", "serves", "assumptions", "invalidation_conditions", "parts",
)  # fmt: skip
_NOT_HELD_INSIDE: Final = ("grace", "unless", "triggers")


def export_mitigations(mitigations: Sequence[Mitigation]) -> Export:
    """Mitigations as rows under our field names, one each, in the given order."""
    rows = (tuple(write(mitigation) for write in FIELDS.values()) for mitigation in mitigations)
    return Export((tuple(FIELDS), *rows), tuple(_not_held(mitigations)))


def export_past(past: Sequence[PastAssessment]) -> Export:
    """Past assessments as rows, one each, with their source."""
    return Export((tuple(_PAST), *(tuple(write(assessment) for write in _PAST.values()) for assessment in past)))


def _not_held(mitigations: Sequence[Mitigation]) -> Iterable[str]:
    for name, of in _held_elsewhere(mitigations):
        few = ", ".join(of[:3]) + (f" and {len(of) - 3} more" if len(of) > 3 else "")  # noqa: PLR2004 -- the first three
        yield f"A spreadsheet has no column for {name}; it stays in the register only ({few})."


def _held_elsewhere(mitigations: Sequence[Mitigation]) -> Iterable[tuple[str, list[str]]]:
    for name in _NOT_HELD:
        default = Mitigation.model_fields[name].default
        if of := [mitigation.id for mitigation in mitigations if getattr(mitigation, name) != default]:
            yield name, of
    for name in _NOT_HELD_INSIDE:
        if of := [
            mitigation.id for mitigation in mitigations if mitigation.reassess and getattr(mitigation.reassess, name)
        ]:
            yield f"reassess.{name}", of
    if of := [mitigation.id for mitigation in mitigations if mitigation.schedule]:
        yield "the dates of a schedule", of
    if of := [
        mitigation.id
        for mitigation in mitigations
        if mitigation.target and mitigation.target.model_fields_set - {"statement"}
    ]:
        yield "the criteria of a target", of


def export_like(imported: ImportedMitigations, mitigations: Mapping[str, Mitigation]) -> Export:
    """Mitigations with the header and order of the given sheet. A cell whose meaning did not change keeps its text.

    Rows of the sheet that the register does not have are left out and listed; new mitigations follow at the end.
    """
    columns = imported.layout.columns
    rows = [tuple(imported.layout.header.at(column.index) for column in columns)]
    seen: set[str] = set()
    for taken in imported.taken:
        now = mitigations.get(taken.mitigation.id)
        if now is None:
            continue
        seen.add(now.id)
        rows.append(
            tuple(
                _cell(column, as_written(taken.row.at(column.index)), taken.mitigation, now, columns)
                for column in columns
            )
        )
    new = [mitigation for name, mitigation in mitigations.items() if name not in seen]
    rows += [tuple(_written(column, mitigation, columns) for column in columns) for mitigation in new]
    gone = [taken for taken in imported.taken if taken.mitigation.id not in mitigations]
    lost = [
        f"{_first_capital(taken.row.where)} ('{taken.mitigation.id}') is not in the register, so it was left out."
        for taken in gone
    ]
    lost += [
        f"{_first_capital(imported.layout.places.of_row(left.row))} was left out: {left.why}."
        for left in imported.notes.left
    ]
    everyone = tuple(mitigations.values())
    return Export(tuple(rows), (*lost, *_no_column(columns, everyone), *_not_held(everyone)), rows_missing=bool(lost))


def _first_capital(place: str) -> str:
    return place.replace("row ", "Row ", 1) if place.startswith("row ") else place


def _is_written(column: Column) -> bool:
    """Whether a column shows a field of a mitigation; others are copied."""
    return column.field is not None and (column.field in FIELDS or column.field == "standards")


def _cell(column: Column, text: str, before: Mitigation, now: Mitigation, columns: Sequence[Column]) -> str:
    if not _is_written(column):
        return text
    written = _written(column, now, columns)
    return text if _written(column, before, columns) == written else written


def _written(column: Column, mitigation: Mitigation, columns: Sequence[Column]) -> str:
    """The text of a column for a mitigation. Several standards columns divide the standards by catalogue."""
    if not _is_written(column) or column.field is None:
        return ""
    if column.field == "taxonomy":
        return write_taxonomy([code for code in mitigation.taxonomy if code.scheme == column.catalogue])
    if column.field == "references":
        return _references_of(column, mitigation, columns)
    if column.field != "standards":
        return FIELDS[column.field](mitigation)
    own = {other.catalogue for other in columns if other.field == "standards" and other.catalogue}
    if column.catalogue:
        return write_standards(
            [standard for standard in mitigation.standards if standard.catalogue == column.catalogue], column.catalogue
        )
    return write_standards([standard for standard in mitigation.standards if standard.catalogue not in own])


def _references_of(column: Column, mitigation: Mitigation, columns: Sequence[Column]) -> str:
    """The text of a column of references. Several divide them by source."""
    own = {other.catalogue for other in columns if other.field == "references" and other.catalogue}
    kept = [
        reference
        for reference in mitigation.references
        if (reference.source == column.catalogue if column.catalogue else reference.source not in own)
    ]
    return write_references(kept, column.catalogue)


def _no_column(columns: Sequence[Column], everyone: Sequence[Mitigation]) -> Iterable[str]:
    """Sentences about fields that have a value but no column in the given sheet."""
    there = {column.field for column in columns}
    for column in columns:
        if column.field == "next_due":
            yield f"'{column.name}' is copied as it was; `reassay status` shows when each mitigation is due."
    for name, write in FIELDS.items():
        stated = [
            mitigation.id
            for mitigation in everyone
            if write(mitigation) and not (name == "status" and write(mitigation) == "active")
        ]
        if name not in there and stated:
            yield f"The given sheet has no column for {name}: {len(stated)} of {len(everyone)} mitigations state one."
    kept = {column.catalogue for column in columns if column.field == "standards"}
    if kept and None not in kept:
        for name in sorted(
            {standard.catalogue for mitigation in everyone for standard in mitigation.standards}
            - {str(name) for name in kept}
        ):
            yield f"The given sheet has no column for controls of {name}."
