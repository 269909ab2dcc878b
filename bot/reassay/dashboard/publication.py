"""Decides what to write to the branch `reassay-dashboard`: the page and its pictures, or nothing while they show the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from re import compile as pattern
from typing import Final

from reassay.common.errors import ReassayError, UsageError
from reassay.dashboard.branch_digest import PageMarker, blob_id, read_marker, seal_of
from reassay.dashboard.branch_page import FOLDER, ended_text, page_pictures, page_text
from reassay.dashboard.values import Dashboard
from reassay.github.branch_files import BranchContent
from reassay.sweep.actions import KeepDashboard

PAGE: Final = "README.md"
_OWN: Final = pattern(r"(?:states|timeline|(?:incidents|effectiveness)-\d+)\.svg")
"""Names of the dashboard's pictures. Those of issues, which begin with the id of a re-assessment, stay as they are."""
_NOTHING: Final = "0" * 20
"""In place of the digest of a page that shows no dashboard."""

Draw = Callable[[Dashboard, str], bytes]
"""Draws the picture of a name. Raises ReassayError."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The pictures of a page."""

    pictures: Mapping[str, bytes]
    """By name; those that could not be drawn are left out."""
    is_possible: bool = True
    """Whether there is a library that draws."""
    notes: tuple[str, ...] = ()
    """What could not be drawn, and why."""


def is_published(shows: str, present: BranchContent) -> bool:
    """Whether the branch shows a dashboard of this digest, with pictures, as it was written."""
    marker, page = read_marker(present.text)
    return (
        marker is not None and marker.is_drawn and marker.shows == shows and marker.seal == seal_of(page, _own(present))
    )


def drawn_pictures(dashboard: Dashboard, draw: Draw) -> Drawn:
    """The pictures of the page. Without the library there are none, and the page is written all the same."""
    pictures: dict[str, bytes] = {}
    notes: list[str] = []
    for name in page_pictures(dashboard):
        try:
            pictures[name] = draw(dashboard, name)
        except UsageError as error:
            return Drawn({}, is_possible=False, notes=(f"the dashboard has no pictures: {error}",))
        except ReassayError as error:
            notes.append(f"the dashboard has no picture {name}: {error}")
    return Drawn(pictures, notes=tuple(notes))


def publication(
    dashboard: Dashboard, drawn: Drawn, issue: int | None, shows: str, present: BranchContent
) -> KeepDashboard | None:
    """The files to write, and to delete; None if all of them are there as they should be."""
    page = page_text(dashboard, drawn.pictures, issue)
    pictures = {f"{name}.svg": content for name, content in drawn.pictures.items()}
    if not drawn.is_possible:
        before, old = read_marker(present.text)
        same = before is not None and before.shows == shows and before.seal == seal_of(old, _own(present))
        if same:
            return None  # another run may have drawn them, and this one would only take them away
    return _action(page, pictures, shows, present, is_drawn=drawn.is_possible)


def ending(present: BranchContent) -> KeepDashboard | None:
    """What is written once the dashboard was switched off; None if it is there, or if there never was a page."""
    marker, page = read_marker(present.text)
    if marker is None or (page == ended_text() and not _own(present)):
        return None
    return _action(ended_text(), {}, _NOTHING, present, is_drawn=True, ends=True)


def _action(  # noqa: PLR0913 -- the page, its pictures, and what is there
    page: str, pictures: Mapping[str, bytes], shows: str, present: BranchContent, *, is_drawn: bool, ends: bool = False
) -> KeepDashboard:
    ids = {name: blob_id(content) for name, content in pictures.items()}
    marker = PageMarker(shows, seal_of(page, ids), is_drawn)
    changed = [(f"{FOLDER}/{name}", pictures[name]) for name in sorted(pictures) if present.ids.get(name) != ids[name]]
    gone = tuple(f"{FOLDER}/{name}" for name in sorted(_own(present).keys() - pictures.keys()))
    return KeepDashboard(present.head, ((PAGE, f"{marker.line()}{page}".encode()), *changed), gone, ends)


def _own(present: BranchContent) -> Mapping[str, str]:
    return {name: oid for name, oid in present.ids.items() if _OWN.fullmatch(name)}
