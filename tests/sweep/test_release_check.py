"""`reassay release-check` over a real checkout: the verdict of the gate, for a pipeline that has no pull request."""

import io
import json
from pathlib import Path

import pytest

from reassay.cli import main
from tests.sweep.test_gate_command import commit, git

REGISTER = """\
commitments:
  - id: threshold-first
    title: Safeguards are decided on before a model above the threshold is deployed
    owner: safety-lead
    assessor: red-team-lead
    last_assessed: 2026-11-20
    statement: A model above the threshold is deployed only after a decision on its safeguards.
    source: {organisation: Example lab, document: Framework}
    subject: {kind: model}
    must_complete: before_change
    triggers: [{kind: metric-threshold, metric: uplift_score, at_most: 0.5}]
models:
  - {id: titan, title: Titan, version: "5", metrics: {uplift_score: 0.41}}
  - {id: titan-next, title: Titan next, version: "6", metrics: {uplift_score: 0.63}}
deployments:
  - {id: public-api, title: Public API, audience: external, access: [api], model: titan}
  - {id: preview, title: Preview, audience: internal, access: [api], model: titan-next}
"""
AT = ("--at", "2026-11-29")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path, {".github/reassay.yml": b"mode: enforce\n", "framework/register.yml": REGISTER.encode()})
    return tmp_path


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return main(arguments, out, err), out.getvalue(), err.getvalue()


def check(folder: Path, model: str, to: str, *more: str) -> tuple[int, str, str]:
    return run("release-check", str(folder), "--model", model, "--to", to, *AT, *more)


def test_what_the_register_says_and_nothing_asks_about_may_be_released(checkout: Path) -> None:
    code, text, _ = check(checkout, "titan@5", "public-api")
    assert (code, text.splitlines()[0]) == (0, "titan 5 on public-api: may be released")


def test_a_model_above_its_threshold_is_not_released_undecided(checkout: Path) -> None:
    code, text, _ = check(checkout, "titan-next@6", "preview")
    assert code == 1
    assert "`threshold-first` for `titan-next` must be decided before the release" in text


def test_a_model_that_the_register_does_not_put_there_is_changed_in_a_pull_request_first(checkout: Path) -> None:
    code, text, _ = check(checkout, "titan-next@6", "public-api")
    assert code == 1
    assert "the register says that public-api runs `titan`, not `titan-next`" in text
    assert "threshold-first" in text
    code, text, _ = check(checkout, "titan@5", "preview")
    assert code == 1, "another model than the registered one, although nothing asks about it"


def test_json_for_pipelines(checkout: Path) -> None:
    code, text, _ = check(checkout, "titan-next@6", "preview", "--format", "json")
    document = json.loads(text)
    assert (code, document["schema"], document["conclusion"]) == (1, "reassay/release-check/v1", "failure")
    assert (document["model"], document["version"], document["deployment"]) == ("titan-next", "6", "preview")
    assert {rule["rule"]: rule["status"] for rule in document["tree"]["parts"]}["decided-before"] == "unmet"


def test_an_overdue_commitment_and_an_unreadable_entry_block(checkout: Path) -> None:
    yearly = REGISTER.replace("triggers: [", "triggers: [{kind: interval, every: 1 year}, ").replace("2026-11-20", "2020-11-20")  # fmt: skip
    commit(checkout, {"framework/register.yml": yearly.encode()})
    code, text, _ = check(checkout, "titan@5", "public-api")
    assert (code, "is overdue" in text) == (1, True)
    commit(
        checkout, {"framework/register.yml": REGISTER.encode(), "framework/other.yml": b"mitigations: [{id: X y}]\n"}
    )
    assert check(checkout, "titan@5", "public-api")[0] == 1


@pytest.mark.parametrize(
    ("model", "to", "says"),
    [
        ("titan", "public-api", "is not a valid MODEL@VERSION"),
        ("titan@6", "public-api", "is registered at version 5, not 6"),
        ("hydra@1", "public-api", "no model 'hydra' is registered"),
        ("titan@5", "nowhere", "no deployment 'nowhere' is registered"),
    ],
)
def test_what_is_not_registered_is_an_error_of_usage(checkout: Path, model: str, to: str, says: str) -> None:
    code, _, err = check(checkout, model, to)
    assert (code, says in err) == (2, True)
