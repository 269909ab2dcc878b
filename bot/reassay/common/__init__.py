"""Shared basics of all rooms: calendar, canonical JSON, errors, inert text, templates."""
