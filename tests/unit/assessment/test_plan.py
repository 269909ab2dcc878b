from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.assessment.schedule.plan import Ask
from reassay.ledger.entry import Joined, Opened, Superseded
from tests.examples import examples
from tests.make import OWNER, TODAY, Story, deployment, mitigation, register

ASK = Ask("filter", "safety-lead", 1, "a new jailbreak family")


def test_what_is_due_is_opened_once() -> None:
    story = Story(register(mitigation()))
    (opened,) = story.sweep()
    assert isinstance(opened, Opened)
    assert (opened.reassessment, opened.subject, opened.cells) == ("R-2026-001", "filter", ("*",))
    assert (opened.due, opened.opened_on) == (date(2026, 12, 15), TODAY)
    assert [trigger.kind for trigger in opened.triggers] == ["never-assessed"]
    assert story.sweep() == ()


def test_a_current_mitigation_is_left_alone() -> None:
    assert Story(register(mitigation(last_assessed="2026-11-01"))).sweep() == ()


def test_an_interval_keeps_its_own_due_date() -> None:
    (opened,) = Story(register(mitigation(last_assessed="2026-06-11"))).sweep()
    assert isinstance(opened, Opened)
    assert opened.due == date(2026, 12, 11)


def test_a_missed_interval_opens_with_the_date_it_missed() -> None:
    (opened,) = Story(register(mitigation(last_assessed="2026-01-11"))).sweep()
    assert isinstance(opened, Opened)
    assert opened.due == date(2026, 7, 11)


def test_further_triggers_join_and_only_shorten_the_due_date() -> None:
    story = Story(register(mitigation(last_assessed="2026-06-11")))
    story.sweep()
    (joined,) = story.sweep(ASK)
    assert isinstance(joined, Joined)
    assert joined.due == date(2026, 12, 11)
    story.move_to(date(2026, 12, 2))
    assert story.sweep(ASK) == ()
    assert [trigger.kind for trigger in story.assessment_input.history.open[0].triggers] == ["interval", "manual"]


def test_a_further_cell_joins() -> None:
    first = register(mitigation(deployments=["api"]), deployment("api"), deployment("app"))
    story = Story(first)
    story.sweep()
    story.register = register(mitigation(deployments=["api", "app"]), deployment("api"), deployment("app"))
    (joined,) = story.sweep()
    assert isinstance(joined, Joined)
    assert joined.cells == ("api", "app")
    assert story.sweep() == ()


def test_depth_only_deepens() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    story.register = register(mitigation(version=2, reassess={"depth": "full"}, every="1 year"))
    story.sweep(ASK)
    assert story.assessment_input.history.open[0].depth == "full"
    story.register = register(mitigation(version=2, reassess={"depth": "light"}, every="1 year"))
    story.sweep(Ask("filter", "safety-lead", 1, "another"))
    assert story.assessment_input.history.open[0].depth == "full"


def test_no_longer_due_is_superseded_and_moves_no_clock() -> None:
    for now in (
        register(mitigation("other", last_assessed="2026-11-20")),
        register(mitigation(status="retired")),
        register(mitigation(last_assessed="2026-11-20")),
        register(mitigation(deployments=["api"]), deployment("api")),
    ):
        story = Story(register(mitigation()))
        story.sweep()
        story.register = now
        bodies = story.sweep()
        assert isinstance(bodies[0], Superseded)
        assert story.assessment_input.history.reassessments["R-2026-001"].state == "superseded"
        assert story.assessment_input.history.last_decisions() == {}


def test_what_cannot_be_read_is_not_known_to_be_gone() -> None:
    from dataclasses import replace

    from reassay.register.finding import Finding, Position

    story = Story(register(mitigation()))
    story.sweep()
    broken = Finding(Position("framework/mitigations.yml", 3), "yaml-syntax", "broken", "mend it")
    story.register = replace(register(), findings=(broken,))
    assert story.sweep() == ()
    assert len(story.assessment_input.history.open) == 1


def test_a_new_version_opens_again() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    story.conclude("filter")
    story.register = register(mitigation(version=2))
    (opened,) = story.sweep()
    assert isinstance(opened, Opened)
    assert [trigger.kind for trigger in opened.triggers] == ["mitigation-change"]
    assert opened.reassessment == "R-2026-002"


def test_inconclusive_moves_no_date_and_its_successor_keeps_the_due_date() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    story.move_to(date(2026, 12, 14))
    story.conclude("filter", "inconclusive")
    (opened,) = story.sweep()
    assert isinstance(opened, Opened)
    assert (opened.due, opened.previous) == (date(2026, 12, 15), "R-2026-001")


def test_asking_opens_at_once_even_what_pacing_holds_back() -> None:
    story = Story(register(mitigation("a"), mitigation("filter"), rollout={"per_week": 1}))
    story.sweep()
    assert [opened.subject for opened in story.opened()] == ["a"]
    (opened,) = story.sweep(ASK)
    assert isinstance(opened, Opened)
    assert {trigger.kind for trigger in opened.triggers} == {"never-assessed", "manual"}
    assert story.entries[-1].actor == OWNER.id


def test_numbers_start_again_each_year_and_are_never_used_twice() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    story.conclude("filter")
    story.move_to(date(2027, 6, 1))
    (opened,) = story.sweep()
    assert isinstance(opened, Opened)
    assert opened.reassessment == "R-2027-001"


STEP = st.sampled_from(["sweep", "conclude", "inconclusive", "ask", "version", "retire", "activate", "day", "month"])


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None)
@given(st.lists(STEP, max_size=25))
def test_whatever_happens_a_second_plan_is_empty_and_at_most_one_is_open(steps: list[str]) -> None:
    story = Story(register(mitigation()))
    version = 1
    status = "active"
    for step in steps:
        match step:
            case "conclude" | "inconclusive" if story.assessment_input.history.open and status == "active":
                story.conclude("filter", "effective" if step == "conclude" else step)
            case "ask":
                story.sweep(ASK)
            case "version":
                version += 1
            case "retire" | "activate":
                status = "retired" if step == "retire" else "active"
            case "day" | "month":
                story.move_to(date.fromordinal(story.now.date().toordinal() + (1 if step == "day" else 31)))
            case _:
                pass
        story.register = register(mitigation(version=version, status=status))
        story.sweep()
        assert story.sweep() == ()
        opened = story.assessment_input.history.open
        assert len(opened) <= 1
        assert len({each.opened.nonce for each in opened}) == len(opened)
        decided = story.assessment_input.history.last_decisions()
        assert all(found.decided.decision != "inconclusive" for found in decided.values())
