"""Headers are guessed, --map overrides, and every column that is not used is known."""

import pytest

from reassay.common.calendar import parse_duration
from reassay.common.errors import UsageError
from reassay.imports.columns import meaning
from reassay.imports.headers import HISTORY, MITIGATIONS
from tests.unit.imports.sheets import imported, laid_out

GUESSES = {
    "id": ("ID", "Control ID", "Ref", "Ref.", "Control Ref", "control_no", "#", "Mitigation id", "Safeguard code"),
    "title": ("Title", "Control name", "Control", "Mitigation", "Safeguard", "Name", "CONTROL  TITLE"),
    "description": ("Description", "Control description", "Details", "Control statement"),
    "owner": ("Owner", "Control owner", "Responsible", "Responsible team", "Team", "Accountable", "Owner (team)"),
    "assessor": ("Assessor", "Reviewer", "Tested by", "Assessed by", "Independent reviewer", "Auditor"),
    "every": ("Frequency", "Review frequency", "Test Frequency", "Interval", "Review cycle", "Cadence", "Frequency (months)", "Frequency in months"),
    "last_assessed": ("Last reviewed", "Last tested", "Last assessed", "Date last tested", "Last review date", "last_assessed"),
    "status": ("Status", "Control status", "Implementation status"),
    "layer": ("Layer", "Defence layer", "Control layer"),
    "lifecycle_stage": ("Lifecycle stage", "Stage", "Lifecycle phase"),
    "threat_models": ("Risk", "Risks", "Threat", "Threat model", "Risk addressed", "Mitigates"),
    "deployments": ("Applies to", "System", "Systems in scope", "Product", "Deployment"),
    "standards": ("Standard", "Standard(s)", "NIST control", "NIST 800-53 controls", "ISO 27001", "ISO/IEC 42001 clause"),
    "audience": ("Audience", "Exposure"),
    "depth": ("Depth", "Test depth"),
    "target": ("Success criteria", "Target"),
    "next_due": ("Next review", "next_review_due", "NextReviewDate", "Nächste Prüfung", "Prochaine revue", "Próxima revisión"),
    None: ("Comments", "Category", "Budget", "", "Type"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("header", "field"), [(header, field) for field, headers in GUESSES.items() for header in headers]
)
def test_headers_mean_what_people_mean_by_them(header: str, field: str | None) -> None:
    assert meaning(header, MITIGATIONS) == field


UNITS = {
    "6 days": ("Frequency (days)", "Turnus in Tagen", "Fréquence (jours)", "Frecuencia (días)"),
    "6 weeks": ("Frequency [weeks]", "Intervall (Wochen)", "Fréquence en semaines", "Frecuencia (semanas)"),
    "6 months": ("Frequency (months)", "Frequency in months", "Turnus (Monate)", "Fréquence (mois)", "Frecuencia en meses"),
    "18 months": ("Interval (quarters)",),
    "6 years": ("Review cycle (Years)", "Turnus (Jahre)", "Fréquence (années)", "Frecuencia (años)"),
    None: ("Frequency", "Frequency (per year)", "Turnus", "Fréquence (par mois)"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("header", "words"), [(header, words) for words, headers in UNITS.items() for header in headers]
)
def test_a_bare_number_has_the_unit_of_its_header(header: str, words: str | None) -> None:
    (row,) = imported(("Title", "Owner", header), ("T", "red-team", "6")).taken
    assert row.mitigation.every == (words and parse_duration(words))


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (
            ("Control ID", "Date", "Result", "Tester", "Notes"),
            ("mitigation", "assessed_on", "decision", "assessed_by", "summary"),
        ),
        (("ID", "Test date", "Outcome"), ("mitigation", "assessed_on", "decision")),
        (("ID", "Control", "Reviewed on", "RAG", "Status"), ("id", "mitigation", "assessed_on", "decision", None)),
    ],
)
def test_columns_of_history_are_told_apart_by_what_else_is_there(
    headers: tuple[str, ...], fields: tuple[str | None, ...]
) -> None:
    found = laid_out(headers, ["x"] * len(headers), guide=HISTORY)
    assert tuple(column.field for column in found.columns) == fields


def test_of_two_columns_that_mean_the_same_the_clearer_one_is_taken_and_the_other_named() -> None:
    found = laid_out(("Ref", "Control ID", "Title", "Owner", "Owner"), ("1", "C-1", "T", "red-team", "blue-team"))
    assert {column.name: column.field for column in found.columns} == {
        "Ref": None, "Control ID": "id", "Title": "title", "Owner": "owner", "Owner (2)": None,
    }  # fmt: skip
    assert [column.why for column in found.unused] == ["id is taken from 'Control ID'", "owner is taken from 'Owner'"]


def test_a_standard_with_a_column_of_its_own_names_its_catalogue() -> None:
    found = laid_out(
        ("Title", "Owner", "NIST control", "ISO 27001", "SOC thing"), "abcde", maps=["SOC thing=standards:SOC 2"]
    )
    assert [column.catalogue for column in found.of("standards")] == ["NIST-800-53", "ISO/IEC 27001", "SOC 2"]


def test_a_column_without_a_header_is_called_by_its_letter_and_an_empty_one_is_none() -> None:
    found = laid_out(("Title", "", "Owner", ""), ("T", "kept", "o", ""), maps=["column B=description"])
    assert [(column.name, column.field) for column in found.columns] == [
        ("Title", "title"),
        ("column B", "description"),
        ("Owner", "owner"),
    ]


def test_the_header_is_found_below_title_lines() -> None:
    found = laid_out(("AI safety controls",), (), ("", "as of", "June"), ("Ref", "Title", "Owner"), ("1", "T", "o"))
    assert (found.header.number, [row.number for row in found.above], [row.number for row in found.rows]) == (
        4,
        [1, 3],
        [5],
    )


def test_header_says_which_row_where_no_word_is_known() -> None:
    found = laid_out(("Liste", ""), ("Nummer", "Was"), ("1", "T"), header=2, maps=["Nummer=id", "Was=title"])
    assert [column.field for column in found.columns] == ["id", "title"]


def test_a_mapped_name_helps_to_find_the_header() -> None:
    found = laid_out(
        ("Liste", "von", "uns"), ("Nummer", "Massnahme"), ("1", "T"), maps=["Nummer=id", "massnahme=title"]
    )
    assert found.header.number == 2


@pytest.mark.parametrize(
    ("maps", "words"),
    [
        (["Title"], "'Title' is not a valid mapping. Write 'Column title=field'."),
        (["Title=titel"], "there is no field 'titel'. Did you mean 'title'? Fields are id, title"),
        (["Titel=title"], "there is no column 'Titel'. Did you mean 'Title'? Columns are 'Title' and 'Owner'."),
        (["Title=id", "Title=owner"], "the column 'Title' is mapped twice."),
        (["Title=id", "Owner=id"], "id is mapped to both 'Title' and 'Owner'. Leave one out: --map 'Owner=-'."),
        (["Owner=owner:NIST"], "'owner' cannot have a catalogue."),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused_with_what_to_write(maps: list[str], words: str) -> None:
    with pytest.raises(UsageError) as refused:
        laid_out(("Title", "Owner"), ("T", "o"), maps=maps)
    assert words in str(refused.value)
