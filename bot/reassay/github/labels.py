"""The labels this bot owns. It creates, adds and removes these and touches no others."""

from reassay.github.repository_state import Label

REASSESSMENT = Label("re-assessment", "0b6e99", "A mitigation is re-assessed here (reassay)")
OVERDUE = Label("re-assessment: overdue", "b60205", "Its due date is past (reassay)")
FULL = Label("re-assessment: full", "5319e7", "The full checklist applies (reassay)")
DECLARED = (REASSESSMENT, OVERDUE, FULL)
