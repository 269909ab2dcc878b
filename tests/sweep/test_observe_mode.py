"""Mode observe in a product repository: a warning before a pull request is merged, and what it sends to the framework."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reassay.cli.action import run_action
from reassay.cli.remote import remote_ports, run_sweep
from reassay.ledger.signals import DeploymentObserved
from reassay.sweep.interpreters import Budget
from reassay.sweep.options import Options
from reassay.sweep.report import Report
from reassay.sweep.sweep import sweep
from tests.lab import REPOSITORY, BoxClock, Lab
from tests.sweep.test_drift_story import PRODUCT, REGISTER, assessed

Step = Callable[..., tuple[int, dict[str, str], str]]


@pytest.fixture
def ours(make_lab: Callable[..., Lab]) -> Lab:
    return assessed(make_lab, REGISTER)


@pytest.fixture
def observe(ours: Lab, tmp_path: Path) -> Step:
    """One step of the product's workflow: event in, exit code, outputs and log out."""

    def step(
        event: str, payload: Mapping[str, Any], commit: str = "", **inputs: str
    ) -> tuple[int, dict[str, str], str]:
        output, file = tmp_path / "output", tmp_path / "event.json"
        output.write_text("")
        file.write_text(json.dumps(payload))
        environment = {
            "GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": str(file), "GITHUB_REPOSITORY": PRODUCT, "GITHUB_SHA": commit,
            "GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"), "REASSAY_MODE": "observe",
            "REASSAY_FRAMEWORK": REPOSITORY, "REASSAY_TOKEN": ours.settings.token, "REASSAY_API_URL": ours.box.api_url,
            "REASSAY_OWN_TOKEN": ours.box.token("reassay[bot]", PRODUCT, permissions={"contents": "read"}),
            "REASSAY_SERVER_URL": ours.box.url, "REASSAY_WRITE_PAUSE": "0",
        }  # fmt: skip
        said = io.StringIO()
        given = {f"REASSAY_{name.upper()}": value for name, value in inputs.items()}
        code = run_action(environment | given, said, io.StringIO())
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return code, outputs, said.getvalue()

    return step


def proposed(lab: Lab, text: bytes) -> tuple[dict[str, Any], str]:
    """The event of a pull request of the product, and the commit that it would merge."""
    repository = lab.box.repo(PRODUCT)
    head = repository.commit({"app/config.yaml": text}, message="inputs", author="safety-lead", branch="feature")
    sides = {"head": {"sha": head, "ref": "feature"}, "base": {"ref": "main", "sha": "0" * 40}}
    return {"pull_request": {"number": 1, **sides}, "repository": {"default_branch": "main"}}, head


@pytest.mark.long
def test_a_pull_request_that_widens_a_deployment_is_warned_about_at_its_line(
    ours: Lab, observe: Step, tmp_path: Path
) -> None:
    payload, head = proposed(ours, b"# the model\ninputs: [text, img]\n")
    code, outputs, log = observe("pull_request", payload, head)
    assert code == 0
    assert (outputs["differences"], outputs["significant"], outputs["sent"]) == ("1", "1", "false")
    assert log.startswith(
        "::warning file=app/config.yaml,line=2,title=reassay::This change makes modalities_in of public-api"
    )
    assert "'image, text'; the framework declares 'text' and assessed 'text'" in log
    assert "a re-assessment is needed before it is made available" in log
    assert "a re-assessment is needed" in (tmp_path / "summary").read_text()
    assert ours.settings.token not in log


