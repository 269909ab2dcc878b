"""The way back: mitigations and past assessments as rows, with our field names or with the columns of a given sheet."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reassay.common.csv_cells import as_written
from reassay.imports.columns import Column
from reassay.imports.durations import Cadence
from reassay.imports.mitigations import Imported
from reassay.imports.standards import write_standards
from reassay.register.mitigation import Mitigation
from reassay.register.past_assessment import PastAssessment

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """Rows with their header, and what they do not hold."""

    rows: Rows
    lost: tuple[str, ...] = ()
    """Sentences about what the spreadsheet does not hold."""
    rows_missing: bool = False
    """Whether rows of the given sheet are not here."""


def cadence_of(mitigation: Mitigation) -> Cadence | None:
    """How often, wherever the mitigation says it."""
    stated = mitigation.every or (mitigation.reassess.every if mitigation.reassess else None)
    return Cadence(stated, mitigation.earliest) if stated is not None else None


def _cadence(mitigation: Mitigation) -> str:
    found = cadence_of(mitigation)
    return found.words() if found else ""


FIELDS: Final[Mapping[str, Callable[[Mitigation], str]]] = {
    "id": lambda each: each.id,
    "title": lambda each: each.title,
    "description": lambda each: each.description or "",
    "status": lambda each: str(each.status),
    "owner": lambda each: each.owner,
    "assessor": lambda each: "; ".join(each.assessor_names),
    "every": _cadence,
    "last_assessed": lambda each: str(each.last_assessed or ""),
    "depth": lambda each: str((each.reassess.depth if each.reassess else None) or ""),
    "layer": lambda each: str(each.layer or ""),
    "lifecycle_stage": lambda each: str(each.lifecycle_stage or ""),
    "standards": lambda each: write_standards(each.standards),
    "threat_models": lambda each: "; ".join(each.threat_models),
    "deployments": lambda each: "; ".join(each.deployments),
    "target": lambda each: each.target.statement if each.target else "",
}
"""What a spreadsheet holds of a mitigation, as text."""
_PAST: Final[Mapping[str, Callable[[PastAssessment], str]]] = {
    "assessment id": lambda each: each.id,
    "title": lambda each: each.title,
    "mitigation": lambda each: each.mitigation,
    "deployments": lambda each: "; ".join(each.deployments),
    "assessed_on": lambda each: str(each.assessed_on),
    "decision": lambda each: each.decision or "",
    "depth": lambda each: str(each.depth or ""),
    "assessed_by": lambda each: each.assessed_by or "",
    "summary": lambda each: each.summary or "",
    "attestor": lambda each: each.attestor,
    "source file": lambda each: each.source.file,
    "source row": lambda each: str(each.source.row),
    "source sha256": lambda each: each.source.sha256,
}
_NOT_HELD: Final = (
    "formerly", "version", "checklist", "approval", "taxonomy", "assumptions", "invalidation_conditions", "parts",
)  # fmt: skip
_NOT_HELD_INSIDE: Final = ("grace", "unless", "triggers")


def export_mitigations(mitigations: Sequence[Mitigation]) -> Exported:
    """One row each, in order of id, under our field names."""
    rows = (tuple(write(each) for write in FIELDS.values()) for each in mitigations)
    return Exported((tuple(FIELDS), *rows), tuple(_not_held(mitigations)))


def export_past(past: Sequence[PastAssessment]) -> Exported:
    """One row each, with where it was imported from."""
    return Exported((tuple(_PAST), *(tuple(write(each) for write in _PAST.values()) for each in past)))


def _not_held(mitigations: Sequence[Mitigation]) -> Iterable[str]:
    for name, of in _held_elsewhere(mitigations):
        few = ", ".join(of[:3]) + (f" and {len(of) - 3} more" if len(of) > 3 else "")  # noqa: PLR2004 -- the first three
        yield f"A spreadsheet has no column for {name}; it stays in the register ({few})."


def _held_elsewhere(mitigations: Sequence[Mitigation]) -> Iterable[tuple[str, list[str]]]:
    for name in _NOT_HELD:
        default = Mitigation.model_fields[name].default
        if of := [each.id for each in mitigations if getattr(each, name) != default]:
            yield name, of
    for name in _NOT_HELD_INSIDE:
        if of := [each.id for each in mitigations if each.reassess and getattr(each.reassess, name)]:
            yield f"reassess.{name}", of
    if of := [each.id for each in mitigations if each.target and each.target.model_fields_set - {"statement"}]:
        yield "the criteria of a target", of


def export_like(imported: Imported, mitigations: Mapping[str, Mitigation]) -> Exported:
    """Header and order of the given sheet. A cell that still means the same is left as it was written there.

    Rows of the sheet that the register does not have are not exported, and said; new mitigations follow at the end.
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
    new = [each for name, each in mitigations.items() if name not in seen]
    rows += [tuple(_written(column, each, columns) for column in columns) for each in new]
    gone = [taken for taken in imported.taken if taken.mitigation.id not in mitigations]
    lost = [
        f"Row {taken.row.number} ('{taken.mitigation.id}') is not in the register, so it is not here." for taken in gone
    ]
    lost += [f"Row {left.row} is not here: {left.why}." for left in imported.said.left]
    everyone = tuple(mitigations.values())
    return Exported(tuple(rows), (*lost, *_no_column(columns, everyone), *_not_held(everyone)), rows_missing=bool(lost))


def _cell(column: Column, text: str, before: Mitigation, now: Mitigation, columns: Sequence[Column]) -> str:
    if column.field is None or column.field == "audience":
        return text
    written = _written(column, now, columns)
    return text if _written(column, before, columns) == written else written


def _written(column: Column, mitigation: Mitigation, columns: Sequence[Column]) -> str:
    """What a column says of a mitigation; columns of one catalogue each share its standards."""
    if column.field is None or column.field == "audience":
        return ""
    if column.field != "standards":
        return FIELDS[column.field](mitigation)
    own = {each.catalogue for each in columns if each.field == "standards" and each.catalogue}
    if column.catalogue:
        return write_standards(
            [each for each in mitigation.standards if each.catalogue == column.catalogue], column.catalogue
        )
    return write_standards([each for each in mitigation.standards if each.catalogue not in own])


def _no_column(columns: Sequence[Column], everyone: Sequence[Mitigation]) -> Iterable[str]:
    """Fields that have a value and no column in the given sheet."""
    there = {column.field for column in columns}
    for name, write in FIELDS.items():
        stated = [each.id for each in everyone if write(each) and not (name == "status" and write(each) == "active")]
        if name not in there and stated:
            yield f"The given sheet has no column for {name}: {len(stated)} of {len(everyone)} mitigations state one."
    kept = {column.catalogue for column in columns if column.field == "standards"}
    if kept and None not in kept:
        for name in sorted(
            {each.catalogue for one in everyone for each in one.standards} - {str(each) for each in kept}
        ):
            yield f"The given sheet has no column for controls of {name}."
