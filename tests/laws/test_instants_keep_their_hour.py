"""Law: an instant keeps its hour everywhere it is shown. A deadline of hours or days after an event ends at a minute, in UTC."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.assessment.cell_selection import Selection
from reassay.assessment.cells import State
from reassay.assessment.schedule import forecast
from reassay.assessment.views.documents import plan_document, status_document
from reassay.assessment.views.status_text import show_status
from reassay.assessment.views.terminal import show_plan
from reassay.audit.audit_input import AuditInput
from reassay.audit.obligations import Obligation, reassessment_obligations
from reassay.audit.parameters import Period
from reassay.common.calendar import due_words
from reassay.dashboard.calendar_feed import calendar_feed
from reassay.hosted.web.pages import due_of
from reassay.ledger.entry import Opened, Trigger
from reassay.ledger.trust import Trust
from reassay.register.incident import Incident
from reassay.register.register import Register
from tests.examples import examples
from tests.make import Story, commitment, made, register
from tests.unit.dashboard.building import built

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


@settings(max_examples=examples(25), deadline=None)
@given(moments, st.integers(1, 2000), st.sampled_from(ZONES))
def test_every_view_of_a_legal_clock_has_its_hour(moment: datetime, hours: int, zone: str) -> None:
    seen = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    end = seen + timedelta(hours=hours)
    story = Story(promise(seen, hours, zone))
    words = due_words(end.date(), end)
    assert words.endswith(f"{end:%H:%M} UTC")
    facts = story.assessment_input
    status, plan = io.StringIO(), io.StringIO()
    show_status(Selection(facts.cells), facts, "here", (), status)
    show_plan(forecast.now(facts), "", (), plan)
    assert words in status.getvalue()
    assert words in plan.getvalue()
    document = json.loads(json.dumps(status_document(facts.cells, facts, {})))
    assert datetime.fromisoformat(document["cells"][0]["due_at"]) == end
    document = json.loads(json.dumps(plan_document(forecast.now(facts), facts, {})))
    assert datetime.fromisoformat(document["actions"][0]["due_at"]) == end
    assert f"{end:%Y%m%dT%H%M}" in calendar_feed(built(story)).decode()
    (opened,) = (body for body in story.sweep() if isinstance(body, Opened))
    assert opened.triggers[0].due_at == end, "the issue and its reminders read it from the ledger"
    assert story.assessment_input.history.open[0].due_at == end
    assert story.sweep() == (), "run twice, nothing is written"


@pytest.mark.parametrize("at", [None, datetime(2026, 12, 2, 9, 14, tzinfo=UTC)])
def test_a_date_alone_is_recorded_as_before(at: datetime | None) -> None:
    written = Trigger(kind="interval", reason="x", cells=("*",), due_at=at).model_dump(mode="json")
    assert ("due_at" in written) is (at is not None)


@settings(max_examples=examples(25), deadline=None)
@given(moments, st.integers(1, 2000), st.sampled_from(ZONES), st.integers(-90, 90))
def test_a_legal_clock_is_overdue_from_its_instant_on(moment: datetime, hours: int, zone: str, minutes: int) -> None:
    seen = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    end = seen + timedelta(hours=hours)
    story = Story(promise(seen, hours, zone))
    (cell,) = story.assessment_input.at(end + timedelta(minutes=minutes)).cells
    assert (cell.clock is State.OVERDUE) == (minutes > 0)


def obligations_of(story: Story, zone: str) -> tuple[Obligation, ...]:
    facts = story.assessment_input
    period = Period(date(2026, 10, 1), date(2027, 3, 1), zone)
    return reassessment_obligations(AuditInput(period, facts, facts, tuple(story.entries), Trust((), ()), {}))


@settings(max_examples=examples(25), deadline=None)
@given(moments, st.integers(1, 400), st.sampled_from(ZONES), st.integers(-90, 90))
def test_the_pack_and_the_app_keep_it_too_and_a_minute_late_is_late(
    moment: datetime, hours: int, zone: str, minutes: int
) -> None:
    seen = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    end = seen + timedelta(hours=hours)
    story = Story(promise(seen, hours, zone))
    story.now = min(story.now, max(seen, end - timedelta(hours=1)))
    story.sweep()
    document = json.loads(json.dumps(status_document(story.assessment_input.cells, story.assessment_input, {})))
    assert due_of(document["cells"][0]) == due_words(end.date(), end)
    story.now = max(end + timedelta(minutes=minutes), story.now)
    story.conclude("report")
    (row,) = obligations_of(story, zone)
    assert row.due_at == end
    assert row.outcome == ("late" if story.now > end else "on time")
