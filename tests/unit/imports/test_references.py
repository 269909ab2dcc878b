"""References, related ids and kinds of control: from cells, and back into them."""

import pytest

from reassay.imports.references import read_references, write_references
from tests.unit.imports.sheets import imported

ATLAS = {"source": "MITRE ATLAS", "id": "AML.M0004"}
URL = "https://atlas.example/AML.M0004"


@pytest.mark.parametrize(
    ("text", "source", "references"),
    [
        ("MITRE ATLAS: AML.M0004", None, [ATLAS]),
        (
            f"MITRE ATLAS: AML.M0004 <{URL}>; FINOS: mi-1",
            None,
            [{**ATLAS, "url": URL}, {"source": "FINOS", "id": "mi-1"}],
        ),
        ("AML.M0004, AML.M0005", "MITRE ATLAS", [ATLAS, {**ATLAS, "id": "AML.M0005"}]),
        (URL, None, [{"source": "atlas.example", "url": URL}]),
        (f"MITRE ATLAS <{URL}>", None, [{"source": "MITRE ATLAS", "url": URL}]),
        ("AML.M0004", None, []),
    ],
)
def test_a_cell_of_references(text: str, source: str | None, references: list[dict[str, str]]) -> None:
    cell = read_references(text, source)
    assert [own.model_dump(exclude_none=True) for own in cell.value or ()] == references
    assert bool(cell.why) == (not references)
    if cell.value:
        assert read_references(write_references(cell.value, source), source).value == cell.value


def test_columns_of_a_sheet_and_a_related_id_that_nothing_has() -> None:
    result = imported(
        ("ID", "Title", "Owner", "References", "Control type", "Related"),
        ("A-1", "Filter", "safety", "ATLAS: AML.M0004", "Preventative", "B-2; C-3"),
        ("B-2", "Alarm", "safety", "", "detective", ""),
    )
    first, second = (row.mitigation for row in result.taken)
    assert [own.words() for own in first.references] == ["ATLAS AML.M0004"]
    assert (first.kind_of_control, second.kind_of_control) == ("preventive", "detective")
    assert first.related == ("b-2",)
    (note,) = (note for note in result.notes.cells if note.column == "related")
    assert "'c-3'" in note.why
