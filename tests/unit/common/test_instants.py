"""Dates as people type them: any is an instant, or one clear error, also at both ends of the calendar."""

from datetime import UTC, datetime, timedelta

import pytest

from reassay.common.errors import UsageError
from reassay.common.instants import LAST_YEAR, read_instant


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00", "0001-01-01", "9999-12-30", "9999-12-31T23:59", "9999-12-31T23:59-14:00", "2026-12-01"]
)
def test_every_date_is_an_instant_with_days_around_it_or_refused(text: str, zone: str) -> None:
    try:
        instant = read_instant(text, zone)
    except UsageError as error:
        assert text in error.message  # noqa: PT017 -- either outcome is fine
        assert not text.startswith("2026")
    else:
        assert instant.astimezone(UTC) <= datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC) < datetime.max.replace(tzinfo=UTC)
        assert (instant.astimezone(UTC) + timedelta(days=365)).year <= LAST_YEAR + 1
