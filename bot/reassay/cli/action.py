"""reassay action: the sweep of the composite Action for one workflow event, or one of the modes of an evaluation's workflow.

Every input comes from the environment, so that no untrusted text is part of a command line.
"""

import argparse
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.run_inputs import mode_of
from reassay.cli.workflow_event import WorkflowEvent, read_event, why_nothing
from reassay.common.errors import ReassayError, UsageError

if TYPE_CHECKING:
    from reassay.sweep.options import Options

APP_INPUTS = ("APP_ID", "APP_KEY")
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
    settings = replace(read_settings(with_ledger_inputs(environment)), in_workflow=True)
    report = run_sweep(
        check_repository(event.repository),
        settings,
        _options(event, environment),
        Budget(),
        lambda line: print(escape_line(line), file=err, flush=True),
    )
    total = count(report)
    print(escape_line(as_text(report)), file=out)
    problems = [
        Annotated("error", f"title={escape(problem.what, property_=True)}", problem.message)
        for problem in (*report.problems, *report.unreadable)
    ]
    findings = [
        Annotated(
            str(finding.severity),
            f"file={escape(finding.at.path, property_=True)},line={finding.at.line},col={finding.at.column}",
            f"{finding.message} {finding.remedy}",
        )
        for finding in all_findings(report)
    ]
    for line in annotated((*problems, *findings)):
        print(line, file=out)
    outputs = {name: getattr(total, name) for name in total.__slots__}
    _append(environment.get("GITHUB_OUTPUT"), _lines(outputs))
    _append(environment.get("GITHUB_STEP_SUMMARY"), f"{as_step_summary(report)}\n")
    if report.problems:
        return 3
    return int(bool(report.unreadable) or any(fail_on in cell.conditions for cell in report.cells))


MOST_OF_A_LEVEL = 10
"""Annotations of one level that GitHub shows of a step; it drops the others without a word."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """An annotation of a workflow run."""

    level: str
    """error, warning or notice."""
    place: str
    """Properties of the workflow command, escaped."""
    text: str


def annotated(annotations: Sequence[Annotated]) -> Iterator[str]:
    """Workflow commands of as many annotations as GitHub shows, and the others as plain lines of the log.

    Where some are left out, the last one of their level says how many, and where they are.
    """
    for level in dict.fromkeys(annotation.level for annotation in annotations):
        own = [annotation for annotation in annotations if annotation.level == level]
        shown = own if len(own) <= MOST_OF_A_LEVEL else own[: MOST_OF_A_LEVEL - 1]
        yield from (f"::{level} {annotation.place}::{escape(annotation.text)}" for annotation in shown)
        left = own[len(shown) :]
        if left:
            words = f"{len(left)} more are in the log of this step; `reassay check` lists findings of the register"
            yield f"::{level} title=reassay::{escape(words)}"
        yield from (escape_line(f"{level}: {annotation.place}: {annotation.text}") for annotation in left)


def with_ledger_inputs(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment, with the inputs for keys copied to the variables that are read elsewhere.

    An empty input does not change the variable that the workflow sets. Raises UsageError, which never shows a value.
    """
    given = {name: environment.get(f"REASSAY_INPUT_{name}", "") for name in (*LEDGER_INPUTS, *APP_INPUTS)}
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


def escape(text: str, *, property_: bool = False) -> str:
    """Data of a workflow command, escaped so that untrusted text cannot end or start a command.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_ else text


def escape_line(text: str) -> str:
    """Log text in which no line is a workflow command."""
    return "\n".join(line.replace("::", ": :") for line in text.splitlines())


COMMAND = CliCommand(add_arguments, run)
