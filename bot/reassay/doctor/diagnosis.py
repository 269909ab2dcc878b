"""The doctor: look at everything that can be seen, and say what lets somebody around."""

from collections.abc import Mapping
from dataclasses import dataclass

from reassay.doctor.checks import Check, examine
from reassay.doctor.checks.base import DoctorInput
from reassay.doctor.checks.ledger_branch import NAME
from reassay.github.installation import Installation
from reassay.sweep.gather import gather
from reassay.sweep.ports import Ports


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the doctor found."""

    repository: str
    viewer: str
    checks: tuple[Check, ...]

    def count(self, standing: str) -> int:
        """How many checks stand so."""
        return sum(check.standing == standing for check in self.checks)


def diagnose(ports: Ports, installation: Installation) -> Diagnosis:
    """Reads only. Raises UpstreamError where the repository itself cannot be read."""
    world = gather(ports)
    rights, may_approve = installation.workflow_rights()
    files: Mapping[str, str] = ports.contents.texts(world.content.commit, (".github/", "CODEOWNERS", "docs/CODEOWNERS"))
    inputs = DoctorInput(
        situation=world.situation,
        repository=world.look.repository,
        viewer=world.look.viewer,
        files=files,
        ledger=installation.branch(NAME),
        default=installation.branch(world.look.repository.default_branch),
        environments=installation.environments(),
        repository_secrets=installation.secrets(),
        default_rights=rights,
        may_approve=may_approve,
    )
    return Diagnosis(world.look.repository.full_name, world.look.viewer, examine(inputs))
