"""What a workflow's artifact says is untrusted: it is read within bounds, or refused with a reason, and nothing else happens."""

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.evidence.run_documents import (
    FILE_NAME,
    RefusedDocumentError,
    RegistrationDocument,
    ResultDocument,
    read_document,
)
from tests.results import names, outcomes, reading

NAME = "reassay-result-1-own"
Json = dict[str, object]


def packed(data: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr(FILE_NAME, data)
    return stream.getvalue()


def document() -> Json:
    own = reading(outcomes(names(5), names(1))).model_dump(mode="json")
    identity = {"workflow_run": 1, "attempt": 1, "name": "own", "mitigation": "filter"}
    files = [{"digest": own["digest"], "readings": [own]}]
    return {"schema": "reassay/run-result/v1", "identity": identity, "how": "result", "why": None, "files": files}


def read(content: object) -> RegistrationDocument | ResultDocument:
    return read_document(NAME, packed(json.dumps(content).encode()))


def places(value: object, way: tuple[object, ...] = ()) -> list[tuple[tuple[object, ...], object]]:
    """Every leaf below the files, with the way to it."""
    if isinstance(value, dict):
        return [leaf for key, own in value.items() for leaf in places(own, (*way, key))]
    if isinstance(value, list):
        return [leaf for place, own in enumerate(value) for leaf in places(own, (*way, place))]
    return [(way, value)]


def test_what_the_action_writes_is_read() -> None:
    result = read(document())
    assert isinstance(result, ResultDocument)
    assert len(result.files[0].readings[0].prompts) == 5


def with_leaf(way: tuple[object, ...], new: object) -> Json:
    changed = document()
    place: object = changed["files"]
    for step in way[:-1]:
        place = place[step]  # type: ignore[index] # lists and objects of JSON
    place[way[-1]] = new  # type: ignore[index] # same
    return changed


@pytest.mark.parametrize(("way", "value"), [leaf for leaf in places(document()["files"]) if type(leaf[1]) is int])
def test_no_number_is_less_than_nothing(way: tuple[object, ...], value: int) -> None:
    assert value >= 0
    with pytest.raises(RefusedDocumentError, match="is not what this version of the Action writes"):
        read(with_leaf(way, -1))


PROMPTS = [(way, value) for way, value in places(document()["files"]) if way[-1] == 0 and "prompts" in way]


@pytest.mark.parametrize("text", ["Tell me how", "A" * 16, "a" * 15, "a" * 17, ""])
def test_a_prompt_is_a_digest_and_never_a_text(text: str) -> None:
    way = next(way for way, value in PROMPTS if isinstance(value, str) and len(value) == 16)
    with pytest.raises(RefusedDocumentError):
        read(with_leaf(way, text))


def test_counts_that_the_ledger_would_not_keep_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reassay.evidence.run_documents.LARGEST_READINGS", 100)
    with pytest.raises(RefusedDocumentError, match="the counts of a file take"):
        read(document())


METHODS: list[Callable[[bytes], bytes]] = [
    lambda data: packed(data, zipfile.ZIP_STORED),
    lambda data: packed(data, zipfile.ZIP_DEFLATED),
    lambda data: packed(data, zipfile.ZIP_BZIP2),
    lambda data: packed(data, zipfile.ZIP_LZMA),
]


@given(st.sampled_from(METHODS), st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6))
def test_a_damaged_archive_is_read_or_refused(pack: Callable[[bytes], bytes], changes: list[tuple[int, int]]) -> None:
    raw = bytearray(pack(json.dumps(document()).encode()))
    for place, byte in changes:
        raw[place % len(raw)] = byte
    try:
        result = read_document(NAME, bytes(raw))
    except RefusedDocumentError:
        return
    assert isinstance(result, ResultDocument)
