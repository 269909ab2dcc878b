"""The doctor says what lets somebody around, and never takes what it may not see for fine."""

import base64
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reassay.cli import main
from reassay.cli.remote import run_doctor
from reassay.ledger.store.configured_keys import LedgerKeys
from reassay_sandbox.workflows import SandboxWorkflows
from tests.lab import STARTER, BoxClock, Lab

ALL = {
    "contents": "read",
    "metadata": "read",
    "issues": "read",
    "pull_requests": "read",
    "checks": "read",
    "administration": "read",
    "actions": "read",
    "secrets": "read",
}
WORKFLOW = b"""\
name: reassay
on: {schedule: [{cron: "17 5 * * *"}]}
jobs:
  sweep:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    environment: reassay
    steps:
      - uses: reassay/reassay@v0.1.0
"""
CHECKS_OUT_THE_HEAD = b"""\
on: pull_request_target
jobs:
  a:
    steps:
      - uses: x/checkout@v4
        with:
          ref: ${{ github.event.pull_request.head.sha }}
"""
OWNERS = b"framework/ @safety-lead\n.github/ @safety-lead\n"


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    files = {
        "framework/mitigations.yml": STARTER.replace(b"mode: remind", b"mode: record\napp_id: 7"),
        ".github/workflows/reassay.yml": WORKFLOW,
        ".github/CODEOWNERS": OWNERS,
    }
    lab = make_lab(files)
    key = base64.b64encode(bytes(range(32))).decode()
    lab = replace(lab, settings=replace(lab.settings, ledger_keys=LedgerKeys(key=key)))
    lab.fine()
    return lab


def rules(*kinds: str, ruleset: int = 1, **parameters: object) -> list[dict[str, object]]:
    given = [{"type": kind, "ruleset_id": ruleset} for kind in kinds]
    return [each | ({"parameters": parameters} if parameters else {}) for each in given]


def well_set_up(lab: Lab) -> None:
    SandboxWorkflows(lab.repo).start(".github/workflows/reassay.yml")
    lab.repo.set_up(
        **{
            "rules/branches/reassay-ledger": rules("non_fast_forward", "deletion"),
            "rules/branches/main": rules("non_fast_forward", "deletion", "pull_request", "merge_queue", ruleset=2),
            "rulesets/1": {"id": 1, "bypass_actors": []},
            "rulesets/2": {"id": 2, "bypass_actors": []},
            "environments": {
                "total_count": 1,
                "environments": [
                    {
                        "name": "reassay",
                        "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
                    }
                ],
            },
            "environments/reassay/deployment-branch-policies": {
                "total_count": 1,
                "branch_policies": [{"name": "main"}],
            },
        }
    )


def look(lab: Lab, permissions: dict[str, str], login: str = "reassay[bot]") -> dict[str, str]:
    token = lab.box.token(login, lab.name, permissions=permissions)
    settings = replace(lab.settings, token=token, ledger_keys=LedgerKeys())
    found = run_doctor(lab.name, settings, BoxClock(lab.box))
    return {check.id: check.standing for check in found.checks}


def said(lab: Lab, name: str, login: str = "reassay[bot]") -> str:
    """All words of one check."""
    token = lab.box.token(login, lab.name, permissions=ALL)
    found = run_doctor(lab.name, replace(lab.settings, token=token, ledger_keys=LedgerKeys()), BoxClock(lab.box))
    (check,) = (check for check in found.checks if check.id == name)
    return f"{check.what} {check.means} {check.mend}"


def weak(found: dict[str, str]) -> set[str]:
    return {name for name, standing in found.items() if standing == "weak"}


def test_a_repository_that_is_well_set_up_has_nothing_weak(lab: Lab) -> None:
    well_set_up(lab)
    found = look(lab, ALL)
    assert weak(found) == set()
    assert "unknown" not in found.values()


