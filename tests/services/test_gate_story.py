"""The gate, told from a pull request that adds audio to its merge: red with reasons, decided, signed, voided, signed again."""

from collections.abc import Callable

import pytest

from bot.domain.ledger.entry import Opened
from bot.sandbox.actions import MergeRefusedError
from tests.gate_lab import API, APP, AUDIO, FILES, STAFF_APP, GateLab
from tests.lab import Lab

REQUIRED = {
    "rules/branches/main": [
        {
            "type": "required_status_checks",
            "parameters": {
                "required_status_checks": [{"context": "reassay/main"}],
                "strict_required_status_checks_policy": False,
            },
        }
    ]
}


@pytest.fixture
def gate(make_lab: Callable[..., Lab]) -> GateLab:
    return GateLab.of(make_lab(dict(FILES)))


def test_audio_on_the_public_api(gate: GateLab) -> None:
    lab = gate.lab
    lab.repo.set_up(**REQUIRED)
    lab.fine()
    number = gate.propose({API: AUDIO, APP: STAFF_APP + b"oversight: A person reads every answer.\n"})

    # Red, with reasons, and the re-assessment that has to be decided before is opened from the pull request.
    check = gate.judge(number)
    assert check.conclusion == "FAILURE"
    (opened,) = [body for body in gate.bodies() if isinstance(body, Opened)]
    assert (opened.subject, opened.cells) == ("filter", ("public-api",))
    assert opened.proposal is not None
    assert opened.proposal.pull == number
    (issue,) = lab.repo.issues()
    print(issue.body)
    with pytest.raises(MergeRefusedError):
        lab.repo.merge_as("safety-lead", number)

    # Decided on exactly this content.
    said = gate.decide(issue.number)
    print(said)
    check = gate.judge(number)
    print(check.summary)
    assert "decision" not in check.title
    # Two roles sign; what is only tighter takes one signer.
    print(gate.say("red-team-lead", number, "/reassay signoff 1 3"))
    print(gate.say("release-manager", number, "/reassay signoff 2"))
    assert gate.check(number).conclusion == "SUCCESS", gate.check(number).summary

    # An unrelated push keeps them.
    gate.push({"README.md": b"A framework, explained.\n"})
    assert gate.judge(number).conclusion == "SUCCESS"
    # An edit of one signed object voids only its own.
    gate.push({APP: STAFF_APP + b"oversight: A person reads every tenth answer.\n"})
    check = gate.judge(number)
    print(check.summary)
    assert check.conclusion == "FAILURE"
    print(gate.say("red-team-lead", number, "/reassay signoff 3"))
    assert gate.check(number).conclusion == "SUCCESS"
    lab.repo.merge_as("safety-lead", number)
    report = gate.sweep()
    print(lab.titles(), gate.kinds())
    print([(c.subject, c.cell, str(c.state), c.reason) for c in report.cells])