@pytest.mark.long
def test_it_fails_only_if_asked_to_and_only_for_what_the_change_brings(ours: Lab, observe: Step) -> None:
    payload, head = proposed(ours, b"inputs: [text, img]\n")
    assert observe("pull_request", payload, head, fail_on="significant")[0] == 1
    assert observe("pull_request_target", payload, "", fail_on="significant")[0] == 1
    # Once it has landed, another pull request is not to blame.
    ours.box.repo(PRODUCT).commit({"app/config.yaml": b"inputs: [text, img]\n"}, message="landed", author="safety-lead")
    code, outputs, log = observe("pull_request", payload, head, fail_on="significant")
    assert (code, outputs["significant"], outputs["differences"]) == (0, "0", "1")
    assert "::notice" in log
    assert "Already so on the branch" in log


@pytest.mark.long
@pytest.mark.parametrize("text", [b"inputs: [text]\n", b"inputs: []\n"])
def test_what_is_not_wider_is_no_warning(ours: Lab, observe: Step, text: bytes) -> None:
    payload, head = proposed(ours, text)
    code, outputs, log = observe("pull_request", payload, head, fail_on="significant")
    assert (code, outputs["significant"]) == (0, "0")
    assert "::warning" not in log


@pytest.mark.long
def test_what_can_no_longer_be_read_is_warned_about(ours: Lab, observe: Step) -> None:
    payload, head = proposed(ours, b"inputs: [text, hologram]\n")
    code, outputs, log = observe("pull_request", payload, head, fail_on="significant")
    assert (code, outputs["significant"]) == (1, "1")
    assert "unreadable" in log


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"framework": ""}, "needs the framework repository"),
        ({"framework": "nothing"}, "is not a valid repository"),
        ({"fail_on": "any"}, "Write none or significant"),
    ],
)
def test_inputs_that_cannot_be_meant_say_what_to_write(
    ours: Lab, observe: Step, inputs: Mapping[str, str], words: str
) -> None:
    payload, head = proposed(ours, b"inputs: [text]\n")
    code, _, log = observe("pull_request", payload, head, **inputs)
    assert code == 2
    assert words in log.replace("%3A", ":")


def test_another_event_and_an_event_without_a_commit_are_refused(observe: Step) -> None:
    assert "does not know the event 'issues'" in observe("issues", {})[2]
    assert "does not say which commit" in observe("pull_request", {})[2]


def swept(lab: Lab, *payloads: Mapping[str, Any]) -> Report:
    return run_sweep(REPOSITORY, lab.settings, Options(), Budget(), lambda _line: None, payloads)


def records(report: Report) -> list[DeploymentObserved]:
    assert report.assessment_input is not None
    return [body for _, body in report.assessment_input.history.records_of(DeploymentObserved)]


@pytest.fixture
def hidden(make_lab: Callable[..., Lab]) -> Lab:
    """A product that the framework's own token cannot read."""
    lab = assessed(make_lab, REGISTER, private=True)
    # The command line runs by the clock of this machine.
    lab.box.clock.move_to(datetime.now(UTC).replace(microsecond=0))
    return lab


@pytest.fixture
def sent(hidden: Lab, tmp_path: Path) -> dict[str, Any]:
    """The payload that a workflow of the hidden product sends."""
    environment = {
        "GITHUB_EVENT_NAME": "push", "GITHUB_REPOSITORY": PRODUCT, "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "REASSAY_MODE": "observe", "REASSAY_FRAMEWORK": REPOSITORY, "REASSAY_TOKEN": hidden.settings.token,
        "REASSAY_API_URL": hidden.box.api_url, "REASSAY_SERVER_URL": hidden.box.url, "REASSAY_WRITE_PAUSE": "0",
        "REASSAY_OWN_TOKEN": hidden.box.token("reassay[bot]", PRODUCT, permissions={"contents": "read"}),
    }  # fmt: skip
    hidden.box.repo(PRODUCT).commit(
        {"app/config.yaml": b"inputs: [text, img]\n"}, message="wider", author="safety-lead"
    )
    said = io.StringIO()
    assert run_action(environment, said, io.StringIO()) == 0, said.getvalue()
    assert "Sent 1 observation" in said.getvalue()
    repository = hidden.box.dispatcher.store.find(REPOSITORY)
    assert repository is not None
    (event,) = repository.dispatches
    assert event["event_type"] == "reassay-observation"
    return dict(event["client_payload"])


