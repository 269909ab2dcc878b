"""Decoding of files as UTF-8, with the places of errors."""

import re

from reassay.register.files.tree import File, Mode
from reassay.register.finding import Finding, Position
from reassay.register.limits import MAX_FILE_BYTES

BOM = "\ufeff"
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
_DISPUTED = re.compile(r"[\x85\u2028\u2029]")
_BREAK = re.compile(r"\r\n|\r|\n")


class Unreadable(Exception):  # noqa: N818 -- an outcome with a finding for a person, not a failure of the program
    """Raised for a file that cannot be read as UTF-8 or YAML, with its findings."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(findings[0].message)
        self.findings = findings


def decode(file: File) -> str:
    """The text of a file, without its byte order mark. Raises Unreadable with the findings to report."""
    if file.mode is Mode.UNREADABLE:
        raise _refused(
            file, "unreadable-file", "this file cannot be opened", "Change its permissions so that you can read it."
        )
    if file.mode is Mode.OTHER:
        raise _refused(file, "not-a-file", "this is not a regular file", "Put the content itself here.")
    if file.is_too_large or file.data is None:
        raise _refused(
            file,
            "file-too-large",
            f"this file has {file.size:,} bytes; at most {MAX_FILE_BYTES:,} are read",
            "Split it: one object per file, long reports elsewhere with a link.",
        )
    return _text(file.path, file.data)


def _text(path: str, data: bytes) -> str:
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        before = data[: data.index(b"\x00")]
        at = position_of(path, before.decode("utf-8", "replace"), len(before.decode("utf-8", "replace")))
        remedy = "Write it as text in UTF-8, or move it out of the register folder."
        raise Unreadable(Finding(at, "binary-file", "this file is binary: it contains a zero byte", remedy))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(path, data, error.start) from None
    return text.removeprefix(BOM)


def refuse_odd_characters(path: str, text: str, first_line: int = 1) -> None:
    """Raises Unreadable for characters that YAML forbids or that its versions read differently."""
    if odd := _FORBIDDEN.search(text):
        at = position_of(path, text, odd.start(), first_line)
        message = f"the control character {_name(odd[0])} is not allowed in YAML"
        raise Unreadable(Finding(at, "control-character", message, "Delete it."))
    if odd := _DISPUTED.search(text):
        at = position_of(path, text, odd.start(), first_line)
        message = f"{_name(odd[0])} is a line break for some YAML readers and not for others"
        remedy = f"Replace it by an ordinary line break, or write \\u{ord(odd[0]):04x} inside double quotes."
        raise Unreadable(Finding(at, "disputed-line-break", message, remedy))


def lines_of(text: str) -> list[str]:
    """The lines of a text with line ends of any system."""
    return _BREAK.split(text)


def position_of(path: str, text: str, offset: int, first_line: int = 1) -> Position:
    """The place of the character at `offset`."""
    line, start = first_line, 0
    for line_end in _BREAK.finditer(text, 0, offset):
        line, start = line + 1, line_end.end()
    return Position(path, line, offset - start + 1)


def _not_utf8(path: str, data: bytes, offset: int) -> Unreadable:
    before = data[:offset].decode("utf-8")
    at = position_of(path, before, len(before))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        remedy = "It looks like UTF-16. Save it as UTF-8."
    else:
        remedy = "Save it as UTF-8; in most editors that is a choice in 'Save as'."
    message = f"this file is not UTF-8: byte {offset} (0x{data[offset]:02x}), counted from 0, belongs to no character"
    return Unreadable(Finding(at, "not-utf-8", message, remedy))


def _refused(file: File, code: str, message: str, remedy: str) -> Unreadable:
    return Unreadable(Finding(Position(file.path), code, message, remedy))


def _name(character: str) -> str:
    return f"U+{ord(character):04X}"
