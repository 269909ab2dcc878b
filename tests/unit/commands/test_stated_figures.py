"""What a command states about effort, durations, judgements and capabilities."""

from datetime import date
from pathlib import Path

import pytest

from reassay.approvals.command_context import Keep
from reassay.commands.base import BadCommandError
from reassay.commands.evidence import Evidence, parse
from reassay.commands.stated_figures import reason_parts, recorded_figures
from reassay.common.calendar import Duration


def stated(line: str) -> Evidence:
    return parse(f"{line} because it is so")


def test_an_effort_states_teams_hours_outcome_and_resources() -> None:
    line = (
        "reports/rt.pdf effort 29 teams 40 hours each none found independent incentive bounty access fine-tuning"
        " expertise leading-expert people 2 budget 1,000 gbp as red-teaming for universal jailbreak"
    )
    command = stated(line)
    effort = command.stated.effort
    assert effort is not None
    assert (effort.teams, effort.hours_each, effort.success, effort.independent) == (29, 40.0, False, True)
    assert (effort.incentive, effort.access, effort.expertise) == ("bounty", "fine-tuning", "leading-expert")
    assert (effort.people, effort.budget) == (2, "1000 GBP")
    assert (command.kind, command.criterion, command.evaluation) == ("effort", "universal jailbreak", "red-teaming")
    assert command.source is not None
    assert command.source.locator == "reports/rt.pdf"


def test_what_an_effort_does_not_state_is_not_assumed() -> None:
    effort = stated("effort 1 team 12.5 hours found").stated.effort
    assert effort is not None
    assert (effort.success, effort.independent, effort.hours_each) == (True, False, 12.5)
    assert {effort.incentive, effort.access, effort.expertise, effort.people, effort.budget} == {None}


def test_a_duration_is_a_time_or_two_days() -> None:
    took = stated("duration 9 days").stated.duration
    days = stated("duration 2026-11-01 to 2026-11-09 for patch").stated.duration
    assert took is not None
    assert days is not None
    assert took.took == Duration(days=9)
    assert days.days == (date(2026, 11, 1), date(2026, 11, 9))


def test_a_judgement_states_its_outcome() -> None:
    assert stated("judgement not-met").stated.outcome == "not-met"
    with pytest.raises(BadCommandError, match="the outcome of a judgement is missing; write one of `met`, `not-met`"):
        stated("judgement for judged")


def test_a_capability_states_elicitation() -> None:
    line = (
        "capability below fine-tuned yes scaffold agent-loop best-of 10 tools browsing,code-execution effort 40 hours"
    )
    figures = stated(line).stated.capability
    assert figures is not None
    elicitation = figures.elicitation
    assert (elicitation.fine_tuned, elicitation.scaffold, elicitation.best_of) == (True, "agent-loop", 10)
    assert (elicitation.tools, elicitation.effort) == (("browsing", "code-execution"), 40.0)
    bare = stated("capability not-ruled-out tools none").stated.capability
    assert bare is not None
    assert (bare.outcome, bare.elicitation.tools, bare.elicitation.fine_tuned) == ("not-ruled-out", (), None)


@pytest.mark.parametrize(
    "line",
    [
        "effort",
        "effort 29 teams",
        "effort 29 teams 40 hours",
        "effort 0 teams 40 hours none found",
        "effort 1 team 0 hours found",
        "effort 1 team 4 hours none found access root",
        "effort 1 team 4 hours none found access",
        "effort 1 team 4 hours none found access api access app",
        "effort 1 team 4 hours none found budget lots",
        "effort 1 team 4 hours none found people 0",
        "effort 1 team 4 hours none found really",
        "duration",
        "duration soon",
        "duration 2026-11-09 to 2026-11-01",
        "duration 2026-11-09 to 2026-13-01",
        "judgement maybe",
        "capability",
        "capability fine",
        "capability below fine-tuned perhaps",
        "capability below scaffold `x`",
        "capability below tools ,",
        "census 1/2 as guesswork",
    ],
)
def test_what_is_not_understood_is_refused_with_an_example(line: str) -> None:
    with pytest.raises(BadCommandError, match=r"write|is missing|what can follow|`"):
        stated(line)


def test_labelled_parts_of_a_reason_are_kept_beside_it() -> None:
    because = "we tried hard. Limits: English only; would change: a leak. Awareness: probes; sandbagging: password-locked twins"
    assert reason_parts(because) == {
        "limits": "English only",
        "would change": "a leak.",
        "awareness": "probes",
        "sandbagging": "password-locked twins",
    }
    assert reason_parts("no limits here") == {}
    assert reason_parts("limits: ; would change:") == {}


def test_the_record_has_the_version_and_the_parts_of_the_reason() -> None:
    keep = Keep()
    effort = recorded_figures(stated("effort 1 team 4 hours found").stated, "limits: one surface", 7, keep)
    assert effort.effort is not None
    assert effort.effort.version == 7
    capability = recorded_figures(stated("capability below").stated, "awareness: probes", 7, keep).capability
    assert capability is not None
    assert (capability.evaluation_awareness in keep.objects, capability.sandbagging) == (True, None)
    judged = recorded_figures(stated("judgement met").stated, "it is enough", 7, keep).grounds
    assert judged is not None
    assert (judged.outcome, judged.limits, judged.would_change) == ("met", None, None)


def test_the_commands_of_the_how_to_are_understood() -> None:
    page = (Path(__file__).parents[3] / "docs/how-to/choose-criteria.md").read_text(encoding="utf-8")
    lines = [
        line.removeprefix("/reassay evidence ") for line in page.splitlines() if line.startswith("/reassay evidence ")
    ]
    kinds = [parse(line).kind for line in lines]
    assert kinds == ["effort", "capability"]
    assert set(reason_parts(lines[1])) == {"limits", "would change", "awareness", "sandbagging"}
