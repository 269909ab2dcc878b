"""What recipes make of ids, titles, licences and tables, without a catalogue."""

import pytest

from reassay.imports.recipes.base import kebab, title_and_text
from reassay.imports.recipes.requirement_tables import newest, requirements
from reassay.imports.recipes.stated_licences import judged


@pytest.mark.parametrize(
    "statement",
    [
        "CC BY-SA 3.0 - The OWASP Foundation",
        "public domain",
        "Government / Open Overheid (CC0)",
        "Licensed under the Apache License, Version 2.0. ALL RIGHTS RESERVED.",
        "Licence ouverte / Open Licence (Étalab - v2.0)",
        "Creative Commons Attribution 4.0 International",
    ],
)
def test_licences_that_allow_it_are_recognised(statement: str) -> None:
    assert judged(statement).not_permitted == ""


@pytest.mark.parametrize(
    ("published", "identity"),
    [
        ("controlRedTeaming", "control-red-teaming"),
        ("riskMCPTransportHijacking", "risk-mcp-transport-hijacking"),
        ("AML.M0004", "aml-m0004"),
        ("AISVS-2.1.1", "aisvs-2-1-1"),
        ("GOVERN 1.1", "govern-1-1"),
    ],
)
def test_published_ids_become_ids_of_the_register(published: str, identity: str) -> None:
    assert kebab(published) == identity


@pytest.mark.parametrize(
    ("text", "title", "rest"),
    [
        ("Short text", "Short text", ""),
        ("Verify that this is done. It must be.", "Verify that this is done.", "Verify that this is done. It must be."),
        ("E.g. This is a long first sentence.", "E.g. This is a long first sentence.", ""),
        ("a " * 400, f"{('a ' * 149).strip()}…", "a " * 400),
    ],
)
def test_a_text_gets_a_title(text: str, title: str, rest: str) -> None:
    assert title_and_text(text) == (title, rest)


def test_the_newest_version_is_a_number() -> None:
    assert newest(("1.0", "1.01-dev", "0.9", "1.0.1")) == "1.0.1"
    assert newest(("dev",)) == ""


def test_rows_of_other_tables_are_no_requirements() -> None:
    assert [
        row.number for row in requirements("c.md", "## A\n| 1.2 | two |\n| **1.2.3** | three | 1 |\n| # | x |\n")
    ] == ["1.2.3"]
