from datetime import date

from reassay.assessment.schedule import forecast
from tests.make import Story, mitigation, register


def test_now_lists_what_a_sweep_would_do_and_what_waits() -> None:
    what = register(
        mitigation("a"), mitigation("b"), mitigation("c", last_assessed="2026-11-01"), rollout={"per_week": 1}
    )
    steps = forecast.now(Story(what).situation)
    assert [(step.when, step.kind, step.subject) for step in steps] == [
        (date(2026, 12, 1), "open", "a"),
        (date(2026, 12, 8), "open", "b"),
    ]


def test_the_calendar_played_forward_opens_each_interval() -> None:
    steps = forecast.forecast(Story(register(mitigation(last_assessed="2026-06-11"))).situation, date(2028, 1, 1))
    assert [(step.when, step.due) for step in steps] == [
        (date(2026, 12, 1), date(2026, 12, 11)),
        (date(2027, 5, 28), date(2027, 6, 11)),
        (date(2027, 11, 27), date(2027, 12, 11)),
    ]


def test_a_forecast_agrees_with_what_then_happens() -> None:
    what = register(*(mitigation(f"m{number}") for number in range(6)), rollout={"per_week": 2, "max_open": 2})
    told = {(step.when, step.subject) for step in forecast.forecast(Story(what).situation, date(2027, 3, 1))}
    story = Story(what)
    happened = set()
    for ordinal in range(date(2026, 12, 1).toordinal(), date(2027, 3, 1).toordinal() + 1):
        story.move_to(date.fromordinal(ordinal))
        happened |= {(date.fromordinal(ordinal), body.subject) for body in story.sweep() if body.kind == "opened"}
        for each in story.situation.history.open:
            if each.due <= story.now.date():
                story.conclude(each.subject)
    assert told == happened


def test_nothing_registered_forecasts_nothing() -> None:
    assert forecast.forecast(Story(register()).situation, date(2036, 1, 1)) == ()
