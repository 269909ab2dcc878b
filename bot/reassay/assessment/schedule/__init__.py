"""The schedule of re-assessments: queue, pacing, plan, forecast and reminders."""
