"""A run that finds a bypass and dies at any write, or gets no clear answer: the end is one issue all the same."""

from collections.abc import Callable

import pytest

from reassay_sandbox import Fault
from reassay_sandbox.faults import Kind
from tests.gate_lab import APP, FILES, STAFF_APP, GateLab
from tests.lab import Lab

pytestmark = pytest.mark.long

WATCHED = STAFF_APP + b"oversight: A person reads every answer.\n"


def passed(make_lab: Callable[..., Lab], name: str) -> GateLab:
    gate = GateLab.of(make_lab(dict(FILES), name=name))
    gate.lab.fine()
    gate.lab.later(minutes=5)
    gate.lab.repo.commit({APP: WATCHED}, author="safety-lead")
    return gate


def finished(gate: GateLab) -> None:
    gate.lab.box.faults.clear()
    gate.lab.later(minutes=6)
    gate.sweep()
    assert sum(title.startswith("Bypass: ") for title in gate.lab.titles()) == 1
    assert sum(title.startswith("Re-assess ") for title in gate.lab.titles()) == 1
    kinds = gate.kinds()
    assert [kinds.count(kind) for kind in ("bypass", "bypass-claimed", "bypass-issue")] == [1, 1, 1]


def test_a_run_that_dies_at_any_write_is_taken_up(make_lab: Callable[..., Lab]) -> None:
    for died_after in range(20):
        gate = passed(make_lab, f"example-lab/died-{died_after}")
        gate.lab.box.faults.add(Fault("dead", "write", after=died_after))
        gate.lab.sweep()
        is_through = not gate.lab.box.faults.fired()
        finished(gate)
        if is_through:
            break
    # One append, labels, two issues and both their numbers: each a place to die at.
    assert died_after >= 5


@pytest.mark.parametrize("kind", ["502-after-commit", "502-before", "500", "drop", "timeout"])
@pytest.mark.parametrize("what", ["MUTATION createCommitOnBranch", "POST .*/issues$"])
def test_a_fault_at_any_kind_of_write_doubles_nothing(make_lab: Callable[..., Lab], kind: Kind, what: str) -> None:
    gate = passed(make_lab, "example-lab/framework")
    gate.lab.box.faults.add(Fault(kind, what, times=2))
    gate.lab.sweep()
    finished(gate)


def test_losing_the_race_for_the_ledger_means_looking_again(make_lab: Callable[..., Lab]) -> None:
    gate = passed(make_lab, "example-lab/framework")
    gate.lab.box.faults.add(Fault("stale-head", "MUTATION createCommitOnBranch", times=2))
    gate.lab.sweep()
    finished(gate)
