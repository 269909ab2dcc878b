"""The body of an answer, unpacked, up to a limit: also a small one that would unpack to gigabytes does not fill the memory."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Final

ACCEPTED: Final = "gzip"
"""The one encoding that is asked for: it can be unpacked in steps of a stated size."""
_STEP: Final = 1024 * 1024


class BodyError(ValueError):
    """The body is too large, packed in another way, or cut off. The message continues from `its answer `."""


def read_body(chunks: Iterable[bytes], encoding: str, largest: int) -> bytes:
    """The unpacked bytes. Raises BodyError."""
    match encoding.strip().lower():
        case "" | "identity":
            parts: Iterable[bytes] = chunks
        case "gzip" | "x-gzip":
            parts = _unzipped(chunks)
        case _:
            raise BodyError("is packed in a way that was not asked for")
    body = bytearray()
    for part in parts:
        body += part
        if len(body) > largest:
            raise BodyError(f"is larger than {largest // 1024 // 1024} MB")
    return bytes(body)


def _unzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    member = zlib.decompressobj(wbits=31)
    is_empty = True
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                member = zlib.decompressobj(wbits=31) if member.eof else member
                is_empty = False
                yield member.decompress(rest, _STEP)
                rest = member.unused_data if member.eof else member.unconsumed_tail
        while part := b"" if member.eof or is_empty else member.decompress(b"", _STEP):
            yield part
    except zlib.error:
        raise BodyError("is said to be gzip and is not") from None
    if not (member.eof or is_empty):
        raise BodyError("is cut off")
