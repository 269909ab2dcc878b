"""The deadlines of a commitment as lines of an issue: in words, and with the instant at which each ends."""

from collections.abc import Iterator

from reassay.assessment.cells import AssessmentInput, trigger_input
from reassay.assessment.deadlines import IdleDeadline, RunningDeadline, deadlines_of
from reassay.assessment.rules import rules_for, stated_rules
from reassay.common.calendar import due_words
from reassay.ledger.reassessment import Reassessment
from reassay.register.commitment import Commitment
from reassay.register.deadlines import Deadline

MOST_DATES = 5
"""Dates of one deadline that an issue lists: the first, and the latest."""
DeadlineLines = tuple[str, tuple[str, ...]]
"""A deadline in words, and one line for each of its dates or for why it does not run."""


def deadline_lines(
    commitment: Commitment, reassessment: Reassessment, assessment_input: AssessmentInput
) -> tuple[DeadlineLines, ...]:
    """The deadlines of a commitment; those of an open re-assessment with their instants."""
    states = dict.fromkeys(_states(commitment, reassessment, assessment_input)) if commitment.deadlines else {}
    return tuple(
        (_words(deadline), _shortened(tuple(line for name, line in states if name == deadline.name)))
        for deadline in commitment.deadlines
    )


def _shortened(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The first date and the latest ones, with the number of those between: a clock that repeats may have thousands."""
    left = len(lines) - MOST_DATES
    return lines if left <= 0 else (lines[0], f"and {left} dates between", *lines[1 - MOST_DATES :])


def _states(
    commitment: Commitment, reassessment: Reassessment, assessment_input: AssessmentInput
) -> Iterator[tuple[str, str]]:
    """The name of a deadline and one of its dates in words; none once the re-assessment is closed, as its text stays."""
    entry = assessment_input.register.subjects.get(reassessment.subject)
    if entry is None or reassessment.state != "open":
        return
    rules = rules_for(entry.value, assessment_input.register, assessment_input.today)
    for cell in reassessment.cells:
        facts = trigger_input(entry.value, cell, assessment_input)
        states = deadlines_of(commitment, stated_rules(facts, rules), facts)
        yield from ((running.deadline.name, _running(running)) for running in states.running)
        yield from ((idle.deadline.name, _idle(idle)) for idle in states.idle)


def _words(deadline: Deadline) -> str:
    what = f": {deadline.what}" if deadline.what else ""
    kept = f" (evidence of it is kept for {deadline.retain.words()})" if deadline.retain else ""
    return f"{deadline.words()}{what}{kept}"


def _running(running: RunningDeadline) -> str:
    met = f", met on {due_words(running.met_at.date(), running.met_at)}" if running.met_at else ""
    unknown = f"; {running.lacks}, so this is the earliest that it can be" if running.lacks else ""
    return f"{running.event.words}: by {due_words(running.end.date(), running.end)}{met}{unknown}"


def _idle(idle: IdleDeadline) -> str:
    return f"{idle.event.words}: does not run, {idle.why}"
