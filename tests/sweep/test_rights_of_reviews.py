"""Approving reviews that count: they have seen a verdict, keep the order of rows, and end when they are taken back."""

from collections.abc import Callable

import pytest

from reassay.ledger.pull_requests import ChangeSigned, ChangeWithdrawn
from tests.gate_lab import APP, CONFIGURATION, FILES, PUBLIC_API, STAFF_APP, GateLab
from tests.lab import Lab

pytestmark = pytest.mark.long

WATCHED = STAFF_APP + b"oversight: A person reads every answer.\n"
EXTERNAL = STAFF_APP.replace(b"internal", b"trusted-testers")
"""Wider: two steps, the red-team lead's and then the board's."""


@pytest.fixture
def gate(make_lab: Callable[..., Lab]) -> GateLab:
    gate = GateLab.of(make_lab({**FILES, ".github/reassay.yml": CONFIGURATION + b"  approve_counts: true\n"}))
    gate.lab.fine()
    return gate


def review(gate: GateLab, who: str, number: int, state: str = "APPROVED") -> int:
    gate.lab.later(minutes=2)
    return gate.lab.repo.review_as(who, number, state)


def signers(gate: GateLab) -> list[int | None]:
    return [body.review for body in gate.bodies() if isinstance(body, ChangeSigned)]


def test_an_approval_that_was_followed_by_changes_requested_signs_nothing(gate: GateLab) -> None:
    number = gate.propose({APP: EXTERNAL})
    gate.judge(number)
    review(gate, "red-team-lead", number)
    review(gate, "red-team-lead", number, "CHANGES_REQUESTED")
    review(gate, "release-manager", number)
    assert gate.judge(number).conclusion == "FAILURE"
    assert signers(gate) == []


@pytest.mark.parametrize("how", ["changes", "dismissed"])
def test_a_recorded_approval_that_is_taken_back_is_withdrawn(gate: GateLab, how: str) -> None:
    number = gate.propose({APP: WATCHED})
    gate.judge(number)
    own = review(gate, "red-team-lead", number)
    assert gate.judge(number).conclusion == "SUCCESS", gate.check(number).summary
    if how == "changes":
        review(gate, "red-team-lead", number, "CHANGES_REQUESTED")
    else:
        gate.lab.repo.dismiss_review(number, own)
    assert gate.judge(number).conclusion == "FAILURE"
    (gone,) = [body for body in gate.bodies() if isinstance(body, ChangeWithdrawn)]
    assert gone.pull == number
    again = review(gate, "red-team-lead", number)
    assert gate.judge(number).conclusion == "SUCCESS"
    assert signers(gate) == [own, again]


def test_reviews_keep_the_order_of_the_rows(gate: GateLab) -> None:
    number = gate.propose({APP: EXTERNAL})
    gate.judge(number)
    review(gate, "release-manager", number)
    first = review(gate, "red-team-lead", number)
    check = gate.judge(number)
    assert signers(gate) == [first]
    assert "it came before the rows before row 2 were signed off" in check.summary
    second = review(gate, "release-manager", number)
    gate.judge(number)
    assert signers(gate) == [first, second]


def test_two_reviews_in_order_are_recorded_in_one_run(gate: GateLab) -> None:
    number = gate.propose({APP: EXTERNAL})
    gate.judge(number)
    both = [review(gate, who, number) for who in ("red-team-lead", "release-manager")]
    gate.judge(number)
    assert signers(gate) == both


def test_a_review_that_saw_no_verdict_or_another_base_signs_nothing(gate: GateLab) -> None:
    number = gate.propose({APP: WATCHED})
    review(gate, "red-team-lead", number)
    assert "it came before the check had reported" in gate.judge(number).summary
    assert signers(gate) == []
    review(gate, "red-team-lead", number)
    gate.lab.repo.commit({APP: STAFF_APP + b"description: For staff.\n"}, author="safety-lead", message="base moves")
    gate.lab.repo.commit(
        {"framework/deployments/public-api.yml": PUBLIC_API + b"description: x\n"}, author="safety-lead"
    )
    gate.judge(number)
    assert signers(gate) == []
