"""OSV vulnerabilities for named packages: ids by `querybatch`, then the content of those that are new or changed.

https://google.github.io/osv.dev/api/
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reassay.register.signal_sources import OsvSource, Package
from reassay.signals.source_readings import Signal, SourceContext, SourceReader, SourceReading, SourceUnreadError
from reassay.signals.sources import field_values as values
from reassay.signals.sources.advisory_fields import AdvisoryFields, advisory_fields
from reassay.signals.sources.json_documents import document_of, list_at, object_of
from reassay.signals.sources.rows import distinct, listed_problems

NAME: Final = "OSV"
MOST_PAGES: Final = 50
MOST_CONTENTS: Final = 1000
"""Vulnerabilities whose content one reading asks for."""
MOST_FAILURES: Final = 3
"""Contents that cannot be read, after which no more are asked for in this reading."""
_PAGE: Final = "https://osv.dev/vulnerability/"


def read(source: OsvSource, context: SourceContext) -> SourceReading:
    """Vulnerabilities that are new or changed since `context.position`, which holds the time of change of each.

    Raises SourceUnreadError.
    """
    problems: list[str] = []
    before = _position(context.position)
    listed = _listed(source, context, problems)
    vanished = {key: "" for key in before if key not in listed}
    contents = _Contents(source.url, context, problems)
    signals: list[Signal] = []
    position = {key: changed for key, changed in before.items() if key in listed}
    for key, changed in {**listed, **vanished}.items():
        if before.get(key) == changed:
            continue
        signal = contents.of(key)
        if signal is None and key in listed:
            # Its content could not be read: it is taken by its id, and asked for again next time.
            signals.append(Signal(key, key, None, url=f"{_PAGE}{key}"))
        elif signal is None:
            position[key] = before[key]
        elif key in listed:
            signals.append(signal)
            position[key] = changed
        elif signal.withdrawn:
            signals.append(signal)
    kept = distinct(signals, problems)
    newest = max((signal.first_seen_at for signal in kept if signal.first_seen_at), default=None)
    return SourceReading(
        signals=kept, newest=newest, problems=listed_problems(problems), position={"changed": position}
    )


def _position(position: Mapping[str, object] | None) -> dict[str, str]:
    changed = position.get("changed") if position else None
    pairs = changed.items() if isinstance(changed, Mapping) else ()
    return {key: at for key, at in pairs if isinstance(key, str) and isinstance(at, str)}


def _listed(source: OsvSource, context: SourceContext, problems: list[str]) -> dict[str, str]:
    """Times of change of the vulnerabilities of all packages, by id."""
    changes: dict[str, str] = {}
    queries = [_query(package) for package in source.packages]
    for _ in range(MOST_PAGES):
        answer = context.http.post(f"{source.url.rstrip('/')}/v1/querybatch", {"queries": queries})
        results = list_at(object_of(document_of(answer, NAME), NAME), "results", NAME)
        if len(results) != len(queries):
            raise SourceUnreadError(
                f"{NAME} answered {len(results)} of {len(queries)} queries. The next sweep tries again."
            )
        further = []
        for query, result in zip(queries, results, strict=True):
            changes |= _changes(result, query, problems)
            token = result.get("next_page_token") if isinstance(result, dict) else None
            if isinstance(token, str) and token:
                further.append({**query, "page_token": token})
            elif token:
                problems.append(
                    f"{NAME} has further vulnerabilities of {_name(query)} at a page that cannot be asked for."
                )
        queries = further
        if not queries:
            return changes
    names = ", ".join(_name(query) for query in queries[:3])
    problems.append(f"{NAME} has more than {MOST_PAGES} pages for {names}; name a version, so that there are fewer.")
    return changes


def _query(package: Package) -> dict[str, object]:
    query: dict[str, object] = {"package": {"ecosystem": package.ecosystem, "name": package.name}}
    return {**query, "version": package.version} if package.version else query


def _name(query: Mapping[str, object]) -> str:
    package = query["package"]
    return values.shown(package.get("name") if isinstance(package, dict) else "")


def _changes(result: object, query: Mapping[str, object], problems: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of id and time of change; a result without vulnerabilities is an empty object."""
    entries = result.get("vulns", []) if isinstance(result, dict) else None
    if not isinstance(entries, list):
        problems.append(f"{NAME}'s result for {_name(query)} cannot be read, so its vulnerabilities are not known.")
        return
    for entry in entries:
        fields = entry if isinstance(entry, dict) else {}
        try:
            key = values.word_of(fields.get("id"), "id")
        except values.OddValueError as error:
            problems.append(f"A vulnerability of {_name(query)}: {error}.")
            continue
        changed = fields.get("modified")
        yield key, values.line_of(changed) if isinstance(changed, str) else "-"


class _Contents:
    """Reads the content of vulnerabilities, up to a number of them and of failures."""

    def __init__(self, url: str, context: SourceContext, problems: list[str]) -> None:
        self._url, self._context, self._problems = url.rstrip("/"), context, problems
        self._asked = self._failed = 0

    def of(self, key: str) -> Signal | None:
        """The vulnerability as it is now; None if it cannot be read now."""
        if self._asked == MOST_CONTENTS:
            self._problems.append(
                f"{NAME} has more than {MOST_CONTENTS:,} new vulnerabilities; the others follow later."
            )
        self._asked += 1
        if self._asked > MOST_CONTENTS or self._failed >= MOST_FAILURES:
            return None
        try:
            answer = self._context.http.get(f"{self._url}/v1/vulns/{key}")
            fields = advisory_fields(
                object_of(document_of(answer, NAME), NAME), "id", self._context.now, self._problems
            )
        except (SourceUnreadError, values.OddValueError) as error:
            self._failed += 1
            self._problems.append(f"The content of {key} could not be read: {error}")
            return None
        return _signal(key, fields)


def _signal(key: str, fields: AdvisoryFields) -> Signal:
    return Signal(
        key=key,
        title=fields.title("summary", "details"),
        first_seen_at=fields.instant("published"),
        severity=fields.inner("database_specific").severity("severity"),
        root_cause=_cause(key, fields.texts("aliases")),
        url=f"{_PAGE}{key}",
        withdrawn=fields.has_date("withdrawn"),
    )


def _cause(key: str, aliases: Sequence[str]) -> str:
    """The CVE among its id and aliases, which other data bases know as well; else its id."""
    return min((name for name in (key, *aliases) if name.startswith("CVE-") and values.is_word(name)), default=key)


READER = SourceReader("osv", OsvSource, frozenset({"action", "app"}), is_pushed=False, read=read)
