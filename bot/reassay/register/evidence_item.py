"""An evidence item: its subject, method, author and finding; the file itself, or a sealed pointer to it."""

from typing import Annotated, Literal

from pydantic import StringConstraints, model_validator

from reassay.register.base import Day, Described, Id, Line, RoleName, Strict, Text
from reassay.register.evaluation_kind import EvaluationKind
from reassay.register.resources import Resources

DIGEST_PATTERN = r"^sha256:[0-9a-f]{64}$"
PATH_PATTERN = r"^[^/\x00-\x1f\x7f\\][^\x00-\x1f\x7f\\]*$"
Sha256 = Annotated[str, StringConstraints(pattern=DIGEST_PATTERN)]
RepoPath = Annotated[str, StringConstraints(pattern=PATH_PATTERN, max_length=400)]
"""From the root of this repository, with slashes."""
Method = Literal["inquiry", "observation", "inspection", "re-performance", "exercise", "test"]


class EvidenceScope(Strict):
    """The scope of evidence."""

    deployments: tuple[Id, ...] = ()
    """Ids of the deployments on which it was gathered."""
    models: tuple[Id, ...] = ()
    """Ids of the models."""
    languages: tuple[Line, ...] = ()
    """Languages it covers."""


class Sealed(Strict):
    """A reference to confidential evidence outside the repository."""

    locator: Line
    """Where it is stored."""
    custodian: RoleName
    """Who stores it."""
    salted_digest: Sha256
    """Digest of the content with a salt that the custodian keeps."""
    summary: Text
    """What it shows, in words that may be public."""
    retention_until: Day
    """Until when it is kept."""


class EvidenceItem(Described):
    """An item of evidence about mitigations."""

    mitigations: tuple[Id, ...] = ()
    """Ids of the mitigations that it is about."""
    method: Method
    """How it was gathered."""
    kind_of_evaluation: EvaluationKind | None = None
    """The kind of evaluation; without it coverage cannot say what the mitigation rests on."""
    resources: Resources | None = None
    """What those had who gathered it, to be compared with the adversary's."""
    performed_by: Line
    """Who gathered it: a role, a team, a firm."""
    performed_at: Day
    """When it was gathered."""
    scope: EvidenceScope = EvidenceScope.model_construct()
    """Its scope."""
    owner: RoleName | None = None
    """Role that renews it, and is reminded before it ends or is too old."""
    valid_until: Day | None = None
    """The last day on which decisions may rest on it. A re-assessment opens before that."""
    finding: Text
    """What was found."""
    limits: Text | None = None
    """What it does not show."""
    file: RepoPath | None = None
    """The file in this repository."""
    sealed: Sealed | None = None
    """The reference, if it is stored outside the repository."""

    @model_validator(mode="after")
    def _one_place(self) -> "EvidenceItem":
        if self.file and self.sealed:
            raise ValueError("both 'file' and 'sealed' are given; keep one of them")
        if self.sealed and self.sealed.retention_until < self.performed_at:
            raise ValueError("'sealed.retention_until' is before 'performed_at'; say until when it is kept")
        if self.valid_until and self.valid_until < self.performed_at:
            raise ValueError("'valid_until' is before 'performed_at'; give the last day on which it is valid")
        return self
