"""The demo in a browser: the user comments on issues, and the bot answers as on GitHub."""

import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TextIO

from reassay.common.calendar import day_words, zone
from reassay.sweep.report import Report
from reassay_sandbox import Sandbox
from reassay_sandbox.demo.environment import REPOSITORY, DemoEnvironment
from reassay_sandbox.demo.happenings import happenings, summary

MOVE, SWEEP = "Move to the next date on which something happens", "Sweep now"
LIMIT = 120
"""How many days the first button looks ahead."""


def serve_browser(demo: DemoEnvironment, out: TextIO) -> None:
    """Serves until Ctrl-C."""
    sweeps = _Sweeps(demo)
    demo.hosted.listeners += [sweeps.reports.append, lambda report: show_banner(demo.box, report)]
    demo.box.add_page_action(MOVE, lambda: move_to_next_event(demo.box, sweeps))
    demo.box.add_page_action(SWEEP, demo.sweep)
    demo.sweep()
    url = f"{demo.box.url}/{REPOSITORY}/issues"
    print(
        f"\nThe local GitHub runs at {url}\nThe App's pages are at {demo.hosted.url}"
        "\nOpen an issue and comment `/reassay conclude ineffective|degraded|inconclusive|effective because ...`."
        " To stop, press Ctrl-C.",
        file=out,
        flush=True,
    )
    if has_screen():
        webbrowser.open(url)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print("\nStopped. All data of the demo was deleted.", file=out)


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


@dataclass(frozen=True, slots=True)
class _Sweeps:
    """Sweeps of the demo's App, with the reports of its other jobs since the last one."""

    demo: DemoEnvironment
    reports: list[Report] = field(default_factory=list)

    def __call__(self) -> tuple[Report, ...]:
        last = self.demo.sweep()
        reports = tuple(report for report in self.reports if report is not last)
        self.reports.clear()
        return (*reports, last)
