"""The gate, told from a pull request that adds audio to its merge: red with reasons, decided, signed, voided, signed again."""

from collections.abc import Callable

import pytest

from reassay.ledger.entry import Opened
from reassay.ledger.pull_requests import Landed
from reassay_sandbox.actions import MergeRefusedError
from tests.gate_lab import API, APP, AUDIO, FILES, MITIGATION_FILE, STAFF_APP, GateLab
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


@pytest.mark.long
def test_audio_on_the_public_api_from_red_to_merged(gate: GateLab) -> None:
    lab = gate.lab
    lab.repo.set_up(**REQUIRED)
    lab.fine()
    number = gate.propose({API: AUDIO, APP: STAFF_APP + b"oversight: A person reads every answer.\n"})

    # Red with reasons, and the re-assessment that has to be decided before is opened from the pull request.
    check = gate.judge(number)
    assert check.conclusion == "FAILURE"
    assert "a new input modality" in check.summary
    assert [each["path"] for each in check.annotations][:1] == [MITIGATION_FILE]
    (opened,) = [body for body in gate.bodies() if isinstance(body, Opened)]
    assert (opened.subject, opened.cells) == ("filter", ("public-api",))
    assert opened.proposal is not None
    assert opened.proposal.pull == number
    (issue,) = lab.repo.issues()
    assert f"the content that #{number} would merge into `main`" in issue.body
    with pytest.raises(MergeRefusedError):
        lab.repo.merge_as("safety-lead", number)

    # Decided on exactly this content; then two roles sign, and what is only tighter takes one signer.
    assert "effective" in gate.decide(issue.number)
    assert "decision" not in gate.check(number).title
    assert "signed off row 1 (deployment/public-api), row 3" in gate.say(
        "red-team-lead", number, "/reassay signoff 1 3"
    )
    assert "Every row is signed off" in gate.say("release-manager", number, "/reassay signoff 2")
    assert gate.check(number).conclusion == "SUCCESS"

    # An unrelated push keeps them; an edit of one signed object voids only its own.
    gate.push({"README.md": b"A framework, explained.\n"})
    assert gate.judge(number).conclusion == "SUCCESS"
    gate.push({APP: STAFF_APP + b"oversight: A person reads every tenth answer.\n"})
    check = gate.judge(number)
    assert check.conclusion == "FAILURE"
    assert check.title == (
        "Blocked: 1 sign-off by safety-lead, red-team-lead or board for audio added to modalities_in on public-api"
    )
    assert "the signed content has changed" in check.summary
    gate.say("red-team-lead", number, "/reassay signoff 3")
    assert gate.check(number).conclusion == "SUCCESS"
    assert len(gate.sticky(number)) == 1

    # Merged: what was decided counts, and re-assessments are open for exactly the other cells concerned.
    lab.repo.merge_as("safety-lead", number)
    report = gate.sweep()
    assert [body.merged for body in gate.bodies() if isinstance(body, Landed)] == [True]
    states = {(cell.subject, cell.cell): str(cell.state) for cell in report.cells}
    assert states == {
        ("filter", "public-api"): "current",
        ("monitor", "public-api"): "triggered",
        ("monitor", "staff-app"): "current",
        ("training", "public-api"): "triggered",
    }
    assert sorted(lab.titles()[1:]) == [
        "Re-assess Refusal training (light), due Tue 15 Dec 2026",
        "Re-assess Usage monitoring (light), due Tue 15 Dec 2026",
    ]


def test_a_pull_request_costs_at_most_three_requests_and_one_more_for_each_append(gate: GateLab) -> None:
    gate.lab.fine()
    number = gate.propose({APP: STAFF_APP + b"oversight: A person reads every answer.\n"})
    gate.lab.later(minutes=1)
    before = len(gate.lab.box.traffic)
    gate.lab.fine(pull=number)
    asked = [each for each in gate.lab.box.traffic[before:] if each.path.startswith("/api/")]
    assert [each.operation for each in asked] == ["QUERY Look", "MUTATION createCheckRun"]
    before = len(gate.lab.box.traffic)
    gate.lab.fine(pull=number)
    asked = [each for each in gate.lab.box.traffic[before:] if each.path.startswith("/api/")]
    assert [each.operation for each in asked] == ["QUERY Look"]
