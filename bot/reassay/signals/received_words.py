"""The words of a received signal: an object beside the ledger, which entries name by digest, so that it can be removed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reassay.common.canonical import canonical
from reassay.common.inert import plain

LONGEST_TITLE: Final = 300
LONGEST_ADDRESS: Final = 1000


@dataclass(frozen=True, slots=True)
class ReceivedWords:
    """What a source says of a signal in words; data of strangers."""

    title: str
    url: str | None = None
    root_cause: str | None = None


def text_object(title: str, url: str | None, root_cause: str | None) -> bytes:
    """The object of a signal's words, each on one line and no longer than a register takes."""
    document = {
        "title": _line(title, LONGEST_TITLE),
        "url": _address(url),
        "root_cause": _line(root_cause or "", LONGEST_TITLE),
    }
    return canonical({key: value for key, value in document.items() if value})


def words_of(objects: Mapping[str, object], text: str | None) -> ReceivedWords | None:
    """The words of an object that was loaded; None for one that was not, or was removed."""
    value = objects.get(text or "")
    if not isinstance(value, dict):
        return None
    title, url, cause = (value.get(name) for name in ("title", "url", "root_cause"))
    return ReceivedWords(
        str(title) if title else "without a title",
        str(url) if url else None,
        str(cause) if cause else None,
    )


def _line(text: str, longest: int) -> str:
    clean = plain(text[: longest * 4])
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"


def _address(url: str | None) -> str:
    """A web address as it is; anything else is not an address."""
    if url is None or len(url) > LONGEST_ADDRESS or not url.startswith(("https://", "http://")):
        return ""
    return url if url == plain(url) and " " not in url else ""
