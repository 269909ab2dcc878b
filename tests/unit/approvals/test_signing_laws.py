"""Laws of signatures: what was signed and is changed is void, what is changed besides voids nothing, one human counts once."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.approvals.approvals import Approvals, of_reassessment
from reassay.approvals.command_context import CommandContext, Effect, Refusal
from reassay.assessment.content import content_of
from reassay.commands.base import Command
from reassay.commands.registry import command_of, parse_comment
from reassay.ledger.entry import CommentRef
from reassay.people.account import Account
from reassay.people.people import Directory
from reassay.register.base import Depth
from reassay.register.delegation import Delegation
from reassay.register.register import Register, RegisterObject
from tests.make import Story, deployment, made, mitigation, register

PEOPLE = {"safety-lead": 1, "red-team-lead": 2, "auditor": 3, "release-manager": 4, "external": 5}
STEPS = [{"role": "board", "min": 2, "excludes": ["owner", "assessor"]}]
ROLES = {"board": {"users": ["auditor", "release-manager", "red-team-lead"]}}


def objects(title: str = "The filter", **deployed: object) -> tuple[RegisterObject, ...]:
    return (
        mitigation("filter", title=title, deployments=["public-api"], approval=STEPS, reassess={"depth": "light"}),
        deployment("public-api", **deployed),
    )


def what(*others: RegisterObject, title: str = "The filter", **deployed: object) -> Register:
    return register(*objects(title, **deployed), *others, mode="record", roles=ROLES)


class Talk(Story):
    """A story in which people write."""

    comment = 100

    @property
    def each(self) -> object:
        return self.assessment_input.history.open[0]

    def say(self, login: str, text: str) -> list[object]:
        self.comment += 1
        self.now += timedelta(minutes=1)
        results: list[object] = []
        for index, command in enumerate(parse_comment(f"/reassay {text}")):
            assert isinstance(command, Command), command
            assessment_input = replace(self.assessment_input, people=directory())
            each = assessment_input.history.open[0]
            context = CommandContext(
                by=Account(login, PEOPLE[login]),
                comment=CommentRef(
                    id=self.comment,
                    index=index,
                    body_sha256=hashlib.sha256(text.encode()).hexdigest(),
                    created_at=self.now,
                    issue=1,
                ),
                assessment_input=assessment_input,
                objects=self.objects,
                reassessment_here=each,
                shown=content_of(each.subject, each.cells, self.register),
            )
            result = command_of(command).outcome(command, context)
            results.append(result)
            if isinstance(result, Effect):
                self.objects |= {name: json.loads(data) for name, data in result.objects.items()}
                for body in result.bodies:
                    self.add(body, PEOPLE[login])
                    self.entries[-1] = self.entries[-1].model_copy(update={"comment": context.comment})
        return results

    def approvals(self, now: Register | None = None) -> Approvals:
        assessment_input = replace(self.assessment_input, people=directory())
        assessment_input = replace(assessment_input, register=now) if now else assessment_input
        found = of_reassessment(assessment_input.history.open[0], assessment_input, self.objects)
        assert found is not None
        return found


def directory() -> Directory:
    return Directory(PEOPLE, {}, is_known=True)


def signed_story(*others: RegisterObject) -> Talk:
    """Everything answered by those whose rows they are, and the board has approved."""
    story = Talk(what(*others))
    story.sweep()
    for row in (1, 2):
        story.say("safety-lead", f"answer {row} yes because it was looked at")
    for row in (3, 4, 5):
        story.say("red-team-lead", f"answer {row} yes because it was looked at")
    for login in ("auditor", "release-manager"):
        assert isinstance(story.say(login, "signoff 6")[0], Effect)
    return story


def holding(approvals: Approvals) -> Mapping[int, bool]:
    return {row.number: row.is_signed for row in approvals.rows}


ALL = dict.fromkeys(range(1, 7), True)
NONE = dict.fromkeys(range(1, 7), False)


def test_everything_holds_as_long_as_nothing_changes() -> None:
    assert holding(signed_story().approvals()) == ALL


WORDS = st.text("abcdefgh ", min_size=1, max_size=12).map(str.strip).filter(bool)


@pytest.mark.slow
@given(st.one_of(st.builds(lambda text: {"title": f"Another {text}"}, WORDS), st.builds(lambda text: {"oversight": text}, WORDS),
                 st.sampled_from([{"languages": ["de"]}, {"modalities_in": ["audio"]}, {"rollout_percent": 5}])))  # fmt: skip
def test_no_signature_survives_a_change_of_what_it_is_about(change: dict[str, object]) -> None:
    title = str(change.pop("title", "The filter"))
    assert holding(signed_story().approvals(what(title=title, **change))) == NONE


@pytest.mark.slow
@given(WORDS, st.sampled_from(["other", "uncovered"]))
def test_every_signature_survives_a_change_of_anything_else(text: str, kind: str) -> None:
    other = mitigation("other", title=text) if kind == "other" else deployment("uncovered", oversight=text)
    changed = register(
        *reversed(objects()), other, mode="record", roles=ROLES, defaults={"respond_within": "3 days"}, labels=False
    )
    assert holding(signed_story().approvals(changed)) == ALL


@pytest.mark.slow
@given(st.integers(1, 5), st.sampled_from(["yes", "no", "n/a", "not-tested"]), WORDS)
def test_a_new_answer_voids_its_row_and_the_approval_and_nothing_else(row: int, answer: str, because: str) -> None:
    story = signed_story()
    other = "red-team-lead" if row < 3 else "safety-lead"
    story.say(other, f"answer {row} {answer} because {because}")
    assert holding(story.approvals()) == ALL | {row: False, 6: False}


def test_evidence_that_comes_later_voids_the_approval_only() -> None:
    story = signed_story()
    story.say("red-team-lead", "evidence attested because somebody said so")
    assert holding(story.approvals()) == ALL | {6: False}


@pytest.mark.slow
@given(st.permutations([1, 2, 3, 4, 5]), st.integers(0, 5))
def test_taking_back_opens_exactly_what_was_taken_back(rows: list[int], count: int) -> None:
    story = signed_story()
    for row in rows[:count]:
        story.say("safety-lead" if row < 3 else "red-team-lead", f"withdraw {row}")
    expected = ALL | dict.fromkeys(rows[:count], False) | ({6: False} if count else {})
    assert holding(story.approvals()) == expected


LOGINS = st.sampled_from(sorted(PEOPLE))


@pytest.mark.slow
@given(
    st.lists(st.tuples(LOGINS, LOGINS), max_size=4),
    st.lists(st.tuples(LOGINS, st.sampled_from(["signoff 6", "signoff all", "withdraw 6"])), max_size=8),
)
def test_one_human_and_one_seat_count_once_and_no_exclusion_is_passed(
    lent: list[tuple[str, str]], said: list[tuple[str, str]]
) -> None:
    delegations = [
        made(
            Delegation,
            id=f"d{number}",
            title="x",
            role="board",
            **{"from": giver},
            to=taker,
            start="2026-01-01",
            end="2027-12-31",
        )
        for number, (giver, taker) in enumerate(lent)
        if giver != taker
    ]
    story = Talk(what(*delegations))
    story.sweep()
    for row in (1, 2):
        story.say("safety-lead", f"answer {row} yes because x")
    for row in (3, 4, 5):
        story.say("red-team-lead", f"answer {row} yes because x")
    for login, text in said:
        story.say(login, text)
    (step,) = story.approvals().steps
    holds = [each for each in step.signatures if each.counts]
    assert step.taken <= len({each.person for each in holds})
    assert step.taken <= len({each.seat for each in holds})
    excluded = {PEOPLE["safety-lead"], PEOPLE["red-team-lead"]}
    assert not excluded & {each.person for each in holds}
    assert not excluded & {each.seat for each in holds}
    board = {PEOPLE["auditor"], PEOPLE["release-manager"]}
    assert {each.seat for each in holds} <= board, "a delegation is not lent further"


@pytest.mark.parametrize(
    ("start", "end", "may"),
    [("2026-12-01", "2026-12-01", True), ("2026-12-02", "2026-12-31", False), ("2026-11-01", "2026-11-30", False)],
)
def test_a_delegation_holds_on_its_days_only(start: str, end: str, may: bool) -> None:
    lent = made(
        Delegation, id="leave", title="x", role="board", **{"from": "auditor"}, to="external", start=start, end=end
    )
    story = Talk(what(lent))
    story.sweep()
    for row in (1, 2):
        story.say("safety-lead", f"answer {row} yes because x")
    for row in (3, 4, 5):
        story.say("red-team-lead", f"answer {row} yes because x")
    (result,) = story.say("external", "signoff 6")
    assert isinstance(result, Effect) is may
    if not may:
        assert isinstance(result, Refusal)
        assert "only board can" in result.why


def test_all_is_refused_in_full_depth_where_evidence_is_asked_for() -> None:
    story = Talk(register(mitigation("filter", reassess={"depth": "full"}), mode="record"))
    story.sweep()
    assert story.assessment_input.history.open[0].depth is Depth.FULL
    (result,) = story.say("red-team-lead", "signoff all")
    assert isinstance(result, Refusal)
    assert "`all` is refused in full depth" in result.why
    (result,) = story.say("red-team-lead", "signoff 4")
    assert isinstance(result, Refusal)
    assert "row 4 has no answer yet" in result.why


def test_a_checklist_that_cannot_be_read_is_missing_and_never_a_vacuous_pass() -> None:
    story = signed_story()
    checklist = story.opened()[0].checklist
    del story.objects[checklist]
    (result,) = story.say("red-team-lead", "conclude effective because all is well")
    assert isinstance(result, Refusal)
    assert any("checklist of this re-assessment can no longer be read" in line for line in result.details)


def test_steps_are_taken_in_order() -> None:
    steps = [{"role": "auditor", "kind": "review"}, {"role": "release-manager"}]
    story = Talk(register(mitigation("filter", reassess={"depth": "light"}, approval=steps), mode="record"))
    story.sweep()
    for row in (1, 2):
        story.say("safety-lead", f"answer {row} yes because x")
    for row in (3, 4, 5):
        story.say("red-team-lead", f"answer {row} yes because x")
    (early,) = story.say("release-manager", "signoff 7")
    assert isinstance(early, Refusal)
    assert "row 7 comes after row 6" in early.why
    assert isinstance(story.say("auditor", "signoff 6")[0], Effect)
    assert isinstance(story.say("release-manager", "signoff 7")[0], Effect)


@pytest.mark.parametrize(
    ("when", "decision", "needed"),
    [("full", "effective", False), ("light", "effective", True), ("degraded or ineffective", "effective", False),
     ("degraded or ineffective", "inconclusive", False), ("before a major release", "effective", True)],
)  # fmt: skip
def test_a_step_applies_when_it_says_or_when_a_program_cannot_tell(when: str, decision: str, needed: bool) -> None:
    steps = [{"role": "auditor", "when": when}]
    story = Talk(register(mitigation("filter", reassess={"depth": "light"}, approval=steps), mode="record"))
    story.sweep()
    for row in (1, 2):
        story.say("safety-lead", f"answer {row} yes because x")
    for row in (3, 4, 5):
        story.say("red-team-lead", f"answer {row} yes because x")
    (result,) = story.say("red-team-lead", f"conclude {decision} because of it")
    assert isinstance(result, Refusal) is needed
