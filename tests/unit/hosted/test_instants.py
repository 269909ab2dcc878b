from datetime import UTC, date, datetime, timedelta

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.schedule.queue import scheduled
from reassay.hosted.rules.sweep_schedule import first_instant, instants
from reassay.ledger.history import History
from reassay.register.incident import Incident
from tests.make import Story, at, commitment, made, mitigation, register

TODAY = date(2026, 12, 1)
BERLIN = {"timezone": "Europe/Berlin"}


def of(assessment_input: AssessmentInput) -> dict[str, datetime]:
    found = instants(scheduled(assessment_input), assessment_input)
    assert len({(each.subject, each.cell, each.kind) for each in found}) == len(found)
    return {each.kind: each.at for each in found}


def day(text: str) -> datetime:
    return first_instant(date.fromisoformat(text), "Europe/Berlin")


def test_dates_turn_at_the_midnight_of_their_own_time_zone() -> None:
    what = register(mitigation(every="6 months", last_assessed="2026-09-01"), **BERLIN)
    found = of(AssessmentInput(what, History(), {}, at(TODAY)))
    assert found == {"opens": day("2027-02-15"), "due": day("2027-03-01"), "overdue": day("2027-03-02")}
    assert found["due"] == datetime(2027, 2, 28, 23, tzinfo=UTC)


def test_what_is_open_is_reminded_of_and_the_next_reminder_is_to_come() -> None:
    story = Story(register(mitigation(every="6 months", last_assessed="2026-06-11"), **BERLIN), TODAY)
    story.sweep()
    last = story.now
    for _ in range(12):
        found = of(story.assessment_input)
        assert found["reminder"] > story.now
        assert found["reminder"] > last or found["reminder"] >= last
        last = found["reminder"]
        # Sweeping at that instant leads to a later one: nobody is asked again and again about the same day.
        story.now = found["reminder"] + timedelta(minutes=1)
    assert last > day("2026-12-11")


def test_a_cell_that_pacing_holds_back_opens_on_its_day() -> None:
    many = register(
        *(mitigation(f"m-{number}") for number in range(9)), rollout={"max_open": 1, "per_week": 1}, **BERLIN
    )
    assessment_input = AssessmentInput(many, History(), {}, at(TODAY))
    opens = sorted(each.at for each in instants(scheduled(assessment_input), assessment_input) if each.kind == "opens")
    assert len(opens) == 8
    assert opens[0] > assessment_input.now


def test_what_is_retired_has_none() -> None:
    what = register(mitigation(every="6 months", last_assessed="2026-09-01", status="retired"), **BERLIN)
    assert (
        instants(
            scheduled(AssessmentInput(what, History(), {}, at(TODAY))), AssessmentInput(what, History(), {}, at(TODAY))
        )
        == ()
    )


def test_each_end_of_a_deadline_is_an_instant_also_of_those_that_are_not_asked_for_yet() -> None:
    deadlines = [
        {"id": name, "anchor": "discovered", "count": hours, "unit": "hours"} for name, hours in (("a", 24), ("b", 72))
    ]
    duty = commitment("duty", triggers=[{"kind": "incident-severity", "at_least": "high"}], deadlines=deadlines)
    leak = made(Incident, id="leak", severity="high", first_seen_at="2026-12-01T06:00Z")
    story = Story(register(duty, leak, **BERLIN), TODAY)
    story.sweep()
    assert of(story.assessment_input)["deadline"] == datetime(2026, 12, 2, 6, 0, 1, tzinfo=UTC)
    story.now = datetime(2026, 12, 2, 7, tzinfo=UTC)
    assert of(story.assessment_input)["deadline"] == datetime(2026, 12, 4, 6, 0, 1, tzinfo=UTC)
    story.now = datetime(2026, 12, 5, 7, tzinfo=UTC)
    assert "deadline" not in of(story.assessment_input)
