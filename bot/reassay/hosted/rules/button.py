"""The button under the hosted App's checks. GitHub takes twenty characters of label and identifier, forty of description."""

RE_EVALUATE = "re-evaluate"
"""Comes back in the event when somebody presses it."""
LABEL = "Re-evaluate"
DESCRIPTION = "Looks again and judges anew"
