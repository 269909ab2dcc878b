"""`c14n/1`: the same under formatting, reordering and comments; changed by any change of meaning."""

import json
import random
import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reassay.common.canonical import digest
from reassay.imports.files.spreadsheet_yaml import Yaml12Dumper
from reassay.register.c14n import SETS, VERSION, canonical_form, content_digest, number
from reassay.register.files.nodes import plain
from reassay.register.files.text import Unreadable
from reassay.register.files.yaml_reader import read_yaml
from reassay.register.register import KINDS

PLACE = Path(__file__).parents[3] / "docs" / "reference" / "c14n-1"
PUBLISHED = json.loads((PLACE / "vectors.json").read_text(encoding="utf-8"))


def read(text: str) -> dict[str, object]:
    node, findings = read_yaml("v.yml", text)
    assert node is not None
    assert not findings
    data = plain(node, "v.yml").data
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize("vector", PUBLISHED["vectors"], ids=lambda vector: vector["name"])
def test_the_published_vectors(vector: dict[str, object]) -> None:
    written = vector["written"]
    assert isinstance(written, list)
    for text in written:
        form = canonical_form(read(text))
        assert form.decode() == vector["canonical"]
        assert f"{VERSION}:{digest(form)}" == content_digest(read(text)) == vector["digest"]


def test_no_two_vectors_have_the_same_digest_and_the_page_names_every_set() -> None:
    digests = [vector["digest"] for vector in PUBLISHED["vectors"]]
    assert len(set(digests)) == len(digests)
    page = (PLACE / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`([a-z_]+)`", page.split("They are:")[1].split("5. ")[0])) == SETS


@pytest.mark.slow
def test_every_key_declared_as_a_set_is_a_list_of_names_somewhere() -> None:
    known = {key for model in KINDS.values() for key in _lists(model.model_json_schema())}
    assert known >= SETS - {"formerly"}


def _lists(schema: dict[str, object]) -> set[str]:
    found: set[str] = set()
    parts = [schema, *schema.get("$defs", {}).values()]  # type: ignore[attr-defined] # a mapping of schemas
    for part in parts:
        for key, value in part.get("properties", {}).items():
            if "array" in json.dumps(value):
                found.add(key)
    return found


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\u2028\u2029\ufffe\uffff\x85"), max_size=12)  # fmt: skip
NUMBERS = st.integers(-(10**17), 10**17) | st.floats(-1e15, 1e15, allow_nan=False).map(lambda value: round(value, 6))
KEYS = st.sampled_from([*sorted(SETS)[:6], "title", "assumptions", "at_most", "id"]) | TEXTS.filter(
    lambda key: key not in {"", "<<"}
)
DOCUMENTS = st.dictionaries(
    KEYS,
    st.recursive(
        st.none() | st.booleans() | NUMBERS | TEXTS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=6,
)


def shuffled(value: object, seed: random.Random, key: str = "") -> object:
    """The same meaning: keys in another order, sets in another order and with repetitions."""
    if isinstance(value, dict):
        pairs = list(value.items())
        seed.shuffle(pairs)
        return {name: shuffled(item, seed, name) for name, item in pairs}
    if isinstance(value, list):
        items = [shuffled(item, seed) for item in value]
        if key in SETS and items:
            items.append(seed.choice(items))
            seed.shuffle(items)
        return items
    return value


@pytest.mark.slow
@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_the_digest_is_stable_under_formatting_reordering_and_comments(
    document: dict[str, object], seed: random.Random
) -> None:
    wanted = content_digest(document)
    for flow in (True, False):
        text = yaml.dump(shuffled(document, seed), Dumper=Yaml12Dumper, default_flow_style=flow, allow_unicode=seed.random() < 0.5, width=seed.randint(20, 200))  # fmt: skip
        commented = "# first\n" + text + "# last\n"
        try:
            found = read(commented)
        except Unreadable:
            continue  # some characters are refused by the reader: nothing to compare then
        assert content_digest(found) == wanted


def meaning(value: object, key: str = "") -> object:
    """What two documents have to share to be the same, said in another way than the code does."""
    if isinstance(value, dict):
        return frozenset((name, meaning(item, name)) for name, item in value.items())
    if isinstance(value, list):
        items = [meaning(item) for item in value]
        return ("set", frozenset(items)) if key in SETS else ("list", tuple(items))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return ("number", Decimal(repr(value)))
    return (type(value).__name__, value)


@pytest.mark.slow
@given(DOCUMENTS, DOCUMENTS)
def test_two_documents_share_a_digest_only_if_they_mean_the_same(
    one: dict[str, object], two: dict[str, object]
) -> None:
    assert (canonical_form(one) == canonical_form(two)) is (meaning(one) == meaning(two))


@pytest.mark.slow
@given(DOCUMENTS, KEYS, st.none() | st.booleans() | NUMBERS | TEXTS)
def test_any_change_of_a_value_changes_the_digest(document: dict[str, object], key: str, value: object) -> None:
    changed = document | {key: value}
    assert (content_digest(changed) == content_digest(document)) is (meaning(changed) == meaning(document))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (0, "0"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (Decimal("0.10"), "0.1"),
        (1.0, "1"),
        (120, "120"),
        (100.5, "100.5"),
        (-0.00025, "-0.00025"),
        (4e25, "4e+25"),
        (1.5e-30, "1.5e-30"),
        (Decimal("1e20"), "100000000000000000000"),
        (Decimal("1e21"), "1e+21"),
        (Decimal("0.1000000000000000000001"), "0.1000000000000000000001"),
        (Decimal(1234567890123456789012345678901), "1.234567890123456789012345678901e+30"),
    ],
)
def test_numbers_are_exact_decimals(written: float | Decimal, said: str) -> None:
    assert number(written) == said
    assert Decimal(said) == (written if isinstance(written, Decimal) else Decimal(repr(written)))


@pytest.mark.slow
@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back_as_itself(value: Decimal) -> None:
    assert Decimal(number(value)) == value
    json.loads(number(value))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), object(), b"bytes"])
def test_what_no_register_holds_has_no_form(value: object) -> None:
    with pytest.raises((ValueError, TypeError), match=r"not a number|not a value"):
        canonical_form({"a": value})


def test_a_number_with_more_digits_than_can_be_kept_is_refused_by_the_reader() -> None:
    _, findings = read_yaml("v.yml", "at_most: 0.10000000000000000000001\n")
    assert [each.code for each in findings] == ["bad-number"]
    assert "more digits" in findings[0].message
