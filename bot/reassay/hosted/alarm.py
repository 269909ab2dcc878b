"""The dead man's switch: a sign of life goes out while all is well, and stops when some part is silent for too long.

A server that is down cannot say so itself: whoever waits for the sign raises the alarm.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from reassay.common.errors import ReassayError
from reassay.hosted.rules.silence import Silence, Watched, silences


class Heart(Protocol):
    """Gives the sign."""

    def beat(self) -> str:
        """Empty if it was heard, else why not."""
        ...


@dataclass(slots=True)
class Alarm:
    """Asked every minute, by something that does not depend on any part it watches."""

    watched: tuple[Watched, ...]
    last: Callable[[], Mapping[str, datetime | None]]
    """When each part was last done."""
    started: datetime
    heart: Heart | None = None
    """None if nobody waits for a sign."""
    note: Callable[[str], None] = lambda _words: None
    """Told once what is wrong, when it begins to be."""
    known: frozenset[str] = field(default=frozenset())
    """Names of what is wrong and was said."""

    def tick(self, now: datetime) -> tuple[Silence, ...]:
        """Parts that are silent. No sign is given while there is one, nor while it cannot be known."""
        try:
            silent = self.silent(now)
        except ReassayError as error:
            self._say({"unknown": f"it cannot be known whether all is well: {error}"})
            return ()
        trouble = {each.part.name: each.words for each in silent}
        if not silent and self.heart is not None and (unheard := self.heart.beat()):
            trouble["heartbeat"] = unheard
        self._say(trouble)
        return silent

    def silent(self, now: datetime) -> tuple[Silence, ...]:
        """What is silent now; gives no sign, says nothing. Raises what the database raises."""
        return silences(self.watched, self.last(), self.started, now)

    def _say(self, trouble: Mapping[str, str]) -> None:
        for name, words in trouble.items():
            if name not in self.known:
                self.note(words)
        self.known = frozenset(trouble)