def test_one_that_is_not_set_up_is_weak_where_somebody_gets_around(lab: Lab) -> None:
    assert {"ledger-branch", "default-branch", "default-force-push"} <= weak(look(lab, ALL))


def test_what_may_not_be_looked_at_is_unknown_and_never_fine(lab: Lab) -> None:
    found = look(lab, {"contents": "read", "metadata": "read", "issues": "read"})
    for name in ("ledger-branch", "default-branch", "key-secret", "key-environment", "workflow-rights"):
        assert found[name] == "unknown", name
    well_set_up(lab)
    found = look(lab, {"contents": "read", "metadata": "read", "issues": "read"})
    assert found["ledger-branch"] == "ok", "rulesets can be read by anybody who reads the repository"
    assert found["ledger-bypass"] == "unknown"


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (
            {"rulesets/1": {"id": 1, "bypass_actors": [{"actor_id": 5, "actor_type": "RepositoryRole"}]}},
            "ledger-bypass",
        ),
        ({"rulesets/2": {"id": 2, "bypass_actors": [{"actor_id": 5, "actor_type": "Team"}]}}, "default-bypass"),
        ({"rules/branches/reassay-ledger": rules("non_fast_forward")}, "ledger-branch"),
        ({"rules/branches/reassay-ledger": rules("non_fast_forward", "deletion", "pull_request")}, "ledger-writable"),
        (
            {"rules/branches/reassay-ledger": rules("non_fast_forward", "deletion", "commit_message_pattern")},
            "ledger-writable",
        ),
        ({"rules/branches/main": rules("non_fast_forward", "pull_request")}, "default-strict"),
        (
            {
                "rules/branches/main": [
                    *rules("non_fast_forward", "pull_request"),
                    *rules(
                        "required_status_checks",
                        strict_required_status_checks_policy=True,
                        required_status_checks=[{"context": "reassay/main", "integration_id": 15368}],
                    ),
                ]
            },
            "required-check",
        ),
        ({"actions/secrets": {"total_count": 1, "secrets": [{"name": "REASSAY_LEDGER_KEY"}]}}, "key-secret"),
        (
            {
                "environments": {
                    "total_count": 1,
                    "environments": [{"name": "reassay", "deployment_branch_policy": None}],
                }
            },
            "key-environment",
        ),
        (
            {
                "actions/permissions/workflow": {
                    "default_workflow_permissions": "write",
                    "can_approve_pull_request_reviews": False,
                }
            },
            "workflow-rights",
        ),
    ],
)
def test_each_way_around_is_named(lab: Lab, settings: dict[str, object], name: str) -> None:
    well_set_up(lab)
    lab.repo.set_up(**settings)
    assert weak(look(lab, ALL)) == {name}


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        (".github/workflows/reassay.yml", WORKFLOW + b"concurrency:\n  cancel-in-progress: true\n", "cancelled-runs"),
        (".github/workflows/reassay.yml", WORKFLOW.replace(b"    timeout-minutes: 30\n", b""), "no-time-limit"),
        (
            ".github/workflows/reassay.yml",
            WORKFLOW.replace(b"on: {schedule", b"on: {merge_group: {}, schedule"),
            "merge-group",
        ),
        (
            ".github/workflows/build.yml",
            CHECKS_OUT_THE_HEAD,
            "untrusted-head",
        ),
        (".github/CODEOWNERS", b"docs/ @safety-lead\n", "code-owners"),
        (".github/workflows/reassay.yml", WORKFLOW.replace(b"    environment: reassay\n", b""), "key-environment"),
        (
            "framework/mitigations.yml",
            STARTER.replace(b"mode: remind", b"mode: record\napp_id: 7").replace(b"red-team-lead", b"somebody-gone"),
            "account-gone",
        ),
        (
            "framework/mitigations.yml",
            STARTER.replace(b"mode: remind", b"mode: record\napp_id: 7\nroles: {red: {users: [safety-lead]}}").replace(
                b"assessor: red-team-lead", b"assessor: red"
            ),
            "both-sides",
        ),
        (
            "framework/mitigations.yml",
            STARTER.replace(
                b"mode: remind", b"mode: record\napp_id: 7\nroles: {red: {teams: [example-lab/red]}}"
            ).replace(b"assessor: red-team-lead", b"assessor: red"),
            "team-unreadable",
        ),
        ("framework/mitigations.yml", STARTER.replace(b"mode: remind", b"mode: advise\napp_id: 7"), "mode"),
        ("framework/mitigations.yml", STARTER.replace(b"mode: remind", b"mode: enforce\napp_id: 7"), "required-check"),
    ],
)
def test_each_file_that_lets_somebody_around_is_named(lab: Lab, path: str, text: bytes, name: str) -> None:
    well_set_up(lab)
    lab.repo.commit({path: text})
    assert weak(look(lab, ALL)) == {name}


