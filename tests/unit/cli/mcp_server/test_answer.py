"""How an answer is shortened: never beyond its bound, never silently, and the first entries of a list stay."""

import argparse
import json
from pathlib import Path
from typing import Any, TextIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.cli.mcp_server.answer import LONGEST_TEXT, bounded
from reassay.cli.mcp_server.tools import TOOLS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(min_size=1, max_size=6), inner, max_size=4),
    max_leaves=30,
)
DOCUMENTS = st.dictionaries(st.text(min_size=1, max_size=6), JSON, max_size=5)


def test_a_short_document_stays_as_it_is() -> None:
    document: dict[str, Any] = {"schema": "x", "cells": [{"a": "b"}] * 3}
    assert bounded(document) == (document, {})


def test_the_last_entries_of_the_longest_list_are_left_out_and_counted() -> None:
    document: dict[str, Any] = {
        "schema": "x",
        "short": [1, 2],
        "cells": [{"number": number} for number in range(1_000)],
    }
    short, left_out = bounded(document, 2_000)
    assert short["short"] == [1, 2]
    cells = short["cells"]
    assert isinstance(cells, list)
    assert cells == document["cells"][: len(cells)]
    assert left_out == {"cells": 1_000 - len(cells)}
    assert len(document["cells"]) == 1_000


def test_a_long_text_is_cut_and_says_how_much_is_missing() -> None:
    short, left_out = bounded({"cells": [{"reason": "x" * (LONGEST_TEXT + 5)}]})
    assert left_out == {"cells[].reason": 5}
    assert json.dumps(short, ensure_ascii=False).endswith('… (5 more characters)"}]}')


def test_a_document_that_is_all_names_keeps_its_short_values() -> None:
    short, left_out = bounded({"schema": "x", "summary": {str(number): 1 for number in range(500)}}, 100)
    assert (short, left_out) == ({"schema": "x"}, {"summary": 1})


@pytest.mark.slow
@settings(max_examples=60)
@given(DOCUMENTS, st.integers(min_value=200, max_value=600))
def test_whatever_the_document_its_bound_holds_and_what_is_gone_is_named(
    document: dict[str, Any], largest: int
) -> None:
    before = json.dumps(document)
    short, left_out = bounded(document, largest)
    assert len(json.dumps(short, ensure_ascii=False)) <= largest
    assert json.dumps(document) == before
    assert (short == document) == (not left_out)


def test_a_summary_counts_what_was_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the document is cut, its summary is still about all of it."""
    lost = [{"id": f"m-{number}", "finding": "x" * 900} for number in range(200)]
    whole = {"schema": "s", "summary": {"unreadable": 200}, "unreadable": lost, "cells": []}

    def run(_: object, out: TextIO, __: object) -> int:
        out.write(json.dumps(whole))
        return 1

    monkeypatch.setattr("reassay.cli.parse", lambda _: argparse.Namespace(run=run))
    answer = next(tool for tool in TOOLS if tool.name == "status").answer(str(tmp_path), {})
    assert answer.left_out
    assert "200 parts of the register cannot be read" in answer.summary
