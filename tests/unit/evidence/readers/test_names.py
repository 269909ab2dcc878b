"""Names and instants of files, made fit to be kept."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from reassay.evidence.readers.names import instant_of, name_of
from reassay.register.base import Line


@given(st.text(st.characters(codec=None), max_size=400) | st.integers() | st.floats() | st.booleans() | st.none())
def test_a_name_fits_on_a_line_and_can_be_written(value: object) -> None:
    name = name_of(value)
    if name is not None:
        assert TypeAdapter(Line).validate_python(name) == name
        assert name.encode("utf-8")


def test_long_names_that_begin_alike_stay_apart() -> None:
    assert name_of("x" * 400 + "a") != name_of("x" * 400 + "b")
    assert len(name_of("x" * 400) or "") == 300


@pytest.mark.parametrize(
    ("value", "name"), [(True, "true"), (1, "1"), (1.0, "1.0"), ("", None), (" \n", None), ([], None), ({}, None)]
)
def test_what_is_a_name(value: object, name: str | None) -> None:
    assert name_of(value) == name


@pytest.mark.parametrize(
    "value", ["2026-11-30", "2026-11-30T03:18:20", "soon", "", None, True, float("nan"), 1e300, [], -1e300]
)
def test_what_is_no_instant(value: object) -> None:
    assert instant_of(value) is None


def test_instants_have_a_zone() -> None:
    expected = datetime(2026, 11, 30, 3, 18, 20, tzinfo=UTC)
    for value in ("2026-11-30T03:18:20Z", "2026-11-30T04:18:20+01:00", expected.timestamp(), int(expected.timestamp())):
        assert instant_of(value) == expected
