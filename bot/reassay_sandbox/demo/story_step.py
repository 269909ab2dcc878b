"""A step of the demo's story."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoryStep:
    """A step of the demo: its text, and the checks of what the text claims."""

    heading: str
    text: str
    checks: tuple[tuple[str, bool], ...]
    """Each a sentence, and whether it is true."""

    @property
    def passed(self) -> bool:
        """Whether every check is true."""
        return all(is_true for _, is_true in self.checks)
