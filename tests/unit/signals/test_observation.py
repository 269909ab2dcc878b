"""Configuration files of products as fields of a deployment: formats, pointers, words, and what cannot be read."""

import json
from contextlib import suppress
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from reassay.register.deployment import Deployment
from reassay.register.observed_paths import ObservableField, ObservedPath
from reassay.signals.observing.observation import ObservedFields, observe, paths_in, repositories_of, settings_of
from reassay.signals.observing.observed_values import deployment_with, field_value
from reassay.signals.observing.product_documents import UnreadValueError, read_document
from tests.make import deployment

NOT_OBSERVABLE = {
    "references", "related",
    "id", "title", "description", "safeguard_exemptions", "preauthorised_changes", "planned", "since", "observed",
}  # fmt: skip
"""Agreements and names of the register itself."""


def path(place: str = "app/config.yaml#/inputs", field: str = "modalities_in", **values: str) -> ObservedPath:
    return ObservedPath.model_validate_json(
        json.dumps({"repository": "example-lab/product", "path": place, "field": field, "values": values})
    )


def read(data: bytes, *paths: ObservedPath) -> ObservedFields:
    return observe(paths or (path(),), lambda _file: data)


def test_every_field_of_a_deployment_is_observable_or_known_not_to_be() -> None:
    assert {*get_args(ObservableField)} | NOT_OBSERVABLE == {*Deployment.model_fields}


@pytest.mark.parametrize(
    ("place", "data"),
    [
        ("a/b.yaml#/inputs", b"inputs: [text, img]\n"),
        ("a/b.yml#/app/inputs", b"app:\n  inputs:\n  - img\n  - text\n  - text\n"),
        ("a/b.json#/inputs", b'{"inputs": ["text", "img"]}'),
        ("a/b.toml#/app/inputs", b'[app]\ninputs = ["text", "img"]\n'),
        ("a/b.yaml#/models/1/inputs", b"models: [{}, {inputs: [text, img]}]\n"),
        ("a/b.yaml#/a~1b/c~0d", b"a/b: {c~d: [text, img]}\n"),
        ("a/b.yaml", b"[text, img]\n"),
        ("a/b.yaml#/inputs", b"\xef\xbb\xbfother: !secret x\ntwice: 1\ntwice: 2\ninputs: &a [text, img]\n"),
    ],
)
def test_formats_and_pointers(place: str, data: bytes) -> None:
    assert read(data, path(place, img="image")).values == {"modalities_in": ["image", "text"]}


@pytest.mark.parametrize(
    ("place", "data", "why"),
    [
        ("a.yaml#/inputs", b"inputs: text", "it is a text, and a list is needed"),
        ("a.yaml#/inputs", b"inputs: {text: true}", "it is a mapping, and a list is needed"),
        ("a.yaml#/inputs", b"inputs:", "it is empty, so what applies is not said"),
        ("a.yaml#/inputs", b"inputs: [text, 3]", "3 is a number, and a text is needed; map it under 'values'"),
        ("a.yaml#/inputs", b"inputs: [text, true]", "true is a truth value"),
        ("a.yaml#/inputs", b"inputs: [text, [image]]", "it has a list where a text is needed"),
        ("a.yaml#/inputs", b"inputs: [hologram]", "'hologram' is not a word of the register for 'modalities_in'"),
        ("a.yaml#/inputs", b"", "there is no '/inputs'"),
        ("a.yaml#/inputs", b"inputs: [text]\ninputs: [image]", "'/inputs' is given twice"),
        ("a.yaml#/inputs", b"inputs: [!x text]", "has what programs read in different ways"),
        ("a.yaml#/inputs", b"a: 1\n---\nb: 2", "more than one YAML document"),
        ("a.yaml#/inputs/00", b"inputs: [text]", "there is no '/inputs/00'"),
        ("a.yaml#/inputs/-", b"inputs: [text]", "there is no '/inputs/-'"),
        ("a.yaml#/inputs/9999999999999999999999", b"inputs: [text]", "there is no"),
        ("a.yaml#/inputs", b"\xff\xfe", "not UTF-8"),
        ("a.yaml#/inputs", b"x" * 600_000, "at most 500,000 are read"),
        ("a.json#/inputs", b'{"inputs": ["text"], "inputs": ["image"]}', "the key 'inputs' is given twice"),
        ("a.json#/inputs", b'{"inputs": NaN}', "NaN is not a number"),
        ("a.json#/inputs", b"[" * 100_000, "the file is nested too deeply"),
        ("a.json#/inputs", b"{", "the file is not valid JSON"),
        ("a.toml#/inputs", b"inputs = 1979-05-27", "it is a date or time, and a list is needed"),
        ("a.toml#/inputs", b"inputs =", "the file is not valid TOML"),
    ],
)
def test_what_cannot_be_read_says_why(place: str, data: bytes, why: str) -> None:
    found = read(data, path(place))
    assert found.values == {}
    assert why in found.unread["modalities_in"]
    assert found.unread["modalities_in"].startswith(place)


