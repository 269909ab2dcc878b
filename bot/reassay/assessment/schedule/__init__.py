"""Pacing, plan, forecast and reminders of re-assessments."""
