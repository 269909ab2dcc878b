"""JSON of any size, with bounds on everything that a stranger could multiply."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.evidence.readers import json_stream
from reassay.evidence.readers.base import UnreadableResultError
from reassay.evidence.readers.json_stream import ItemList, Shape, picked, picked_of_head
from reassay.evidence.readers.json_values import Json
from reassay.evidence.readers.python_constants import ConstantFilter

ANY: Shape = {"*": True}
EVERYTHING = True


def read(text: str | bytes, shape: object = EVERYTHING) -> tuple[Json, list[Json]]:
    items: list[Json] = []
    raw = text if isinstance(text, bytes) else text.encode()
    return picked(io.BytesIO(raw), shape, items.append), items  # type: ignore[arg-type] # any shape


def test_only_what_the_shape_names_is_kept() -> None:
    text = '{"a": {"b": 1, "c": [1, {"d": 2}]}, "x": [[{"a": 1}]], "l": [{"k": 1, "s": 2}, {"k": 3}], "t": "z"}'
    assert read(text, {"a": {"b": True}, "l": [{"k": True}], "t": True})[0] == {
        "a": {"b": 1},
        "l": [{"k": 1}, {"k": 3}],
        "t": "z",
    }


def test_items_are_handed_over_and_not_kept() -> None:
    rest, items = read(
        '{"n": 1, "l": [{"k": 1, "s": [1]}, 7, [2], {"k": {"z": 1}}]}', {"n": True, "l": ItemList({"k": True})}
    )
    assert items == [{"k": 1}, 7, [], {"k": {"z": 1}}]
    assert rest == {"n": 1, "l": []}


def test_a_container_where_something_else_belongs_stays_visible() -> None:
    assert read('{"error": ["x"], "scores": 3}', {"error": {"message": True}, "scores": ANY})[0] == {
        "error": [],
        "scores": 3,
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=True) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.slow
@given(JSON, st.integers(1, 7))
def test_kept_whole_it_is_what_python_reads_with_null_for_nan(value: object, step: int) -> None:
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    constants = ConstantFilter()
    parts = [constants.filtered(text[start : start + step]) for start in range(0, len(text), step)]
    clean = b"".join([*parts, constants.rest()])
    assert json.loads(clean) == json.loads(text, parse_constant=lambda _: None)
    assert picked(io.BytesIO(text), EVERYTHING) == json.loads(clean)


SHAPES: st.SearchStrategy[Shape] = st.recursive(
    st.just(EVERYTHING),
    lambda inner: st.lists(inner, max_size=1) | st.dictionaries(st.sampled_from("ab*"), inner, max_size=3),
    max_leaves=6,
)
KEYED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=15,
)


@given(KEYED, SHAPES)
def test_parsed_at_once_and_as_a_stream_it_is_the_same(value: object, shape: Shape) -> None:
    text = json.dumps(value)
    with pytest.MonkeyPatch.context() as patch:
        results: list[object] = []
        for bound in (0, 1 << 20):
            patch.setattr(json_stream, "MOST_SMALL", bound)
            try:
                results.append((read(text, shape), read(text, {"a": shape, "*": ItemList(shape)})))
            except UnreadableResultError as error:
                results.append(str(error))
    assert results[0] == results[1]


@pytest.mark.parametrize("text", [r'{"a": "\\", "b": NaN}', r'{"a": "NaN \" NaN", "b": -Infinity}', r'["\\\\\"NaN"]'])
def test_nan_within_a_text_stays(text: str) -> None:
    assert read(text)[0] == json.loads(text, parse_constant=lambda _: None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "cut off"),
        ('{"a": 1', "cut off"),
        ('{"a": "b', "cut off"),
        ('{"a": 1} {', "follows after the end"),
        ('{"a": 1, "a": 2}', "stands twice"),
        ("[" * 1_000_000, "levels inside each other"),
        ('{"x": ' + "[" * 1_000_000, "levels inside each other"),
        ("[" + "9" * 1_000_000 + "]", "too large to be read"),
        ("[1e999999]", "too large to be read"),
        (b'["\xff"]', "not UTF-8"),
        (b'["\xed\xa0\x80"]', "not UTF-8"),
        ("[1, tru]", "no valid JSON"),
        ("[" + "1," * 500_000 + "1]", "too large"),
    ],
)
def test_what_is_refused(text: str | bytes, why: str) -> None:
    for shape in (True, {"a": True}) if isinstance(text, str) and text.startswith('{"x') else (True,):
        with pytest.raises(UnreadableResultError, match=why) as caught:
            read(text, shape)
        assert caught.value.remedy


def test_a_text_without_end_is_refused_in_bounded_memory() -> None:
    class Endless(io.RawIOBase):
        served = 0

        def read(self, size: int = -1) -> bytes:
            self.served += size
            return b'["' + b"x" * (size - 2) if self.served == size else b"x" * size

    stream = Endless()
    with pytest.raises(UnreadableResultError, match="a single text in it is larger than 16 MiB"):
        picked(stream, {})  # type: ignore[arg-type] # read is all that is used
    assert stream.served < 20 * 1024 * 1024


def test_a_head_gives_what_is_complete_so_far() -> None:
    assert picked_of_head(
        b'\xef\xbb\xbf{"status": "success", "eval": {"task": "t", "model": "mo', {"status": True, "eval": ANY}
    ) == {
        "status": "success",
        "eval": {"task": "t"},
    }
    assert picked_of_head(b"no JSON", ANY) is None
    assert picked_of_head(b"\x00\xff", ANY) is None
