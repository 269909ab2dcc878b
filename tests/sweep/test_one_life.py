"""An id has one life, on the wire: what was removed cannot be brought back by a pull request, nor past the gate."""

from collections.abc import Callable

import pytest

from reassay.ledger.sweep_records import Removed
from tests.gate_lab import FILES, MITIGATION_FILE, MITIGATIONS, GateLab
from tests.lab import Lab

PLAIN = MITIGATIONS.replace(b"    last_assessed: 2026-11-01\n", b"")
WITHOUT = PLAIN[: PLAIN.index(b"  - id: training")]
EASY = b"""\
  - id: toy
    title: Does nothing
    owner: safety-lead
    assessor: red-team-lead
    every: 90 years
"""
CLAIMING = EASY + b"    formerly: [training]\n"
AGAIN = EASY.replace(b"toy", b"training")


@pytest.fixture
def gate(make_lab: Callable[..., Lab]) -> GateLab:
    found = GateLab.of(make_lab({**FILES, MITIGATION_FILE: PLAIN}))
    found.lab.fine()
    return found


@pytest.mark.long
@pytest.mark.parametrize("text", [CLAIMING, AGAIN])
@pytest.mark.parametrize("is_swept", [True, False])
def test_a_pull_request_cannot_bring_back_an_id_that_was_removed(gate: GateLab, text: bytes, is_swept: bool) -> None:
    gate.lab.repo.commit({MITIGATION_FILE: WITHOUT})
    if is_swept:
        gate.lab.later(days=1)
        gate.lab.fine()
        assert [body.subjects for body in gate.bodies() if isinstance(body, Removed)] == [("training",)]
    check = gate.judge(gate.propose({MITIGATION_FILE: WITHOUT + text}))
    assert check.conclusion == "FAILURE"
    assert "'training' was used by a mitigation that was removed, and ids are never reused" in check.summary
    # The same content without that claim is not refused for its id.
    other = gate.judge(gate.propose({MITIGATION_FILE: WITHOUT + EASY}, branch="fresh"))
    assert "one life" not in other.summary


@pytest.mark.long
def test_a_sweep_says_so_where_it_came_past_the_gate(gate: GateLab) -> None:
    gate.lab.repo.commit({MITIGATION_FILE: WITHOUT})
    gate.lab.later(days=1)
    gate.lab.fine()
    gate.lab.repo.commit({MITIGATION_FILE: WITHOUT + AGAIN})
    gate.lab.later(days=1)
    report = gate.lab.sweep()
    (problem,) = [problem for problem in report.problems if problem.what == "training in the register"]
    assert "ids are never reused; give training another id" in problem.message


@pytest.mark.long
def test_what_could_not_be_read_for_a_while_comes_back_as_it_was(gate: GateLab) -> None:
    gate.lab.repo.commit({MITIGATION_FILE: PLAIN.replace(b"title: Refusal training", b"titel: Refusal training")})
    gate.lab.later(days=1)
    gate.lab.sweep()
    assert not any(isinstance(body, Removed) for body in gate.bodies())
    check = gate.judge(gate.propose({MITIGATION_FILE: PLAIN}))
    assert "one life" not in check.summary
