"""A JSON feed behind HTTP: a list of objects, each an incident, an information item, or the count of a day."""

import re
from typing import Final

from reassay.register.signal_sources import JsonFeedSource
from reassay.signals.source_readings import SourceContext, SourceReader, SourceReading, SourceUnreadError
from reassay.signals.sources.field_values import shown
from reassay.signals.sources.json_documents import document_of
from reassay.signals.sources.rows import Row, listed_problems, read_rows

NAME: Final = "the feed"
_NEXT_PAGE: Final = re.compile(r"<[^>]*>[^,]*;\s*rel=\"?([a-z ]* )?next\b", re.IGNORECASE)


def read(source: JsonFeedSource, context: SourceContext) -> SourceReading:
    """Raises SourceUnreadError."""
    answer = context.http.get(source.url, secret=source.secret)
    rows: list[Row] = []
    problems: list[str] = []
    for number, item in enumerate(_items(document_of(answer, NAME), source.items), 1):
        if isinstance(item, dict):
            rows.append(Row(f"Item {number}", item))
        else:
            problems.append(f"Item {number} is {shown(item)}, not an object.")
    if _NEXT_PAGE.search(answer.headers.get("link", "")):
        # RFC 8288
        problems.append(
            "The feed has further pages, which are not read; name an address that gives everything at once."
        )
    reading = read_rows(rows, source.gives, source.columns, context.now)
    return SourceReading(
        signals=reading.signals,
        counts=reading.counts,
        newest=reading.newest,
        problems=listed_problems([*problems, *reading.problems]),
    )


def _items(document: object, path: str | None) -> list[object]:
    inner = document
    for key in path.split(".") if path else ():
        inner = inner.get(key) if isinstance(inner, dict) else None
    if not isinstance(inner, list):
        where = f"under '{path}'" if path else "at its top"
        raise SourceUnreadError(f"The feed has no list {where}. Write under 'items' of the source where its list is.")
    return inner


READER = SourceReader("json-feed", JsonFeedSource, frozenset({"action", "app"}), is_pushed=False, read=read)
