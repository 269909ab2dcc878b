"""`reassay schema` prints what the reference holds."""

import io
from pathlib import Path

import pytest

from reassay.cli import main
from reassay.cli.schema import KINDS

SCHEMAS = Path(__file__).parents[3] / "docs" / "reference" / "schema"


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_it_prints_the_committed_schema(name: str) -> None:
    out, err = io.StringIO(), io.StringIO()
    assert main(["schema", name], out, err) == 0
    assert out.getvalue() == (SCHEMAS / f"{name}.json").read_text(encoding="utf-8")
    assert err.getvalue() == ""


@pytest.mark.slow
def test_without_a_kind_it_prints_that_of_a_list() -> None:
    out = io.StringIO()
    assert main(["schema"], out, io.StringIO()) == 0
    assert out.getvalue() == (SCHEMAS / "collection.json").read_text(encoding="utf-8")
