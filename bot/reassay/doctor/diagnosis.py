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
    world = gather(ports)
    rights, may_approve = installation.workflow_rights()
    files: Mapping[str, str] = ports.contents.texts(world.content.commit, (".github/", "CODEOWNERS", "docs/CODEOWNERS"))
    inputs = DoctorInput(
        assessment_input=world.assessment_input,
        repository=world.look.repository,
        viewer=world.look.viewer,
        files=files,
        ledger=installation.branch(NAME),
        default=installation.branch(world.look.repository.default_branch),
        environments=installation.environments(),
        repository_secrets=installation.secrets(),
        default_rights=rights,
        may_approve=may_approve,
        schedules=look_at_schedules(
            WorkflowSchedules(installation.client, installation.full_name),
            files,
            world.look.repository.default_branch,
            is_private=world.look.repository.is_private,
        ),
        now=ports.clock.now(),
        acting_app=world.look.acting_app,
        ledger_writer=ports.contents.ledger_writer(world.content.ledger),
    )
    return Diagnosis(
        world.look.repository.full_name,
        world.look.viewer,
        examine(inputs),
        world.look.repository.default_branch,
        world.assessment_input.register.configuration,
    )
