"""The last day of a dashboard's forecast, unless an option names another one."""

from typing import Final

from reassay.common.calendar import Duration

AHEAD: Final = Duration(months=13)
"""A year of re-assessments, and the month after it."""
