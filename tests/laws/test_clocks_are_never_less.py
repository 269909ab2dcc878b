"""Law: a clock that the register states runs, is blind, or says why it does not run; what `check` accepts is acted on once."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.assessment.cells import State
from reassay.assessment.schedule.plan import Ask
from reassay.assessment.triggers.base import Blind, Fired, Skipped
from reassay.common.calendar import Duration, WorkingDays
from reassay.ledger.entry import Opened
from reassay.register.anchors import ANCHORS
from reassay.register.deadlines import Deadline
from reassay.register.files import read_register
from reassay.register.files.memory_files import MemoryFiles
from reassay.register.incident import FIELDS, Incident
from tests.examples import examples
from tests.make import Story, commitment, made, mitigation, model, register

ZONES = (
    "UTC", "Europe/Berlin", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Niue", "America/Los_Angeles", "Pacific/Auckland",
    "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe",
)  # fmt: skip
STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- the zone is given
HOLIDAYS = st.frozensets(st.dates(date(2026, 1, 1), date(2030, 3, 1)), max_size=40)


@settings(max_examples=examples(150), deadline=None)
@given(STARTS, st.integers(1, 30), st.sampled_from(ZONES), HOLIDAYS)
def test_a_business_day_ends_with_the_day_where_it_is_counted(
    start: datetime, count: int, place: str, holidays: frozenset[date]
) -> None:
    working, zone = WorkingDays(holidays=holidays), ZoneInfo(place)
    day, left = start.astimezone(zone).date(), count
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in holidays
    stated = Deadline(anchor="aware", count=count, unit="days", calendar="business", timezone=place)
    usual = Deadline(anchor="aware", count=count, unit="days", calendar="business")
    for end in (stated.end(start, working, "UTC"), usual.end(start, working, place)):
        assert end.astimezone(zone).date() == day
        assert (end + timedelta(microseconds=1)).astimezone(zone).date() == day + timedelta(days=1)


@settings(max_examples=examples(100), deadline=None)
@given(STARTS, st.integers(1, 2000), st.sampled_from(ZONES), st.sampled_from(["hours", "days", "weeks", "months"]))
def test_hours_days_weeks_and_months_keep_their_minute_whatever_the_zone(
    start: datetime, count: int, place: str, unit: str
) -> None:
    clock = Deadline(anchor="aware", count=min(count, 400), unit=unit)  # type: ignore[arg-type] # one of the four
    ends = {clock.end(start, WorkingDays(), zone) for zone in (place, "UTC")}
    assert len(ends) == 1, "a legal clock is an instant in UTC"
    assert (ends.pop() - start) % timedelta(hours=1) == timedelta(), "hours and minutes are kept"


@pytest.mark.parametrize(("anchor", "is_dated"), list(product(ANCHORS, (True, False))))
def test_each_anchor_runs_is_blind_or_says_why_not(anchor: str, is_dated: bool) -> None:
    at, fields = "2026-11-30T09:20Z", {"id": "leak", "severity": "critical", "first_seen_at": "2026-11-30T10:00Z"}
    if is_dated and anchor in FIELDS:
        fields[FIELDS[anchor]] = at
    dates = [{"anchor": anchor, "at": at}] if is_dated and anchor not in FIELDS else []
    triggers = [{"kind": "incident-severity", "at_least": "critical"}]
    duty = commitment("duty", triggers=triggers, deadlines=[{"anchor": anchor, "count": 30, "unit": "hours"}])
    story = Story(register(duty, made(Incident, **fields, dates=dates)))
    (cell,) = story.assessment_input.cells
    own = [result for result in cell.results if result.kind == "deadline"]
    assert own, "never silent"
    assert cell.state is not State.CURRENT
    assert not any(isinstance(result, Fired) and result.due is None for result in own)
    known = is_dated or anchor in {"discovered", "first-seen"}
    if known:
        assert all(isinstance(result, Fired) for result in own)
    else:
        assert any(isinstance(result, Blind | Skipped) for result in own)
        assert all("leak" in result.reason for result in own)


HEAD = """\
commitments:
  - id: duty
    title: Duty
    owner: safety-lead
    statement: S
    source: {organisation: O, document: D}
    subject: {kind: framework}
    triggers: [{kind: incident-severity, at_least: critical}]
    deadlines: [{%s, count: 1, unit: days}]
"""


@settings(max_examples=examples(60), deadline=None)
@given(st.sampled_from(sorted(ANCHORS)), st.integers(0, 30), st.sampled_from("aeiostx"), st.booleans())
def test_no_typo_of_an_anchor_is_accepted(anchor: str, place: int, letter: str, drop: bool) -> None:
    place %= len(anchor)
    wrong = anchor[:place] + ("" if drop else letter) + anchor[place + drop :]
    if wrong in ANCHORS or wrong.strip("-") != wrong or "--" in wrong or not wrong:
        return
    for written in (f"anchor: {wrong}", f"earliest_of: [aware, {wrong}]", f"after: {wrong}"):
        read = read_register(MemoryFiles({"framework/c.yml": (HEAD % written).encode()}))
        (finding,) = read.errors
        assert finding.at.line == 9
        assert f"'{wrong}'" in finding.message
        assert "duty" not in read.commitments, "never half understood"


_OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "within": st.sampled_from(["1 day", "10 days", "30 days", "60 days"]),
        "depth": st.sampled_from(["light", "full"]),
        "screening": st.just("Is it serious?"),
        "must_complete": st.sampled_from(["before_change", "none"]),
    },
)
_KINDS = st.sampled_from(["manual", "mitigation-change", "model-change", "deployment-change", "new-information"])
_TRIGGERS = st.lists(st.tuples(_KINDS, _OPTIONS).map(lambda pair: {"kind": pair[0], **pair[1]}), max_size=3)


@settings(max_examples=examples(60), deadline=None)
@given(
    _TRIGGERS,
    _TRIGGERS,
    st.sampled_from(["mitigation", "model", "framework"]),
    st.sampled_from([None, "light", "full"]),
)
def test_a_request_is_recorded_once_with_the_time_that_is_stated(
    own: list[dict[str, object]], promised: list[dict[str, object]], kind: str, depth: str | None
) -> None:
    promise = commitment("promise", subject={"kind": kind}, triggers=promised)
    safeguard = mitigation("filter", last_assessed="2026-11-20", reassess={"triggers": own})
    story = Story(register(promise, safeguard, model()))
    subject = "filter" if kind == "mitigation" else "promise"
    ask = Ask(subject, "safety-lead", 1, "we heard of something", depth)
    opened = [body for body in story.sweep(ask) if isinstance(body, Opened) and body.subject == subject]
    assert story.sweep() == (), "run twice, nothing is written"
    stated = [*promised, *(own if kind == "mitigation" else [])]
    spans = [str(each["within"]) for each in stated if each["kind"] == "manual" and "within" in each]
    days = min((int(span.split()[0]) for span in spans), default=14)
    (body,) = opened
    (request,) = (trigger for trigger in body.triggers if trigger.kind == "manual")
    assert request.cells
    if {trigger.kind for trigger in body.triggers} == {"manual"}:
        assert body.due == Duration(days=days).after(story.now.date())
