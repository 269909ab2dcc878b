"""Deadlines of commitments: what starts each clock, when it ends, what meets it, and what is said where a date is missing."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reassay.assessment.cells import CellStatus, State
from reassay.assessment.schedule.forecast import forecast
from reassay.assessment.triggers.base import Blind, Fired, Result, Skipped
from reassay.assessment.triggers.invalidation_condition import condition_digest
from reassay.ledger.entry import Opened
from reassay.ledger.risks import Asserted
from reassay.register.base import Described
from reassay.register.commitment import Commitment
from reassay.register.incident import Incident
from reassay.register.information import InformationItem
from tests.make import Story, commitment, deployment, made, mitigation, model, register

BECAUSE = f"sha256:{'0' * 64}"
SEEN = "2026-11-30T06:00Z"
SEEN_AT = datetime(2026, 11, 30, 6, tzinfo=UTC)


def leak(**fields: object) -> Incident:
    return made(Incident, **({"id": "leak", "severity": "critical", "first_seen_at": SEEN} | fields))


def duty(*deadlines: dict[str, object], **fields: object) -> Commitment:
    trigger = {"kind": "incident-severity", "at_least": "critical"}
    return commitment("duty", **({"triggers": [trigger], "deadlines": list(deadlines)} | fields))


def story(*objects: Described, today: date = date(2026, 12, 1), **settings: object) -> Story:
    return Story(register(*objects, **settings), today)  # type: ignore[arg-type] # objects of a register


def cell(what: Story) -> CellStatus:
    (only,) = what.assessment_input.cells
    return only


def results(what: Story, kind: type[Result] = Fired) -> list[Result]:
    return [result for result in cell(what).results if result.kind == "deadline" and isinstance(result, kind)]


def ends(what: Story) -> list[datetime | None]:
    return [result.due_at for result in results(what) if isinstance(result, Fired)]


HOURS = {"anchor": "discovered", "count": 24, "unit": "hours"}


def test_each_anchor_starts_with_its_own_date() -> None:
    dates = {
        "occurred": "2026-11-29T01:00Z", "aware": "2026-11-30T07:00Z", "learned": "2026-11-30T08:00Z",
        "determined": "2026-11-30T09:00Z", "confirmed": "2026-11-30T10:00Z", "published": "2026-11-30T11:00Z",
        "resolved": "2026-11-30T12:00Z",
    }  # fmt: skip
    fields = {f"{name}_at": at for name, at in dates.items()}
    others = {
        "received": "2026-11-30T13:00Z",
        "certificate-lost": "2026-11-30T14:00Z",
        "authority-told": "2026-11-30T15:00Z",
    }
    listed = [{"anchor": name, "at": at} for name, at in others.items()]
    for name, at in {**dates, "discovered": SEEN, "first-seen": SEEN, **others}.items():
        own = [{"id": "authority-told", "text": "The authority tells us"}]
        what = story(duty({"anchor": name, "count": 2, "unit": "hours"}, anchors=own), leak(**fields, dates=listed))
        assert ends(what) == [datetime.fromisoformat(at) + timedelta(hours=2)], name


@pytest.mark.parametrize("anchor", ["occurred", "aware", "learned", "determined"])
def test_a_date_that_is_missing_makes_the_deadline_blind_and_never_fourteen_days(anchor: str) -> None:
    what = story(duty({"anchor": anchor, "count": 24, "unit": "hours"}), leak())
    (blind,) = results(what, Blind)
    assert f"'leak' has no '{anchor}_at' (framework/mitigations.yml:3)" in blind.reason
    assert cell(what).state is State.OVERDUE, "counted from the earliest that it can be"
    assert cell(what).is_blind
    (opened,) = (body for body in what.sweep() if isinstance(body, Opened))
    assert opened.due <= date(2026, 12, 1)
    assert what.sweep() == ()


def test_an_anchor_that_has_not_happened_starts_no_clock_and_says_so() -> None:
    what = story(duty(HOURS, {"anchor": "resolved", "count": 1, "unit": "months", "what": "final report"}), leak())
    (idle,) = results(what, Skipped)
    assert "final report, 1 month from resolved does not run: nothing says that it was resolved" in idle.reason
    assert ends(what) == [SEEN_AT + timedelta(hours=24)]


def test_a_clock_that_starts_after_the_decision_opens_again() -> None:
    what = story(duty(HOURS, {"anchor": "resolved", "count": 1, "unit": "months", "what": "final report"}), leak())
    what.sweep()
    what.conclude("duty")
    assert cell(what).state is State.CURRENT
    later = leak(resolved_at="2026-12-20T10:00Z")
    what.register = register(duty(HOURS, {"anchor": "resolved", "count": 1, "unit": "months"}), later)
    what.move_to(date(2026, 12, 21))
    assert ends(what) == [datetime(2027, 1, 20, 10, tzinfo=UTC)]
    (opened,) = what.sweep()
    assert isinstance(opened, Opened)
    what.conclude("duty")
    assert what.sweep() == ()
    assert cell(what).state is State.CURRENT


def test_the_earliest_of_several_events_starts_the_clock() -> None:
    one = {"earliest_of": ["determined", "learned"], "count": 4, "unit": "days"}
    what = story(duty(one), leak(determined_at="2026-11-30T09:00Z", learned_at="2026-11-30T08:00Z"))
    assert ends(what) == [datetime(2026, 12, 4, 8, tzinfo=UTC)]
    assert ends(story(duty(one), leak(learned_at="2026-11-30T08:00Z"))) == [datetime(2026, 12, 4, 8, tzinfo=UTC)]
    assert results(story(duty(one), leak()), Blind)


CHAIN = (
    {"id": "initial-report", "anchor": "aware", "count": 24, "unit": "hours", "what": "initial report"},
    {"id": "interim-report", "after": "initial-report", "count": 4, "unit": "weeks", "repeats": "4 weeks", "until": "resolved",
     "what": "interim report", "or_as_stated": True},
    {"id": "final-report", "anchor": "resolved", "count": 60, "unit": "days", "what": "final report"},
)  # fmt: skip
AWARE = {"aware_at": "2026-12-01T07:00Z"}


def test_a_chain_goes_from_report_to_report_until_it_is_resolved() -> None:
    what = story(duty(*CHAIN), leak(**AWARE))
    opened: list[tuple[date, str]] = []

    def swept() -> None:
        opened.extend((what.now.date(), each.triggers[-1].about) for each in what.sweep() if isinstance(each, Opened))
        assert what.sweep() == ()

    swept()
    assert ends(what) == [datetime(2026, 12, 2, 7, tzinfo=UTC)]
    what.conclude("duty")
    for _ in range(80):
        what.now += timedelta(days=1)
        if what.now.date() == date(2027, 1, 20):
            what.register = register(duty(*CHAIN), leak(**AWARE, resolved_at="2027-01-19T12:00Z"))
        swept()
        if what.assessment_input.history.open_for("duty"):
            what.conclude("duty")
    assert opened == [
        (date(2026, 12, 1), "duty leak initial-report"),
        (date(2026, 12, 2), "duty leak interim-report"),
        (date(2026, 12, 30), "duty leak interim-report #2"),
        (date(2027, 1, 20), "duty leak final-report"),
    ]


def test_another_schedule_that_a_document_states_takes_its_place() -> None:
    stated = [
        {"deadline": "interim-report", "due": "2027-03-01T12:00Z", "repeats": "8 weeks", "stated_on": "2026-12-10",
         "document": "letter of the authority"}
    ]  # fmt: skip
    what = story(duty(*CHAIN), leak(**AWARE, schedules=stated))
    what.sweep()
    what.conclude("duty")
    assert ends(what) == [datetime(2026, 12, 29, 9, tzinfo=UTC)], "nothing is stated yet"
    what.move_to(date(2026, 12, 11))
    assert ends(what) == [datetime(2027, 3, 1, 12, tzinfo=UTC)]
    assert "as stated in letter of the authority" in results(what)[0].reason


def test_named_deadlines_are_met_one_after_the_other_and_late_ones_together() -> None:
    two = ({"id": "warning", "anchor": "discovered", "count": 24, "unit": "hours"},
           {"id": "notification", "anchor": "discovered", "count": 72, "unit": "hours"})  # fmt: skip
    what = story(duty(*two), leak(first_seen_at="2026-12-01T06:00Z"))
    assert ends(what) == [datetime(2026, 12, 2, 6, tzinfo=UTC)]
    what.sweep()
    what.conclude("duty")
    assert ends(what) == [datetime(2026, 12, 4, 6, tzinfo=UTC)]
    what.sweep()
    what.conclude("duty")
    assert what.sweep() == ()
    late = story(duty(*two), leak(first_seen_at="2026-11-20T06:00Z"))
    late.sweep()
    assert len(ends(late)) == 2
    late.conclude("duty")
    assert late.sweep() == ()


ONE_REPORT = (
    {"id": "report", "anchor": "aware", "count": 15, "unit": "days"},
    {"id": "report", "anchor": "aware", "count": 10, "unit": "days", "circumstance": "death"},
    {"id": "report", "anchor": "aware", "count": 2, "unit": "days", "circumstance": "infrastructure"},
    {"id": "final", "after": "report", "count": 4, "unit": "weeks"},
)


@pytest.mark.parametrize(
    ("circumstances", "days"),
    [([], 15), (["death"], 10), (["infrastructure"], 2), (["death", "infrastructure"], 2)],
)
def test_deadlines_that_share_a_name_are_one_duty_with_the_earliest_end(circumstances: list[str], days: int) -> None:
    seen = {"first_seen_at": "2026-12-01T06:00Z", "circumstances": circumstances}
    what = story(duty(*ONE_REPORT), leak(**AWARE, **seen))
    assert ends(what) == [datetime(2026, 12, 1, 7, tzinfo=UTC) + timedelta(days=days)]
    what.sweep()
    what.conclude("duty")
    assert ends(what) == [datetime(2026, 12, 1, 9, tzinfo=UTC) + timedelta(weeks=4)], "one decision met the duty"


def test_a_commitment_about_mitigations_brings_its_deadlines_to_each() -> None:
    promise = duty(HOURS, subject={"kind": "mitigation"})
    what = story(promise, mitigation(last_assessed="2026-11-01"), leak(mitigations_failed=["filter"]))
    assert cell(what).due_at == SEEN_AT + timedelta(hours=24)
    what.sweep()
    what.conclude("filter")
    assert what.sweep() == ()


def test_news_starts_clocks_too() -> None:
    promise = duty(
        {"anchor": "published", "count": 5, "unit": "days"}, {"anchor": "learned", "count": 10, "unit": "days"},
        triggers=[{"kind": "new-information"}],
    )  # fmt: skip
    triage = {"material": True, "rationale": "read", "by": "red-team-lead", "on": "2026-11-30"}
    paper = {
        "id": "paper",
        "kind": "research",
        "known_at": SEEN,
        "source": "a paper",
        "affects": ["duty"],
        "triage": triage,
    }
    assert ends(story(promise, made(InformationItem, **paper))) == [SEEN_AT + timedelta(days=10)]
    both = story(promise, made(InformationItem, **paper, published_at="2026-11-29T00:00Z"))
    assert min(at for at in ends(both) if at) == datetime(2026, 12, 4, tzinfo=UTC)


def test_a_change_starts_its_clock_when_a_sweep_first_sees_it() -> None:
    deadline = {"anchor": "changed", "count": 30, "unit": "days"}
    promise = {"triggers": [{"kind": "mitigation-change"}], "deadlines": [deadline]}
    first = story(commitment("duty", **promise))
    first.sweep()
    first.conclude("duty")
    first.register = register(commitment("duty", version=2, **promise))
    first.now += timedelta(hours=1)
    assert ends(first) == [first.now + timedelta(days=30)]
    end = ends(first)
    first.sweep()
    first.now += timedelta(days=3)
    assert ends(first) == end
    assert first.sweep() == ()


def test_an_asserted_condition_starts_the_clock_of_what_changed() -> None:
    condition = "The framework was changed materially."
    promise = commitment(
        "duty",
        last_assessed="2026-11-01",
        triggers=[{"kind": "interval", "every": "1 year"}, {"kind": "invalidation-condition", "condition": condition}],
        deadlines=[{"anchor": "changed", "count": 30, "unit": "days", "what": "publish the material change"}],
    )
    what = story(promise)
    assert cell(what).state is State.CURRENT
    asserted = Asserted(subject="duty", condition=condition_digest(condition), because=BECAUSE, role="safety-lead")
    what.add(asserted, 1)
    end = what.now + timedelta(days=30)
    what.now += timedelta(days=2)
    assert ends(what) == [end]
    (opened,) = (body for body in what.sweep() if isinstance(body, Opened))
    assert opened.due == end.date()
    assert what.sweep() == ()


def test_a_decision_of_an_earlier_version_met_what_ran_then() -> None:
    """Ledgers of before name the incident and not its deadlines: nothing that was decided opens again."""
    what = story(duty(HOURS, {"anchor": "resolved", "count": 1, "unit": "months"}), leak())
    (body,) = (body for body in what.sweep() if isinstance(body, Opened))
    old = body.model_copy(update={"triggers": tuple(each for each in body.triggers if each.kind != "deadline")})
    what.entries.clear()
    what.add(old)
    what.conclude("duty")
    assert what.sweep() == ()
    assert cell(what).state is State.CURRENT


def test_a_blind_cell_is_found_by_fail_on_unknown_whatever_it_is_due() -> None:
    triggers = [{"kind": "interval", "every": "1 year"}, {"kind": "drift"}]
    what = story(commitment("duty", last_assessed="2025-12-10", triggers=triggers))
    assert cell(what).state is State.DUE_SOON
    assert {"unknown", "any"} <= cell(what).conditions


def test_a_forecast_follows_a_chain() -> None:
    what = story(duty(*CHAIN), leak(**AWARE))
    steps = [step for step in forecast(what.assessment_input, date(2027, 3, 1)) if step.kind == "open"]
    assert [(str(step.when), str(step.due)) for step in steps] == [
        ("2026-12-01", "2026-12-02"), ("2026-12-03", "2026-12-30"), ("2026-12-31", "2027-01-27"), ("2027-01-28", "2027-02-24"),
        ("2027-02-25", "2027-03-24"),
    ]  # fmt: skip


def test_a_metric_that_a_decision_settled_is_not_forecast_again_and_again() -> None:
    triggers = [{"kind": "metric-threshold", "metric": "uplift", "at_most": 0.5}]
    promise = commitment("duty", subject={"kind": "model"}, triggers=triggers)
    what = story(promise, model("large", "1", uplift=0.6))
    steps = [step for step in forecast(what.assessment_input, date(2029, 12, 1)) if step.kind == "open"]
    assert [step.subject for step in steps] == ["duty"]


def test_a_changed_deployment_of_its_model_fires_a_commitment_about_models() -> None:
    promise = commitment("duty", subject={"kind": "model"}, triggers=[{"kind": "deployment-change"}])
    served = {"model": "large", "access": ["api"]}
    what = story(promise, model("large"), deployment("public-api", **served))
    what.sweep()
    what.conclude("duty")
    assert cell(what).state is State.CURRENT
    what.register = register(
        promise, model("large"), deployment("public-api", **(served | {"access": ["api", "weights"]}))
    )
    (fired,) = cell(what).fired
    assert fired.kind == "deployment-change"
    assert "public-api" in fired.reason


def test_an_interval_and_an_event_together_ask_before_the_first_assessment_and_never_wait_for_it() -> None:
    both = {
        "kind": "all",
        "of": [{"kind": "interval", "every": "1 year"}, {"kind": "incident-severity", "at_least": "low"}],
    }
    promise = duty(HOURS, triggers=[both])
    assert cell(story(promise)).state is State.CURRENT, "nothing has happened"
    happened = story(promise, leak())
    assert cell(happened).state in {State.TRIGGERED, State.DUE, State.OVERDUE}
    assert len(results(happened)) == 1
    happened.sweep()
    happened.conclude("duty")
    assert cell(happened).state is State.CURRENT
    happened.register = register(promise, leak(), leak(id="later", first_seen_at="2026-12-02T08:00Z"))
    happened.move_to(date(2026, 12, 10))
    assert cell(happened).state is State.CURRENT, "the interval has not passed"
