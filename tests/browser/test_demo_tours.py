"""The demo's page in a real browser: every tour by its buttons, a step by hand, and the clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from reassay.register.files import WorkingTree, read_register
from reassay_sandbox.demo.browser import open_pages
from reassay_sandbox.demo.demo_pages import HOME, DemoPages
from reassay_sandbox.demo.environment import DemoEnvironment, example_folder, start_environment
from reassay_sandbox.demo.guide import Guide
from reassay_sandbox.demo.tours import TOURS, Tour
from tests.browser.playwright_pages import CHROMIUM, NARROW, WIDE, Pages, assert_accessible, assert_fits, screenshot

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.long, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]
DO, LEAVE = "form[action='/_demo/step'] button", "form[action='/_demo/leave'] button"
SECONDS = 60_000


@dataclass(frozen=True)
class OpenDemo:
    demo: DemoEnvironment
    guide: Guide

    @property
    def url(self) -> str:
        return f"{self.demo.box.url}{HOME}"


@pytest.fixture(scope="module")
def shown() -> Iterator[OpenDemo]:
    folder = example_folder()
    with start_environment(read_register(WorkingTree(folder)), folder) as demo:
        pages = DemoPages(demo.box.dispatcher.pages, lambda: None, demo.box.url)
        demo.box.dispatcher.pages.outside = pages.answer
        yield OpenDemo(demo, open_pages(demo, pages))


def opened(shown: OpenDemo, pages: Pages, *, width: int = WIDE, dark: bool = False) -> "Page":
    pages.homes.append(shown.demo.hosted.url)
    page = pages.open(shown.url, width=width, dark=dark)
    seen(page)
    return page


def seen(page: "Page") -> None:
    """Both frames have come: the dashboard is there without anybody having signed in by hand."""
    page.frame_locator("iframe[name=repository]").locator("main").wait_for(timeout=SECONDS)
    page.frame_locator("iframe[name=dashboard]").locator("text=example-lab/framework").first.wait_for(timeout=SECONDS)


def press(page: "Page", button: str) -> None:
    with page.expect_navigation(timeout=SECONDS):
        page.locator(button).click()
    seen(page)


def walk(page: "Page", tour: Tour, width: int) -> None:
    press(page, f"button[name=name][value={tour.name}]")
    screenshot(page, f"demo-{tour.name}-0-{width}")
    for number, step in enumerate(tour.steps, 1):
        assert page.locator("#step").inner_text() == step.title
        assert step.button == page.locator(DO).inner_text()
        press(page, DO)
        screenshot(page, f"demo-{tour.name}-{number}-{width}")
        assert page.locator(".now h2").inner_text() == f"What just happened: {step.title}"
        assert page.locator(".checks .no").all_inner_texts() == []
        frame = page.frame(name="dashboard")
        assert frame is not None
        assert frame.url.endswith(f"/{step.dashboard}")
        assert page.locator(".checks .yes").count() >= 1
        assert_fits(page)
    assert tour.done in page.locator(".next").inner_text()
    press(page, LEAVE)


@pytest.mark.parametrize("tour", TOURS, ids=lambda tour: tour.name)
def test_each_tour_is_walked_by_pressing_its_buttons(shown: OpenDemo, pages: Pages, tour: Tour) -> None:
    page = opened(shown, pages)
    screenshot(page, f"demo-before-{tour.name}-{WIDE}")
    walk(page, tour, WIDE)
    assert tour.name in shown.guide.finished
    assert shown.demo.box.complaints == []


def test_a_tour_on_a_telephone_by_night_and_a_second_time(shown: OpenDemo, pages: Pages) -> None:
    page = opened(shown, pages, width=NARROW, dark=True)
    (tour,) = (tour for tour in TOURS if tour.name == "tamper")
    press(page, f"button[name=name][value={tour.name}]")
    assert_accessible(page)
    press(page, DO)
    screenshot(page, f"demo-again-1-{NARROW}")
    assert page.locator(".now h2").inner_text() == "What just happened: A date is moved"
    assert_fits(page)
    # Left half way: what it broke is mended, so that other tours can be taken.
    press(page, LEAVE)
    shown.demo.sweep()
    assert shown.demo.repo.head("reassay-ledger") != shown.demo.remembered["ledger after"]


def test_the_clock_moves_and_says_what_happened(shown: OpenDemo, pages: Pages) -> None:
    page = opened(shown, pages)
    assert_accessible(page)
    before = page.locator("#clock").inner_text()
    press(page, "button[name=how][value=next]")
    assert page.locator("#clock").inner_text() != before
    assert page.locator(".days li").count() >= 1
    assert "nothing" not in page.locator(".days").inner_text()
    page.locator("button[name=how][value=year]").click()
    page.locator("text=Stop here").wait_for(timeout=SECONDS)
    # The page loads itself again each second.
    page.locator(".log .days > li").nth(1).wait_for(timeout=SECONDS)
    screenshot(page, f"demo-year-{WIDE}")
    page.locator("text=Stop here").click()
    page.locator("#clock").wait_for(timeout=SECONDS)
    assert "earlier date" in page.locator(".now").inner_text()


def test_what_a_visitor_does_by_hand_counts_as_the_step(pages: Pages) -> None:
    folder = example_folder()
    with start_environment(read_register(WorkingTree(folder)), folder) as demo:
        own = DemoPages(demo.box.dispatcher.pages, lambda: None, demo.box.url)
        demo.box.dispatcher.pages.outside = own.answer
        fresh = OpenDemo(demo, open_pages(demo, own))
        page = opened(fresh, pages)
        press(page, "button[name=name][value=evidence]")
        press(page, DO)
        repository = page.frame_locator("iframe[name=repository]")
        repository.locator("text=Post as @red-team-lead").click()
        page.locator("text=You did it: The red team brings 40 attacks").wait_for(timeout=SECONDS)
        assert page.locator(".checks .no").count() == 0
        # A typo, by the editor on the pages of the repository.
        press(page, LEAVE)
        press(page, "button[name=name][value=typo]")
        repository = page.frame_locator("iframe[name=repository]")
        repository.locator("nav >> text=Code").click()
        repository.locator("text=framework/mitigations/rate-limits.yml").click()
        repository.locator("text=Edit").click()
        area = repository.locator("textarea[name=text]")
        area.fill(area.input_value().replace("every: 1 year", "evry: 1 year"))
        repository.locator("text=Push to main").click()
        page.locator("text=You did it: Somebody tidies up").wait_for(timeout=SECONDS)
        assert "rate-limits" in page.frame_locator("iframe[name=dashboard]").locator("main").inner_text()
        press(page, LEAVE)
        assert b"every: 1 year" in (demo.repo.read("main", "framework/mitigations/rate-limits.yml") or b"")
