"""The interval of a rate, against scipy."""

import pytest
from scipy.stats import chi2  # type: ignore[import-untyped]

from reassay.signals.rates.garwood import rate_interval


@pytest.mark.parametrize("incidents", [0, 1, 2, 5, 17, 120, 3000])
@pytest.mark.parametrize("exposure", [0.1, 1.0, 36.5])
def test_it_is_that_of_chi_squared(incidents: int, exposure: float) -> None:
    interval = rate_interval(incidents, exposure)
    low = chi2.ppf(0.025, 2 * incidents) / 2 if incidents else 0.0
    high = chi2.ppf(0.975, 2 * incidents + 2) / 2
    # Its own ends hold 2.5% on each side, computed by another way.
    assert interval.rate == pytest.approx(incidents / exposure)
    assert interval.low == pytest.approx(low / exposure, rel=1e-9)
    assert interval.high == pytest.approx((high if incidents else chi2.ppf(0.975, 2) / 2) / exposure, rel=1e-9)


@pytest.mark.parametrize("exposure", [0.0, -1.0, float("nan")])
def test_without_exposure_there_is_no_rate(exposure: float) -> None:
    with pytest.raises(ValueError, match="a rate needs an exposure"):
        rate_interval(3, exposure)
