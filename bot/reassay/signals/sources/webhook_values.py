"""Values of the webhooks of monitoring tools: strangers' JSON, read field by field; what is odd becomes a problem."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from reassay.common.inert import plain
from reassay.common.sentences import sentence
from reassay.register.incident import Severity
from reassay.signals.source_readings import ReceivedEvent, Signal

Shape = Mapping[str, "Shape | None"]
"""Keys that a reader uses, with the shape below each; None for a value that is kept whole."""
LONGEST_TITLE: Final = 300
LONGEST_KEY: Final = 200
LONGEST_URL: Final = 1_000
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})")
_URL = re.compile(r"https?://[^\s@<>\"'`\\]+")
_SHOWN = 60
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""An earlier instant is none: tools write the year 1 or 1970 for one that they do not have."""
SEVERITIES: Final[Mapping[str, Severity]] = {
    **dict.fromkeys(("critical", "crit", "emergency", "fatal", "page", "p0", "p1", "sev0", "sev1"), Severity.CRITICAL),
    **dict.fromkeys(("high", "error", "major", "alert", "p2", "sev2"), Severity.HIGH),
    **dict.fromkeys(("medium", "moderate", "warning", "warn", "minor", "p3", "sev3"), Severity.MEDIUM),
    **dict.fromkeys(
        ("low", "info", "informational", "information", "notice", "none", "p4", "p5", "sev4", "sev5"), Severity.LOW
    ),
}
"""Severities by the words that monitoring tools and their users write, in small letters, without spaces and hyphens."""


def reduced(value: object, shape: Shape | None) -> object:
    """The value with the keys of the shape alone, in lists too: what is not used is not kept."""
    if shape is None:
        return value
    if isinstance(value, dict):
        return {key: reduced(value[key], inner) for key, inner in shape.items() if key in value}
    return [reduced(item, shape) for item in value] if isinstance(value, list) else value


def part(value: object, key: str) -> Mapping[str, object]:
    """The object below a key; an empty one if there is none."""
    inner = value.get(key) if isinstance(value, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def text(value: object, key: str, longest: int = LONGEST_TITLE) -> str | None:
    """The text below a key on one line, without characters that cannot be seen, cut at `longest`; None if there is none."""
    own = value.get(key) if isinstance(value, Mapping) else None
    return (plain(own[: 2 * longest])[:longest] or None) if isinstance(own, str) else None


def instant(value: object, key: str) -> datetime | None:
    """The instant below a key, in UTC; None if there is none."""
    own = value.get(key) if isinstance(value, Mapping) else None
    if not isinstance(own, str) or not _INSTANT.fullmatch(own):
        return None
    try:
        at = datetime.fromisoformat(own).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at >= EARLIEST else None


def address(value: object, key: str) -> str | None:
    """The http address below a key; None if there is none."""
    own = value.get(key) if isinstance(value, Mapping) else None
    return own if isinstance(own, str) and len(own) <= LONGEST_URL and _URL.fullmatch(own) else None


def severity(word: object, where: str, problems: list[str]) -> Severity | None:
    """The severity of a word; None for no word. One that is not understood counts as critical, and is a problem."""
    return severity_by(SEVERITIES, word, "severity", where, problems)


def severity_by(
    severities: Mapping[str, Severity], word: object, name: str, where: str, problems: list[str]
) -> Severity | None:
    """The same by a tool's own words for what it calls `name`."""
    if word is None or word == "":
        return None
    own = plain(word) if isinstance(word, str) else ""
    understood = severities.get(re.sub(r"[\s_-]", "", own.lower()))
    if understood is None:
        problems.append(f"{where} has the {name} '{shown(own)}', which is not understood and counts as critical")
    return understood or Severity.CRITICAL


def listed(words: str | None) -> tuple[str, ...]:
    """The names in a text, with commas between."""
    return tuple(dict.fromkeys(word.strip() for word in (words or "").split(",") if word.strip()))


def shown(word: str) -> str:
    """A stranger's word in a sentence."""
    return f"{word[:_SHOWN]}..." if len(word) > _SHOWN else word


def sentences(problems: Iterable[str]) -> tuple[str, ...]:
    """Problems as sentences, each once."""
    return tuple(dict.fromkeys(sentence(words) for words in problems))


def in_order(events: Iterable[ReceivedEvent]) -> list[ReceivedEvent]:
    """Events as they came."""
    return sorted(events, key=lambda event: event.received_at)


def not_after(at: datetime | None, event: ReceivedEvent) -> datetime | None:
    """The instant, at the latest when the event came: a sender's clock may be ahead, and the future does not count yet."""
    return min(at, event.received_at) if at else None


def merged(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """One signal a key: as the last one says, with the earliest date and the highest severity of all."""
    by_key: dict[str, Signal] = {}
    for signal in signals:
        before = by_key.get(signal.key)
        by_key[signal.key] = signal if before is None else _joined(before, signal)
    return tuple(by_key.values())


def _joined(before: Signal, after: Signal) -> Signal:
    first = [at for at in (before.first_seen_at, after.first_seen_at) if at]
    severities = [own for own in (before.severity, after.severity) if own]
    highest = max(severities, key=list(Severity).index, default=None)
    return replace(after, first_seen_at=min(first, default=None), severity=highest)
