"""The demo in a browser: a person comments, and the bot answers as it would on GitHub."""

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
from reassay_sandbox.demo.stage import REPOSITORY, Stage
from reassay_sandbox.demo.story import move_to


def stay(stage: Stage, out: TextIO) -> None:
    """Serves until Ctrl-C."""

    def onwards() -> None:
        report = stage.sweep()
        day = next_day(report)
        if day and report.assessment_input:
            move_to(stage, day, report.assessment_input.register.configuration.timezone)
        stage.sweep()

    stage.hosted.listeners.append(lambda report: _banner(stage, report))
    stage.box.add_page_action("Move to the next date on which something happens", onwards)
    stage.box.add_page_action("Sweep now", stage.sweep)
    stage.sweep()
    url = f"{stage.box.url}/{REPOSITORY}/issues"
    print(
        f"\nThe local GitHub stays up: {url}\nComment `/reassay conclude effective because ...` there."
        f"\nThe App's own pages: {stage.hosted.url}\nCtrl-C ends both.",
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
        print("\nGone; nothing is left behind.", file=out)


def _has_screen() -> bool:
    """Without one, opening a browser would start a text browser in the middle of the account."""
    return sys.platform in {"darwin", "win32"} or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _banner(stage: Stage, report: Report) -> None:
    day = next_day(report)
    coming = f" The next thing happens on {day_words(day, year=True)}." if day else ""
    stage.box.banner = f"It is {day_words(stage.box.clock.now().date(), year=True)} here.{coming}"


def next_day(report: Report) -> date | None:
    """The next day on which something opens, is due or is reminded of."""
    if report.assessment_input is None:
        return None
    today = report.assessment_input.today
    days = [result.opens for cell in report.cells for result in cell.results if isinstance(result, Pending)]
    days += [cell.scheduled for cell in report.cells if cell.scheduled]
    days += [reassessment.due for reassessment in report.assessment_input.history.open]
    return min((day for day in days if day > today), default=None)
