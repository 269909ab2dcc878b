"""The dashboard's pages in a real browser, opened from disk: filters, permalinks, keyboard, paper, and what axe finds."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from reassay.common.svg_drawing import AMBER, BLUE, GREEN, GREY, INK, PAPER, RED
from reassay.dashboard.site import Site
from reassay.dashboard.values import Dashboard
from tests.browser.playwright_pages import (
    HUGE,
    NARROW,
    WIDE,
    Pages,
    assert_accessible,
    assert_fits,
    screenshot,
)
from tests.unit.dashboard.sample import empty, hostile, sample
from tests.unit.dashboard.sample_cells import CELLS
from tests.unit.dashboard.sample_values import AT

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATHS = (
    "index.html",
    "cells.html",
    "timeline.html",
    "coverage.html",
    "commitments.html",
    "incidents.html",
    "subjects/jailbreak-filter.html",
    "verdicts/pull-12.html",
)
Open = Callable[..., "Page"]


def written(dashboard: Dashboard, folder: Path, *, has_pictures: bool = False) -> Path:
    site = Site(dashboard, has_pictures=has_pictures)
    for path in site.paths():
        file = site.file(path)
        assert file is not None
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(sample(), tmp_path_factory.mktemp("dashboard"), has_pictures=True)


@pytest.fixture
def cells(pages: Pages, folder: Path) -> "Page":
    return pages.open(folder / "cells.html")


def shown(page: "Page") -> list[str]:
    """The deployments and subjects of the rows that are shown, in order."""
    names: list[str] = page.eval_on_selector_all(
        "#cells tbody tr",
        "rows => rows.filter((row) => !row.hidden).map((row) => row.querySelector('.id').textContent)",
    )
    return names


def counted(page: "Page", words: str) -> None:
    page.wait_for_function("words => document.querySelector('output').textContent === words", arg=words)


def sorted_by(page: "Page", column: str, direction: str | None) -> None:
    page.wait_for_function(
        "([column, direction]) => document.querySelector(`th[data-sort=${column}]`).ariaSort === direction",
        arg=[column, direction],
    )


@pytest.mark.parametrize(
    ("path", "dark", "widths"),
    [
        *((path, True, (NARROW, HUGE)) for path in PATHS),
        *((path, False, (WIDE,)) for path in ("index.html", "cells.html", "coverage.html", PATHS[6])),
    ],
)
def test_pages_are_accessible_and_fit(
    pages: Pages, folder: Path, path: str, dark: bool, widths: tuple[int, ...]
) -> None:
    page = pages.open(folder / path, width=widths[0], dark=dark)
    assert_accessible(page)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)
        name = path.replace("/", "-").removesuffix(".html")
        screenshot(page, f"dashboard-{name}-{width}{'-dark' if dark else ''}")


@pytest.mark.long
@pytest.mark.parametrize("dashboard", [empty, hostile])
def test_odd_dashboards_fit_a_phone_and_run_nothing(
    pages: Pages, tmp_path: Path, dashboard: Callable[[], Dashboard]
) -> None:
    site = written(dashboard(), tmp_path)
    for path in PATHS[:6]:
        page = pages.new(width=NARROW)
        page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
        page.goto((site / path).as_uri())
        assert_fits(page)


def test_pictures_are_loaded_from_disk(pages: Pages, folder: Path) -> None:
    page = pages.open(folder / "incidents.html")
    page.locator("img").last.scroll_into_view_if_needed()
    page.wait_for_function("[...document.images].every((image) => image.complete && image.naturalWidth > 0)")
    assert page.locator("img").count() == 2


def test_cells_are_filtered_and_the_number_is_announced(cells: "Page") -> None:
    counted(cells, "12 cells")
    cells.locator("[name=owner]").select_option("safety-lead")
    counted(cells, "5 of 12 cells")
    cells.locator("[name=deployment]").select_option("chat-app")
    counted(cells, "3 of 12 cells")
    cells.locator("[name=state]").select_option("overdue")
    counted(cells, "1 of 12 cells")
    assert shown(cells) == ["jailbreak-filter"]
    cells.get_by_role("button", name="Show all", exact=True).first.click()
    counted(cells, "12 cells")
    cells.locator("[name=kind]").select_option("commitment")
    counted(cells, "1 of 12 cells")
    assert cells.locator("output").get_attribute("aria-live") == "polite"


def test_cells_are_searched_by_every_word(cells: "Page") -> None:
    cells.locator("[name=q]").fill("CLASSIFIER incident")
    counted(cells, "1 of 12 cells")
    cells.locator("[name=q]").fill("nothing like it")
    counted(cells, "0 of 12 cells")
    cells.locator("[data-none] button").click()
    counted(cells, "12 cells")


def test_a_choice_is_a_permalink_and_back_undoes_it(pages: Pages, cells: "Page") -> None:
    cells.locator("[name=state]").select_option("overdue")
    counted(cells, "1 of 12 cells")
    cells.locator("[name=attention]").select_option("yes")
    cells.wait_for_function("location.hash.includes('attention=yes')")
    again = pages.new()
    again.goto(cells.url)
    counted(again, "1 of 12 cells")
    assert again.locator("[name=state]").input_value() == "overdue"
    cells.go_back()
    cells.wait_for_function("!location.hash.includes('attention')")
    assert cells.locator("[name=attention]").input_value() == ""
    cells.go_back()
    counted(cells, "12 cells")


COLUMNS = (
    ("title", "misuse-monitoring", "weights-encryption"),
    ("where", "bug-bounty", "uplift-evaluation"),
    ("who", "safeguards-reapproval", "misuse-monitoring"),
    ("state", "weights-encryption", "keyword-blocklist"),
    ("when", "weights-encryption", "keyword-blocklist"),
    ("last", "safeguards-reapproval", "keyword-blocklist"),
    ("result", "output-filter", "keyword-blocklist"),
)
"""With the first and the last row when sorted by it."""


def test_every_column_sorts(cells: "Page") -> None:
    for column, first, last in COLUMNS:
        button = cells.locator(f"th[data-sort={column}] button")
        button.click()
        sorted_by(cells, column, "ascending")
        rows = shown(cells)
        assert (rows[0], rows[-1], cells.evaluate("location.hash")) == (first, last, f"#sort={column}")
        button.press("Enter")
        sorted_by(cells, column, "descending")
        assert (shown(cells) != rows, cells.evaluate("location.hash")) == (True, f"#sort=-{column}")
        button.press("Enter")
        sorted_by(cells, column, None)
        assert shown(cells) == [cell.subject for cell in CELLS]


def test_a_link_of_the_overview_filters_cells(pages: Pages, folder: Path) -> None:
    page = pages.open(folder / "index.html")
    page.locator(".tiles a", has_text="12 cells").click()
    counted(page, "8 of 12 cells")


@pytest.mark.long
def test_a_thousand_mitigations_are_filtered_at_once(pages: Pages, tmp_path: Path) -> None:
    many = tuple(cell.model_copy(update={"subject": f"{cell.subject}-{n}"}) for n in range(167) for cell in CELLS)[
        :2000
    ]
    site = written(sample().model_copy(update={"cells": many, "subjects": ()}), tmp_path)
    page = pages.open(site / "cells.html")
    counted(page, "2,000 cells")
    assert len(shown(page)) == 200
    page.locator("[name=sort]").select_option("-result")
    page.wait_for_function("location.hash === '#sort=-result'")
    page.locator("[name=state]").select_option("overdue")
    counted(page, "167 of 2,000 cells")
    page.locator("[name=state]").select_option("current")
    counted(page, "332 of 2,000 cells")
    page.get_by_role("button", name="Show the other 132").click()
    assert len(shown(page)) == 332
    page.goto(f"{(site / 'cells.html').as_uri()}#cell_keyword-blocklist-160_chat-app")
    page.locator("#cell_keyword-blocklist-160_chat-app").wait_for(state="visible")


def test_without_javascript_everything_is_there(pages: Pages, folder: Path) -> None:
    page = pages.open(folder / "cells.html", javascript=False)
    assert page.locator("#cells tbody tr:visible").count() == len(CELLS)
    assert page.locator("form:visible").count() == 0


def test_a_link_opens_the_folded_part_that_it_leads_to(pages: Pages, folder: Path) -> None:
    page = pages.open(folder / "subjects/jailbreak-filter.html")
    entry = page.locator("tr[id='entry_R-2026-007_25']")
    assert not entry.is_visible()
    page.goto(f"{page.url}#entry_R-2026-007_25")
    entry.wait_for(state="visible")


def test_the_keyboard_reaches_the_content_first(pages: Pages, folder: Path) -> None:
    page = pages.open(folder / "cells.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("name", ["index", "timeline", "commitments", "incidents"])
def test_paper_has_no_controls_and_no_folds(pages: Pages, folder: Path, name: str) -> None:
    page = pages.open(folder / f"{name}.html", width=690, print_media=True)
    assert page.locator("nav:visible, form:visible").count() == 0
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert_fits(page)


@pytest.mark.parametrize(("days", "is_old"), [(0, False), (1, False), (40, True)])
def test_an_old_page_says_so(pages: Pages, folder: Path, days: int, is_old: bool) -> None:
    page = pages.new()
    page.clock.set_fixed_time(AT.timestamp() + days * 86_400)
    page.goto((folder / "index.html").as_uri())
    assert page.locator("#old").is_visible() is is_old
    assert not is_old or "This page is 40 days old." in page.inner_text("#old")


@pytest.mark.parametrize("dark", [False, True])
def test_pictures_have_the_ground_of_the_page_and_colours_that_show_on_it(
    pages: Pages, folder: Path, dark: bool
) -> None:
    page = pages.open(folder / "timeline.html", dark=dark)
    page.evaluate(_SWATCHES, [INK, GREY, BLUE, GREEN, RED, AMBER, PAPER])
    page.locator("figure img").first.evaluate("image => image.decode()")
    image = Image.open(BytesIO(page.locator("figure img").first.screenshot())).convert("RGB")
    row = image.crop((0, 10, 140, 11)).tobytes()
    *colours, ground = (tuple(row[3 * place : 3 * place + 3]) for place in range(10, 140, 20))
    assert ground == ((14, 18, 23) if dark else (255, 255, 255))
    assert min(contrast(colour, ground) for colour in colours) >= 4.5
    screenshot(page, f"picture-colours-{'dark' if dark else 'light'}")


_SWATCHES = """colours => {
  const image = document.querySelector("figure img");
  const squares = colours.map((colour, place) => `<rect x="${20 * place}" width="20" height="20" fill="${colour}"/>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="140" height="20">${squares.join("")}</svg>`;
  image.style.borderRadius = 0;
  image.loading = "eager";
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
}"""
"""Puts the colours of pictures, side by side, in place of the first picture."""


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The contrast ratio of two colours (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: tuple[int, ...]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
