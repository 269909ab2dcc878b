"""Records of evaluation runs: what registered itself, what came of it, and what was refused.

Two facts are GitHub's and not the run's: which workflow run uploaded an artifact, and of which commit that run was. Provenance
`workflow-run` rests on them alone. What a run says of itself it says before its result: a result for something else is refused.
"""

from collections.abc import Iterator, Mapping

from reassay.approvals.command_context import Keep
from reassay.assessment.cells import AssessmentInput
from reassay.common.sentences import shortened
from reassay.evidence.criterion_bounds import criteria_of
from reassay.evidence.evidence_input import plan_object, readings_object
from reassay.evidence.result_request import measured_parts
from reassay.evidence.run_documents import (
    RefusedDocumentError,
    RegistrationDocument,
    ResultDocument,
    RunIdentity,
    read_document,
)
from reassay.github.workflow_runs import WorkflowRun
from reassay.ledger.answers import AttachedResult
from reassay.ledger.entry import Record
from reassay.ledger.run_history import EvaluationRun, runs_of, unsettled_runs
from reassay.ledger.runs import RunEnded, RunProvenance, RunRefused, RunRegistered
from reassay.register.register import Register
from reassay.sweep.evaluation_runs import ArrivedArtifact
from reassay.sweep.ledger_records import LedgerDraft

LONGEST = 300


def add_run_records(draft: LedgerDraft) -> None:
    """Adds the records of new artifacts, in the order of their upload, and then the ends of runs that are over."""
    for arrived in draft.inputs.evaluations.artifacts:
        body, objects = _of_artifact(arrived, draft)
        draft.add([Record(body=body)], objects)
    ends = tuple(_overdue(draft))
    if ends:
        draft.add([Record(body=body) for body in ends])


RunBody = RunRegistered | RunEnded | RunRefused


def _of_artifact(arrived: ArrivedArtifact, draft: LedgerDraft) -> tuple[RunBody, Mapping[str, bytes]]:
    artifact = arrived.artifact
    try:
        document = _document(arrived, draft)
    except RefusedDocumentError as error:
        return RunRefused(artifact=artifact.id, workflow_run=max(1, artifact.workflow_run), why=_line(str(error))), {}
    if isinstance(document, RegistrationDocument):
        return _registered(document.identity, arrived, draft), {}
    return _ended(document, arrived, draft)


def _document(arrived: ArrivedArtifact, draft: LedgerDraft) -> RegistrationDocument | ResultDocument:
    """The document of an artifact. Raises RefusedDocumentError where it is not one, or not of the run that uploaded it."""
    artifact = arrived.artifact
    if arrived.missing:
        raise RefusedDocumentError(arrived.missing)
    if artifact.is_of_fork:
        raise RefusedDocumentError("its run ran the code of another repository (a fork), which can write any numbers")
    document = read_document(artifact.name, arrived.content)
    identity = document.identity
    if identity.workflow_run != artifact.workflow_run:
        raise RefusedDocumentError(
            f"it says that it is of workflow run {identity.workflow_run}, and {artifact.workflow_run} uploaded it"
        )
    workflow = draft.inputs.evaluations.runs.get(artifact.workflow_run)
    if workflow is not None and identity.attempt > workflow.attempt:
        raise RefusedDocumentError(
            f"it says that it is of attempt {identity.attempt} of a run that has {workflow.attempt}"
        )
    register = draft.assessment_input.register
    if not register.declares_mitigation(identity.mitigation) and identity.mitigation not in register.renamed:
        raise RefusedDocumentError(f"the register has no mitigation {identity.mitigation}")
    run = _run(identity, draft.assessment_input)
    if isinstance(document, RegistrationDocument):
        if run is not None and run.registered is not None:
            raise RefusedDocumentError(f"the run {identity.run} has registered itself already")
    elif run is not None and run.registered is not None:
        _as_registered(run.registered, identity)
    return document


def _as_registered(registered: RunRegistered, identity: RunIdentity) -> None:
    """Raises RefusedDocumentError where a result is for something else than its run said at its start."""
    before = (registered.subject, registered.criterion, registered.arm)
    if before != (identity.mitigation, identity.criterion, identity.arm):
        raise RefusedDocumentError("the run registered itself for another mitigation, criterion or arm")
    stated = (registered.trained_on, registered.languages, registered.deployments)
    if stated != (identity.trained_on, identity.languages, identity.deployments):
        raise RefusedDocumentError(
            "the run said something else of its training, languages or deployments when it registered itself"
        )


def _version(identity: RunIdentity, register: Register) -> int | None:
    """The version that a run began with: what it read itself, and never a later one than is in force."""
    entry = register.mitigations.get(register.renamed.get(identity.mitigation, identity.mitigation))
    versions = {identity.version, entry.value.version if entry else None} - {None}
    return min((version for version in versions if version is not None), default=None)


def _run(identity: RunIdentity, assessment_input: AssessmentInput) -> EvaluationRun | None:
    runs = runs_of(assessment_input.history)
    return next((run for run in runs if run.run == identity.run), None)


