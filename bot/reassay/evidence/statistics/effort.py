"""The bound on the success of an attacker like the testers, from a red-teaming effort without success.

Successes are taken to come at an unknown constant rate per hour of such an attacker. After H hours without one, the largest rate
that still has a chance of 5% of that outcome is -ln(0.05) / H (the exact Poisson bound of 0 events), so h hours succeed with a
chance of at most 1 - 0.05^(h/H), at 95% confidence.
"""

import math
from typing import Final

ERROR: Final = 0.05


def chance_of_success(hours: float, tested: float) -> float:
    """The largest chance that `hours` of an attacker like the testers succeed, after `tested` hours without success.

    1 where nothing was tested. Raises ValueError.
    """
    if hours < 0 or tested < 0:
        raise ValueError(f"hours are at least 0, not {hours} and {tested}")
    if tested == 0:
        return float(hours > 0)
    return -math.expm1(hours / tested * math.log(ERROR))


def multiple_needed(at_most: float) -> float:
    """The multiple of the attacker's own hours that has to be tested without success, for a chance of at most `at_most`.

    Raises ValueError.
    """
    if not 0 < at_most < 1:
        raise ValueError(f"a chance is more than 0 and less than 1, not {at_most}")
    return math.log(ERROR) / math.log1p(-at_most)


def hours_needed(hours: float, at_most: float) -> float:
    """The hours to test without success, for an attacker who has `hours`. Raises ValueError."""
    return hours * multiple_needed(at_most)
