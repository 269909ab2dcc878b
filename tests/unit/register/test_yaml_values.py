"""YAML 1.2, core schema: what plain scalars mean, and that nothing is lost between writing and reading."""

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.register.files.nodes import plain
from reassay.register.files.yaml_reader import read_yaml
from tests.examples import examples


def value(text: str) -> object:
    node, findings = read_yaml("a.yml", text)
    assert node is not None
    assert findings == ()
    return plain(node, "a.yml").data


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("No", "No"),
        ("off", "off"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("tRUE", "tRUE"),
        ("null", None),
        ("~", None),
        ("2026-06-01", "2026-06-01"),
        ("1:30", "1:30"),
        ("12:30:45", "12:30:45"),
        ("012", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("+5", 5),
        ("-5", -5),
        ("-", ["-"]),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("4.2", 4.2),
        ("4.2.1", "4.2.1"),
        ("'1'", "1"),
        ('"true"', "true"),
        ("!!str 1", "1"),
        ("! 1", "1"),
        ("!!int '3'", 3),
        ("!!float 3", 3.0),
        ("!!bool 'true'", True),
        ("!!null ''", None),
        ("|\n a\n b\n", "a\nb\n"),
        (">-\n a\n b\n", "a b"),
        ("=", "="),
        ("P6M", "P6M"),
    ],
)
def test_plain_scalars_mean_what_yaml_1_2_says(text: str, expected: object) -> None:
    if text == "-":
        assert value("- -") == [[None]]
    else:
        assert value(f"- {text}") == [expected]


def test_keys_are_texts_even_where_older_yaml_has_booleans() -> None:
    assert value("on: 1\nyes: 2\n") == {"on": 1, "yes": 2}


def test_line_ends_of_all_systems_and_a_byte_order_mark_read_the_same() -> None:
    unix = "a: 1\nb:\n  - x\n"
    assert value(unix) == value(unix.replace("\n", "\r\n")) == value(unix.replace("\n", "\r"))


def test_places_count_characters_and_lines_whatever_the_line_end() -> None:
    node, _ = read_yaml("a.yml", "é: 1\r\n😀: {b: 2}\r\n")
    assert node is not None
    origin = plain(node, "a.yml").origin
    assert origin.key_marks["😀", "b"] == (2, 5)
    assert origin.marks["😀", "b"] == (2, 8)


def test_an_alias_stands_for_what_it_repeats() -> None:
    assert value("a: &x {b: 1}\nc: [*x, *x]\n") == {"a": {"b": 1}, "c": [{"b": 1}, {"b": 1}]}


TEXTS = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\x7f\x85\u2028\u2029\ufeff"), max_size=30
)
# json.dumps leaves C1 controls and non-characters raw; files may not hold them raw either.
JSON_TEXTS = TEXTS.filter(
    lambda text: not any(0x7F <= ord(each) <= 0x9F or ord(each) & 0xFFFE == 0xFFFE for each in text)
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | JSON_TEXTS,
    lambda below: (
        st.lists(below, max_size=4) | st.dictionaries(JSON_TEXTS.filter(lambda key: key != "<<"), below, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.slow
@given(JSON)
@settings(max_examples=examples(250), deadline=None)
def test_json_is_read_as_the_same_data(data: object) -> None:
    assert value(json.dumps(data, ensure_ascii=False)) == data


@pytest.mark.slow
@given(JSON)
@settings(max_examples=examples(250), deadline=None)
def test_what_a_yaml_library_writes_is_read_as_the_same_data(data: object) -> None:
    # Quoted and tagged throughout: plain scalars of YAML 1.1 mean something else.
    written = yaml.safe_dump(data, default_style='"', allow_unicode=False)
    assert value(written) == data
