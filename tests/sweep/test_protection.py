"""What protects the branches is compared with what was seen last, on every sweep, and a loosening is recorded and said."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from reassay.ledger.entry import Observation
from reassay.ledger.protection import Protection
from reassay.ledger.sweep_records import ProtectionChanged
from reassay_sandbox import Fault
from tests.gate_lab import FILES, GateLab
from tests.lab import PERMISSIONS, Lab
from tests.sweep.test_doctor import required, rules

CLASSIC = "branches/main/protection"
LEFT = {"required_status_checks": {"strict": True, "checks": [{"context": "reassay/main", "app_id": 7}]}}
REQUIRED = {**LEFT, "enforce_admins": {"enabled": True}}
SEEN = {
    "rules/branches/main": required(("reassay/main", 7)),
    "rules/branches/reassay-ledger": rules("non_fast_forward", "deletion"),
    "rulesets/1": {"id": 1, "bypass_actors": []},
    "rulesets/2": {"id": 2, "bypass_actors": []},
}


def allowed(lab: Lab, **more: str) -> Lab:
    token = lab.box.token("reassay[bot]", lab.name, permissions={**PERMISSIONS, **more})
    return replace(lab, settings=replace(lab.settings, token=token))


@pytest.fixture
def gate(make_lab: Callable[..., Lab]) -> GateLab:
    """A gate that is required, seen by a run that may read everything, on two days: the ledger's branch is there then."""
    lab = allowed(make_lab(dict(FILES)), administration="read")
    lab.repo.set_up(**SEEN)
    gate = GateLab.of(lab)
    gate.lab.fine()
    gate.lab.later(days=1)
    gate.sweep()
    return gate


def changes(gate: GateLab) -> list[ProtectionChanged]:
    return [body for body in gate.bodies() if isinstance(body, ProtectionChanged)]


def test_the_first_sight_is_recorded_with_the_sign_of_life(gate: GateLab) -> None:
    seen = [body.protection for body in gate.bodies() if isinstance(body, Observation) and body.protection]
    assert [own.absent for own in seen] == [True, False]
    last = seen[-1]
    assert last.default_rulesets is not None
    assert [(check.name, check.app) for check in last.default_rulesets.checks] == [("reassay/main", 7)]
    assert last.ledger_rulesets is not None
    assert last.ledger_rulesets.flags == ("no-deletion", "no-force-push")
    assert last.default_classic is not None
    assert changes(gate) == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"rules/branches/main": required()}, "The check reassay/main is no longer required for the default branch"),
        ({"rules/branches/main": required(("reassay/main", None))}, "is no longer bound to App 7"),
        ({"rules/branches/main": required(("reassay/main", 8))}, "is no longer bound to App 7"),
        (
            {"rules/branches/main": required(), CLASSIC: LEFT},
            "Administrators may bypass what moved from the rulesets to the classic protection of the default branch",
        ),
        ({"rules/branches/main": []}, "the rule that a pull request is needed no longer holds for the default branch"),
        (
            {"rules/branches/reassay-ledger": rules("deletion")},
            "The block of force pushes no longer holds for the ledger's",
        ),
        ({"rules/branches/reassay-ledger": rules("non_fast_forward")}, "The block of deletions no longer holds"),
        (
            {"rulesets/2": {"id": 2, "bypass_actors": [{"actor_id": 5, "actor_type": "Team"}]}},
            "Team 5 may bypass the rulesets of the default branch now",
        ),
        (
            {"rulesets/1": {"id": 1, "bypass_actors": [{"actor_id": None, "actor_type": "OrganizationAdmin"}]}},
            "Organisation admins may bypass the rulesets of the ledger's branch now",
        ),
    ],
)
def test_a_loosening_is_recorded_once_and_said_by_the_run_that_sees_it(
    gate: GateLab, settings: dict[str, object], words: str
) -> None:
    gate.lab.repo.set_up(**settings)
    gate.lab.later(minutes=5)
    report = gate.lab.sweep()
    (problem,) = report.problems
    assert problem.what == "protection of the branches"
    assert words in problem.message
    with gate.lab.box.readonly():
        gate.lab.fine()
    (body,) = changes(gate)
    assert body.before != body.after


