"""The reader of a run that reads nothing over HTTP."""

from collections.abc import Mapping

from reassay.signals.source_readings import HttpAnswer, SourceUnreadError


class NoHttp:
    """Refuses every request."""

    def get(self, url: str, *, query: Mapping[str, str] | None = None, secret: str | None = None) -> HttpAnswer:
        """Raises SourceUnreadError."""
        del query, secret
        raise SourceUnreadError(f"Nothing is read over HTTP here, so {url} was not.")

    def post(self, url: str, document: object, *, secret: str | None = None) -> HttpAnswer:
        """Raises SourceUnreadError."""
        del document, secret
        raise SourceUnreadError(f"Nothing is read over HTTP here, so {url} was not.")
