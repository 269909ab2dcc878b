"""The demo in a browser: the user comments on issues, and the bot answers as on GitHub."""

import os
import signal
import sys
import threading
import webbrowser
from datetime import date
from typing import TextIO

from reassay.assessment.triggers.base import Pending
from reassay.common.calendar import day_words
from reassay.sweep.report import Report
from reassay_sandbox.demo.environment import REPOSITORY, DemoEnvironment
from reassay_sandbox.demo.story import move_to


def serve_browser(demo: DemoEnvironment, out: TextIO) -> None:
    """Serves until Ctrl-C."""

    def move_to_next_date() -> None:
        report = demo.sweep()
        day = next_day(report)
        if day and report.assessment_input:
            move_to(demo, day, report.assessment_input.register.configuration.timezone)
        demo.sweep()

    demo.hosted.listeners.append(lambda report: _banner(demo, report))
    demo.box.add_page_action("Move to the next date on which something is due", move_to_next_date)
    demo.box.add_page_action("Sweep now", demo.sweep)
    demo.sweep()
    url = f"{demo.box.url}/{REPOSITORY}/issues"
    print(
        f"\nThe local GitHub runs at {url}\nThe App's pages are at {demo.hosted.url}"
        "\nOpen an issue and comment `/reassay conclude ineffective|degraded|inconclusive|effective because ...`."
        " To stop, press Ctrl-C.",
        file=out,
        flush=True,
    )
    if _has_screen():
        webbrowser.open(url)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print("\nStopped. All data of the demo was deleted.", file=out)


def _has_screen() -> bool:
    """Whether there is a graphical screen. Without one, `webbrowser` would start a text browser in this terminal."""
    return sys.platform in {"darwin", "win32"} or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _banner(demo: DemoEnvironment, report: Report) -> None:
    day = next_day(report)
    coming = f" The next re-assessment opens or is due on {day_words(day, year=True)}." if day else ""
    demo.box.banner = f"The date here is {day_words(demo.box.clock.now().date(), year=True)}.{coming}"


def next_day(report: Report) -> date | None:
    """The next day on which a re-assessment opens or is due; None if there is none."""
    if report.assessment_input is None:
        return None
    today = report.assessment_input.today
    days = [result.opens for cell in report.cells for result in cell.results if isinstance(result, Pending)]
    days += [cell.scheduled for cell in report.cells if cell.scheduled]
    days += [reassessment.due for reassessment in report.assessment_input.history.open]
    return min((day for day in days if day > today), default=None)
