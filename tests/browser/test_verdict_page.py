"""The page of a verdict in a real browser: people are chosen by ticking, and without a script everything is there."""

from pathlib import Path

import pytest

from reassay.dashboard.site import Site
from reassay.dashboard.values import Dashboard
from tests.browser.playwright_pages import HUGE, NARROW, WIDE, Pages, assert_accessible, assert_fits, screenshot
from tests.unit.dashboard.sample import hostile
from tests.unit.dashboard.verdict_sample import with_verdict


def written(dashboard: Dashboard, folder: Path) -> Path:
    """The pages of the verdicts on disk. Gives the first."""
    site = Site(dashboard, has_pictures=False)
    first: Path | None = None
    for path in site.paths():
        file = site.file(path) if path.startswith(("verdicts/", "dashboard.")) else None
        if file is not None:
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.content)
            first = first or target
    assert first is not None
    return first


@pytest.mark.parametrize(("dark", "widths"), [(False, (WIDE,)), (True, (NARROW, HUGE))])
def test_it_fits_and_is_accessible(pages: Pages, tmp_path: Path, dark: bool, widths: tuple[int, ...]) -> None:
    page = pages.open(written(with_verdict(), tmp_path), width=widths[0], dark=dark)
    assert_accessible(page)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)
        screenshot(page, f"verdict-{width}{'-dark' if dark else ''}")


def test_a_telephone_reads_no_label_twice_and_no_value_apart_from_its_label(pages: Pages, tmp_path: Path) -> None:
    page = pages.open(written(with_verdict(), tmp_path), width=NARROW)
    signed = page.locator("td[data-label='Signed by']", has_text="nobody").first
    role = page.locator("td[data-label='Role']").first
    heights = [box["height"] for own in (signed, role) if (box := own.bounding_box())]
    assert heights[0] == heights[1], "one line"
    assert page.locator("td[data-label='They would']").count() == 0


def test_ticking_people_shows_the_verdict_on_their_group(pages: Pages, tmp_path: Path) -> None:
    file = written(with_verdict(), tmp_path)
    page = pages.open(file)
    shown = "#what-if-table tbody tr:not([hidden])"
    assert page.locator(shown).count() == 7
    page.get_by_label("@safety-lead").check()
    page.get_by_label("@external").check()
    assert page.locator(shown).count() == 1
    assert page.locator(f"{shown} th").inner_text() == "@external, then @safety-lead"
    assert page.locator("form.people output").inner_text() == "Not ready to merge"
    address = page.url
    assert address.endswith("#what-if-0-2")
    assert_accessible(page)
    again = pages.new()
    again.goto(address)
    assert again.locator(shown).count() == 1, "the address keeps what is chosen"
    assert again.get_by_label("@external").is_checked()
    for login in ("@safety-lead", "@external"):
        page.get_by_label(login).uncheck()
    assert page.locator(shown).count() == 7


def test_without_a_script_every_group_is_there_and_no_box(pages: Pages, tmp_path: Path) -> None:
    page = pages.open(written(with_verdict(), tmp_path), javascript=False)
    assert page.locator("#what-if-table tbody tr:visible").count() == 7
    assert page.locator("form.people").is_hidden()
    assert_fits(page)


def test_hostile_words_run_nothing_and_fit(pages: Pages, tmp_path: Path) -> None:
    page = pages.open(written(hostile(), tmp_path), width=NARROW)
    assert_fits(page)
    assert_accessible(page)
