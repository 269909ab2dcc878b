"""Distribution functions of the binomial, beta, Poisson and hypergeometric distributions.

Terms are computed by Loader's saddle-point form (C. Loader, "Fast and Accurate Computation of Binomial Probabilities", 2000),
which loses no digits for large n; tails by continued fractions (Lentz) and by sums of terms.
"""

import math
from typing import Final

_TINY: Final = 1e-300
_PRECISION: Final = 1e-16
_LOG_ROOT_2PI: Final = 0.5 * math.log(2 * math.pi)
_SERIES_FROM: Final = 16
"""Where the series of Stirling's error is exact to the last digit."""
_STIRLING: Final = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)


def binomial_term(k: float, n: float, rate: float) -> float:
    """The chance of exactly k of n at a rate; k and n may be real, by the gamma function."""
    if rate <= 0 or rate >= 1:
        return float(k == (0 if rate <= 0 else n))
    if k == 0:
        return math.exp(n * math.log1p(-rate))
    if k == n:
        return math.exp(n * math.log(rate))
    log_term = _stirling_error(n) - _stirling_error(k) - _stirling_error(n - k)
    log_term -= _deviance(k, n * rate) + _deviance(n - k, n * (1 - rate))
    return math.exp(log_term) * math.sqrt(n / (2 * math.pi * k * (n - k)))


def poisson_term(k: float, mean: float) -> float:
    """The chance of exactly k events where `mean` are expected; k may be real."""
    if mean <= 0:
        return float(k == 0)
    if k == 0:
        return math.exp(-mean)
    return math.exp(-_stirling_error(k) - _deviance(k, mean)) / math.sqrt(2 * math.pi * k)


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    # The density at x, times x (1 - x).
    front = binomial_term(a, a + b, x) * a * b / (a + b)
    if x < (a + 1) / (a + b + 2):
        return front / a * _beta_fraction(x, a, b)
    return 1 - front / b * _beta_fraction(1 - x, b, a)


def beta_quantile(chance: float, a: float, b: float) -> float:
    """The x at which I_x(a, b) is `chance`."""
    low, high = 0.0, 1.0
    x = a / (a + b)
    for _ in range(200):
        excess = beta_cdf(x, a, b) - chance
        low, high = (low, x) if excess > 0 else (x, high)
        density = binomial_term(a, a + b, x) * a * b / (a + b) / (x * (1 - x))
        step = x - excess / density if density > _TINY else -1.0
        # Newton's step where it stays between the two sides, else the middle.
        following = step if low < step < high else (low + high) / 2
        if abs(following - x) <= _PRECISION * x or following in {low, high}:
            return following
        x = following
    return x


def binomial_at_most(k: int, n: int, rate: float) -> float:
    """The chance of at most k of n at a rate."""
    if k < 0:
        return 0.0
    return 1.0 if k >= n else beta_cdf(1 - rate, n - k, k + 1)


def binomial_at_least(k: int, n: int, rate: float) -> float:
    """The chance of at least k of n at a rate."""
    if k <= 0:
        return 1.0
    return 0.0 if k > n else beta_cdf(rate, k, n - k + 1)


def gamma_cdf(x: float, a: float) -> float:
    """The regularised lower incomplete gamma function P(a, x): the chance of at least a events (a whole) where x are expected."""
    if x <= 0:
        return 0.0
    if x < a + 1:
        return poisson_term(a, x) * _gamma_series(x, a)
    return 1 - poisson_term(a, x) * a / x * _gamma_fraction(x, a)


def gamma_quantile(chance: float, a: float) -> float:
    """The x at which P(a, x) is `chance`."""
    low, high = 0.0, a + 1
    while gamma_cdf(high, a) < chance:
        low, high = high, 2 * high
    x = (low + high) / 2
    for _ in range(200):
        excess = gamma_cdf(x, a) - chance
        low, high = (low, x) if excess > 0 else (x, high)
        density = poisson_term(a, x) * a / x
        step = x - excess / density if density > _TINY else -1.0
        following = step if low < step < high else (low + high) / 2
        if abs(following - x) <= _PRECISION * x or following in {low, high}:
            return following
        x = following
    return x


