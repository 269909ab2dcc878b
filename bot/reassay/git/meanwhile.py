"""Work that mostly waits for somebody else, done while this thread goes on."""

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Meanwhile(Generic[T]):
    """One piece of work in a thread of its own. What it raises is raised where its result is wanted."""

    def __init__(self, work: Callable[[], T]) -> None:
        """Starts it."""
        self._work = work
        self._done: list[T] = []
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._done.append(self._work())
        except BaseException as error:  # noqa: BLE001 -- raised again in the thread that waits
            self._error = error

    def wait(self) -> None:
        """Until it is done or has failed."""
        self._thread.join()

    def result(self) -> T:
        """What it gave, once it is done."""
        self.wait()
        if self._error is not None:
            raise self._error
        return self._done[0]
