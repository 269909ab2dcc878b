"""The content that a verdict judged, as its check run keeps it, and the last day on which the verdict is valid."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from reassay.common.canonical import canonical, digest
from reassay.register.c14n import content_digest
from reassay.register.register import KINDS, Register

NOTHING = "-"
_PARTS = 4


@dataclass(frozen=True, slots=True)
class JudgedContent:
    """What one check run judged; its external id names it."""

    content: str
    """Digest of the content that people sign."""
    words: str
    """Digest of what it says."""
    landing: str = ""
    """Digest of what the merge brings: see `landing_digest`. Empty for a run of an earlier version."""
    until: date | None = None
    """The last day on which it is valid; None without one."""

    @property
    def text(self) -> str:
        """The external id of the check run."""
        return f"{self.content} {self.words} {self.landing or NOTHING} {self.until or NOTHING}"

    @staticmethod
    def read(external_id: str) -> "JudgedContent":
        """From an external id, also of an earlier version, which named content and words alone."""
        parts = external_id.split(" ")
        if len(parts) != _PARTS:
            return JudgedContent(parts[0], parts[1] if len(parts) > 1 else "")
        content, words, landing, until = parts
        return JudgedContent(
            content,
            words,
            "" if landing == NOTHING else landing,
            None if until == NOTHING else date.fromisoformat(until),
        )


def landing_digest(base: Register, merged: Register, files: Mapping[str, tuple[str | None, str | None]]) -> str:
    """Digest of everything that differs between two sides: objects of every kind, configuration, guarded files.

    By content, before and after: where else a file stands, or what else moved on in the base, changes nothing.
    """
    return digest(canonical(dict(_images(base, merged, files)))).rpartition(":")[2]


def _images(
    base: Register, merged: Register, files: Mapping[str, tuple[str | None, str | None]]
) -> Iterator[tuple[str, list[str | None]]]:
    for kind in KINDS:
        before, after = base.objects(kind), merged.objects(kind)
        for name in sorted(before.keys() | after.keys()):
            both = tuple(side[name].written if name in side else None for side in (before, after))
            if both[0] is both[1]:
                continue
            images = [None if own is None else content_digest(own) for own in both]
            if images[0] != images[1]:
                yield f"{kind}/{name}", images
    settings = [side.configuration.model_dump(mode="json", by_alias=True, exclude_none=True) for side in (base, merged)]
    if settings[0] != settings[1]:
        yield "configuration", [content_digest(own) for own in settings]
    yield from ((f"file/{path}", list(both)) for path, both in sorted(files.items()))
