"""The Action's modes run-start and run-end: a run writes down what it is before it measures, and its counts when it is over.

Both only write a file that the workflow's next step uploads as an artifact: the job needs no key of the ledger and no token that
may write, and GitHub itself says of which run an artifact is. A sweep takes it from there (`sweep/run_records.py`).
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from reassay.cli.run_files import RunPlan, ended
from reassay.cli.run_inputs import END, WorkflowJob, evaluation_name, identity_of, job_of, patterns_of, status_of
from reassay.common.errors import UsageError

if TYPE_CHECKING:
    from reassay.evidence.run_documents import ResultDocument, RunIdentity
    from reassay.register.register import Register


def run_mode(mode: str, environment: Mapping[str, str], out: TextIO, register: "Register | None" = None) -> int:
    """Carries out one of the two modes; returns the exit code of the step. Raises ReassayError.

    `register` is for callers that have read it; otherwise run-start reads it from GitHub.
    """
    return _end(environment, out) if mode == END else _start(environment, out, register)


def _start(environment: Mapping[str, str], out: TextIO, register: "Register | None") -> int:
    from reassay.evidence.run_documents import REGISTRATION, RegistrationDocument, registration_data

    job = job_of(environment)
    identity = identity_of(environment, job)
    plan = planned(identity, register or _register(job.repository, environment))
    folder = _folder(environment, plan.identity)
    state = {
        "identity": plan.identity.model_dump(mode="json"),
        "measured": plan.measured.model_dump(mode="json") if plan.measured else None,
    }
    (folder / "state.json").write_text(json.dumps(state), encoding="utf-8")
    _hand_over(
        plan.identity, registration_data(RegistrationDocument(identity=plan.identity)), REGISTRATION, environment
    )
    print(
        f"Run {plan.identity.run} of {plan.identity.mitigation}: upload its registration before it measures.", file=out
    )
    return 0


def planned(identity: "RunIdentity", register: "Register") -> RunPlan:
    """The run as the register has it: a fixed plan's n and seed are filled in. Raises UsageError for what it does not declare."""
    from reassay.evidence.criterion_bounds import criteria_of
    from reassay.evidence.result_request import measured_parts
    from reassay.register.measurement import FixedPlan

    entry = register.mitigations.get(identity.mitigation)
    if entry is None:
        raise UsageError(
            f"the register has no mitigation '{identity.mitigation}' that can be read.",
            where="mitigation",
            remedy="Correct the id, or see `reassay check`.",
        )
    unknown = [name for name in identity.deployments if name not in register.deployments]
    if unknown:
        raise UsageError(
            f"the register has no deployment '{unknown[0]}'.", where="deployments", remedy="Correct the id."
        )
    identity = identity.model_copy(update={"version": entry.value.version})
    if identity.criterion is None:
        return RunPlan(identity, None)
    criteria = criteria_of(entry.value)
    parts = measured_parts(criteria)
    part = next((part for part in parts if part.name == identity.criterion), None)
    if part is None:
        is_declared = identity.criterion in {criterion.name for criterion in criteria}
        names = ", ".join(f"'{part.name}'" for part in parts) or "none"
        raise UsageError(
            f"'{identity.criterion[:100]}' of '{identity.mitigation}' is not judged by counts of result files."
            if is_declared
            else f"'{identity.mitigation}' has no criterion '{identity.criterion[:100]}'.",
            where="criterion",
            remedy=f"Its criteria that are: {names}." if is_declared else f"Its criteria: {names}.",
        )
    criterion, plan = part.criterion, part.criterion.plan
    if isinstance(plan, FixedPlan) and identity.arm == "measured":
        if identity.planned not in {None, plan.n} or identity.seed not in {None, plan.seed}:
            raise UsageError(
                f"the fixed plan of '{criterion.name}' has {plan.n} prompts and the seed '{plan.seed}'.",
                where="planned",
                remedy="Leave 'planned' and 'seed' out, or change the plan before the first result.",
            )
        identity = identity.model_copy(update={"planned": plan.n, "seed": plan.seed})
    if identity.tool is None and criterion.measured.tool is not None:
        identity = identity.model_copy(update={"tool": criterion.measured.tool})
    return RunPlan(identity, criterion.measured)


