"""The visitor's place in the demo: which tour and step, what was done last, and whether a year is running."""

import threading
from dataclasses import dataclass, field
from typing import Final

from reassay_sandbox.demo.clock_moves import ClockMoves, DemoDay
from reassay_sandbox.demo.environment import REPOSITORY, DemoEnvironment
from reassay_sandbox.demo.tours import TOURS, Checks, SuggestedComment, Tour, TourStep

ISSUES: Final = f"/{REPOSITORY}/issues"


@dataclass(frozen=True, slots=True)
class DoneStep:
    """A step that was tried, and what its checks said then."""

    title: str
    look: str
    checks: Checks
    by_hand: bool = False

    @property
    def is_done(self) -> bool:
        """Whether every check was true."""
        return all(is_true for _, is_true in self.checks)


@dataclass(slots=True)
class Guide:
    """Where one visitor is. Methods that act wait for one another; `look` does not act on what somebody else is doing."""

    demo: DemoEnvironment
    moves: ClockMoves
    tour: Tour | None = None
    number: int = 0
    """Of the next step, from 0; the number of steps once the tour is finished."""
    last: DoneStep | None = None
    days: tuple[DemoDay, ...] = ()
    """Where the last move of the clock stopped, newest first."""
    moved: str = ""
    """What the last move was; empty if something else was done since."""
    page: str = ISSUES
    """Path of the page of the local GitHub that shows what was done last."""
    dashboard: str = ""
    """The same of the repository's dashboard, such as `cells.html`; empty for its first page."""
    finished: set[str] = field(default_factory=set)
    """Names of tours."""
    is_running: bool = False
    """Whether a year at speed is running."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def step(self) -> TourStep | None:
        """The next step; None without a tour, and at its end."""
        if self.tour is None or self.number >= len(self.tour.steps):
            return None
        return self.tour.steps[self.number]

    @property
    def version(self) -> str:
        """Changes when the page has something new to show."""
        return f"{self.tour.name if self.tour else ''}-{self.number}-{len(self.days)}-{self.is_running}"

    def start(self, name: str) -> None:
        """Begins a tour, from any other, at the first step that is not done yet. Unknown names change nothing."""
        chosen = next((tour for tour in TOURS if tour.name == name), None)
        if chosen is None:
            return
        with self.lock:
            self._mend()
            self.tour, self.number, self.last, self.moved = chosen, 0, None, ""
            self.page, self.dashboard = ISSUES, ""
            while (step := self.step) is not None and step.is_done(self.demo):
                self.number += 1
            if step is not None:
                step.prepare(self.demo)

    def leave(self) -> None:
        """Ends the tour here. What it left broken is mended."""
        with self.lock:
            self._mend()
            self.tour, self.number, self.last, self.moved = None, 0, None, ""
            self.page, self.dashboard = ISSUES, ""

    def do(self, number: int) -> None:
        """Does the step with this number, if it is the next one: a button that is pressed twice acts once."""
        with self.lock:
            step = self.step
            if step is None or number != self.number:
                return
            step.perform(self.demo)
            self._note(step, by_hand=False)

    def look(self) -> None:
        """Notices a step that the visitor has done by hand."""
        if not self.lock.acquire(blocking=False):
            return
        try:
            step = self.step
            if step is not None and step.is_done(self.demo):
                self._note(step, by_hand=True)
        finally:
            self.lock.release()

    def move(self, how: str) -> None:
        """Moves the clock: `day`, `next`, or `year`, which goes on after this returns. Other words change nothing."""
        if how == "year":
            self._begin_year()
            return
        with self.lock:
            match how:
                case "day":
                    self.days, self.moved = (self.moves.day(),), "A day later"
                case "next":
                    self.days, self.moved = (self.moves.next_event(),), "The next date on which something happens"
                case _:
                    return
            self.last, self.page, self.dashboard = None, ISSUES, ""

    def stop(self) -> None:
        """Stops a year at speed at the date that it has reached."""
        self.is_running = False

    def suggested(self, thread: int) -> tuple[SuggestedComment, ...]:
        """The comments of the next step for an issue or a pull request, as far as they are not there yet."""
        step = self.step
        if step is None:
            return ()
        own = [comment for comment in step.comments(self.demo) if comment.thread == thread]
        written = {comment.body.strip() for comment in self.demo.repo.thread(thread).comments} if own else set()
        return tuple(comment for comment in own if comment.text.strip() not in written)

    def _begin_year(self) -> None:
        if not self.is_running:
            self.is_running, self.last, self.days, self.moved = True, None, (), "A year at speed"
            threading.Thread(target=self._run_year, name="year", daemon=True).start()

    def _run_year(self) -> None:
        try:
            with self.lock:
                for day in self.moves.year(lambda: self.is_running):
                    self.days = (day, *self.days)
        finally:
            self.is_running = False
            self.page, self.dashboard = ISSUES, ""

    def _note(self, step: TourStep, *, by_hand: bool) -> None:
        self.last = DoneStep(step.title, step.look, step.checks(self.demo), by_hand)
        self.page, self.dashboard, self.moved = step.page(self.demo), step.dashboard, ""
        if self.last.is_done:
            self.number += 1
            following = self.step
            if following is not None:
                following.prepare(self.demo)
            elif self.tour is not None:
                self.finished.add(self.tour.name)

    def _mend(self) -> None:
        if self.tour is not None:
            self.tour.leave(self.demo)
