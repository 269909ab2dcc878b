"""How far the forecast of a dashboard reaches unless somebody asks for another day."""

from typing import Final

from reassay.common.calendar import Duration

AHEAD: Final = Duration(months=13)
"""A year of re-assessments, and the month after it."""
