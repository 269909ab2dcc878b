"""Cells are read as people write them; what has two meanings, or none, is not decided for them."""

from datetime import date

import pytest

from reassay.imports.cell_text import line, pieces, slug
from reassay.imports.dates import DateOrder, order_of, read_date
from reassay.imports.durations import read_cadence
from reassay.imports.standards import read_standards
from reassay.imports.vocabularies import DECISION, LAYER, STATUS, read_role, read_word
from reassay.register.mitigation import Standard

CADENCES = {
    "6 months": ("Every 6 months", "6M", "P6M", "semi-annual", "Semi-annually", "half-yearly", "every six months", "6-monthly", "six monthly",
                 "twice a year", "2x per year", "once every 6 months", "at least every 6 months", "6 mths", "Every 6 months."),
    "3 months": ("Quarterly", "once per quarter", "every quarter", "4 times a year", "3 mo", "3 months"),
    "1 year": ("annual", "Annually", "12 months", "yearly", "once a year", "at least annually", "per annum", "12 months (annual)", "each year"),
    "2 years": ("every two years", "biennial", "every other year", "24 months", "2 yrs"),
    "1 month": ("monthly", "every month", "1 mo"),
    "1 week": ("weekly", "once a week", "7 days"),
    "2 weeks": ("fortnightly", "every 14 days"),
    "90 days": ("90 days", "90d", "every 90 days"),
    "3 months to 6 months": ("3-6 months", "every three to six months", "3 to 6 months", "every 3 \u2013 6 months"),
    "1 year 6 months": ("18 months", "1 year 6 months", "every 18 months"),
    "unspecified": ("unspecified", "Periodically", "as needed", "ongoing", "TBD", "continuous", "ad hoc", "at regular intervals", "?"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), [(text, words) for words, texts in CADENCES.items() for text in texts])
def test_intervals_are_read_as_people_write_them(text: str, words: str) -> None:
    cell = read_cadence(text)
    assert cell.value is not None
    assert cell.value.words() == words
    assert bool(cell.why) == (words == "unspecified" and text != words)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("bi-annual", "ambiguous: twice a year or every two years"),
        ("Biannually", "ambiguous: twice a year or every two years"),
        ("bimonthly", "ambiguous: twice a month or every two months"),
        ("bi-weekly", "ambiguous: twice a week or every two weeks"),
        ("6", "an interval needs a unit"),
        ("per release", "not a recognised interval"),
        ("5 times a year", "not a recognised interval"),
        ("Monthly / Annual", "it has 2 intervals, and only one is possible"),
        ("6 to 3 months", "not a recognised interval"),
        ("0 months", "'0 months' is zero; write for example '6 months' or 'P6M'"),
        ("9999 years", "'9999 years' is longer than 100 years"),
        ("30 minutes", "not a recognised interval"),
        ("quarterly, 5 times", "not a recognised interval"),
    ],
)
def test_an_unclear_interval_is_left_out_with_the_reason(text: str, why: str) -> None:
    cell = read_cadence(text)
    assert (cell.value, cell.why) == (None, why)


def test_the_one_interval_of_a_longer_sentence_is_taken_and_the_rest_is_said() -> None:
    cell = read_cadence("Quarterly, or after an incident")
    assert cell.value is not None
    assert (cell.value.words(), cell.why) == ("3 months", "'after an incident' is not an interval and was left out")


def test_a_unit_in_the_header_gives_bare_numbers_a_meaning() -> None:
    cell = read_cadence("6", "months")
    assert cell.value is not None
    assert cell.value.words() == "6 months"