def test_where_the_hosted_app_writes_no_workflow_is_asked_for(lab: Lab) -> None:
    well_set_up(lab)
    lab.repo.commit({".github/workflows/reassay.yml": None}, message="the App is enough", author="safety-lead")
    text = said(lab, "workflow")
    assert "the GitHub App reassay[bot] wrote the ledger last" in text
    assert "reassay init" not in text
    assert look(lab, ALL)["workflow"] == "unknown"
    lab.register(STARTER.replace(b"mode: remind", b"mode: record\napp_id: 7\nwriter: app"))
    assert look(lab, ALL)["workflow"] == "ok"


@pytest.mark.long
def test_without_any_writer_the_workflow_is_asked_for(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab()
    assert "Run `reassay init`" in said(lab, "workflow")


@pytest.mark.long
def test_an_app_that_the_configuration_does_not_name_is_named_by_who_wrote_the_ledger(
    make_lab: Callable[..., Lab],
) -> None:
    lab = make_lab()
    lab.fine()
    text = said(lab, "credentials", "safety-lead")
    assert "The GitHub App reassay[bot] writes here" in text
    assert "advisory: `.github/reassay.yml` does not name the App (`app_id`)" in text
    assert "same token" not in text


@pytest.mark.long
def test_a_shared_or_a_persons_token_is_advisory(lab: Lab) -> None:
    well_set_up(lab)
    lab.box.add_bot("github-actions")
    assert weak(look(lab, ALL, "github-actions[bot]")) == {"credentials"}
    assert weak(look(lab, ALL, "safety-lead")) == {"credentials"}


@pytest.mark.long
def test_the_command_says_what_is_weak_and_how_to_mend_it(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    token = lab.box.token("reassay[bot]", lab.name, permissions=ALL)
    monkeypatch.setenv("GITHUB_TOKEN", token)
    where = ["--repo", lab.name, "--api-url", lab.settings.api_url, "--server-url", lab.settings.server_url]
    out, err = io.StringIO(), io.StringIO()
    assert main(["doctor", *where], out, err) == 1
    text = out.getvalue()
    assert text.startswith(f"{lab.name}, checked as reassay[bot]: ")
    assert "Nothing blocks force-pushes and deletion of reassay-ledger. (ledger-branch)" in text
    assert "Fix: Import the ruleset for the ledger." in text
    assert " ".join(text.split()).count("To import a ruleset: save what") == 1
    well_set_up(lab)
    SandboxWorkflows(lab.repo).start(".github/workflows/reassay.yml", at=datetime.now(UTC))
    out = io.StringIO()
    assert main(["doctor", *where, "--format", "json"], out, err) == 0
    document = json.loads(out.getvalue())
    assert document["schema"] == "reassay/doctor/v1"
    assert {check["standing"] for check in document["checks"]} == {"ok"}
    with lab.box.readonly():
        assert main(["doctor", *where], io.StringIO(), err) == 0


@pytest.mark.long
def test_the_rulesets_that_it_prints_mend_what_it_finds(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.register(STARTER.replace(b"mode: remind", b"mode: enforce\napp_id: 7"))
    lab.fine()
    well_set_up(lab)
    monkeypatch.setenv("GITHUB_TOKEN", lab.box.token("reassay[bot]", lab.name, permissions=ALL))
    where = ["--repo", lab.name, "--api-url", lab.settings.api_url, "--server-url", lab.settings.server_url]
    for number, (name, branch) in enumerate((("default", "main"), ("ledger", "reassay-ledger")), start=1):
        out = io.StringIO()
        assert main(["doctor", *where, "--ruleset", name], out, io.StringIO()) == 0
        printed = json.loads(out.getvalue())
        lab.repo.set_up(
            **{
                f"rules/branches/{branch}": [rule | {"ruleset_id": number} for rule in printed["rules"]],
                f"rulesets/{number}": {"id": number, "bypass_actors": printed["bypass_actors"]},
            }
        )
    assert weak(look(lab, ALL)) == set()


def required(*names: tuple[str, int | None], ruleset: int = 2) -> list[dict[str, object]]:
    """Rules of the default branch that require some checks, each by name and App."""
    checks = [{"context": name} | ({"integration_id": app} if app else {}) for name, app in names]
    return [
        *rules("non_fast_forward", "deletion", "pull_request", "merge_queue", ruleset=ruleset),
        *rules("required_status_checks", ruleset=ruleset, required_status_checks=checks),
    ]


@pytest.mark.long
@pytest.mark.parametrize(
    ("main", "names"),
    [
        (required(("reassay/main", 7)), set()),
        (required(("reassay/main", 7), ("build", None)), set()),
        # Two rulesets: one that is bound to the App here is enough.
        ([*required(("reassay/main", None)), *required(("reassay/main", 7), ruleset=1)], set()),
        (required(("reassay/trunk", 7)), {"required-check", "required-check-name"}),
        (required(("Reassay/main", 7)), {"required-check", "required-check-name"}),
        (required(("reassay/Main", 7), ("reassay/main", 7)), {"required-check-name"}),
        (required(("reassay/main ", 7)), {"required-check", "required-check-name"}),
        (required(("reassay/main", None)), {"required-check"}),
        (required(("reassay/main", 8)), {"required-check"}),
        # Both have to report, and one of them never does.
        (required(("reassay/main", 7), ("reassay/main", 8)), {"required-check"}),
    ],
)
def test_only_the_check_that_is_published_here_counts_as_required(
    lab: Lab, main: list[dict[str, object]], names: set[str]
) -> None:
    well_set_up(lab)
    lab.repo.set_up(**{"rules/branches/main": main})
    assert weak(look(lab, ALL)) == names


@pytest.mark.long
@pytest.mark.parametrize(
    ("checks", "names"),
    [
        ({"contexts": ["reassay/main"], "checks": [{"context": "reassay/main", "app_id": 7}]}, set()),
        ({"contexts": ["reassay/main"], "checks": [{"context": "reassay/main", "app_id": -1}]}, {"required-check"}),
        ({"contexts": ["reassay/main"]}, {"required-check"}),
        ({"contexts": ["reassay/trunk"]}, {"required-check", "required-check-name"}),
    ],
)
def test_a_check_that_classic_protection_requires_counts_alike(
    lab: Lab, checks: dict[str, object], names: set[str]
) -> None:
    well_set_up(lab)
    lab.repo.set_up(**{"branches/main/protection": {"required_status_checks": {"strict": True, **checks}}})
    assert weak(look(lab, ALL)) == names


@pytest.mark.long
def test_a_check_that_a_rule_requires_elsewhere_is_not_required_on_the_default_branch(lab: Lab) -> None:
    lab.register(STARTER.replace(b"mode: remind", b"mode: enforce\napp_id: 7"))
    well_set_up(lab)
    lab.repo.set_up(**{"rules/branches/release": required(("reassay/main", 7))})
    assert "required-check" in weak(look(lab, ALL))
