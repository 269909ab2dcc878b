"""The exact interval of a rate from a number of incidents (Garwood 1936), to explain an alarm; it decides nothing."""

from dataclasses import dataclass

from reassay.evidence.statistics.intervals import garwood


@dataclass(frozen=True, slots=True)
class RateInterval:
    """A rate with its 95% interval, per unit of exposure or per year."""

    rate: float
    low: float
    high: float


def rate_interval(incidents: int, exposure: float) -> RateInterval:
    """The rate of `incidents` over `exposure`. It holds for one look; beside the evidence it is for orientation.

    Raises ValueError where there is no exposure: then there is no rate.
    """
    if not exposure > 0:
        raise ValueError(f"a rate needs an exposure of more than 0, not {exposure}")
    low, high = garwood(incidents)
    return RateInterval(incidents / exposure, low / exposure, high / exposure)
