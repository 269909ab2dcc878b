"""Terms of a comparison: the day, and the base's configuration, so that a change is not judged by its own rules."""

from dataclasses import dataclass, field
from datetime import date

from reassay.register.configuration import Configuration


@dataclass(frozen=True, slots=True)
class Terms:
    """By what changes are judged."""

    today: date
    configuration: Configuration = field(default_factory=Configuration)
    """Configuration of the base: roles, steps and defaults."""

    def comes_closer(self, before: date, after: date) -> bool:
        """Whether a day moves closer and is not past: what was assessed after a past day would count as settled."""
        return self.today <= after < before