@pytest.mark.parametrize(
    ("field", "data", "words", "value"),
    [
        ("audience", "beta", {"beta": "trusted-testers"}, "trusted-testers"),
        ("audience", True, {"true": "external"}, "external"),
        ("context_tokens", 128000, {}, 128000),
        ("context_tokens", "long", {"long": "200000"}, 200000),
        ("rollout_percent", 12.5, {}, 12.5),
        ("rollout_percent", 12, {}, 12.0),
        ("age_policy", 18, {"18": "18+"}, "18+"),
        ("model", " titan-2 ", {}, "titan-2"),
        ("affordances", [], {}, []),
    ],
)
def test_values_of_each_shape(field: str, data: object, words: dict[str, str], value: object) -> None:
    assert field_value(field, data, words) == value


@pytest.mark.parametrize(
    ("field", "data", "words"),
    [
        ("context_tokens", True, {}),
        ("context_tokens", 0, {}),
        ("context_tokens", 1.5, {}),
        ("context_tokens", "long", {"long": "very"}),
        ("context_tokens", "long", {"long": "[1]"}),
        ("rollout_percent", float("nan"), {}),
        ("rollout_percent", 101, {}),
        ("rollout_percent", 10**400, {}),
        ("access", [], {}),
        ("audience", ["external"], {}),
        ("audience", "everybody", {}),
        ("model", "", {}),
        ("model", "x" * 301, {}),
        ("model", "a\nb", {}),
        ("model", "\ud800", {}),
        ("age_policy", 18, {}),
    ],
)
def test_values_that_the_field_does_not_have(field: str, data: object, words: dict[str, str]) -> None:
    with pytest.raises(UnreadValueError):
        field_value(field, data, words)


def test_the_line_is_where_the_value_is() -> None:
    place = read(b"# inputs\n\ninputs:\n  - text\n").places["modalities_in"]
    assert (place.path, place.line) == ("app/config.yaml", 4)


def test_two_paths_for_one_field_are_not_read() -> None:
    found = read(b"inputs: [text]", path(), path("other.yaml#/inputs"))
    assert found.unread == {"modalities_in": "two paths are declared for it"}


@pytest.mark.parametrize(
    "place",
    ["", "#/a", "/a.yaml", "a.yaml#a", "a.yaml#/~2", "a.txt#/a", "a\n.yaml", "a.yaml" + "/a" * 300],
)
def test_a_place_is_a_file_of_a_known_format_and_a_pointer(place: str) -> None:
    with pytest.raises(ValidationError, match=r"app/config\.yaml#/inputs"):
        path(place)


def test_settings_are_the_same_in_any_order_and_differ_with_each_word() -> None:
    one, two = path(img="image"), path(field="model", place="a.json#/model")
    assert settings_of((one, two)) == settings_of((two, one))
    others = {settings_of((path(),)), settings_of((path(img="audio"),)), settings_of((path("b.yaml#/inputs"),))}
    assert len(others | {settings_of((one,))}) == 4


def test_repositories_are_compared_as_github_does() -> None:
    observed = [json.loads(path().model_dump_json()) | {"repository": name} for name in ("Lab/App", "lab/app")]
    own = deployment("api", observed=observed)
    assert repositories_of(own) == ("Lab/App",)
    assert len(paths_in(own, "LAB/APP")) == 2


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.slow
@given(st.sampled_from(get_args(ObservableField)), JSON_VALUES, st.dictionaries(st.text(), st.text(), max_size=3))
def test_any_value_is_one_of_the_field_or_unread_and_reading_it_again_changes_nothing(
    field: str, data: object, words: dict[str, str]
) -> None:
    try:
        value = field_value(field, data, words)
    except UnreadValueError:
        return
    assert field_value(field, value, {}) == value
    assert getattr(deployment_with(deployment("api"), {field: value}), field) is not None


@given(st.binary() | st.text().map(str.encode), st.sampled_from(["a.yaml", "a.json", "a.toml"]))
def test_any_bytes_are_a_document_or_unread(data: bytes, file: str) -> None:
    found = observe((path(f"{file}#/inputs"),), lambda _file: data)
    assert found.values or found.unread
    with suppress(UnreadValueError):
        read_document(file, data)
