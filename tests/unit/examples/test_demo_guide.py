"""The demo's guide and its pages, without the App: what the page says just happened, and the page that waits."""

import io
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import cast

import pytest

from reassay.register.files import WorkingTree, read_register
from reassay_sandbox import Sandbox
from reassay_sandbox.demo import browser, environment
from reassay_sandbox.demo.clock_moves import ClockMoves, DemoDay
from reassay_sandbox.demo.demo_pages import HOME
from reassay_sandbox.demo.environment import DemoEnvironment, example_folder
from reassay_sandbox.demo.guide import DoneStep, Guide
from reassay_sandbox.demo.tours import TOURS

DAY = DemoDay(date(2026, 12, 2), ())


class StillClock(ClockMoves):
    """Moves nothing."""

    def __post_init__(self) -> None:
        pass

    def day(self) -> DemoDay:
        return DAY


def guide_after_a_step() -> Guide:
    demo = cast("DemoEnvironment", None)
    guide = Guide(demo, StillClock(demo), tour=TOURS[0], number=1, page="/x", dashboard="cells.html")
    guide.last = DoneStep("a step", "look there", (("it is so", True),))
    return guide


def test_a_move_of_the_clock_in_a_tour_is_what_just_happened() -> None:
    guide = guide_after_a_step()
    guide.move("day")
    assert (guide.last, guide.moved, guide.days) == (None, "A day later", (DAY,))
    assert (guide.tour, guide.number, guide.dashboard) == (TOURS[0], 1, "")


def test_leaving_a_tour_says_nothing_about_earlier_moves() -> None:
    guide = guide_after_a_step()
    guide.move("day")
    guide.leave()
    assert (guide.tour, guide.last, guide.moved, guide.dashboard) == (None, None, "", "")


class AppStarts(Exception):  # noqa: N818 -- not an error
    """Raised where the App would start."""


def test_the_page_that_waits_is_there_before_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    @contextmanager
    def host(box: Sandbox, _clock: object) -> Iterator[None]:
        for path in (HOME, f"{HOME}/version"):
            with urllib.request.urlopen(box.url + path) as answer:
                seen.append(answer.read().decode())
        raise AppStarts
        yield

    monkeypatch.setattr(environment, "host", host)
    folder = example_folder()
    with pytest.raises(AppStarts):
        browser.serve_one(read_register(WorkingTree(folder)), folder, 0, io.StringIO(), is_first=False)
    assert "Setting up" in seen[0]
    assert seen[1] == "setting-up"
