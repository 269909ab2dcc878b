"""Law: an instant keeps its hour everywhere it is shown. A deadline of hours or days after an event ends at a minute, in UTC."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.assessment.cells import State
from reassay.assessment.schedule import forecast
from reassay.assessment.views.documents import plan_document, status_document
from reassay.assessment.views.ics import status_ics
from reassay.assessment.views.terminal import show_plan, show_status
from reassay.common.calendar import due_words
from reassay.ledger.entry import Opened, Trigger
from reassay.register.incident import Incident
from reassay.register.register import Register
from tests.make import Story, commitment, made, register

ZONES = ("UTC", "Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles")
moments = st.datetimes(datetime(2026, 11, 1, tzinfo=None), datetime(2026, 12, 1, 8, 59))  # noqa: DTZ001 -- made UTC below


def promise(first_seen: datetime, hours: int, zone: str) -> Register:
    duty = commitment(
        "report",
        triggers=[{"kind": "incident-severity", "at_least": "critical"}],
        deadlines=[{"anchor": "discovered", "count": hours, "unit": "hours", "what": "report it"}],
    )
    leak = made(Incident, id="leak", severity="critical", first_seen_at=f"{first_seen:%Y-%m-%dT%H:%MZ}")
    return register(duty, leak, timezone=zone)


@settings(max_examples=25, deadline=None)
@given(moments, st.integers(1, 2000), st.sampled_from(ZONES))
def test_every_view_of_a_legal_clock_has_its_hour(moment: datetime, hours: int, zone: str) -> None:
    seen = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    end = seen + timedelta(hours=hours)
    story = Story(promise(seen, hours, zone))
    words = due_words(end.date(), end)
    assert words.endswith(f"{end:%H:%M} UTC")
    facts = story.assessment_input
    status, plan = io.StringIO(), io.StringIO()
    show_status(facts.cells, facts.today, zone, (), status)
    show_plan(forecast.now(facts), "", (), plan)
    assert words in status.getvalue()
    assert words in plan.getvalue()
    document = json.loads(json.dumps(status_document(facts.cells, facts.now, {})))
    assert datetime.fromisoformat(document["cells"][0]["due_at"]) == end
    document = json.loads(json.dumps(plan_document(forecast.now(facts), facts.now, {})))
    assert datetime.fromisoformat(document["actions"][0]["due_at"]) == end
    assert f"{end:%Y%m%dT%H%M}" in status_ics(facts.cells, facts.register, facts.now, "1.github.com")
    (opened,) = (body for body in story.sweep() if isinstance(body, Opened))
    assert opened.triggers[0].due_at == end, "the issue and its reminders read it from the ledger"
    assert story.assessment_input.history.open[0].due_at == end
    assert story.sweep() == (), "run twice, nothing is written"


@pytest.mark.parametrize("at", [None, datetime(2026, 12, 2, 9, 14, tzinfo=UTC)])
def test_a_date_alone_is_recorded_as_before(at: datetime | None) -> None:
    written = Trigger(kind="interval", reason="x", cells=("*",), due_at=at).model_dump(mode="json")
    assert ("due_at" in written) is (at is not None)


@settings(max_examples=25, deadline=None)
@given(moments, st.integers(1, 2000), st.sampled_from(ZONES), st.integers(-90, 90))
def test_a_legal_clock_is_overdue_from_its_instant_on(moment: datetime, hours: int, zone: str, minutes: int) -> None:
    seen = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    end = seen + timedelta(hours=hours)
    story = Story(promise(seen, hours, zone))
    (cell,) = story.assessment_input.at(end + timedelta(minutes=minutes)).cells
    assert (cell.clock is State.OVERDUE) == (minutes > 0)
