"""load(dump(x)) == x, for every kind of object: what is written out again means what was read."""

import json
import re
from datetime import date, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from reassay.common.calendar import Duration
from reassay.imports.files.spreadsheet_yaml import as_yaml
from reassay.register.base import ID_PATTERN, NAME_PATTERN, Described
from reassay.register.pins import LOGIN_PATTERN, TEAM_PATTERN
from reassay.register.register import KINDS, LISTS
from reassay.register.schema import schema_of
from tests.examples import examples
from tests.unit.register.trees import read

ABOUT_OTHERS = {
    "unknown-reference",
    "ambiguous-reference",
    "former-id-twice",
    "former-id-in-use",
    "colliding-id",
    "unreadable-agreement",
    "unknown-anchor",
    "unknown-circumstance",
    "direction-missing",
    "bound-not-positive",
    "bound-always-met",
    "deadline-never-runs",
    "no-other-schedule",
    "listed-twice",
    "without-effect",
}
"""Findings about other objects, ids given twice, texts inside an object, or fields without effect: the object was read."""
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(str)
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}Z") | DAYS  # noqa: DTZ001 -- the Z is written
DURATIONS = st.builds(Duration, st.integers(0, 60), st.integers(1, 60)).map(
    lambda each: each.words()
) | st.sampled_from(["P6M", "quarterly", "2 weeks", "1 year 6 months"])
LINES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
PATTERNS = {
    ID_PATTERN: st.from_regex(ID_PATTERN, fullmatch=True).filter(lambda text: len(text) <= 100),
    NAME_PATTERN: st.sampled_from(["safety-lead", "Red-Team-Lead", "a1"]),
    LOGIN_PATTERN: st.sampled_from(["safety-lead", "Red-Team-Lead#1003", "a1", "board#7"]),
    TEAM_PATTERN: st.sampled_from(["example-lab/board", "example-lab/board#77"]),
}


def values(  # noqa: C901, PLR0911 -- one branch for each sort of schema
    schema: dict[str, Any], definitions: dict[str, Any], depth: int = 0
) -> st.SearchStrategy[Any]:
    """Whatever the schema allows, small."""
    if "$ref" in schema:
        return values(definitions[schema["$ref"].rpartition("/")[2]], definitions, depth)
    for union in ("anyOf", "oneOf"):
        if union in schema:
            members = [
                each for each in schema[union] if depth < 4 or not re.search("AnySpec|AllSpec", str(each.get("$ref")))
            ]
            return st.one_of([values(each, definitions, depth) for each in members])
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "object":
            return objects(schema, definitions, depth)
        case "array":
            least = schema.get("minItems", 0)
            return st.lists(values(schema["items"], definitions, depth + 1), min_size=least, max_size=max(least, 2))
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(max(1, schema.get("minimum", 1)), 1000)
        case "number":
            low, high = schema.get("minimum", 0), schema.get("maximum", 1000)
            return st.integers(low * 1000, high * 1000).map(lambda number: number / 1000)
        case "null":
            return st.none()
        case _:
            return texts(schema)


def texts(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    said = f"{schema.get('description')}{schema.get('examples')}"
    if schema.get("format") == "date":
        return DAYS
    if "ISO 8601" in said:
        return DURATIONS
    if "14:30Z" in said:
        return INSTANTS
    pattern = schema.get("pattern")
    if pattern in PATTERNS:
        return PATTERNS[pattern]
    if pattern and re.search(r"sha256|AML|https|/ \*|\[a-z\]\[a-z0-9\]|\\\\", pattern):
        return st.from_regex(pattern, fullmatch=True).filter(lambda text: text.isprintable() and text.isascii())
    return LINES


def objects(schema: dict[str, Any], definitions: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    if "properties" not in schema:
        below = next(iter(schema.get("patternProperties", {"": schema.get("additionalProperties")}).values()))
        names = st.sampled_from(["effective_compute", "refusal_rate"])
        return st.dictionaries(names, values(below, definitions, depth + 1), max_size=2)
    required = set(schema.get("required", []))
    given = {key: values(each, definitions, depth + 1) for key, each in schema["properties"].items()}
    return st.fixed_dictionaries(
        {key: each for key, each in given.items() if key in required},
        optional={key: each for key, each in given.items() if key not in required},
    )


def valid(model: type[Described], drawn: dict[str, Any]) -> Described:
    """The object, less the keys that contradict others."""
    for _ in range(20):
        try:
            return model.model_validate_json(json.dumps(drawn))
        except ValidationError as error:
            places = [each["loc"] for each in error.errors()]
        wrong = {str(place[0]) for place in places if place} & drawn.keys()
        wrong = wrong or ({*CONTRADICTING} & drawn.keys())
        optional = {key for key in wrong if not model.model_fields[NAMES.get(key, key)].is_required()}
        if not optional:
            break
        drawn = {key: value for key, value in drawn.items() if key not in optional}
    assume(condition=False)
    raise AssertionError


CONTRADICTING = (
    "assessors",
    "reassess",
    "occurred_at",
    "resolved_at",
    "sealed",
    "accepted_on",
    "must_complete",
    "superseded_by",
)
NAMES = {"from": "from_"}


@cache
def everything_of(kind: str) -> st.SearchStrategy[Any]:
    """Made once: there are thousands of strategies below it."""
    schema = schema_of(kind)
    return values({**schema, "$defs": {}}, schema.get("$defs", {}))  # type: ignore[arg-type] # a schema


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=examples(40))
@given(data=st.data())
def test_what_is_dumped_is_read_back_as_the_same(kind: str, data: st.DataObject) -> None:
    model = KINDS[kind]
    drawn = data.draw(everything_of(kind))
    if "kind" not in model.model_fields:
        drawn.pop("kind", None)
    made = valid(model, drawn)
    key = next(name for name, each in LISTS.items() if each == kind)
    register = read({"framework/all.yml": as_yaml({key: [made]})})
    assert [each for each in register.errors if each.code not in ABOUT_OTHERS] == []
    if made.id in register.objects(kind):
        assert register.objects(kind)[made.id].value == made
    else:
        assert register.errors, "left out only because a name leads nowhere"
