"""Status, plan and coverage as terminal text, JSON, CSV and iCalendar."""
