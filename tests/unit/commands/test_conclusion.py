from dataclasses import replace
from datetime import date

import pytest

from reassay.approvals.arguments import Conclude, Promise
from reassay.approvals.command_context import Refusal
from reassay.assessment.content import content_of
from reassay.commands.conclusion import Conclusion, conclude
from reassay.people.account import Account
from tests.make import ASSESSOR, OWNER, TODAY, Story, mitigation, register

STRANGER = Account("stranger", 9)
LATER = Promise(date(2027, 1, 15), "retrain the filter")


def decide(command: Conclude, by: Account = ASSESSOR, **fields: object) -> Conclusion | Refusal:
    story = Story(register(mitigation(**fields)))
    story.sweep()
    return conclude(command, story.context(by, story.assessment_input.history.open[0]))


def test_the_next_due_date_counts_from_the_day_of_the_decision() -> None:
    result = decide(Conclude("effective", because="the drill passed"))
    assert isinstance(result, Conclusion)
    assert [(each.cell, each.due) for each in result.decided.next_due] == [("*", date(2027, 6, 1))]
    assert (result.decided.decided_on, result.decided.self_assessed, result.decided.basis) == (TODAY, False, "attested")


@pytest.mark.parametrize(
    ("by", "fields", "allowed", "stamped"),
    [
        (ASSESSOR, {}, True, False),
        (Account("RED-team-lead", 2), {}, True, False),
        (OWNER, {}, False, False),
        (STRANGER, {}, False, False),
        (OWNER, {"assessor": None}, True, True),
        (STRANGER, {"assessor": None}, False, False),
        (OWNER, {"assessor": "safety-lead"}, True, True),
    ],
)
def test_who_may_conclude_and_when_it_is_self_assessed(
    by: Account, fields: dict[str, object], allowed: bool, stamped: bool
) -> None:
    result = decide(Conclude("effective"), by, **fields)
    assert isinstance(result, Conclusion) is allowed
    if isinstance(result, Conclusion):
        assert result.decided.self_assessed is stamped
    else:
        assert "red-team-lead" in result.why or "the owner" in result.why


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (Conclude("degraded"), "follow-up"),
        (Conclude("ineffective", because="it failed"), "deployments"),
        (Conclude("inconclusive"), "reason"),
        (Conclude("degraded", follow_ups=(Promise(date(2026, 11, 30), "x"),)), "is in the past"),
        (Conclude("degraded", follow_ups=(LATER,)), None),
        (Conclude("ineffective", "withdraw", because="it failed"), None),
        (Conclude("inconclusive", because="too few runs"), None),
        (Conclude("effective"), None),
    ],
)
def test_conditions_of_each_decision(command: Conclude, words: str | None) -> None:
    result = decide(command)
    if words is None:
        assert isinstance(result, Conclusion)
    else:
        assert isinstance(result, Refusal)
        assert words in f"{result.why} {result.remedy}"


def test_inconclusive_has_no_next_date() -> None:
    result = decide(Conclude("inconclusive", because="too few runs"))
    assert isinstance(result, Conclusion)
    assert [each.due for each in result.decided.next_due] == [None]


def test_a_decision_is_not_changed_by_another() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    story.conclude("filter")
    decided = story.assessment_input.history.reassessments["R-2026-001"]
    result = conclude(Conclude("ineffective", "withdraw"), story.context(ASSESSOR, decided))
    assert isinstance(result, Refusal)
    assert "already decided" in result.why


def test_without_its_entry_nobody_knows_who_may_conclude() -> None:
    story = Story(register(mitigation()))
    story.sweep()
    each = story.assessment_input.history.open[0]
    story.register = register()
    result = conclude(Conclude("effective"), story.context(ASSESSOR, each))
    assert isinstance(result, Refusal)
    assert "has an error, so nobody can do this now" in result.why


def test_the_reason_and_the_snapshot_are_objects_named_by_digest() -> None:
    from reassay.common.canonical import digest

    result = decide(Conclude("effective", because="the drill passed"))
    assert isinstance(result, Conclusion)
    assert all(digest(data) == name for name, data in result.objects.items())
    assert result.decided.because in result.objects
    assert result.decided.snapshot in result.objects


@pytest.mark.parametrize("mode", ["record", "advise", "enforce"])
def test_from_mode_record_on_a_word_alone_concludes_nothing(mode: str) -> None:
    story = Story(register(mitigation(), mode=mode))
    story.sweep()
    each = story.assessment_input.history.open[0]
    context = story.context(ASSESSOR, each)
    unseen = conclude(Conclude("effective", because="tested"), context)
    assert isinstance(unseen, Refusal)
    assert "your comment came before the issue showed this content" in unseen.why
    seen = replace(context, shown=content_of(each.subject, each.cells, story.register))
    unanswered = conclude(Conclude("effective", because="tested"), seen)
    assert isinstance(unanswered, Refusal)
    assert any("row 1 is not answered" in missing for missing in unanswered.details)
