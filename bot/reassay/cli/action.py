"""reassay action: the sweep of the composite Action for one workflow event, or one of the modes of an evaluation's workflow.

Every input comes from the environment, so that no untrusted text is part of a command line.
"""

import argparse
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.run_inputs import OBSERVE, mode_of
from reassay.cli.workflow_commands import Annotated, annotated, escape, escape_line
from reassay.cli.workflow_event import WorkflowEvent, read_event, why_nothing
from reassay.common.errors import ReassayError, UsageError

if TYPE_CHECKING:
    from reassay.signals.source_readings import ReceivedEvent
    from reassay.sweep.options import Options

APP_INPUTS = ("APP_ID", "APP_KEY")
SOURCE_INPUTS = ("SOURCE_SECRETS", "SOURCE_HOSTS")
LEDGER_INPUTS = ("LEDGER_KEY", "LEDGER_PREVIOUS_KEY", "LEDGER_LOST_KEY", "LEDGER_REVOKE")


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Adds nothing: the environment holds every input."""


def run(_args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Runs for the event of this workflow run; returns the exit code of the step."""
    return run_action(os.environ, out, err)


def run_action(environment: Mapping[str, str], out: TextIO, err: TextIO) -> int:
    """Runs for one event of a workflow; returns the exit code of the step. Errors are annotations on `out`."""
    try:
        mode = mode_of(environment)
        if mode == OBSERVE:
            from reassay.cli.observe_mode import run_observe

            return run_observe(environment, out)
        if mode != "sweep":
            from reassay.cli.run_modes import run_mode

            return run_mode(mode, environment, out)
        event = read_event(environment)
        nothing = why_nothing(event)
        if nothing:
            print(f"Nothing to do: {nothing}.", file=out)
            return 0
        return _run(event, environment, out, err)
    except ReassayError as error:
        print(f"::error title=reassay::{escape(str(error))}", file=out)
        return error.exit_code


def _run(event: WorkflowEvent, environment: Mapping[str, str], out: TextIO, err: TextIO) -> int:
    from reassay.cli.remote import run_sweep
    from reassay.cli.settings import check_repository, read_settings
    from reassay.sweep.interpreters import Budget
    from reassay.sweep.report import count
    from reassay.sweep.views.report import all_findings, as_step_summary, as_text

    fail_on = _word(environment, "REASSAY_FAIL_ON", "fail-on", ("overdue", "ineffective", "any"))
    settings = replace(read_settings(with_ledger_inputs(environment)), in_workflow=True, events=_events(event))
    report = run_sweep(
        check_repository(event.repository),
        settings,
        _options(event, environment),
        Budget(),
        lambda line: print(escape_line(line), file=err, flush=True),
        () if event.observation is None else (event.observation,),
    )
    total = count(report)
    print(escape_line(as_text(report)), file=out)
    problems = [
        Annotated("error", f"title={escape(problem.what, property_=True)}", problem.message)
        for problem in (*report.problems, *report.unreadable)
    ]
    problems += [
        Annotated("error", f"title={escape(own.source, property_=True)}", f"{own.words}.") for own in report.sources
    ]
    findings = [
        Annotated(
            str(finding.severity),
            f"file={escape(finding.at.path, property_=True)},line={finding.at.line},col={finding.at.column}",
            f"{finding.message} {finding.remedy}",
        )
        for finding in dict.fromkeys((*report.brought, *all_findings(report)))
    ]
    warnings = [Annotated("warning", "title=schedule", note) for note in report.schedule]
    for line in annotated((*problems, *warnings, *findings)):
        print(line, file=out)
    outputs = {name.replace("_", "-"): getattr(total, name) for name in total.__slots__}
    _append(environment.get("GITHUB_OUTPUT"), _lines(outputs))
    _append(environment.get("GITHUB_STEP_SUMMARY"), f"{as_step_summary(report)}\n")
    if report.problems:
        return 3
    is_wrong = bool(report.unreadable or report.sources or report.brought)
    return int(is_wrong or any(fail_on in cell.conditions for cell in report.cells))


def _events(event: WorkflowEvent) -> "tuple[tuple[str, ReceivedEvent], ...]":
    """The event of a pipeline for a source of signals. A source that the configuration does not have is left out by the sweep."""
    from reassay.common.clock import SystemClock
    from reassay.signals.source_readings import ReceivedEvent

    if event.source is None:
        return ()
    return ((event.source, ReceivedEvent(event.payload, SystemClock().now())),)


def with_ledger_inputs(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment, with the inputs for keys and for sources of signals copied to the variables that are read elsewhere.

    An empty input does not change the variable that the workflow sets. Raises UsageError, which never shows a value.
    """
    given = {
        name: environment.get(f"REASSAY_INPUT_{name}", "") for name in (*LEDGER_INPUTS, *APP_INPUTS, *SOURCE_INPUTS)
    }
    given = {name: value for name, value in given.items() if value.strip()}
    for name, value in given.items():
        shown = name.lower().replace("_", "-")
        if environment.get(f"REASSAY_{name}", "").strip() not in {"", value.strip()}:
            message = f"the input '{shown}' and the variable REASSAY_{name} differ."
            raise UsageError(message, where=shown, remedy="Set one of them.")
    return {**environment, **{f"REASSAY_{name}": value for name, value in given.items()}}


def _options(event: WorkflowEvent, environment: Mapping[str, str]) -> "Options":
    from reassay.sweep.options import AssessmentRequest, Options

    mitigation, because = environment.get("REASSAY_ASSESS", "").strip(), environment.get("REASSAY_BECAUSE", "").strip()
    if bool(mitigation) != bool(because):
        raise UsageError("'assess' and 'because' are only valid together.", remedy="Set both inputs or neither.")
    request = AssessmentRequest(mitigation, because, event.actor, event.actor_id) if mitigation else None
    dry_run = _word(environment, "REASSAY_DRY_RUN", "dry-run", ("true", "false")) == "true"
    return Options(
        dry_run=dry_run,
        request=request,
        issue=event.issue,
        pull=event.pull,
        group=event.group,
        base=event.base,
        runs=event.name == "workflow_run",
    )


def _word(environment: Mapping[str, str], name: str, shown: str, choices: tuple[str, ...]) -> str:
    """An input with a few allowed values, or an empty text. Raises UsageError, because a typo must not mean "write all"."""
    value = environment.get(name, "").strip().lower()
    if value and value not in choices:
        raise UsageError(
            f"'{value}' is not a valid '{shown}'.", remedy=f"Leave it out, or write {' or '.join(choices)}."
        )
    return value


def _lines(outputs: Mapping[str, int]) -> str:
    return (
        "".join(f"{name}={value}\n" for name, value in outputs.items()) + f"summary-json={json.dumps(dict(outputs))}\n"
    )


def _append(path: str | None, text: str) -> None:
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)


COMMAND = CliCommand(add_arguments, run)
