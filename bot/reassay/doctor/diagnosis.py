"""Diagnosis of an installation: reads everything that the token can see, and runs all checks."""

from collections.abc import Mapping
from dataclasses import dataclass

from reassay.doctor.checks import Check, examine
from reassay.doctor.checks.base import DoctorInput
from reassay.doctor.checks.ledger_branch import NAME
from reassay.github.repository_settings import RepositorySettings
from reassay.github.workflow_schedules import WorkflowSchedules
from reassay.register.configuration import Configuration
from reassay.sweep.gather import gather
from reassay.sweep.run_context import RunContext
from reassay.sweep.schedule_health import look_at_schedules


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Results of all checks."""

    repository: str
    viewer: str
    checks: tuple[Check, ...]
    branch: str
    """The default branch."""
    configuration: Configuration

    def count(self, standing: str) -> int:
        """Number of checks with a standing."""
        return sum(check.standing == standing for check in self.checks)


def diagnose(ports: RunContext, installation: RepositorySettings) -> Diagnosis:
    """The diagnosis; reads only. Raises UpstreamError if the repository cannot be read."""
    inputs = gather(ports)
    state = inputs.repository_state
    rights, may_approve = installation.workflow_rights()
    files: Mapping[str, str] = ports.contents.texts(
        inputs.content.commit, (".github/", "CODEOWNERS", "docs/CODEOWNERS")
    )
    doctor_input = DoctorInput(
        assessment_input=inputs.assessment_input,
        repository=state.repository,
        viewer=state.viewer,
        files=files,
        ledger=installation.branch(NAME),
        default=installation.branch(state.repository.default_branch),
        environments=installation.environments(),
        repository_secrets=installation.secrets(),
        default_rights=rights,
        may_approve=may_approve,
        schedules=look_at_schedules(
            WorkflowSchedules(installation.client, installation.full_name),
            files,
            state.repository.default_branch,
            is_private=state.repository.is_private,
        ),
        now=ports.clock.now(),
        acting_app=state.acting_app,
        ledger_writer=ports.contents.ledger_writer(inputs.content.ledger),
    )
    return Diagnosis(
        state.repository.full_name,
        state.viewer,
        examine(doctor_input),
        state.repository.default_branch,
        inputs.assessment_input.register.configuration,
    )
