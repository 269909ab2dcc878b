"""The forecast as an oracle: a sweep at the end of every single day, and a real conclusion on each due date.

It knows nothing of events: each day is planned from the register and the whole ledger, as if nothing had been planned before.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from reassay.assessment.schedule.forecast import Step, steps_of
from reassay.assessment.schedule.timeline import LATE
from reassay.common.calendar import end_of_day
from reassay.ledger.history import Reassessment
from tests.make import Story


def day_by_day(story: Story, until: date) -> tuple[Step, ...]:
    """What is opened, joined and closed up to and including `until`; the story is told on as it goes."""
    zone = story.register.configuration.timezone
    day = story.assessment_input.today
    steps: list[Step] = []
    while day <= until:
        story.now = max(story.now, end_of_day(day, zone))
        before = story.assessment_input.history.reassessments
        steps += steps_of(story.sweep(), before, day)
        for reassessment in concluded_on(day, story):
            story.conclude(reassessment.subject)
        day += timedelta(days=1)
    return tuple(steps)


def concluded_on(day: date, story: Story) -> Iterator[Reassessment]:
    """Open re-assessments whose day has come; what was overdue when it opened takes a fortnight."""
    for reassessment in story.assessment_input.history.open:
        opened_on = reassessment.opened.opened_on
        date_of = reassessment.due if reassessment.due > opened_on else opened_on + LATE
        is_ours = reassessment.proposal is None and reassessment.subject in story.register.subjects
        if date_of <= day and is_ours:
            yield reassessment
