"""The ledger's key as an input of the Action: it comes by the environment, is used, and is said nowhere."""

import io
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import yaml

from reassay.cli.action import LEDGER_INPUTS, run_action, with_ledger_inputs
from reassay.cli.remote import keyring_of
from reassay.cli.settings import read_settings
from reassay.common.errors import UpstreamError, UsageError
from reassay.ledger.store.keyring import Keyring
from tests.action.action_runs import ROOT
from tests.unit.ledger.worlds import key, seed

ENVIRONMENT = {"GITHUB_EVENT_NAME": "schedule", "GITHUB_REPOSITORY": "example-lab/framework", "REASSAY_TOKEN": "t"}


def keyring(**variables: str) -> Keyring:
    return keyring_of(read_settings(with_ledger_inputs(ENVIRONMENT | variables)))


def test_every_input_about_keys_reaches_the_keyring() -> None:
    assert keyring(REASSAY_INPUT_LEDGER_KEY=seed("old")) == Keyring(key("old"))
    lost = key("lost").id
    given = {"KEY": seed("new"), "PREVIOUS_KEY": seed("old"), "LOST_KEY": lost, "REVOKE": f"{lost}@3"}
    wanted = Keyring(key("new"), key("old"), lost, ((lost, 3),))
    assert keyring(**{f"REASSAY_INPUT_LEDGER_{name}": value for name, value in given.items()}) == wanted


def test_an_input_left_out_hides_no_variable_of_the_workflow() -> None:
    empty = {f"REASSAY_INPUT_{name}": "" for name in LEDGER_INPUTS}
    assert keyring(REASSAY_LEDGER_KEY=seed("old"), **empty) == Keyring(key("old"))
    assert keyring(REASSAY_LEDGER_KEY=seed("old"), REASSAY_INPUT_LEDGER_KEY=f"{seed('old')}\n") == Keyring(key("old"))
    assert keyring(**empty) == Keyring()


def test_two_different_keys_are_refused_and_neither_is_shown() -> None:
    with pytest.raises(UsageError, match="'ledger-key' and the variable REASSAY_LEDGER_KEY") as caught:
        keyring(REASSAY_LEDGER_KEY=seed("old"), REASSAY_INPUT_LEDGER_KEY=seed("new"))
    assert not [secret for secret in (seed("old"), seed("new")) if secret in repr(caught.value) + str(caught.value)]


def test_the_action_hands_them_on_by_the_environment_and_to_the_working_step_alone() -> None:
    action: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    steps = action["runs"]["steps"]
    for name in LEDGER_INPUTS:
        shown = name.lower().replace("_", "-")
        assert shown in action["inputs"]
        assert [step["id"] for step in steps if f"${{{{ inputs.{shown} }}}}" in step["env"].values()] == ["run"]
        assert next(step for step in steps if step["id"] == "run")["env"][f"REASSAY_INPUT_{name}"].endswith(
            f"{shown} }}}}"
        )


@pytest.mark.parametrize("failure", ["no key", "refused", "crash"])
def test_whatever_happens_the_key_is_in_no_log_no_output_and_no_summary(tmp_path: Path, failure: str) -> None:
    secret = "c2VjcmV0LXRoYXQtaXMtbm90LWEta2V5" if failure == "no key" else seed("old")
    output, summary = tmp_path / "output", tmp_path / "summary"
    places = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary), "REASSAY_INPUT_LEDGER_KEY": secret}
    seen = []

    def sweep(_repository: str, settings: Any, *_: object) -> Any:  # noqa: ANN401 - stands for the whole run
        seen.append(keyring_of(settings))
        if failure == "crash":
            raise ZeroDivisionError(settings)
        raise UpstreamError(f"refused: {settings!r} {seen}")

    out, err = io.StringIO(), io.StringIO()
    with patch("reassay.cli.remote.run_sweep", sweep):
        if failure == "crash":
            with pytest.raises(ZeroDivisionError) as caught:
                run_action(ENVIRONMENT | places, out, err)
            assert secret not in str(caught.value)
        else:
            assert run_action(ENVIRONMENT | places, out, err) != 0
    assert seen == ([] if failure == "no key" else [Keyring(key("old"))])
    written = [file.read_text() for file in (output, summary) if file.exists()]
    assert secret not in "".join([out.getvalue(), err.getvalue(), *written])
    assert ("REASSAY_LEDGER_KEY" in out.getvalue()) == (failure == "no key")
