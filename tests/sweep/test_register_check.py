"""The register is checked on pull requests in the modes without a merge gate, too: by the Action's step, and by the App's check."""

import json
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from reassay.cli.action import run_action
from reassay.cli.remote import remote_ports
from reassay.people.writers import RunOrigin
from reassay.sweep.interpreters import Budget
from reassay.sweep.options import Options
from reassay.sweep.report import Report
from reassay.sweep.sweep import sweep
from reassay_sandbox.state import CheckRun
from tests.lab import STARTER, BoxClock, Lab

PATH = "framework/mitigations.yml"
BROKEN = STARTER.replace(b"    every: 6 months", b"    evry: 6 months")


def pull_request(lab: Lab, text: bytes, branch: str = "change") -> int:
    lab.repo.commit({PATH: text}, "change", "auditor", branch)
    return lab.repo.open_pull_as("auditor", branch)


def as_app(lab: Lab, number: int) -> Report:
    with remote_ports(lab.name, lab.settings, BoxClock(lab.box)) as ports:
        app = replace(ports, acting=RunOrigin("app", 7))
        return sweep(app, Options(pull=number), Budget(), lab.said.append)


def check(lab: Lab, number: int) -> CheckRun:
    return lab.repo.checks(lab.repo.pull_head(number))[-1]


@pytest.mark.parametrize("mode", [b"remind", b"record"])
def test_a_pull_request_that_breaks_the_register_fails_the_apps_check_at_its_line(
    make_lab: Callable[..., Lab], mode: bytes
) -> None:
    text = STARTER.replace(b"mode: remind", b"mode: " + mode)
    lab = make_lab({PATH: text})
    number = pull_request(lab, text.replace(b"    every: 6 months", b"    evry: 6 months"))
    as_app(lab, number)
    run = check(lab, number)
    assert (run.name, run.conclusion) == ("reassay/main", "FAILURE")
    assert run.title == "1 new error in the register"
    assert [note["path"] for note in run.annotations] == [PATH]
    with lab.box.readonly():
        as_app(lab, number)
    lab.repo.commit({PATH: text + b"# a word\n"}, "mended", "auditor", "change")
    as_app(lab, number)
    assert (check(lab, number).conclusion, check(lab, number).title) == ("SUCCESS", "No new errors in the register")


def test_the_actions_run_reports_what_the_pull_request_brings_and_publishes_nothing(lab: Lab) -> None:
    number = pull_request(lab, BROKEN)
    with lab.box.readonly():
        report = lab.sweep(pull=number)
    (error,) = report.brought
    assert (error.at.path, report.problems) == (PATH, ())
    assert lab.repo.checks(lab.repo.pull_head(number)) == ()


def test_errors_that_the_base_has_are_not_the_pull_requests(lab: Lab) -> None:
    lab.fine()
    lab.register(BROKEN)
    number = pull_request(lab, b"# a word, and every line is another one\n" + BROKEN)
    assert lab.sweep(pull=number).brought == ()


THIRD = STARTER.rstrip() + b"\n  - {id: third, title: Third, owner: safety-lead, assessor: red-team-lead, %s: 1 year}\n"


@pytest.mark.parametrize(
    ("base", "proposed"),
    [
        (THIRD % b"evry", (THIRD % b"evry").replace(b"    every: 6", b"    evry: 6")),
        (THIRD % b"evry", (THIRD % b"every").replace(b"    every: 6", b"    evry: 6")),
        (STARTER, b""),
        (STARTER, b"# nothing\n"),
        (STARTER, STARTER.replace(b"mitigations:", b"x-mitigations:")),
    ],
    ids=["as another entry", "in place of another one", "emptied", "only a comment", "a foreign list"],
)
def test_an_entry_that_can_be_read_no_more_is_never_green(
    make_lab: Callable[..., Lab], base: bytes, proposed: bytes
) -> None:
    lab = make_lab({PATH: STARTER})
    lab.fine()
    lab.register(base)
    number = pull_request(lab, proposed)
    as_app(lab, number)
    assert check(lab, number).conclusion == "FAILURE"
    assert lab.sweep(pull=number).brought


def test_an_entry_that_is_removed_is_no_error(lab: Lab) -> None:
    lab.register(THIRD % b"every")
    lab.repo.commit({"framework/mitigations/README.md": b"Some words.\n"}, "words", "auditor")
    number = pull_request(lab, STARTER)
    assert lab.sweep(pull=number).brought == ()


@pytest.mark.long
def test_the_check_of_the_register_counts_for_nothing_once_the_gate_is_on(lab: Lab) -> None:
    number = pull_request(lab, STARTER.replace(b"6 months", b"3 months"))
    as_app(lab, number)
    assert check(lab, number).conclusion == "SUCCESS"
    lab.register(STARTER.replace(b"mode: remind", b"mode: advise"))
    as_app(lab, number)
    assert check(lab, number).external_id.split(" ")[0] != "register"


@pytest.mark.long
def test_the_actions_step_fails_with_an_annotation_at_the_line(lab: Lab, tmp_path: Path) -> None:
    number = pull_request(lab, BROKEN)
    (tmp_path / "event").write_text(json.dumps({"pull_request": {"number": number}}), encoding="utf-8")
    environment = {
        "GITHUB_EVENT_NAME": "pull_request_target",
        "GITHUB_EVENT_PATH": str(tmp_path / "event"),
        "GITHUB_REPOSITORY": lab.name,
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "REASSAY_TOKEN": lab.settings.token,
        "REASSAY_API_URL": lab.box.api_url,
        "REASSAY_SERVER_URL": lab.box.url,
    }
    out = StringIO()
    with lab.box.readonly():
        assert run_action(environment, out, StringIO()) == 1
    assert f"::error file={PATH},line=" in out.getvalue()
    assert "the pull request breaks the register: framework/mitigations.yml:" in out.getvalue()
    assert "> **The pull request breaks the register:**" in (tmp_path / "summary").read_text(encoding="utf-8")
