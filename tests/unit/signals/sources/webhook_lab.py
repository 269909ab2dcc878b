"""Webhooks of monitoring tools as a reader gets them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn, cast

from pydantic import TypeAdapter

from reassay.register.signal_sources import SignalSource
from reassay.signals.source_readings import HttpReader, ReceivedEvent, SourceContext, SourceReading
from reassay.signals.sources import READERS
from tests.make import mitigation, register

FIXTURES = Path(__file__).parents[3] / "fixtures" / "webhooks"
SAMPLES = Path(__file__).parents[5] / "shared" / "samples"
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
_SOURCE: TypeAdapter[SignalSource] = TypeAdapter(SignalSource)


def payload(name: str) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads((FIXTURES / f"{name}.json").read_text()))


def source(kind: str, **fields: object) -> SignalSource:
    return _SOURCE.validate_python({"id": "alerts", "kind": kind, "secret": "ALERTS", **fields})


def reading(kind: str, *payloads: Mapping[str, object], **fields: object) -> SourceReading:
    """What a source says with these messages, each received a minute after the one before it."""
    spec = source(kind, **fields)
    events = tuple(ReceivedEvent(each, NOW + timedelta(minutes=number)) for number, each in enumerate(payloads))
    reader = next(each for each in READERS if each.kind == kind)
    return reader.read(spec, context(events))


def context(events: tuple[ReceivedEvent, ...]) -> SourceContext:
    def nothing_else(*_arguments: object) -> NoReturn:
        raise AssertionError("a webhook is all that is read")

    return SourceContext(
        NOW,
        register(mitigation("jailbreak-filter")),
        cast("HttpReader", None),
        nothing_else,
        nothing_else,
        nothing_else,
        events=events,
    )
