"""A reader of sources with a clock that only counts its waits."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from reassay.signals.fetching.fetch_settings import FetchSettings, HostPort, SourceSecret
from reassay.signals.fetching.httpx_reader import HttpxReader

VALUE = "hunter2-very-secret"
REPOSITORY = "example-lab/framework"
HOST = "feed.example.org"
URL = f"https://{HOST}/items.json"
SETTINGS = FetchSettings(
    secrets={"FEED": SourceSecret(HostPort(HOST, 443), VALUE)},
    hosts=frozenset({HostPort("allowed.example.org", 443)}),
)


@dataclass
class Waits:
    """A clock whose time passes only by waiting."""

    at: datetime = datetime(2026, 12, 1, 9, tzinfo=UTC)
    waits: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += timedelta(seconds=seconds)


def reader_of(
    clock: Waits | None = None,
    settings: FetchSettings = SETTINGS,
    *,
    transport: httpx.BaseTransport | None = None,
    largest: int = 1000,
) -> HttpxReader:
    """A reader over a transport that respx stands in for."""
    return HttpxReader(
        settings, REPOSITORY, clock or Waits(), transport=transport or httpx.HTTPTransport(), largest=largest
    )
