"""The digest of the page on the branch, which shows whether the page is out of date.

It leaves out everything that changes from day to day. The first line of the page has the digest. The passing of a day
changes nothing, unless something becomes due or overdue on it.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from reassay.dashboard.coverage_values import IncidentChart
from reassay.dashboard.values import Dashboard

_WRITTEN_AS: Final = 2
"""Raise it when the page or a drawing changes: every page is then written once more."""
_DIGITS: Final = 20
_SPAN: Final = re.compile(r"\b\d[\d,.]*(?: days?| weeks?| h| hours?| minutes?| seconds?)\b")
"""Spans of time in sentences, such as "silent for 9 days", which grow from day to day."""
_SENTENCES: Final = frozenset({"why", "reason", "state", "trust"})
"""Fields with sentences of reassay. In titles and statements a span is what people wrote, and a change of it is news."""
_PAST: Final = frozenset({"opened", "decided", "imported"})
_MARKER: Final = re.compile(r"<!-- reassay:dashboard ([0-9a-f]{20}) ([0-9a-f]{20}) (drawn|undrawn) -->\n")


@dataclass(frozen=True, slots=True)
class PageMarker:
    """The first line of the page."""

    shows: str
    """Digest of what the page shows."""
    seal: str
    """Digest of the page's other lines and of its pictures: a change by somebody else is written over."""
    is_drawn: bool
    """Whether pictures could be drawn."""

    def line(self) -> str:
        """The line, which a reader of the page does not see."""
        return f"<!-- reassay:dashboard {self.shows} {self.seal} {'drawn' if self.is_drawn else 'undrawn'} -->\n"


def read_marker(page: str | None) -> tuple[PageMarker | None, str]:
    """The marker of a page, and its other lines; None if it has none."""
    match = _MARKER.match(page or "")
    if match is None:
        return None, page or ""
    return PageMarker(match[1], match[2], match[3] == "drawn"), (page or "")[match.end() :]


def shown_digest(dashboard: Dashboard, issue: int | None) -> str:
    """The digest of what the page shows. Of the forecast it holds nothing: each day would add to it."""
    whole = dashboard.model_dump(
        mode="json", include={"repository", "timezone", "trust", "problems", "duties", "cells", "commitments", "series"}
    )
    past = [
        own.model_dump(mode="json") for own in dashboard.timeline if own.kind in _PAST and own.on <= dashboard.today
    ]
    incidents = [_incidents(chart) for chart in dashboard.incident_charts]
    text = json.dumps([_WRITTEN_AS, issue, _steady(whole), past, incidents], sort_keys=True, ensure_ascii=False)
    return digest(text.encode("utf-8", "backslashreplace"))


def _steady(value: object, field: str = "") -> object:
    """The document without spans of time in its sentences."""
    if isinstance(value, dict):
        return {name: _steady(own, name) for name, own in value.items()}
    if isinstance(value, list):
        return [_steady(own, field) for own in value]
    return _SPAN.sub("", value) if isinstance(value, str) and field in _SENTENCES else value


def seal_of(page: str, ids: Mapping[str, str]) -> str:
    """The seal of a page without its marker, and of its pictures by name."""
    return digest(json.dumps([page, sorted(ids.items())]).encode())


def digest(content: bytes) -> str:
    """The first digits of the SHA-256."""
    return hashlib.sha256(content).hexdigest()[:_DIGITS]


def blob_id(content: bytes) -> str:
    """The object id that git gives a file of this content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _incidents(chart: IncidentChart) -> object:
    """The days on which incidents were counted, and the alarms; the lines that they are compared with move every day."""
    return [
        chart.subject,
        chart.cell,
        chart.title,
        chart.unit,
        [day.isoformat() for day in chart.fired],
        list(_rises(chart)),
    ]


def _rises(chart: IncidentChart) -> Iterator[tuple[str, float]]:
    before = 0.0
    for day in chart.days:
        if day.incidents != before:
            yield day.on.isoformat(), day.incidents - before
        before = day.incidents