def _registered(identity: RunIdentity, arrived: ArrivedArtifact, draft: LedgerDraft) -> RunRegistered:
    artifact = arrived.artifact
    workflow = draft.inputs.evaluations.runs.get(artifact.workflow_run)
    why = _of_the_workflow(arrived, draft)
    if not why and _run(identity, draft.assessment_input) is not None:
        why = "its result was uploaded before it registered itself"
    return RunRegistered(
        run=identity.run,
        subject=identity.mitigation,
        reassessment=_open(identity.mitigation, draft.assessment_input),
        criterion=identity.criterion,
        arm=identity.arm,
        tool=identity.tool,
        planned=identity.planned,
        seed=identity.seed,
        version=_version(identity, draft.assessment_input.register),
        trained_on=identity.trained_on,
        languages=identity.languages,
        deployments=identity.deployments,
        workflow=_line(workflow.path) if workflow else "unknown",
        branch=_line(workflow.branch) if workflow and workflow.branch else "unknown",
        commit=artifact.commit,
        event=_line(workflow.event) if workflow else "unknown",
        provenance=_provenance(why),
        why=why or None,
        artifact=artifact.id,
        started_at=artifact.created_at,
    )


def _ended(
    document: ResultDocument, arrived: ArrivedArtifact, draft: LedgerDraft
) -> tuple[RunEnded, Mapping[str, bytes]]:
    identity, artifact = document.identity, arrived.artifact
    run = _run(identity, draft.assessment_input)
    why = _of_the_workflow(arrived, draft)
    if run is None or run.registered is None:
        why = why or "the run never registered itself"
    elif run.registered.started_at > artifact.created_at:
        why = why or "its result was uploaded before it registered itself"
    elif run.ended is not None and run.ended.how == "result":
        why = why or "the run has a result already"
    keep = Keep()
    registered = run.registered if run else None
    version = registered.version if registered else _version(identity, draft.assessment_input.register)
    results = _results(document, version, draft.assessment_input.register, keep)
    body = RunEnded(
        run=identity.run,
        subject=identity.mitigation,
        reassessment=_open(identity.mitigation, draft.assessment_input),
        how=document.how,
        criterion=identity.criterion,
        results=results,
        provenance=_provenance(why),
        why=_line("; ".join(part for part in (document.why, why) if part)) or None,
        artifact=artifact.id,
        ended_at=artifact.created_at,
    )
    return body, keep.objects


def _results(
    document: ResultDocument, version: int | None, register: Register, keep: Keep
) -> tuple[AttachedResult, ...]:
    """The files of a run, with the version that it began with, and the criterion that is in force when they are recorded."""
    identity = document.identity
    entry = register.mitigations.get(register.renamed.get(identity.mitigation, identity.mitigation))
    parts = measured_parts(criteria_of(entry.value)) if entry else ()
    criterion = next((part.criterion for part in parts if part.name == identity.criterion), None)
    plan = keep(plan_object(criterion)) if criterion is not None else None
    return tuple(
        AttachedResult(
            readings=keep(readings_object(file.readings)),
            arm=identity.arm,
            trained_on=identity.trained_on,
            languages=identity.languages,
            deployments=identity.deployments,
            run=identity.run,
            plan=plan,
            version=version,
        )
        for file in document.files
    )


def _of_the_workflow(arrived: ArrivedArtifact, draft: LedgerDraft) -> str:
    """Why an artifact is not of a workflow of the default branch; empty if it is."""
    artifact, evaluations = arrived.artifact, draft.inputs.evaluations
    branch = draft.inputs.content.branch
    if evaluations.runs.get(artifact.workflow_run) is None:
        return "GitHub has its workflow run no longer"
    if artifact.commit not in evaluations.on_default_branch:
        return f"its workflow ran at a commit that {_line(branch)} does not contain"
    return ""


def _overdue(draft: LedgerDraft) -> Iterator[RunEnded]:
    """Runs without a result whose workflow is over: nothing will come of them any more, also where a person gave them up."""
    assessment_input, runs = draft.assessment_input, draft.inputs.evaluations.runs
    if draft.inputs.evaluations.unread:
        return
    unread = {artifact.workflow_run for artifact in draft.inputs.evaluations.left}
    for run in unsettled_runs(assessment_input.history):
        number, attempt = (int(part) for part in run.run.split("-")[:2])
        if number not in runs or number in unread or run.registered is None:
            continue
        workflow = runs[number]
        why = _why_over(workflow, attempt)
        if why is None:
            continue
        is_cancelled = workflow is not None and workflow.attempt == attempt and workflow.conclusion == "cancelled"
        yield RunEnded(
            run=run.run,
            subject=run.registered.subject,
            reassessment=_open(run.subject, assessment_input),
            how="cancelled" if is_cancelled else "failed",
            criterion=run.registered.criterion,
            provenance="workflow-run",
            why=why,
            ended_at=assessment_input.now,
        )


def _why_over(workflow: WorkflowRun | None, attempt: int) -> str | None:
    """Why a run can have no result any more; None while it can."""
    if workflow is None:
        return "its workflow run was deleted on GitHub"
    if workflow.attempt > attempt:
        return f"it was started again (attempt {workflow.attempt}) without a result of this attempt"
    if workflow.is_completed:
        return f"its workflow run ended as {_line(workflow.conclusion) or 'unknown'} without a result"
    return None


def _provenance(why: str) -> RunProvenance:
    return "uploaded" if why else "workflow-run"


def _open(mitigation: str, assessment_input: AssessmentInput) -> str | None:
    history = assessment_input.history
    reassessment = history.open_for(history.present(mitigation))
    return reassessment.id if reassessment else None


def _line(text: str) -> str:
    """A text on one line, as long as the ledger takes it; texts of GitHub's are data of strangers."""
    clean = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return shortened(clean, LONGEST)
