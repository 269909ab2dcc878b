"""Candidate settings of an incident rate, and what is measured of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reassay.signals.tuning.detectors import CeilingDetector, ChangeDetector, Detector, PromiseDetector
from reassay.signals.tuning.simulation import Course, Estimate, FalseAlarms, Uniform, delay, false_alarms


@dataclass(frozen=True, slots=True)
class RateSetting:
    """A candidate. Exactly one of the methods: evidence, change (`run_length`), promise (`more_than` and `window`)."""

    words: str
    rate: float
    """Incidents a day that are accepted, and at which false alarms are counted."""
    decide_every: int | None = None
    """Days between two decisions, for the evidence."""
    run_length: int | None = None
    """Days."""
    more_than: int | None = None
    window: int | None = None
    """Days."""

    def detector(self) -> Detector:
        """A new watch."""
        if self.run_length is not None:
            return ChangeDetector(self.rate, self.run_length)
        if self.more_than is not None and self.window is not None:
            return PromiseDetector(self.more_than, self.window)
        return CeilingDetector(self.rate, self.decide_every)

    @property
    def has_levels(self) -> bool:
        """Whether it tells light from full."""
        return self.run_length is None and self.more_than is None


@dataclass(frozen=True, slots=True)
class Measured:
    """What a simulation says of a setting."""

    setting: RateSetting
    false: FalseAlarms
    delays: tuple[tuple[float, Estimate], ...]
    """The median delay in days by how many times as often as accepted the incidents come."""


def measure(
    settings: Sequence[RateSetting], factors: Sequence[float], course: Course, seeded: Callable[[], Uniform]
) -> tuple[Measured, ...]:
    """Measures each setting with the same seed, so that its figures do not depend on the others. Raises ValueError."""
    return tuple(
        Measured(
            own,
            false_alarms(own.detector, own.rate, course, seeded()),
            tuple((factor, delay(own.detector, own.rate, factor, course, seeded())) for factor in factors),
        )
        for own in settings
    )
