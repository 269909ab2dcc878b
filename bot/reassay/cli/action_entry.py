"""The Action's door: a workflow event becomes typed values, then one sweep. Everything comes by the environment."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from reassay.common.errors import ReassayError, UsageError

SWEEPING = frozenset({"schedule", "workflow_dispatch", "push", "issues", "repository_dispatch"})
JUDGING = frozenset({"pull_request_target", "merge_group"})
APP_INPUTS = ("APP_ID", "APP_KEY")
LEDGER_INPUTS = ("LEDGER_KEY", "LEDGER_PREVIOUS_KEY", "LEDGER_LOST_KEY", "LEDGER_REVOKE")
LARGEST_EVENT = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, as far as it matters: an event is only a hint, the sweep reads everything anew."""

    name: str
    repository: str
    actor: str
    actor_id: int | None
    issue: int | None = None
    """Not a pull request."""
    comment: str | None = None
    pull: int | None = None
    group: str | None = None
    """Commit of a group of a merge queue."""
    base: str = ""
    """The branch that the group is merged into."""


def read_event(environment: Mapping[str, str]) -> Event:
    """Raises UsageError for an environment that is no workflow's."""
    name = environment.get("GITHUB_EVENT_NAME", "")
    repository = environment.get("REASSAY_REPOSITORY") or environment.get("GITHUB_REPOSITORY", "")
    if not name or not repository:
        raise UsageError(
            "this is no workflow run.", remedy="Use `reassay sweep --repo OWNER/NAME` outside of workflows."
        )
    payload = _payload(environment.get("GITHUB_EVENT_PATH", ""))
    issue, comment = payload.get("issue"), payload.get("comment")
    group = payload.get("merge_group")
    on_pull = isinstance(issue, dict) and "pull_request" in issue
    pull = issue if on_pull else payload.get("pull_request")
    actor_id = environment.get("GITHUB_ACTOR_ID", "")
    return Event(
        name=name,
        repository=repository,
        actor=environment.get("GITHUB_ACTOR", ""),
        actor_id=int(actor_id) if actor_id.isdigit() else None,
        issue=_number(issue) if isinstance(issue, dict) and not on_pull else None,
        comment=str(comment.get("body") or "") if isinstance(comment, dict) else None,
        pull=_number(pull) if isinstance(pull, dict) else None,
        group=str(group.get("head_sha") or "") if isinstance(group, dict) else None,
        base=str(group.get("base_ref") or "").removeprefix("refs/heads/") if isinstance(group, dict) else "",
    )


def _payload(path: str) -> Mapping[str, Any]:
    try:
        file = Path(path)
        if not path or file.stat().st_size > LARGEST_EVENT:
            return {}
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        # The event is only a hint: without it the whole repository is looked at, as on a schedule.
        return {}
    return data if isinstance(data, dict) else {}


def _number(issue: Mapping[str, Any]) -> int | None:
    number = issue.get("number")
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def why_nothing(event: Event) -> str | None:
    """Why an event needs no run at all, known before anything is imported or asked; None if it needs one."""
    if event.name == "issue_comment":
        from reassay.common.command_lines import is_for_us

        if event.comment is not None and not is_for_us(event.comment):
            return "the comment holds no command"
        return None
    if event.name == "pull_request":
        # Such a run has no right to write for a fork, and runs the pull request's own workflow file.
        return "'pull_request' runs with the rights and the files of the pull request; use 'pull_request_target'"
    return None if event.name in SWEEPING | JUDGING else f"'{event.name}' is not one of the events this runs on"


def main(environment: Mapping[str, str], out: TextIO, err: TextIO) -> int:
    """Runs for one event; returns the exit code of the step."""
    try:
        event = read_event(environment)
        nothing = why_nothing(event)
        if nothing:
            print(f"Nothing to do: {nothing}.", file=out)
            return 0
        return _run(event, environment, out, err)
    except ReassayError as error:
        print(f"::error title=reassay::{escape(str(error))}", file=out)
        return error.exit_code


def _run(event: Event, environment: Mapping[str, str], out: TextIO, err: TextIO) -> int:
    from reassay.cli.remote import run_sweep
    from reassay.cli.settings import check_repository, read_settings
    from reassay.sweep.interpreters import Budget
    from reassay.sweep.report import count
    from reassay.sweep.views.report import all_findings, as_step_summary, as_text

    fail_on = _word(environment, "REASSAY_FAIL_ON", "fail-on", ("overdue",))
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
    for problem in report.problems:
        print(f"::error title={escape(problem.what, property_=True)}::{escape(problem.message)}", file=out)
    for finding in all_findings(report):
        place = f"file={escape(finding.at.path, property_=True)},line={finding.at.line},col={finding.at.column}"
        print(f"::{finding.severity} {place}::{escape(finding.message)} {escape(finding.remedy)}", file=out)
    outputs = {name: getattr(total, name) for name in total.__slots__}
    _append(environment.get("GITHUB_OUTPUT"), _lines(outputs))
    _append(environment.get("GITHUB_STEP_SUMMARY"), f"{as_step_summary(report)}\n")
    if report.problems:
        return 3
    return int(fail_on == "overdue" and total.overdue > 0)


def with_ledger_inputs(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment with the inputs about keys as the variables they stand for. Raises UsageError, which shows no value.

    An input that is left out leaves the workflow's own variable as it is.
    """
    given = {name: environment.get(f"REASSAY_INPUT_{name}", "") for name in (*LEDGER_INPUTS, *APP_INPUTS)}
    given = {name: value for name, value in given.items() if value.strip()}
    for name, value in given.items():
        shown = name.lower().replace("_", "-")
        if environment.get(f"REASSAY_{name}", "").strip() not in {"", value.strip()}:
            message = f"the input '{shown}' and the variable REASSAY_{name} are not the same."
            raise UsageError(message, where=shown, remedy="Set one of them.")
    return {**environment, **{f"REASSAY_{name}": value for name, value in given.items()}}


def _options(event: Event, environment: Mapping[str, str]) -> Any:  # noqa: ANN401 - imported late, see below
    from reassay.sweep.sweep import AssessmentRequest, Options

    mitigation, because = environment.get("REASSAY_ASSESS", "").strip(), environment.get("REASSAY_BECAUSE", "").strip()
    if bool(mitigation) != bool(because):
        raise UsageError("'assess' and 'because' go together.", remedy="Give both inputs or neither.")
    request = AssessmentRequest(mitigation, because, event.actor, event.actor_id) if mitigation else None
    dry_run = _word(environment, "REASSAY_DRY_RUN", "dry-run", ("true", "false")) == "true"
    return Options(
        dry_run=dry_run, request=request, issue=event.issue, pull=event.pull, group=event.group, base=event.base
    )


def _word(environment: Mapping[str, str], name: str, shown: str, known: tuple[str, ...]) -> str:
    """An input that is one of a few words; a typing error must not read as "write everything"."""
    value = environment.get(name, "").strip().lower()
    if value and value not in known:
        raise UsageError(f"'{shown}' is '{value}'.", remedy=f"Leave it out, or write {' or '.join(known)}.")
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
    """Data of a workflow command, as the runner documents it: untrusted text cannot end or start one."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_ else text


def escape_line(text: str) -> str:
    """Log text in which no line starts a workflow command."""
    return "\n".join(line.replace("::", ": :") for line in text.splitlines())


if __name__ == "__main__":
    raise SystemExit(main(os.environ, sys.stdout, sys.stderr))
