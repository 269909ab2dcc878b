"""Decoding of exported spreadsheets: byte order mark, then UTF-8, then the encodings of Excel, which are reported."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reassay.common.errors import UsageError
from reassay.register.finding import quoted

MAX_BYTES: Final = 10 * 1024 * 1024
"""Largest file that is read."""
ENCODINGS: Final = ("utf-8", "utf-16", "windows-1252", "windows-1250", "mac-roman")
"""Values of --encoding."""
_SAVE_AS: Final = "Save the sheet as 'CSV UTF-8 (comma delimited)' and import that."
_OTHER_FORMATS: Final[Mapping[bytes, str]] = {
    b"PK\x03\x04": "this is an .ods workbook or another packed file, not text.",
    b"\xd0\xcf\x11\xe0": "this is an old .xls workbook, or one with a password, not text.",
    b"%PDF": "this is a PDF, not text.",
    b"\x1f\x8b": "this is compressed, not text.",
}


_CENTRAL_EUROPEAN: Final = re.compile(r"[^\W\d_][¹³¿£¥¾¼][^\W\d_]")
"""Signs that stand between letters only if Windows-1250 is read as Windows-1252: `³` is `ł`, `¿` is `ż`."""


@dataclass(frozen=True, slots=True)
class DecodedText:
    """Text of a file, and a note about its encoding if it was guessed."""

    text: str
    note: str = ""


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """The content of a file. Raises UsageError if it cannot be read or is too large."""
    try:
        if path.is_dir():
            raise UsageError("this is a folder.", where=str(path), remedy="Give an exported spreadsheet.")
        with path.open("rb") as opened:
            data = opened.read(most + 1)
    except OSError as error:
        remedy = "Give an exported spreadsheet that you can read."
        raise UsageError(f"cannot be read: {error.strerror}.", where=str(path), remedy=remedy) from error
    if len(data) > most:
        remedy = "Export only the sheet with the controls, or split it."
        raise UsageError(f"this file is larger than {most // 1024**2} MiB.", where=str(path), remedy=remedy)
    if not data.strip():
        raise UsageError("this file is empty.", where=str(path), remedy="Export the sheet again.")
    return data


def decode(data: bytes, name: str, encoding: str | None = None) -> DecodedText:
    """The text, decoded by its byte order mark, as UTF-8 or as Excel writes it. Raises UsageError for anything else."""
    for magic, what in _OTHER_FORMATS.items():
        if data.startswith(magic):
            raise UsageError(what, where=name, remedy=_SAVE_AS)
    if encoding is not None:
        return DecodedText(_as(data, encoding, name))
    if data.startswith(BOM_UTF8):
        return DecodedText(_as(data, "utf-8", name))
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return DecodedText(_as(data, "utf-16", name))
    if b"\x00" in data:
        message = f"byte {data.index(0):,} is zero: this is not text, or it is UTF-16 without a byte order mark."
        raise UsageError(message, where=name, remedy=f"{_SAVE_AS} For UTF-16, add --encoding utf-16.")
    try:
        return DecodedText(_without_markup(data.decode("utf-8"), name))
    except UnicodeDecodeError:
        return _from_excel(data, name)


def _as(data: bytes, encoding: str, name: str) -> str:
    codec = {"utf-8": "utf-8-sig", "windows-1252": "cp1252", "windows-1250": "cp1250", "mac-roman": "mac_roman"}.get(
        encoding, encoding
    )
    try:
        text = data.decode(codec)
    except UnicodeError as error:
        message = f"this is not {encoding}: {_reason(error)}."
        raise UsageError(message, where=name, remedy=f"{_SAVE_AS} Or give the encoding with --encoding.") from error
    if "\x00" in text:
        raise UsageError("this is not text: it has a zero character.", where=name, remedy=_SAVE_AS)
    return _without_markup(text.removeprefix("\ufeff"), name)


def _reason(error: UnicodeError) -> str:
    return f"byte {error.start:,} does not fit" if isinstance(error, UnicodeDecodeError) else str(error)


def _without_markup(text: str, name: str) -> str:
    # Some programs export HTML or XML under the name of a spreadsheet.
    if re.match(r"\s*<(\?xml|!doctype|html|table)\b", text[:200], re.IGNORECASE):
        raise UsageError("this is a page of HTML or XML, not rows of text.", where=name, remedy=_SAVE_AS)
    return text


def _from_excel(data: bytes, name: str) -> DecodedText:
    """Text that is not UTF-8. Lines that end with a carriage return alone show Excel's `CSV (Macintosh)`, i.e. Mac Roman."""
    if b"\r" in data and b"\n" not in data:
        return _noted(
            data.decode("mac_roman"), "Mac Roman", "its lines end with carriage returns, as in the old Macintosh format"
        )
    try:
        western = data.decode("cp1252")
    except UnicodeDecodeError as error:
        western = ""
        try:
            data.decode("cp1250")
        except UnicodeDecodeError:
            raise _neither(data, error, name) from error
    if not western or _CENTRAL_EUROPEAN.search(western):
        why = "its accents fit Central European languages only, and Excel writes plain CSV so there"
        return _noted(data.decode("cp1250", "replace"), "Windows-1250", why)
    return _noted(western, "Windows-1252", "that is what Excel writes as plain CSV")


def _neither(data: bytes, error: UnicodeDecodeError, name: str) -> UsageError:
    message = f"byte {error.start:,} (0x{data[error.start]:02x}) fits neither UTF-8 nor Windows-1252."
    return UsageError(message, where=name, remedy=f"{_SAVE_AS} Or give its encoding with --encoding.")


def _noted(text: str, encoding: str, why: str) -> DecodedText:
    odd = re.search(r"[^\s,;|\"]*[^\x00-\x7f][^\s,;|\"]*", text)
    shown = f" If {quoted(odd[0])} looks wrong, give the encoding with --encoding." if odd else ""
    return DecodedText(text, f"It is not UTF-8 and was read as {encoding}: {why}.{shown}")
