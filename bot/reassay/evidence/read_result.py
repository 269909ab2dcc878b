"""Recognises a result file by its content, and reads it into counts."""

import re
from typing import Final

from reassay.evidence.readers import READERS
from reassay.evidence.readers.base import EvidenceReader, ResultFile, ResultOptions, UnreadableResultError
from reassay.evidence.readers.json_stream import picked_of_head
from reassay.evidence.readers.json_values import object_at
from reassay.evidence.reading import Reading

_WIDE: Final = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_PACKED: Final = (
    (b"PK\x03\x04", "a zip archive, and no log of Inspect"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "packed with gzip"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd"),
    (b"BZh", "packed with bzip2"),
    (b"\xfd7zXZ\x00", "packed with xz"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
)
_WIDE_TEXT: Final = re.compile(rb"(?:[\x09-\x7e]\x00){16}|(?:\x00[\x09-\x7e]){16}")
"""UTF-16 without its mark: every other byte is zero."""
_MODEL_INDEX: Final = re.compile(rb"^model-index\s*:", re.MULTILINE)
_BARE_RATE: Final = re.compile(rb"\s*[-+]?[0-9]*[.,]?[0-9]+(?:[eE][-+]?[0-9]+)?\s*%?\s*")
_SCALE: Final = {
    "rate",
    "asr",
    "attack_success_rate",
    "accuracy",
    "score",
    "value",
    "percentage",
    "pass_rate",
    "refusal_rate",
}
_MANY_SAMPLES: Final = (
    "Attach a file with the outcome of every sample: what the tool itself writes, or CSV or JSON with one row for each"
    " attempt."
)


def read_result(file: ResultFile, options: ResultOptions) -> tuple[Reading, ...]:
    """One reading for each metric of a result file. Raises UnreadableResultError, which says why and what to do instead."""
    _refuse(file)
    reader = reader_of(file)
    if reader is None:
        packed = next((words for mark, words in _PACKED if file.head.startswith(mark)), None)
        if packed is not None:
            raise UnreadableResultError(f"the file is {packed}", "Unpack it, and name the result file that it holds.")
        titles = ", ".join(reader.title for reader in READERS)
        raise UnreadableResultError(
            "the file is of no tool that can be read",
            f"These can be read: {titles}. {_MANY_SAMPLES}",
        )
    return reader.read(file, options)


def reader_of(file: ResultFile) -> EvidenceReader | None:
    """The reader of a file; None if there is none."""
    return next((reader for reader in READERS if reader.recognises(file)), None)


def _refuse(file: ResultFile) -> None:
    """Refuses what no reader may take for rate evidence. Raises UnreadableResultError."""
    head = file.head.removeprefix(b"\xef\xbb\xbf")
    if not head.strip():
        raise UnreadableResultError("the file is empty", "Check that the run wrote its result, and attach it again.")
    for mark, encoding in _WIDE:
        if file.head.startswith(mark):
            raise _wide(encoding)
    if _WIDE_TEXT.match(head):
        raise _wide("UTF-16")
    if file.size <= 64 and _BARE_RATE.fullmatch(head):  # noqa: PLR2004 -- a number with some space around it
        raise _no_counts("it holds a single number")
    if _MODEL_INDEX.search(head) and not head.lstrip().startswith((b"{", b"[")):
        raise _no_counts("it is a model card with a model-index, which has scores without the number of samples")
    top = object_at(picked_of_head(head, {"*": True, "runs": []}))
    if "model-index" in top:
        raise _no_counts("it is a model-index, which has scores without the number of samples")
    if isinstance(top.get("runs"), list) and ("$schema" in top or "version" in top) and b"sarif" in head[:4096].lower():
        raise _no_counts("it is a SARIF report, which lists findings and not the attempts that found nothing")
    if top and set(map(str.lower, top)) <= _SCALE:
        raise _no_counts("it holds a rate alone")


def _wide(encoding: str) -> UnreadableResultError:
    return UnreadableResultError(f"the file is written in {encoding}, and UTF-8 is read", "Save it as UTF-8.")


def _no_counts(why: str) -> UnreadableResultError:
    return UnreadableResultError(f"the file has no counts: {why}", _MANY_SAMPLES)