def test_what_a_workflow_sends_is_recorded_and_opens_the_re_assessment(hidden: Lab, sent: dict[str, Any]) -> None:
    report = swept(hidden, sent)
    assert report.problems == ()
    record = records(report)[-1]
    assert (record.by, record.fields, record.commit) == (
        "dispatch",
        {"modalities_in": ["image", "text"]},
        sent["commit"],
    )
    (own,) = report.cells
    assert str(own.state) == "triggered"
    with hidden.box.readonly():
        assert swept(hidden, sent).problems == ()


def forged(sent: Mapping[str, Any], **changes: object) -> dict[str, Any]:
    return {**sent, **changes}


@pytest.mark.long
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"repository": "example-lab/other"}, "does not declare that repository"),
        ({"fields": {"modalities_in": ["hologram"]}}, "is not one of the register"),
    ],
)
def test_forged_observations_are_refused_and_said_and_the_rest_of_the_sweep_goes_on(
    hidden: Lab, sent: dict[str, Any], changes: dict[str, Any], why: str
) -> None:
    report = swept(hidden, forged(sent, **changes))
    (problem,) = report.problems
    assert why in problem.message
    assert [record.by for record in records(report)] == ["read"]
    assert report.cells


@pytest.mark.long
def test_an_older_observation_never_takes_the_place_of_a_later_one(hidden: Lab, sent: dict[str, Any]) -> None:
    swept(hidden, sent)
    before = datetime.fromisoformat(sent["observed_at"]) - timedelta(minutes=1)
    older = forged(sent, observed_at=before.isoformat().replace("+00:00", "Z"), fields={"modalities_in": ["text"]})
    report = swept(hidden, older)
    (problem,) = report.problems
    assert f"a later one is recorded: commit {sent['commit'][:7]}" in problem.message
    assert records(report)[-1].fields == {"modalities_in": ["image", "text"]}


@pytest.mark.long
def test_a_sweep_that_can_read_the_product_does_not_take_its_word(ours: Lab) -> None:
    report = ours.fine()
    record = records(report)[-1]
    forged_one = {
        "deployment": "public-api", "repository": PRODUCT, "commit": "a" * 40, "settings": record.settings, "unread": {},
        "observed_at": ours.box.clock.now().isoformat().replace("+00:00", "Z"), "fields": {"modalities_in": ["text", "video"]},
    }  # fmt: skip
    with remote_ports(REPOSITORY, ours.settings, BoxClock(ours.box)) as ports:
        report = sweep(replace(ports, dispatched=(forged_one,)), Options(), Budget(), lambda _line: None)
    assert report.problems == ()
    assert [own.by for own in records(report)] == ["read"]


@pytest.mark.long
def test_the_action_takes_the_payload_of_its_event(hidden: Lab, sent: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_text(json.dumps({"action": "reassay-observation", "client_payload": sent}))
    environment = {
        "GITHUB_EVENT_NAME": "repository_dispatch", "GITHUB_EVENT_PATH": str(file), "GITHUB_REPOSITORY": REPOSITORY,
        "REASSAY_TOKEN": hidden.settings.token, "REASSAY_API_URL": hidden.box.api_url, "REASSAY_SERVER_URL": hidden.box.url,
        "REASSAY_WRITE_PAUSE": "0",
    }  # fmt: skip
    assert run_action(environment, io.StringIO(), io.StringIO()) == 0
    assert [own.by for own in records(swept(hidden))] == ["read", "dispatch"]
    file.write_text(json.dumps({"action": "reassay-observation", "client_payload": "text"}))
    said = io.StringIO()
    assert run_action(environment, said, io.StringIO()) == 3
    assert "not one of mode observe" in said.getvalue().replace("%3A", ":")