def hypergeometric_term(k: int, population: int, adverse: int, drawn: int) -> float:
    """The chance of exactly k adverse items among `drawn` of a population with `adverse` of them."""
    if k < max(0, drawn - (population - adverse)) or k > min(adverse, drawn):
        return 0.0
    rate = drawn / population
    drawn_so = binomial_term(k, adverse, rate) * binomial_term(drawn - k, population - adverse, rate)
    return drawn_so / binomial_term(drawn, population, rate)


def hypergeometric_at_most(k: int, population: int, adverse: int, drawn: int) -> float:
    """The chance of at most k adverse items among `drawn` of a population with `adverse` of them."""
    least, most = max(0, drawn - (population - adverse)), min(adverse, drawn)
    if k < least or k >= most:
        return float(k >= most)
    if k > drawn * adverse / population:
        # As many adverse items among the rest.
        return 1 - _lower_tail(adverse - k - 1, population, adverse, population - drawn)
    return _lower_tail(k, population, adverse, drawn)


def hypergeometric_at_least(k: int, population: int, adverse: int, drawn: int) -> float:
    """The chance of at least k adverse items among `drawn` of a population with `adverse` of them."""
    return hypergeometric_at_most(adverse - k, population, adverse, population - drawn)


def _lower_tail(k: int, population: int, adverse: int, drawn: int) -> float:
    """The terms from k downwards, until they add nothing more."""
    term = hypergeometric_term(k, population, adverse, drawn)
    total = term
    while k > 0 and term > total * _PRECISION / 10:
        term *= k * (population - adverse - drawn + k) / ((adverse - k + 1) * (drawn - k + 1))
        total += term
        k -= 1
    return total


def _stirling_error(n: float) -> float:
    """The logarithm of n! less that of Stirling's formula."""
    if n < _SERIES_FROM:
        return math.lgamma(n + 1) - (n + 0.5) * math.log(n) + n - _LOG_ROOT_2PI
    inverse, square = 1 / n, 1 / (n * n)
    total = 0.0
    for coefficient in reversed(_STIRLING):
        total = total * square + coefficient
    return total * inverse


def _deviance(k: float, mean: float) -> float:
    """The value of k log(k / mean) + mean - k, without the cancellation near the mean."""
    if abs(k - mean) >= 0.1 * (k + mean):
        return k * math.log(k / mean) + mean - k
    ratio = (k - mean) / (k + mean)
    total, power, square = (k - mean) * ratio, 2 * k * ratio, ratio * ratio
    for odd in range(3, 1000, 2):
        power *= square
        following = total + power / odd
        if following == total:
            break
        total = following
    return total


def _beta_fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    fraction = d
    for step in range(1, 1_000_000):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        d, c = 1 / _not_zero(1 + even * d), _not_zero(1 + even / c)
        fraction *= c * d
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        d, c = 1 / _not_zero(1 + odd * d), _not_zero(1 + odd / c)
        fraction *= c * d
        if abs(c * d - 1) <= 2 * _PRECISION:
            break
    return fraction


def _gamma_series(x: float, a: float) -> float:
    total = term = 1.0
    for step in range(1, 10_000_000):
        term *= x / (a + step)
        total += term
        if term <= total * _PRECISION:
            break
    return total


def _gamma_fraction(x: float, a: float) -> float:
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / _not_zero(b)
    fraction = d
    for step in range(1, 10_000_000):
        numerator = -step * (step - a)
        b += 2
        d, c = 1 / _not_zero(numerator * d + b), _not_zero(b + numerator / c)
        fraction *= c * d
        if abs(c * d - 1) <= 2 * _PRECISION:
            break
    return fraction * x


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