def _register(repository: str, environment: Mapping[str, str]) -> "Register":
    """The register of the default branch, read with a token that needs no more than `contents: read`."""
    from reassay.cli.remote import remote_ports
    from reassay.cli.settings import check_repository, read_settings

    with remote_ports(check_repository(repository), read_settings(environment)) as ports:
        return ports.contents.read_register().register


def _end(environment: Mapping[str, str], out: TextIO) -> int:
    from reassay.evidence.run_documents import RESULT, result_data

    job = job_of(environment)
    status = status_of(environment)
    # A run that did not register itself says here what it measures; the sweep finds that it never did.
    plan = _started(environment, job) or RunPlan(identity_of(environment, job), None)
    document = ended(plan, status, patterns_of(environment), Path(environment.get("GITHUB_WORKSPACE") or "."))
    _hand_over(plan.identity, result_data(document), RESULT, environment)
    _summarise(document, environment)
    print(f"Run {plan.identity.run}: {document.how}{f'; {document.why}' if document.why else ''}.", file=out)
    return int(document.how != "result" and status == "success")


def _home(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("RUNNER_TEMP") or ".") / "reassay-runs"


def _folder(environment: Mapping[str, str], identity: "RunIdentity") -> Path:
    """The folder of a run on this runner; what an earlier run left on it is of another id."""
    folder = _home(environment) / identity.run
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _started(environment: Mapping[str, str], job: WorkflowJob) -> RunPlan | None:
    """The run as run-start wrote it down: the one that is named, else the last one of this job; None if there is none.

    Raises UsageError if an input says now that it measures something else.
    """
    from reassay.evidence.run_documents import RunIdentity
    from reassay.register.measurement import Measurement

    last = _home(environment) / "last"
    name = environment.get("REASSAY_EVALUATION", "").strip() or (last.read_text("utf-8") if last.is_file() else job.job)
    file = _home(environment) / f"{job.workflow_run}-{job.attempt}-{evaluation_name(name)}" / "state.json"
    if not file.is_file():
        return None
    state = json.loads(file.read_text(encoding="utf-8"))
    before = RunIdentity.model_validate_json(json.dumps(state["identity"]))
    for key, value in {"mitigation": before.mitigation, "criterion": before.criterion, "arm": before.arm}.items():
        if environment.get(f"REASSAY_{key.upper()}", "").strip() not in {"", value}:
            raise UsageError(
                f"the run registered itself for another {key}.",
                where=key,
                remedy="Give run-end the inputs of run-start, or leave them out.",
            )
    measured = state["measured"]
    return RunPlan(before, Measurement.model_validate_json(json.dumps(measured)) if measured else None)


def _hand_over(
    identity: "RunIdentity", data: Mapping[str, object], prefix: str, environment: Mapping[str, str]
) -> None:
    """Writes the file to upload, and says where it is and what its artifact is called."""
    from reassay.evidence.run_documents import FILE_NAME, artifact_name

    place = _folder(environment, identity) / prefix
    place.mkdir(exist_ok=True)
    (place / FILE_NAME).write_text(json.dumps(data), encoding="utf-8")
    (_home(environment) / "last").write_text(identity.name, encoding="utf-8")
    outputs = {"run": identity.run, "artifact": artifact_name(prefix, identity), "path": str(place / FILE_NAME)}
    if path := environment.get("GITHUB_OUTPUT"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in outputs.items())


def _summarise(document: "ResultDocument", environment: Mapping[str, str]) -> None:
    path = environment.get("GITHUB_STEP_SUMMARY")
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in _summary(document))


def _summary(document: "ResultDocument") -> Iterator[str]:
    from reassay.common.inert import code

    identity = document.identity
    yield f"**Evaluation run** {code(identity.run)} of {code(identity.mitigation)}: {document.how}"
    yield ""
    if document.files:
        yield "| metric | attempted | not scored | failed | problems |"
        yield "|---|---|---|---|---|"
    for file in document.files:
        for reading in file.readings:
            counts = (reading.attempted, reading.unscored, reading.errored, len(reading.problems))
            yield f"| {code(reading.metric)} | {' | '.join(map(str, counts))} |"
    if document.why:
        yield ""
        yield f"Note: {code(document.why)}"
