"""Bodies are unpacked up to a limit, whatever the pieces in which they arrive."""

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.signals.fetching.bodies import BodyError, read_body


def pieces(body: bytes, length: int) -> list[bytes]:
    return [body[start : start + length] for start in range(0, len(body), length)]


@given(st.lists(st.binary(max_size=3000), max_size=3), st.integers(1, 200))
def test_a_packed_body_is_what_was_packed_in_any_pieces(parts: list[bytes], length: int) -> None:
    packed = b"".join(map(gzip.compress, parts))
    assert read_body(pieces(packed, length), "gzip", 10_000) == b"".join(parts)


@pytest.mark.slow
@given(st.binary(max_size=500), st.integers(1, 200))
def test_a_body_of_the_largest_size_is_taken_and_one_byte_more_is_not(body: bytes, length: int) -> None:
    for encoding, sent in (("", body), ("GZIP", gzip.compress(body, mtime=0))):
        assert read_body(pieces(sent, length), encoding, len(body)) == body
        if body:
            with pytest.raises(BodyError, match="is larger than"):
                read_body(pieces(sent, length), encoding, len(body) - 1)


@given(st.binary(min_size=1, max_size=3000), st.data())
def test_a_packed_body_that_is_cut_off_is_refused(body: bytes, data: st.DataObject) -> None:
    packed = gzip.compress(body, mtime=0)
    end = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(BodyError, match="is cut off"):
        read_body([packed[:end]], "gzip", 10_000)


@pytest.mark.parametrize(
    ("encoding", "body", "words"),
    [
        ("gzip", b"[1]", "is said to be gzip and is not"),
        ("gzip", gzip.compress(b"1", mtime=0) + b"more", "is said to be gzip and is not"),
        ("deflate", zlib.compress(b"1"), "is packed in a way that was not asked for"),
        (
            "gzip, gzip",
            gzip.compress(gzip.compress(b"1", mtime=0), mtime=0),
            "is packed in a way that was not asked for",
        ),
    ],
)
def test_what_is_packed_otherwise_is_refused(encoding: str, body: bytes, words: str) -> None:
    with pytest.raises(BodyError) as refusal:
        read_body([body], encoding, 100)
    assert str(refusal.value) == words


@pytest.mark.slow
def test_a_small_body_that_would_unpack_to_much_does_not_fill_the_memory() -> None:
    packed = gzip.compress(b"0" * 400_000_000, compresslevel=1, mtime=0)
    tracemalloc.start()
    try:
        with pytest.raises(BodyError, match="is larger than 5 MB"):
            read_body(pieces(packed, 65_536), "gzip", 5 * 1024 * 1024)
        assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
    finally:
        tracemalloc.stop()
