"""What if, on a repository with its pull requests: the answer is what the check says once people have really signed."""

from collections.abc import Callable

import pytest

from reassay.cli.remote import remote_ports
from reassay.common.sentences import sentence
from reassay.dashboard.verdict import dashboard_verdict
from reassay.dashboard.what_if import what_if
from reassay.gate.decide import decide
from reassay.gate.input import GateInput
from reassay.sweep.gather import gather
from reassay.sweep.options import Focus
from tests.gate_lab import APP, FILES, STAFF_APP, GateLab
from tests.lab import BoxClock, Lab

LOOSER = STAFF_APP + b"modalities_in: [text, audio]\n"


@pytest.fixture
def gate(make_lab: Callable[..., Lab]) -> GateLab:
    lab = GateLab.of(make_lab(dict(FILES)))
    lab.lab.fine()
    return lab


def judged(gate: GateLab, number: int) -> GateInput:
    """The pull request as a sweep judges it now."""
    lab = gate.lab
    with lab.box.readonly(), remote_ports(lab.name, lab.settings, BoxClock(lab.box)) as ports:
        facts = gather(ports, Focus(pull=number)).gate_input(number)
    assert facts is not None
    return facts


def test_first_one_then_the_other_really_sign_off_and_the_check_says_what_was_foretold(gate: GateLab) -> None:
    number = gate.propose({APP: LOOSER})
    gate.judge(number)
    facts = judged(gate, number)
    verdict = dashboard_verdict(
        facts, decide(facts), name=f"pull-{number}", title="x", judged_at=gate.lab.box.clock.now()
    )
    assert not verdict.is_offline
    foretold = {own.people: own for own in verdict.what_if}
    alone = foretold["red-team-lead",]
    assert (alone.conclusion, alone.signed) == ("failure", (1,))
    assert foretold["release-manager",].signed == (), "the board comes after the review"
    assert foretold["red-team-lead", "release-manager"].conclusion == "success"

    gate.say("red-team-lead", number, "/reassay signoff all")
    facts = judged(gate, number)
    assert gate.check(number).conclusion == alone.conclusion.upper()
    assert tuple(sentence(node.why) for node in decide(facts).missing) == alone.missing
    gate.say("release-manager", number, "/reassay signoff all")
    assert gate.check(number).conclusion == "SUCCESS"
    facts = judged(gate, number)
    after = dashboard_verdict(
        facts, decide(facts), name=f"pull-{number}", title="x", judged_at=gate.lab.box.clock.now()
    )
    assert (after.conclusion, after.what_if, after.steps) == ("success", (), ())
    assert [row.signed for row in after.rows] == [("@red-team-lead as red-team-lead",), ("@release-manager as board",)]


@pytest.mark.long
def test_of_its_author_it_foretells_nothing_and_they_can_sign_nothing(gate: GateLab) -> None:
    number = gate.propose({APP: LOOSER}, by="red-team-lead")
    gate.judge(number)
    facts = judged(gate, number)
    result = what_if(["red-team-lead"], decide(facts), facts)
    assert (result.conclusion, result.signed, len(result.missing)) == ("failure", (), 2)
    assert "would not count" in gate.say("red-team-lead", number, "/reassay signoff 1").replace("\n", " ")
    assert tuple(sentence(node.why) for node in decide(judged(gate, number)).missing) == result.missing


@pytest.mark.long
def test_asking_writes_nothing(gate: GateLab) -> None:
    number = gate.propose({APP: LOOSER})
    gate.judge(number)
    before, facts = gate.bodies(), judged(gate, number)
    result = what_if(["red-team-lead", "release-manager"], decide(facts), facts)
    assert result.conclusion == "success"
    assert gate.bodies() == before
    assert decide(facts).conclusion == "failure"
