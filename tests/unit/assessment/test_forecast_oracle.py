"""From event to event gives exactly what day by day gives, over registers and ledgers of every sort."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from reassay.assessment.schedule.forecast import forecast
from tests.examples import examples
from tests.make import TODAY, Story
from tests.unit.assessment.day_by_day import day_by_day
from tests.unit.assessment.generated_stories import stories

UNTIL = TODAY + timedelta(days=110)


@pytest.mark.slow
@settings(
    max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(stories())
def test_going_from_event_to_event_gives_what_every_single_day_gives(story: Story) -> None:
    told = forecast(story.assessment_input, UNTIL)
    assert told == day_by_day(story, UNTIL)
