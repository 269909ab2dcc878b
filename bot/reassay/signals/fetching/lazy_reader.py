"""An HttpReader that loads httpx when the first source behind HTTP is read: most registers have none."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from reassay.common.clock import Clock, SystemClock
from reassay.signals.fetching.fetch_settings import FetchSettings
from reassay.signals.source_readings import HttpAnswer

if TYPE_CHECKING:
    from reassay.signals.fetching.httpx_reader import HttpxReader


class LazyHttpReader:
    """An HttpReader for the register of one framework repository; close it when the sources are read."""

    def __init__(self, settings: FetchSettings, repository: str, clock: Clock | None = None) -> None:
        self._settings, self._repository, self._clock = settings, repository, clock or SystemClock()
        self._reader: HttpxReader | None = None

    def get(self, url: str, *, query: Mapping[str, str] | None = None, secret: str | None = None) -> HttpAnswer:
        """Raises SourceUnreadError."""
        return self._loaded().get(url, query=query, secret=secret)

    def post(self, url: str, document: object, *, secret: str | None = None) -> HttpAnswer:
        """Sends JSON. Raises SourceUnreadError."""
        return self._loaded().post(url, document, secret=secret)

    def close(self) -> None:
        """Ends all connections."""
        if self._reader is not None:
            self._reader.close()

    def _loaded(self) -> "HttpxReader":
        if self._reader is None:
            from reassay.signals.fetching.httpx_reader import HttpxReader  # noqa: PLC0415 -- see the module

            self._reader = HttpxReader(self._settings, self._repository, self._clock)
        return self._reader
