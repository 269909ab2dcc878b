"""Dumps of public databases: what of them matters, and whether something that was there is missing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reassay.signals.source_readings import Signal, SourceContext, SourceReading, SourceUnreadError
from reassay.signals.sources.documents import json_value
from reassay.signals.sources.field_values import LONGEST_LINE, OddValueError, instant_of, line_of, shown
from reassay.signals.sources.repository_file import file_content
from reassay.signals.sources.rows import distinct, listed_problems

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class DumpItem:
    """An entry of a database."""

    key: str
    title: str
    text: str
    """What is searched for words."""
    first_seen_at: datetime | None
    occurred_at: datetime | None
    url: str


def dump_content(path: str | None, url: str | None, context: SourceContext) -> tuple[bytes, str]:
    """The content of a dump, and its place for messages. Raises SourceUnreadError."""
    if url is not None:
        return context.http.get(url).body, url
    return file_content(path or "", context), path or ""


def read_dump(
    items: Sequence[DumpItem], words: Sequence[str], context: SourceContext, place: str, problems: list[str]
) -> SourceReading:
    """The items that have one of the words (all without words) as information.

    Items that were there before and are missing are a problem until the dump is as long as it ever was; then they are named once
    more, as taken out. Raises SourceUnreadError for a dump without items.
    """
    if not items:
        raise SourceUnreadError(f"{place} has no entries. Check that it is the right file, and that it is whole.")
    signals = distinct([_signal(item) for item in items if _has_one(words, item)], problems)
    keys = {item.key for item in items}
    position = _position(context.position, problems)
    lost = sorted(position.keys - keys)
    most = max(len(keys), position.most)
    if lost:
        named = ", ".join(shown(key) for key in lost[:_SHOWN]) + (", ..." if len(lost) > _SHOWN else "")
        problems.append(
            f"{place} lost {len(lost):,} of the {len(position.keys):,} entries that it had ({named})."
            " What was received of them counts on until it is triaged. Check that the dump is whole."
        )
    kept = sorted(keys | position.keys if len(keys) < most else keys)
    dates = (signal.first_seen_at or signal.occurred_at for signal in map(_signal, items))
    return SourceReading(
        signals=signals,
        newest=max((date for date in dates if date is not None), default=None),
        problems=listed_problems(problems),
        position={"ids": kept, "most": most},
    )


def _signal(item: DumpItem) -> Signal:
    return Signal(
        key=item.key,
        title=(line_of(item.title) or item.key)[:LONGEST_LINE],
        first_seen_at=item.first_seen_at,
        occurred_at=item.occurred_at,
        url=item.url,
    )


def _has_one(words: Sequence[str], item: DumpItem) -> bool:
    """Whether a word stands at the start of one in the item: `jailbreak` is in `Jailbreaks`, and not in `unjailbreakable`."""
    text = f"{item.title}\n{item.text}".casefold()
    return not words or any(re.search(rf"(?<!\w){re.escape(word.casefold())}", text) for word in words)


@dataclass(frozen=True, slots=True)
class _Position:
    """What the last readings saw."""

    keys: frozenset[str] = frozenset()
    most: int = 0
    """Entries of the longest dump so far."""


def _position(document: Mapping[str, object] | None, problems: list[str]) -> _Position:
    if document is None:
        return _Position()
    keys, most = document.get("ids"), document.get("most")
    if isinstance(keys, list) and isinstance(most, int) and all(isinstance(key, str) for key in keys):
        return _Position(frozenset(keys), most)
    problems.append(
        "What the last reading kept cannot be understood, so that nobody knows what is missing; compare by hand."
    )
    return _Position()


def day_or_instant(value: object, now: datetime, place: str, problems: list[str]) -> datetime | None:
    """A date of an entry; None for a month or a year alone, and for what is not a date, which is a problem."""
    if value is None or value == "":
        return None
    try:
        return instant_of(value, now)
    except OddValueError as error:
        problems.append(f"{place}: its date {error}.")
        return None


def json_objects(text: str, place: str) -> Iterator[tuple[str, object]]:
    """The values of JSON lines, or the one of a JSON document, with their places. Raises SourceUnreadError."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > 1 and all(line.lstrip()[:1] == "{" and line.rstrip()[-1:] == "}" for _, line in lines):
        yield from ((f"{place}:{number}", json_value(line, f"{place}:{number}")) for number, line in lines)
    else:
        yield place, json_value(text, place)
