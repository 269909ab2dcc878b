"""The demo in a browser: its pages, and the button that moves the clock of a sandbox."""

import contextlib
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final, TextIO
from urllib.parse import urlsplit

from reassay.common.calendar import day_words, zone
from reassay.register.register import Register
from reassay.sweep.report import Report
from reassay_sandbox import Sandbox
from reassay_sandbox.demo.clock_moves import ClockMoves
from reassay_sandbox.demo.demo_pages import HOME, DemoPages
from reassay_sandbox.demo.environment import DemoEnvironment, start_environment
from reassay_sandbox.demo.guide import Guide
from reassay_sandbox.demo.happenings import happenings, summary
from reassay_sandbox.demo.story import beginning
from reassay_sandbox.demo.suggested_commands import SuggestedCommand, proposed
from reassay_sandbox.state import SandboxIssue

MOVE = "Move to the next date on which something happens"
_FAREWELL_SECONDS: Final = 0.3
LIMIT = 120
"""How many days the first button looks ahead."""


def serve_browser(register: Register, folder: Path, port: int, out: TextIO) -> None:
    """Serves until Ctrl-C. The page can ask for a fresh demo, which comes at the same address."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        port = serve_one(register, folder, port, out, is_first=True)
        while True:
            port = serve_one(register, folder, port, out, is_first=False)
    except KeyboardInterrupt:
        print("\nStopped. All data of the demo was deleted.", file=out)


def serve_one(register: Register, folder: Path, port: int, out: TextIO, *, is_first: bool) -> int:
    """Serves one demo until a fresh one is asked for; returns its port."""
    again = threading.Event()
    shown: list[DemoPages] = []

    def listening(box: Sandbox) -> None:
        """The page that waits is there before the App is: a visitor who starts over looks at it."""
        shown.append(DemoPages(box.dispatcher.pages, again.set, box.url))
        box.dispatcher.pages.outside = shown[0].answer

    with start_environment(register, folder, port, listening) as demo:
        (pages,) = shown
        url = f"{demo.box.url}{HOME}"
        if is_first:
            print(f"The demo is at {url}\nTo stop, press Ctrl-C.", file=out, flush=True)
            if has_screen():
                webbrowser.open(url)
        open_pages(demo, pages)
        with _ticking(demo.box):
            again.wait()
            # The redirect to the page that waits is on its way.
            threading.Event().wait(_FAREWELL_SECONDS)
        return urlsplit(demo.box.url).port or port


def open_pages(demo: DemoEnvironment, pages: DemoPages) -> Guide:
    """Sets the App up and lets it look for the first time; from then on the pages show tours."""
    for step in beginning(demo):
        pages.setting_up.append(step.heading)
    guide = Guide(demo, ClockMoves(demo))

    def suggest(issue: SandboxIssue) -> tuple[SuggestedCommand, ...]:
        own = tuple(SuggestedCommand(comment.who, comment.text) for comment in guide.suggested(issue.number))
        return own or proposed(issue)

    own_pages = demo.box.dispatcher.pages
    own_pages.framed, own_pages.links = True, {"Ledger": f"{HOME}/ledger"}
    own_pages.before_post, own_pages.suggest = demo.hosted.answered, suggest
    pages.guide = guide
    return guide


@contextlib.contextmanager
def _ticking(box: Sandbox) -> Iterator[None]:
    """The clock goes on by itself, as limits of requests a minute expect."""
    stop = threading.Event()

    def tick() -> None:
        while not stop.wait(1):
            box.clock.advance(timedelta(seconds=1))

    threading.Thread(target=tick, name="clock", daemon=True).start()
    try:
        yield
    finally:
        stop.set()


def has_screen() -> bool:
    """Whether there is a graphical screen. Without one, `webbrowser` would start a text browser in this terminal."""
    return sys.platform in {"darwin", "win32"} or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def move_to_next_event(box: Sandbox, sweep: Callable[[], Sequence[Report]]) -> tuple[str, ...]:
    """Moves the clock day by day, with a sweep on each as the App makes it, until people notice something; returns that.

    `sweep` sweeps the repository and returns the reports of all runs since it was called last, its own one last.
    """
    before = sweep()[-1]
    if before.assessment_input is None:
        return ()
    timezone = before.assessment_input.register.configuration.timezone
    reports: list[Report] = []
    events: tuple[str, ...] = ()
    for days in range(1, LIMIT + 1):
        day = before.assessment_input.today + timedelta(days=days)
        box.clock.move_to(datetime.combine(day, time(9), zone(timezone)))
        reports += sweep()
        events = happenings(before, reports)
        if events:
            break
    show_banner(box, reports[-1], events or (f"nothing has happened for {LIMIT} days",))
    return events


def show_banner(box: Sandbox, report: Report, events: Sequence[str] = ()) -> None:
    """Shows on every page the date in the register's time zone, and what has just happened until that date changes."""
    if report.assessment_input is None:
        return
    date = f"The date here is {day_words(report.assessment_input.today, year=True)}."
    if events:
        box.banner = f"{date} New: {summary(events)}"
    elif not box.banner.startswith(date):
        box.banner = date
