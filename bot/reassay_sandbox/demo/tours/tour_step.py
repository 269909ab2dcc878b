"""A guided tour and its steps. The browser's page and the headless run use the same ones."""

from collections.abc import Callable
from dataclasses import dataclass

from reassay_sandbox.demo.environment import DemoEnvironment

Checks = tuple[tuple[str, bool], ...]
"""Each a sentence, and whether it is true now."""


@dataclass(frozen=True, slots=True)
class SuggestedComment:
    """A comment that somebody is to write in an issue or a pull request."""

    who: str
    thread: int
    text: str


def _nothing(_demo: DemoEnvironment) -> None:
    """Where a step consists of comments alone."""


def _no_comments(_demo: DemoEnvironment) -> tuple[SuggestedComment, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class TourStep:
    """One step. It is done when all its checks are true, whoever did it: the button, or the visitor by hand."""

    title: str
    text: str
    """What happens."""
    look: str
    """What to look at afterwards."""
    button: str
    by_hand: str
    """How to do the same without the button; empty if the pages offer no way."""
    checks: Callable[[DemoEnvironment], Checks]
    """Computed from the repository and the App's last report; not all true before the step. Raises nothing."""
    page: Callable[[DemoEnvironment], str]
    """Path of the page of the local GitHub that shows the outcome."""
    dashboard: str = ""
    """Page of the repository's dashboard that shows the outcome, such as `cells.html`; empty for the first one."""
    prepare: Callable[[DemoEnvironment], None] = _nothing
    """Puts in place what the step needs, once it is the next one. Doing it again changes nothing."""
    act: Callable[[DemoEnvironment], None] = _nothing
    comments: Callable[[DemoEnvironment], tuple[SuggestedComment, ...]] = _no_comments
    """Comments to write, in order, after `act`."""

    def is_done(self, demo: DemoEnvironment) -> bool:
        """Whether every check is true."""
        return all(is_true for _, is_true in self.checks(demo))

    def perform(self, demo: DemoEnvironment) -> None:
        """Does what the button says. The App may need one more sweep to see all of it."""
        self.prepare(demo)
        self.act(demo)
        for comment in self.comments(demo):
            demo.say(comment.who, comment.thread, comment.text)
        if not self.is_done(demo):
            demo.sweep()


@dataclass(frozen=True, slots=True)
class Tour:
    """A guided tour."""

    name: str
    """In addresses and tests."""
    title: str
    text: str
    """What it shows, in one sentence."""
    steps: tuple[TourStep, ...]
    leave: Callable[[DemoEnvironment], None] = _nothing
    """Mends what would get in the way of other tours, if this one is left before its end."""
    done: str = ""
    """What somebody has seen who went through it."""
