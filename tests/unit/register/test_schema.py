"""The schema says what the reader accepts, and every key of it explains itself."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # comes with openapi-core, its stubs do not
import pytest

from docs.generate_register import render_schema
from reassay.cli.schema import KINDS
from reassay.register.examples import ELSEWHERE, EXAMPLES
from reassay.register.files.nodes import plain
from reassay.register.files.yaml_reader import read_yaml
from reassay.register.schema import COLLECTION, SCHEMAS, schema_of

ROOT = Path(__file__).parents[3]
LAB = ROOT / "examples" / "frontier-lab"


@cache
def schema(name: str) -> Mapping[str, object]:
    return schema_of(name)


def objections(name: str, document: object) -> list[object]:
    return list(jsonschema.Draft202012Validator(schema(name)).iter_errors(document))


def data(path: Path) -> object:
    node, _ = read_yaml(path.name, path.read_text(encoding="utf-8"))
    assert node is not None
    return plain(node, path.name).data


def parts(name: str) -> Iterator[tuple[str, dict[str, object]]]:
    yield name, dict(schema(name))
    definitions = schema(name).get("$defs", {})
    assert isinstance(definitions, dict)
    yield from definitions.items()


@pytest.mark.slow
@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_valid_and_committed_as_it_is(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))
    committed = (ROOT / "docs" / "reference" / "schema" / f"{name}.json").read_text(encoding="utf-8")
    assert committed == render_schema(name), "run `make docs`"


def test_the_command_offers_every_schema() -> None:
    assert KINDS == SCHEMAS


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("mitigation", sorted((LAB / "framework" / "mitigations").glob("*.yml"))),
        ("deployment", sorted((LAB / "framework" / "deployments").glob("*.yml"))),
        (COLLECTION, [*sorted((LAB / "framework").glob("*.yml")), ROOT / "examples/starter/framework/mitigations.yml"]),
        ("configuration", [LAB / ".github" / "reassay.yml"]),
    ],
)
def test_the_examples_are_valid_by_the_schema(name: str, paths: list[Path]) -> None:
    assert paths
    for path in paths:
        assert objections(name, data(path)) == [], path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("mitigation", {"id": "a", "title": "T"}),
        ("mitigation", {"id": "A_b", "title": "T", "owner": "o"}),
        ("mitigation", {"id": "a", "title": "T", "owner": "o", "ownr": "x"}),
        ("mitigation", {"id": "a", "title": "T", "owner": "o", "every": 6}),
        ("mitigation", {"id": "a", "title": "T", "owner": "o", "status": "Active"}),
        ("mitigation", {"id": "a", "title": "T", "owner": "o", "kind": "deployment"}),
        (
            "mitigation",
            {"id": "a", "title": "T", "owner": "o", "target": {"statement": "s", "criteria": [{"kind": "x"}]}},
        ),
        ("deployment", {"id": "a", "title": "T", "audience": "all"}),
        ("threat-model", {"id": "a", "title": "T", "atlas": ["T0051"]}),
        ("configuration", {"roles": {"r": ["u"]}}),
        (COLLECTION, {"mitigation": []}),
        (COLLECTION, {"register": "x/"}),
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(name: str, document: object) -> None:
    assert objections(name, document)


def test_a_kind_may_be_said() -> None:
    document = {"id": "a", "title": "T", "owner": "o", "kind": "mitigation", "every": "6 months"}
    assert not objections("mitigation", document)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_says_what_it_means_and_every_required_one_has_an_example(name: str) -> None:
    for part, own in parts(name):
        properties = own.get("properties", {})
        assert isinstance(properties, dict)
        silent = [key for key, value in properties.items() if not value.get("description")]
        assert silent == [], part
        required = own.get("required", [])
        assert isinstance(required, list)
        assert set(required) <= EXAMPLES.keys() | {key for _, key in ELSEWHERE}, part


@pytest.mark.slow
def test_intervals_and_dates_are_texts_and_defaults_are_written_like_them() -> None:
    text = json.dumps(schema(COLLECTION))
    assert '"default": "P14D"' in text
    assert '"format": "date"' in text
    assert '"months":' not in text
