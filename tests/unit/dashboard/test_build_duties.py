"""What people have to do: by role and person, with the verb, the date and the group."""

from datetime import date

from reassay.dashboard.values import DashboardDuty
from tests.make import Story, commitment, deployment, mitigation, register
from tests.unit.dashboard.building import built, of_register
from tests.unit.dashboard.test_build_laws import without

ROLES = {"red-team": {"users": ["red-team-lead", "red-team-engineer"]}, "safety": {"users": ["safety-lead"]}}


def short(own: DashboardDuty) -> tuple[object, ...]:
    return own.group, own.verb, own.subject, own.role, own.people, own.is_late


def test_open_and_unopened_work_names_role_and_people() -> None:
    late = mitigation("late", assessor="red-team", last_assessed="2026-05-01", owner="safety")
    soon = mitigation("soon", last_assessed="2026-06-20", owner="safety")
    fine = mitigation("fine", last_assessed="2026-11-01")
    story = Story(register(late, soon, fine, roles=ROLES))
    story.sweep()
    people = ("red-team-lead", "red-team-engineer")
    assert [short(own) for own in built(story).duties] == [
        ("now", "decide", "late", "red-team", people, True),
        ("month", "decide", "soon", "", ("red-team-lead",), False),
    ]


def test_without_a_ledger_it_says_that_no_issue_is_open() -> None:
    (own,) = of_register(register(mitigation("late", last_assessed="2026-05-01"))).duties
    assert (own.verb, own.state, own.is_late, own.issue) == ("decide", "no issue is open yet", True, None)


def test_an_order_and_a_follow_up_have_duties_of_their_own() -> None:
    story = Story(register(mitigation("filter", deployments=["public-api"], owner="safety"), deployment(), roles=ROLES))
    story.sweep()
    story.conclude("filter", "ineffective", deployment="withdraw")
    (order, *_) = built(story).duties
    assert short(order) == ("now", "carry out the order", "filter", "safety", ("safety-lead",), True)
    story = Story(register(mitigation("filter", owner="safety"), roles=ROLES))
    story.sweep()
    story.conclude("filter", "degraded")
    story.move_to(date(2026, 12, 28))
    (own,) = (duty for duty in built(story).duties if duty.verb == "do follow-up")
    assert short(own) == ("now", "do follow-up", "filter", "safety", ("safety-lead",), False)


def test_what_cannot_be_read_is_fixed_before_anything_else() -> None:
    story = Story(register(mitigation("filter", last_assessed="2026-05-01"), mitigation("gone")))
    story.register = without(story.register, "gone")
    first = built(story).duties[0]
    assert (first.verb, first.subject, first.group) == ("fix the register: it is not watched", "gone", "now")


def test_a_state_that_nobody_can_tell_is_in_a_group_of_its_own() -> None:
    unstated = commitment("promise", triggers=[{"kind": "interval", "every": "unspecified"}])
    (own,) = of_register(register(unstated)).duties
    assert (own.group, own.verb) == ("unknown", "supply what is missing")


def test_where_answers_are_needed_it_is_those_whose_turn_it_is() -> None:
    own = mitigation("filter", owner="safety", assessor="red-team", approval=[{"role": "board"}])
    roles = {**ROLES, "board": {"users": ["board-chair"]}}
    story = Story(register(own, roles=roles, mode="record"))
    story.sweep()
    (duty,) = built(story).duties
    assert "board-chair" not in duty.people
    assert set(duty.people) <= {login for role in duty.role.split(" or ") for login in roles[role]["users"]}
    assert duty.people