def test_a_gate_that_nothing_requires_is_said_on_every_sweep(make_lab: Callable[..., Lab]) -> None:
    gate = GateLab.of(allowed(make_lab(dict(FILES)), administration="read"))
    for _ in range(2):
        assert any("reassay/main is not required for main" in note for note in gate.lab.fine().notes)
    gate.lab.repo.set_up(**SEEN)
    assert not any("is not required" in note for note in gate.lab.fine().notes)


def test_what_is_tightened_or_moves_to_another_place_is_recorded_without_alarm(gate: GateLab) -> None:
    gate.lab.repo.set_up(**{"rules/branches/main": [*required(("reassay/main", 7)), *rules("required_signatures")]})
    gate.lab.later(minutes=5)
    report = gate.lab.fine()
    assert any("it is recorded" in note for note in report.notes)
    unbound = [*required(), *rules("required_signatures")]
    gate.lab.repo.set_up(**{"rules/branches/main": unbound, CLASSIC: REQUIRED})
    gate.lab.later(minutes=5)
    gate.lab.fine()
    assert len(changes(gate)) == 2
    # And out of there it is gone.
    gate.lab.repo.set_up(**{CLASSIC: {"required_status_checks": None}})
    gate.lab.later(minutes=5)
    assert "reassay/main is no longer required" in gate.lab.sweep().problems[0].message


@pytest.mark.long
def test_it_is_compared_with_what_was_seen_last_and_not_with_the_first_of_the_day(gate: GateLab) -> None:
    gate.lab.repo.set_up(**{"rules/branches/main": [*required(("reassay/main", 7), ("build", None))]})
    gate.lab.later(minutes=5)
    gate.lab.fine()
    gate.lab.repo.set_up(**{"rules/branches/main": required(("reassay/main", 7))})
    gate.lab.later(minutes=5)
    assert "The check build is no longer required" in gate.lab.sweep().problems[0].message


@pytest.mark.long
def test_what_can_no_longer_be_read_is_said_and_never_taken_for_unchanged(gate: GateLab) -> None:
    lab = replace(gate.lab, settings=replace(allowed(gate.lab).settings, ledger_keys=gate.lab.settings.ledger_keys))
    lab.later(minutes=5)
    (problem,) = lab.sweep().problems
    assert "the classic protection of the default branch can no longer be read" in problem.message
    assert "ho may bypass the rulesets of the default branch can no longer be read" in problem.message
    with lab.box.readonly():
        assert lab.fine().problems == ()


@pytest.mark.long
def test_what_could_never_be_read_is_said_once_when_it_is_recorded(make_lab: Callable[..., Lab]) -> None:
    gate = GateLab.of(make_lab(dict(FILES)))
    report = gate.lab.fine()
    (note,) = [note for note in report.notes if note.startswith("not read")]
    assert "the classic protection of the default branch" in note
    assert not any(note.startswith("not read") for note in gate.lab.fine().notes)
    (seen,) = [body.protection for body in gate.bodies() if isinstance(body, Observation) and body.protection]
    assert seen.default_classic is None
    assert seen.default_rulesets is not None


@pytest.mark.long
def test_a_run_that_cannot_ask_says_so_and_does_everything_else(gate: GateLab) -> None:
    gate.lab.box.faults.add(Fault("html", "QUERY Protection", times=99))
    gate.lab.later(minutes=5)
    report = gate.lab.sweep()
    assert [problem.what for problem in report.problems] == ["protection of the branches"]
    assert "could not be compared" in report.problems[0].message
    gate.lab.box.faults.clear()
    gate.lab.fine()
    assert changes(gate) == []


@pytest.mark.long
def test_the_sweep_asks_once_and_a_run_for_one_pull_request_never(gate: GateLab) -> None:
    def operations(**options: object) -> list[str]:
        before = len(gate.lab.box.traffic)
        gate.lab.fine(**options)
        return [each.operation for each in gate.lab.box.traffic[before:] if not each.operation.startswith("GIT")]

    assert operations() == ["QUERY Look", "QUERY Protection"]
    number = gate.propose({"README.md": b"Other words.\n"})
    assert "QUERY Protection" not in operations(pull=number)


@pytest.mark.long
def test_a_ledger_without_a_branch_is_no_loosening() -> None:
    assert Protection(absent=True).same(Protection())
