"""The next due date of a cell after a decision today."""

from dataclasses import replace
from datetime import date

from reassay.assessment.cells import Situation, trigger_input
from reassay.assessment.rules import evaluate_all, rules_for
from reassay.assessment.triggers.base import CLOCKS, Fired, LastAssessment, Pending
from reassay.register.assessable import Assessable
from reassay.register.base import Depth


def next_due(subject: Assessable, cell: str, depth: Depth, situation: Situation) -> date | None:
    """The earliest due date of its clocks; None if it has no interval. A light decision does not restart a full clock."""
    facts = trigger_input(subject, cell, situation)
    decided = LastAssessment(situation.today, "decided", version=subject.version, depth=depth)
    full = decided if depth is Depth.FULL else facts.last_full
    rules = rules_for(subject, situation.register, situation.today)
    results = evaluate_all(replace(facts, last=decided, last_full=full, requests=()), rules)
    dates = [result.due for result in results if isinstance(result, Fired | Pending) and result.kind in CLOCKS]
    return min((day for day in dates if day is not None), default=None)
