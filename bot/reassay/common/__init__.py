"""What every room may use: the calendar, canonical JSON, errors, inert text, templates."""
