"""The dashboard as pages: files by path, with relative links only, so that they work from disk and below any address."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from importlib.util import find_spec
from typing import Final

from reassay.dashboard.pictures import picture
from reassay.dashboard.subject_values import DashboardSubject
from reassay.dashboard.values import Dashboard
from reassay.dashboard.verdict_values import DashboardVerdict
from reassay.dashboard.views.addresses import page_name
from reassay.dashboard.views.figure_words import meter_rules
from reassay.dashboard.views.page_values import PageValues, SiteFrame
from reassay.dashboard.views.site_environment import asset, page_text
from reassay.dashboard.views.verdict_pages import verdict_page

HTML: Final = "text/html; charset=utf-8"
PAGES: Final = ("index", "cells", "timeline", "coverage", "commitments", "incidents")
"""Names of the pages that every dashboard has."""


@dataclass(frozen=True, slots=True)
class SiteFile:
    """One file of the site."""

    path: str
    media_type: str
    content: bytes


def can_draw() -> bool:
    """Whether the library of the extra `pictures` is installed. Without it pages show their tables alone."""
    return find_spec("matplotlib") is not None


@dataclass(frozen=True)
class Site:
    """The pages of one dashboard, rendered one by one when they are asked for."""

    dashboard: Dashboard
    frame: SiteFrame = field(default_factory=SiteFrame)
    has_pictures: bool = field(default_factory=can_draw)

    def paths(self) -> tuple[str, ...]:
        """The path of every file, pages first."""
        return tuple(self._renderers)

    def file(self, path: str) -> SiteFile | None:
        """The file of a path; None if there is none. Raises ReassayError for a picture that cannot be drawn."""
        render = self._renderers.get(path)
        return render(path) if render else None

    @cached_property
    def _renderers(self) -> Mapping[str, Callable[[str], SiteFile]]:
        return dict(self._files())

    def _files(self) -> Iterator[tuple[str, Callable[[str], SiteFile]]]:
        for name in PAGES:
            yield f"{name}.html", partial(self._page, name)
        for subject in self.dashboard.subjects:
            yield f"subjects/{page_name(subject.id)}.html", partial(self._subject, subject)
        for verdict in self.dashboard.verdicts:
            yield f"verdicts/{page_name(verdict.name)}.html", partial(self._verdict, verdict)
        yield (
            "dashboard.css",
            lambda path: _text(path, "text/css; charset=utf-8", asset("dashboard.css") + meter_rules()),
        )
        yield "dashboard.js", lambda path: _text(path, "text/javascript; charset=utf-8", asset("dashboard.js"))
        for name in self._values.pictures:
            yield f"pictures/{name}.svg", partial(self._picture, name)
        yield "calendar.ics", self._calendar
        yield "dashboard.json", lambda path: _text(path, "application/json", self.dashboard.model_dump_json())

    def _page(self, name: str, path: str) -> SiteFile:
        return self._html(path, name, "")

    def _subject(self, subject: DashboardSubject, path: str) -> SiteFile:
        return self._html(path, "subject", "../", subject=self._values.subject_page(subject))

    def _verdict(self, verdict: DashboardVerdict, path: str) -> SiteFile:
        return self._html(path, "verdict", "../", verdict=verdict_page(verdict))

    def _html(self, path: str, template: str, root: str, **values: object) -> SiteFile:
        text = page_text(
            template, dashboard=self.dashboard, frame=self.frame, view=self._values, page=template, root=root, **values
        )
        return _text(path, HTML, text)

    def _picture(self, name: str, path: str) -> SiteFile:
        return SiteFile(path, "image/svg+xml", picture(self.dashboard, name))

    def _calendar(self, path: str) -> SiteFile:
        from reassay.dashboard.calendar_feed import calendar_feed  # noqa: PLC0415 -- see there

        return SiteFile(path, "text/calendar; charset=utf-8", calendar_feed(self.dashboard))

    @cached_property
    def _values(self) -> PageValues:
        return PageValues(self.dashboard, self.has_pictures)


def _text(path: str, media_type: str, text: str) -> SiteFile:
    return SiteFile(path, media_type, text.encode("utf-8", "backslashreplace"))
