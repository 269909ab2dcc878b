"""The outcome of one file given to `reassay evidence`."""

from dataclasses import dataclass

from reassay.evidence.reading import Reading


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """A file with its readings, or with the reason why it cannot be read."""

    name: str
    readings: tuple[Reading, ...] = ()
    why: str = ""
    """Without a full stop; empty if it was read."""
    remedy: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether it was read, and nothing in it is odd."""
        return not self.why and not any(reading.problems for reading in self.readings)
