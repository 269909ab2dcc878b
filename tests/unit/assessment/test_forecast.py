from datetime import date

import pytest

from reassay.assessment.schedule import forecast
from reassay.ledger.entry import Opened
from reassay.register.acceptance import RiskAcceptance
from reassay.register.evidence_item import EvidenceItem
from reassay.register.incident import Incident
from reassay.register.information import InformationItem
from reassay.register.register import RegisterObject
from tests.make import Story, commitment, deployment, made, mitigation, model, register


def test_now_lists_what_a_sweep_would_do_and_what_waits() -> None:
    what = register(
        mitigation("a"), mitigation("b"), mitigation("c", last_assessed="2026-11-01"), rollout={"per_week": 1}
    )
    steps = forecast.now(Story(what).assessment_input)
    assert [(step.when, step.kind, step.subject) for step in steps] == [
        (date(2026, 12, 1), "open", "a"),
        (date(2026, 12, 8), "open", "b"),
    ]


def test_the_calendar_played_forward_opens_each_interval() -> None:
    steps = forecast.forecast(
        Story(register(mitigation(last_assessed="2026-06-11"))).assessment_input, date(2028, 1, 1)
    )
    assert [(step.when, step.due) for step in steps] == [
        (date(2026, 12, 1), date(2026, 12, 11)),
        (date(2027, 5, 28), date(2027, 6, 11)),
        (date(2027, 11, 27), date(2027, 12, 11)),
    ]


@pytest.mark.slow
def test_a_forecast_agrees_with_what_then_happens() -> None:
    what = register(*(mitigation(f"m{number}") for number in range(6)), rollout={"per_week": 2, "max_open": 2})
    told = {(step.when, step.subject) for step in forecast.forecast(Story(what).assessment_input, date(2027, 3, 1))}
    story = Story(what)
    happened = set()
    for ordinal in range(date(2026, 12, 1).toordinal(), date(2027, 3, 1).toordinal() + 1):
        story.move_to(date.fromordinal(ordinal))
        happened |= {(date.fromordinal(ordinal), body.subject) for body in story.sweep() if body.kind == "opened"}
        for each in story.assessment_input.history.open:
            if each.due <= story.now.date():
                story.conclude(each.subject)
    assert told == happened


def test_nothing_registered_forecasts_nothing() -> None:
    assert forecast.forecast(Story(register()).assessment_input, date(2036, 1, 1)) == ()


EVERY_WAY_TO_FIRE: dict[str, list[dict[str, object]]] = {
    "metric-threshold": [{"kind": "metric-threshold", "metric": "compute", "at_most": 3}],
    "metric-threshold of all": [
        {"kind": "all", "of": [{"kind": "metric-threshold", "metric": "compute", "at_most": 3}]}
    ],
    "metric-ratio": [{"kind": "metric-ratio", "metric": "compute", "ratio": 4}],
    "metric-ratio of another": [{"kind": "metric-ratio", "metric": "compute", "ratio": 2, "relative_to": "refusals"}],
    "model-change": [{"kind": "model-change"}],
    "deployment-change": [{"kind": "deployment-change"}],
    "evidence-stale": [{"kind": "evidence-stale", "older_than": "1 month"}],
    "new-information": [{"kind": "new-information"}],
    "incident-severity": [{"kind": "incident-severity", "at_least": "low"}],
    "acceptance-expired": [{"kind": "acceptance-expired"}],
}


@pytest.mark.parametrize("triggers", EVERY_WAY_TO_FIRE.values(), ids=EVERY_WAY_TO_FIRE)
def test_what_a_forecast_concludes_is_settled_as_by_a_real_conclusion(triggers: list[dict[str, object]]) -> None:
    def objects(release: str, compute: float, languages: list[str], **fields: object) -> list[RegisterObject]:
        own = {"every": None, "reassess": {"every": "unspecified", "triggers": triggers}, "deployments": ["api"]}
        return [
            mitigation(**own | fields),
            deployment("api", model="large", languages=languages),
            model("large", release, compute=compute, refusals=3),
        ]

    story = Story(register(*objects("1", 1, ["en"])), date(2026, 10, 1))
    story.sweep()
    story.conclude("filter")
    at = "2026-11-20T09:00:00Z"
    judged = {"material": True, "rationale": "read", "by": "safety-lead", "on": "2026-11-21"}
    story.register = register(
        *objects("2", 80, ["en", "fr"], version=2),
        made(Incident, id="leak", severity="critical", first_seen_at=at, mitigations_failed=["filter"]),
        made(InformationItem, id="news", kind="jailbreak", known_at=at, source="x", affects=["filter"], triage=judged),
        made(EvidenceItem, id="test", mitigations=["filter"], method="test", performed_by="x", performed_at="2026-10-02", finding="x", file="x.md"),
        made(RiskAcceptance, id="lived-with", mitigations=["filter"], requester="a", approver="b", rationale="x", expires_at="2026-11-01"),
    )  # fmt: skip
    story.move_to(date(2026, 12, 1))
    steps = forecast.forecast(story.assessment_input, date(2029, 12, 1))
    assert [(step.kind, step.when) for step in steps] == [("open", date(2026, 12, 1))]
    (opened,) = story.sweep()
    assert isinstance(opened, Opened)
    assert triggers[0]["kind"] in {trigger.kind for trigger in opened.triggers}
    story.move_to(date(2026, 12, 15))
    story.conclude("filter")
    story.move_to(date(2029, 12, 1))
    assert story.sweep() == ()


def test_what_cannot_be_read_or_is_only_proposed_is_not_concluded() -> None:
    from dataclasses import replace

    from reassay.register.finding import Finding, Position

    story = Story(register(mitigation(last_assessed="2026-01-01")))
    story.sweep()
    broken = Finding(Position("framework/mitigations.yml", 3), "yaml-syntax", "broken", "mend it")
    story.register = replace(register(), findings=(broken,))
    assert forecast.forecast(story.assessment_input, date(2027, 12, 1)) == ()


def test_a_commitment_that_comes_into_force_is_not_missed() -> None:
    later = commitment(
        subject={"kind": "mitigation"}, triggers=[{"kind": "interval", "every": "1 month"}], in_force_from="2027-02-03"
    )
    what = register(mitigation(every="10 years", last_assessed="2026-11-01"), later)
    steps = forecast.forecast(Story(what).assessment_input, date(2027, 2, 20))
    assert [(step.when, step.kind) for step in steps] == [(date(2027, 2, 3), "open")]