FIRST_OF_JUNE = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2026-06-01", None), ("2026/06/01", None), ("2026-6-1", None), ("2026-06-01 00:00:00", None), ("2026-06-01T09:30:00Z", None),
        ("01.06.2026", None), ("1.6.26", None), ("01.06.2026 14:05", None), ("1-Jun-26", None), ("1 June 2026", None),
        ("June 1, 2026", None), ("1st of June 2026", None), ("Mon, 1 Jun 2026", None), ("46174", None), ("46174.5", None),
        ("01/06/2026", DateOrder.DAY_FIRST), ("1/6/26", DateOrder.DAY_FIRST), ("1-6-2026", DateOrder.DAY_FIRST),
        ("6/1/2026", DateOrder.MONTH_FIRST), ("06/01/2026 9:00 AM", DateOrder.MONTH_FIRST),
    ],
)  # fmt: skip
def test_dates_are_read_as_spreadsheets_write_them(text: str, order: DateOrder | None) -> None:
    assert read_date(text, order).value == FIRST_OF_JUNE


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("June 2026", "the day is missing"), ("2026", "the day is missing"), ("Q2 2026", "the day is missing"), ("06/2026", "the day is missing"),
        ("31.02.2026", "this date does not exist"), ("2026-13-01", "this date does not exist"),
        ("13/13/2026", "this date does not exist, read day-first"), ("1/1/0206", "the year 206 is out of range"),
        ("TBD", "not a recognised date"), ("1.6.2026 and 2.6.2026", "not a recognised date"), ("12345678", "not a recognised date"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_not_made_into_one(text: str, why: str) -> None:
    cell = read_date(text, DateOrder.DAY_FIRST)
    assert (cell.value, cell.why) == (None, why)


@pytest.mark.parametrize(
    ("texts", "order", "undecided"),
    [
        (("05/06/2026", "13/06/2026"), DateOrder.DAY_FIRST, ()),
        (("5/6/2026", "6/13/2026"), DateOrder.MONTH_FIRST, ()),
        (("05/06/2026", "2026-06-13"), None, ("05/06/2026",)),
        (("13/06/2026", "6/13/2026", "5/6/2026"), None, ("5/6/2026",)),
        (("05/05/2026", "2026-06-13"), None, ()),
        (("13/06/2026", "6/13/2026"), None, ()),
    ],
)
def test_a_column_decides_about_day_and_month_or_nobody_does(
    texts: tuple[str, ...], order: DateOrder | None, undecided: tuple[str, ...]
) -> None:
    found = order_of(texts)
    assert (found.order, found.open_cells) == (order, undecided)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("safety-lead", "safety-lead"), ("@safety-lead", "safety-lead"), ("Trust & Safety", "trust-safety"), ("Red Team", "red-team"),
        ("red.team@example.org", "red-team"), ("Red Team <red.team@example.org>", "red-team"), ("Sécurité", "securite"),
        ("Security\nLegal", "security-legal"), ("LEGAL", "Legal-Team"),
    ],
)  # fmt: skip
def test_names_of_roles_are_made_from_teams_and_addresses(text: str, name: str) -> None:
    cell = read_role(text, {"legal": "Legal-Team"})
    assert cell.value is not None
    assert cell.value.name == name


def test_a_name_without_a_letter_of_ours_is_left_out_and_several_names_are_said() -> None:
    assert read_role("安全", {}).value is None
    assert read_role("Security, Legal", {}).why == "it may name several people, who became one role"


@pytest.mark.parametrize(
    ("text", "catalogue", "found"),
    [
        ("NIST 800-53 AC-2; ISO 27001 A.8.3", None, [("NIST-800-53", "AC-2"), ("ISO/IEC 27001", "A.8.3")]),
        ("NIST SP 800-53 Rev. 5: AC-2(1)", None, [("NIST-800-53", "AC-2(1)")]),
        ("ISO/IEC 42001:2023 A.6.2", None, [("ISO/IEC 42001", "A.6.2")]),
        ("RAND SL3", None, [("RAND SL", "SL3")]),
        ("Our policy: 4.1", None, [("Our policy", "4.1")]),
        ("AC-2, AC-3; AC-2", "NIST-800-53", [("NIST-800-53", "AC-2"), ("NIST-800-53", "AC-3")]),
        ("AC-2: Account management", "NIST-800-53", [("NIST-800-53", "AC-2: Account management")]),
    ],
)
def test_controls_of_catalogues_are_read(text: str, catalogue: str | None, found: list[tuple[str, str]]) -> None:
    assert read_standards(text, catalogue).value == tuple(
        Standard(catalogue=name, control=control) for name, control in found
    )


def test_a_control_of_no_catalogue_is_left_out() -> None:
    cell = read_standards("AC-2: Account management; RAND SL3", None)
    assert cell.value == (Standard(catalogue="RAND SL", control="SL3"),)
    assert cell.why == "'AC-2: Account management' names no catalogue"


def test_words_of_a_vocabulary() -> None:
    assert read_word("In place", STATUS).value == "active"
    assert read_word("Organizational", LAYER).value == "organisational"
    assert read_word("Training Data", LAYER).value == "training-data"
    assert read_word("AMBER", DECISION).value == "degraded"
    assert read_word("sytem", LAYER).remedy.startswith("Did you mean 'system'? Possible values: training-data, model,")
    assert read_word("Partially implemented", STATUS).value is None


@pytest.mark.parametrize(
    "text", ["inactive", "inaktiv", "inactif", "inactivo", "Inactive", "not active", "deactivated", "nicht aktiv"]
)
def test_a_word_is_never_taken_for_its_contrary(text: str) -> None:
    cell = read_word(text, STATUS)
    assert cell.value is None
    assert "Did you mean 'active'" not in cell.remedy


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("C-001", "c-001"),
        ("AC-2 (1)", "ac-2-1"),
        ("Größe", "grosse"),
        ("User's rights", "users-rights"),
        ("安全", ""),
        ("x" * 200, "x" * 100),
    ],
)
def test_ids_are_slugs(text: str, name: str) -> None:
    assert slug(text) == name


def test_long_titles_end_at_a_word_and_lists_split_where_they_say() -> None:
    assert line("a\nb  c").value == "a b  c"
    cut = line("word " * 100)
    assert cut.value is not None
    assert len(cut.value) <= 300
    assert cut.why == "it has 499 characters; a line has at most 300"
    assert pieces("a; b;a;") == ("a", "b")
    assert pieces("• a, b\n• c") == ("a, b", "c")
