"""Laws of approvals, the same for re-assessments and for pull requests, whatever people write in whatever order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.approvals.approvals import Approvals, of_reassessment
from reassay.approvals.command_context import Effect, Refusal
from reassay.approvals.row import ApprovalRow
from reassay.gate.decide import decide
from reassay.gate.verdict import RuleStatus
from reassay.ledger.answers import SignedOff
from reassay.ledger.pull_requests import ChangeSigned
from reassay.ledger.reassessment import Reassessment
from tests.examples import examples
from tests.unit.approvals.places import BOARD, EXCLUDED, PEOPLE, OnPullRequest, OnReassessment, Place, lent

PLACES = [OnReassessment, OnPullRequest]
few = settings(max_examples=examples(30))
"""Each example plays two dozen commands."""
both = pytest.mark.parametrize("place", PLACES)
LOGINS = st.sampled_from(sorted(PEOPLE))
WORDS = st.sampled_from(
    ["answer 1 yes because x", "answer 1 no because y", "signoff all", "signoff 1", "signoff 2", "signoff 3",
     "signoff 6", "signoff 7", "withdraw all", "withdraw 1", "withdraw 3", "withdraw 7"]
)  # fmt: skip
SAID = st.lists(st.tuples(LOGINS, WORDS), max_size=8)
LENT = st.lists(st.tuples(LOGINS, LOGINS).filter(lambda pair: pair[0] != pair[1]), max_size=3)


def started(place: type[Place], *pairs: tuple[str, str]) -> Place:
    """A place where everything is signed, so that what is said next meets signatures."""
    story = place(*(lent(giver, taker, number) for number, (giver, taker) in enumerate(pairs)))
    story.sign_all()
    return story


def signers(rows: tuple[ApprovalRow, ...]) -> list[tuple[int, str]]:
    return [(each.person, each.role) for row in rows for each in row.signatures if each.counts]


@both
def test_everything_can_be_signed(place: type[Place]) -> None:
    story = started(place)
    assert all(story.signed().values())
    assert story.approvals().content


@pytest.mark.slow
@both
@few
@given(pairs=LENT, said=SAID)
def test_one_person_and_one_seat_count_once_and_in_one_role(
    place: type[Place], pairs: list[tuple[str, str]], said: list[tuple[str, str]]
) -> None:
    story = started(place, *pairs)
    for login, text in said:
        story.say(login, text)
    rows = story.approvals().rows
    roles: dict[int, set[str]] = {}
    for person, role in signers(rows):
        roles.setdefault(person, set()).add(role)
    assert all(len(own) == 1 for own in roles.values()), roles
    for row in rows:
        holding = [each for each in row.signatures if each.counts]
        assert row.taken <= len({each.person for each in holding})
        assert row.taken <= len({each.seat for each in holding})


@pytest.mark.slow
@both
@few
@given(pairs=LENT, said=SAID)
def test_nobody_who_is_excluded_counts_nor_anybody_in_their_name(
    place: type[Place], pairs: list[tuple[str, str]], said: list[tuple[str, str]]
) -> None:
    story = started(place, *pairs)
    for login, text in [*said, (EXCLUDED, f"signoff {story.board}")]:
        story.say(login, text)
    (board,) = (row for row in story.approvals().rows if row.number == story.board)
    people = {number for each in board.signatures if each.counts for number in (each.person, each.seat)}
    assert PEOPLE[EXCLUDED] not in people
    assert people <= {
        PEOPLE[login] for login in {*BOARD["board"]["users"], *(taker for _, taker in pairs)} - {"External"}
    }


@pytest.mark.slow
@both
@few
@given(said=SAID)
def test_a_signature_is_void_exactly_while_what_it_signed_is_changed(
    place: type[Place], said: list[tuple[str, str]]
) -> None:
    story = started(place)
    for login, text in said:
        story.say(login, text)
    before = story.approvals()
    story.change()
    assert signers(story.approvals().rows) == []
    assert not any(story.signed().values())
    story.change(back=True)
    assert story.approvals().rows == before.rows


@pytest.mark.slow
@both
@few
@given(said=SAID)
def test_whoever_signs_a_step_signs_it_after_everything_before_it(
    place: type[Place], said: list[tuple[str, str]]
) -> None:
    story = place()
    row, login = next(iter(story.questions.items()))
    for login_, text in [*said, (login, f"answer {row} yes because x")]:
        before = story.approvals()
        outcome = story.say(login_, text)
        for step in _steps_signed(outcome, before):
            assert not before.before(step)


def _steps_signed(outcome: object, approvals: Approvals) -> list[ApprovalRow]:
    bodies = outcome.bodies if isinstance(outcome, Effect) else ()
    signed = {f"step-{body.step}" for body in bodies if isinstance(body, SignedOff)}
    signed |= {item.item for body in bodies if isinstance(body, ChangeSigned) for item in body.items}
    return [row for row in approvals.steps if row.requirement.id in signed]


@both
def test_steps_wait_for_the_questions_and_for_each_other(place: type[Place]) -> None:
    story = place()
    early = story.say("auditor", f"signoff {story.review}")
    assert isinstance(early, Refusal)
    assert f"row {story.review} approves all answers, and row" in early.why
    for row, login in story.questions.items():
        story.say(login, f"answer {row} yes because x")
    early = story.say("release-manager", f"signoff {story.board}")
    assert isinstance(early, Refusal)
    assert early.why == f"row {story.board} comes after row {story.review}"
    assert early.remedy == f"Ask @auditor to sign off row {story.review} first."


@pytest.mark.slow
@both
@few
@given(login=LOGINS, said=SAID)
def test_what_is_taken_back_is_gone_and_nothing_else(
    place: type[Place], login: str, said: list[tuple[str, str]]
) -> None:
    story = started(place)
    for other, text in said:
        story.say(other, text)
    others = [
        (row.number, each.record, each.person)
        for row in story.approvals().rows
        for each in row.signatures
        if each.person != PEOPLE[login] and (row.answer is None or row.answer.record.actor != PEOPLE[login])
    ]
    story.say(login, "withdraw all")
    rows = story.approvals().rows
    assert all(row.answer is None or row.answer.record.actor != PEOPLE[login] for row in rows)
    assert all(each.person != PEOPLE[login] for row in rows for each in row.signatures)
    kept = [(row.number, each.record, each.person) for row in rows for each in row.signatures]
    assert [each for each in kept if each in others] == others


@both
def test_the_same_sentences_are_said_in_both_places(place: type[Place]) -> None:
    story = started(place)
    outcomes = [
        story.say("auditor", f"signoff {story.review}"),
        story.say("auditor", f"signoff {story.board}"),
        story.say(EXCLUDED, "signoff 99"),
        story.say("release-manager", "answer 99 yes because x"),
        story.say("safety-lead", f"answer {story.board} yes because x"),
        story.say("external", f"signoff {story.review}"),
    ]
    assert [outcome.why for outcome in outcomes if isinstance(outcome, Refusal)] == [
        f"you already signed off row {story.review}",
        "you signed as auditor here, and a person counts once",
        f"'99' is not a row here: rows are numbered 1 to {story.board}",
        f"'99' is not a row here: rows are numbered 1 to {story.board}",
        f"row {story.board} is an approval step, not a question",
        f"only auditor can sign off row {story.review}",
    ]


@both
def test_people_are_listed_once_whatever_the_case_of_their_letters(place: type[Place]) -> None:
    people = place().approvals().people(("board", "EXTERNAL", "board"))
    assert len({login.lower() for login in people}) == len(people)


@both
def test_a_hold_stands_until_somebody_of_its_role_lifts_it(place: type[Place]) -> None:
    story = started(place)
    for login in (*story.holders, story.holders[0]):
        assert isinstance(story.say(login, "hold because of the report"), Effect)
    assert isinstance(story.say("stranger", "unhold"), Refusal)
    for count, login in enumerate(story.holders, 1):
        assert isinstance(story.say(login, "unhold"), Effect)
        held = {each.record.actor for each in story.approvals().holds}
        assert held == {PEOPLE[each] for each in story.holders[count:]}
    assert isinstance(story.say(story.holders[0], "unhold"), Refusal)


def test_a_hold_keeps_a_re_assessment_from_being_concluded() -> None:
    story = OnReassessment()
    story.sign_all()
    story.say("safety-lead", "hold")
    refused = story.say("red-team-lead", "conclude effective because x")
    assert isinstance(refused, Refusal)
    assert [line for line in refused.details if "put a hold on this" in line]
    story.say("safety-lead", "unhold")
    assert isinstance(story.say("red-team-lead", "conclude effective because x"), Effect)


def test_a_hold_keeps_a_pull_request_from_being_merged() -> None:
    story = OnPullRequest()
    story.sign_all()

    def held() -> list[RuleStatus]:
        return [node.status for node in decide(story.facts()).tree.children if node.name == "hold"]

    assert held() == [RuleStatus.SKIPPED]
    story.say("auditor", "hold")
    assert held() == [RuleStatus.UNMET]
    story.say("auditor", "unhold")
    assert held() == [RuleStatus.SKIPPED]


def test_a_closed_re_assessment_is_read_as_it_stood() -> None:
    story = OnReassessment()
    story.sign_all()
    story.say("red-team-lead", "conclude effective because x")
    closed = story.assessment_input.history.reassessments["R-2026-001"]
    assert closed.state == "decided"
    rows = signed_rows(story, closed)
    story.change()
    assert signed_rows(story, closed) == rows == dict.fromkeys(range(1, 8), True)


def signed_rows(story: Place, closed: Reassessment) -> dict[int, bool]:
    found = of_reassessment(closed, story.assessment_input, story.objects)
    assert found is not None
    return {row.number: row.is_signed for row in found.rows}
