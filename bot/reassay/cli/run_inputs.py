"""Inputs of the modes run-start and run-end: which run it is, and what it measures. All of them come from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reassay.common.errors import UsageError

if TYPE_CHECKING:
    from reassay.evidence.run_documents import RunIdentity

START, END = "run-start", "run-end"
OBSERVE = "observe"
MODES = ("sweep", START, END, OBSERVE)
_ARMS = ("measured", "positive-control", "unprotected")
_TRAINED = ("yes", "no", "unknown")
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class WorkflowJob:
    """The job that runs: what GitHub's runner says of it."""

    repository: str
    workflow_run: int
    attempt: int
    job: str
    """Id of the job in the workflow's file."""


def mode_of(environment: Mapping[str, str]) -> str:
    """The mode; `sweep` if none is given. Raises UsageError."""
    mode = environment.get("REASSAY_MODE", "").strip().lower() or "sweep"
    if mode not in MODES:
        raise UsageError(f"'{mode}' is not a mode.", where="mode", remedy=f"Write {' or '.join(MODES)}.")
    return mode


def job_of(environment: Mapping[str, str]) -> WorkflowJob:
    """The job. Raises UsageError outside of a workflow, and for another repository's."""
    number, attempt = environment.get("GITHUB_RUN_ID", ""), environment.get("GITHUB_RUN_ATTEMPT", "") or "1"
    repository = environment.get("GITHUB_REPOSITORY", "")
    if not (number.isdigit() and attempt.isdigit() and repository):
        remedy = "These modes register a run of GitHub Actions; attach files of other runs with `/reassay evidence`."
        raise UsageError("this is not a workflow run.", remedy=remedy)
    if environment.get("REASSAY_REPOSITORY", "").strip() not in {"", repository}:
        raise UsageError(
            "a run is registered in the repository whose workflow it is.",
            where="repository",
            remedy="Run the evaluation in a workflow of the framework repository.",
        )
    return WorkflowJob(repository, int(number), int(attempt), environment.get("GITHUB_JOB", ""))


def identity_of(environment: Mapping[str, str], job: WorkflowJob) -> "RunIdentity":
    """What the run says of itself. Raises UsageError for an input that cannot be meant."""
    from pydantic import ValidationError

    from reassay.evidence.run_documents import RunIdentity

    mitigation = _text(environment, "MITIGATION")
    if not mitigation:
        raise UsageError(
            "the run does not say what it measures.", where="mitigation", remedy="Write the id of a mitigation."
        )
    planned = _text(environment, "PLANNED")
    if planned and not (planned.isdigit() and int(planned)):
        raise UsageError(f"'{planned}' is not a number of prompts.", where="planned", remedy="Write for example 250.")
    fields = {
        "workflow_run": job.workflow_run,
        "attempt": job.attempt,
        "name": evaluation_name(_text(environment, "EVALUATION") or job.job),
        "mitigation": mitigation,
        "criterion": _text(environment, "CRITERION") or None,
        "arm": _choice(environment, "ARM", _ARMS) or "measured",
        "tool": _text(environment, "TOOL") or None,
        "planned": int(planned) if planned else None,
        "seed": _text(environment, "SEED") or None,
        "trained_on": _choice(environment, "TRAINED_ON", _TRAINED) or "unknown",
        "languages": _list(environment, "LANGUAGES"),
        "deployments": _list(environment, "DEPLOYMENTS"),
    }
    try:
        return RunIdentity.model_validate(fields)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"][:1]).replace("_", "-")
        raise UsageError(f"{problem['msg'][:200]}.", where=where, remedy="Correct this input of the Action.") from error


def evaluation_name(text: str) -> str:
    """A name in small letters, digits and hyphens. Raises UsageError if nothing is left of it."""
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:LONGEST_NAME].rstrip("-")
    if not name:
        raise UsageError(
            "the evaluation has no name.", where="evaluation", remedy="Write small letters, digits and hyphens."
        )
    return name


def patterns_of(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Paths of result files, one a line, with * for any name."""
    return tuple(line.strip() for line in environment.get("REASSAY_FILE", "").splitlines() if line.strip())


def status_of(environment: Mapping[str, str]) -> str:
    """How the job went: success, failure or cancelled; success if not given. Raises UsageError."""
    return _choice(environment, "STATUS", ("success", "failure", "cancelled")) or "success"


def _text(environment: Mapping[str, str], name: str) -> str:
    return environment.get(f"REASSAY_{name}", "").strip()


def _list(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[,\s]+", _text(environment, name)) if part)


def _choice(environment: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = _text(environment, name).lower()
    if value and value not in choices:
        shown = name.lower().replace("_", "-")
        raise UsageError(f"'{value}' is not a valid '{shown}'.", where=shown, remedy=f"Write {' or '.join(choices)}.")
    return value
