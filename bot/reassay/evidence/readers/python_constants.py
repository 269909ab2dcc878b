"""NaN and Infinity in a stream of JSON: Python's writers put them there, JSON does not have them."""

import re
from dataclasses import dataclass

_CONSTANT = re.compile(rb"NaN|-?Infinity")
_OPEN_END = re.compile(rb"-?[A-Za-z]{0,8}\Z")
"""What may be the beginning of a constant at the end of a chunk."""


@dataclass(slots=True)
class ConstantFilter:
    """Puts null for NaN and Infinity outside of texts, chunk by chunk. Text within quotes stays as it is."""

    _is_within: bool = False
    """Whether the next byte is within a text."""
    _kept_back: bytes = b""

    def filtered(self, chunk: bytes) -> bytes:
        """The chunk without its last bytes if those may belong to something that continues in the next one."""
        whole = self._kept_back + chunk
        match = _OPEN_END.search(whole, max(len(whole) - 10, 0))
        end = match.start() if match else len(whole)
        backslashes = end - len(whole[:end].rstrip(b"\\"))
        end -= backslashes % 2
        self._kept_back = whole[end:]
        return self._replaced(whole[:end])

    def rest(self) -> bytes:
        """What was kept back, at the end of the stream."""
        last, self._kept_back = self._kept_back, b""
        return self._replaced(last)

    def _replaced(self, part: bytes) -> bytes:
        if b"NaN" not in part and b"Infinity" not in part:
            self._is_within ^= _toggles(part)
            return part
        pieces, start = [], 0
        for match in _CONSTANT.finditer(part):
            before = part[start : match.start()]
            self._is_within ^= _toggles(before)
            pieces += [before, match.group() if self._is_within else b"null"]
            start = match.end()
        self._is_within ^= _toggles(part[start:])
        return b"".join([*pieces, part[start:]])


def _toggles(part: bytes) -> bool:
    """Whether an odd number of quotes begin or end a text."""
    if b"\\" in part:
        part = part.replace(b"\\\\", b"").replace(b'\\"', b"")
    return part.count(b'"') % 2 == 1
