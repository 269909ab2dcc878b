"""What a test of a source gives it instead of the network, GitHub and the repository."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from reassay.register.register import Register
from reassay.signals.source_readings import HttpAnswer, JsonMap, LabelledIssue, SourceContext, SourceUnreadError

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@dataclass
class Web:
    """An HttpReader that answers from documents by address, and remembers what was asked."""

    documents: Mapping[str, object] = field(default_factory=dict)
    """Bytes are answered as they are; other values as JSON; a function gets the posted document."""
    headers: Mapping[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    queries: list[Mapping[str, str]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)

    def get(self, url: str, *, query: Mapping[str, str] | None = None, secret: str | None = None) -> HttpAnswer:
        self.queries.append(query or {})
        self.secrets.append(secret)
        return self._answer(url, None)

    def post(self, url: str, document: object, *, secret: str | None = None) -> HttpAnswer:
        self.secrets.append(secret)
        return self._answer(url, document)

    def _answer(self, url: str, posted: object) -> HttpAnswer:
        self.asked.append(url)
        if url not in self.documents:
            raise SourceUnreadError("example.org answered 404 (Not Found). Check the address in the source.")
        document = self.documents[url]
        if callable(document):
            document = document(posted)
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return HttpAnswer(body, self.headers)


def no_issues(_repository: str | None, _label: str) -> tuple[LabelledIssue, ...]:
    raise AssertionError("this source reads no issues")


def no_file(_path: str) -> bytes | None:
    raise AssertionError("this source reads no file")


def no_advisories(_ecosystem: str, _package: str) -> tuple[JsonMap, ...]:
    raise AssertionError("this source reads no advisories")


def context_of(
    http: Web | None = None,
    *,
    position: Mapping[str, object] | None = None,
    advisories: Callable[[str, str], tuple[JsonMap, ...]] = no_advisories,
    now: datetime = NOW,
) -> SourceContext:
    """A context in which everything else than what is given must not be used."""
    return SourceContext(
        now=now,
        register=Register(),
        http=http or Web(),
        file=no_file,
        issues=no_issues,
        advisories=advisories,
        position=position,
    )
