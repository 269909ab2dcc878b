"""What a source may use, for tests: nothing but what the test gives."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter

from reassay.register.register import Register
from reassay.register.signal_sources import SignalSource
from reassay.signals.source_readings import (
    HttpAnswer,
    LabelledIssue,
    ReceivedEvent,
    SourceContext,
    SourceUnreadError,
)
from tests.make import deployment, mitigation, register, threat_model

SOURCES: TypeAdapter[SignalSource] = TypeAdapter(SignalSource)
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
REGISTER = register(
    mitigation("jailbreak-filter", threat_models=["jailbreaks"]),
    mitigation("output-filter", threat_models=["jailbreaks", "injection"]),
    mitigation("staff-training"),
    mitigation("old-filter", threat_models=["jailbreaks"], status="retired"),
    threat_model("jailbreaks", atlas=["AML.T0054"]),
    threat_model("injection", atlas=["AML.T0051"]),
    deployment("public-api"),
)


def source(kind: str, /, **fields: object) -> Any:  # noqa: ANN401 -- each test knows its kind
    """A source as a configuration states it."""
    return SOURCES.validate_json(json.dumps({"id": "the-source", "kind": kind} | fields))


@dataclass(frozen=True)
class Pages:
    """An HTTP reader of given answers."""

    pages: Mapping[str, bytes] = field(default_factory=dict)

    def get(self, url: str, *, query: Mapping[str, str] | None = None, secret: str | None = None) -> HttpAnswer:
        del query, secret
        if url not in self.pages:
            raise SourceUnreadError(f"{url} answered 404.")
        return HttpAnswer(self.pages[url])

    def post(self, url: str, document: object, *, secret: str | None = None) -> HttpAnswer:
        del document
        return self.get(url, secret=secret)


def context(
    *,
    pages: Mapping[str, bytes] | None = None,
    files: Mapping[str, bytes] | None = None,
    issues: Sequence[LabelledIssue] = (),
    events: Sequence[ReceivedEvent] = (),
    position: Mapping[str, object] | None = None,
    known: Register = REGISTER,
) -> SourceContext:
    return SourceContext(
        now=NOW,
        register=known,
        http=Pages(pages or {}),
        file=(files or {}).get,
        issues=lambda _repository, _label: tuple(issues),
        advisories=lambda _ecosystem, _package: (),
        events=tuple(events),
        position=position,
    )
