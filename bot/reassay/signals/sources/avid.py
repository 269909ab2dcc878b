"""AVID, the AI Vulnerability Database (https://github.com/avidml/avid-db): its reports and vulnerabilities as information.

A dump is a JSON list, JSON lines (as garak writes reports), one report, or an archive of the repository (.zip, .tar.gz). Its
dates are days.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from reassay.register.signal_sources import AvidSource
from reassay.signals.source_readings import SourceContext, SourceReader, SourceReading
from reassay.signals.sources.archives import is_archive, members_of
from reassay.signals.sources.documents import text_of
from reassay.signals.sources.dumps import DumpItem, day_or_instant, dump_content, json_objects, read_dump
from reassay.signals.sources.field_values import LONGEST_KEY, shown

_IDS: Final = ("report_id", "vuln_id")
_DATES: Final = ("reported_date", "published_date")
_PUBLISHED: Final = "/[0-9][0-9][0-9][0-9]/AVID-*.json"
"""Files of its repository: those by year are published, those below `reports/review` are drafts without ids."""


def _read(spec: AvidSource, context: SourceContext) -> SourceReading:
    raw, place = dump_content(spec.path, spec.url, context)
    problems: list[str] = []
    items = [item for at, report in _reports(raw, place) if (item := _item(report, at, context, problems)) is not None]
    return read_dump(items, spec.words, context, place, problems)


def _reports(raw: bytes, place: str) -> Iterator[tuple[str, object]]:
    """Reports with their places. Raises SourceUnreadError."""
    if is_archive(raw):
        for name, member in members_of(raw, place, _PUBLISHED):
            yield from json_objects(text_of(member, name), name)
        return
    for at, value in json_objects(text_of(raw, place), place):
        if isinstance(value, list):
            yield from ((f"{at}, entry {number}", report) for number, report in enumerate(value, start=1))
        else:
            yield at, value


def _item(report: object, place: str, context: SourceContext, problems: list[str]) -> DumpItem | None:
    fields = report if isinstance(report, Mapping) else {}
    metadata = _inner(fields, "metadata")
    key = next((name for field in _IDS if isinstance(name := metadata.get(field), str) and name), None)
    if key is None or len(key) > LONGEST_KEY:
        problems.append(f"{place}: {shown(report)} has no id of AVID; it is not taken.")
        return None
    title = _words(_inner(fields, "problemtype").get("description"))
    written = next((fields[field] for field in _DATES if fields.get(field)), None)
    return DumpItem(
        key=key,
        title=title or key,
        text="\n".join((_words(fields.get("description")), *_artifacts(fields))),
        first_seen_at=day_or_instant(written, context.now, f"{place} ({key})", problems),
        occurred_at=None,
        url=f"https://avidml.org/database/{key.lower()}/",
    )


def _inner(fields: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = fields.get(name)
    return value if isinstance(value, Mapping) else {}


def _words(value: object) -> str:
    """The text of a field in one language."""
    text = value.get("value") if isinstance(value, Mapping) else value
    return text if isinstance(text, str) else ""


def _artifacts(fields: Mapping[str, object]) -> Iterator[str]:
    artifacts = _inner(fields, "affects").get("artifacts")
    for artifact in artifacts if isinstance(artifacts, list) else ():
        name = artifact.get("name") if isinstance(artifact, Mapping) else None
        if isinstance(name, str):
            yield name


READER = SourceReader("avid", AvidSource, frozenset({"action", "app"}), is_pushed=False, read=_read)
