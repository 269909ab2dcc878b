"""The next due date of a cell after a decision today."""

from dataclasses import replace
from datetime import date

from reassay.assessment.cells import AssessmentInput, trigger_input
from reassay.assessment.rules import evaluate_all, rules_for
from reassay.assessment.triggers.base import CLOCKS, Fired, LastAssessment, Pending
from reassay.register.assessable import Assessable
from reassay.register.base import Depth


def next_due(subject: Assessable, cell: str, depth: Depth, assessment_input: AssessmentInput) -> date | None:
    """The earliest due date of its clocks; None if it has no interval. A light decision does not restart a full clock."""
    facts = trigger_input(subject, cell, assessment_input)
    decided = LastAssessment(assessment_input.today, "decided", version=subject.version, depth=depth)
    full = decided if depth is Depth.FULL else facts.last_full
    rules = rules_for(subject, assessment_input.register, assessment_input.today)
    results = evaluate_all(replace(facts, last=decided, last_full=full, requests=()), rules)
    dates = [result.due for result in results if isinstance(result, Fired | Pending) and result.kind in CLOCKS]
    return min((day for day in dates if day is not None), default=None)
