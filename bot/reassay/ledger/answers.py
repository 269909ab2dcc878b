"""Ledger records of answers, sign-offs and evidence. The person is the entry's `actor`, an account id."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from reassay.ledger.digests import ContentDigest, Digest, EvidenceDigest, SignedDigest
from reassay.ledger.evidence_figures import CapabilityFigures, DurationFigures, EffortFigures, JudgementGrounds
from reassay.register.base import Id, RoleName, Share, Strict
from reassay.register.evaluation_kind import EvaluationKind

YesNoWord = Literal["yes", "no", "n/a", "not-tested"]
"""The answer to a yes/no question."""
AnswerWord = Literal["yes", "no", "n/a", "not-tested", "in-words"]
"""`in-words`: the answer to an open question, whose words are the entry's `because`."""
SignedAs = Literal["answer", "recommend", "review", "approve"]


class Answered(Strict):
    """A checklist item was answered; a later answer to the same item replaces it."""

    kind: Literal["answered"] = "answered"
    reassessment: str
    item: str
    """Id of the checklist item."""
    answer: AnswerWord
    because: Digest | None = None
    role: RoleName
    """Role in which the person answered."""
    for_account: int | None = None
    """Account id of the person who lent the role."""
    content: ContentDigest
    """Digest of the subject and the deployments covered, as shown when the answer was given."""
    signed: SignedDigest | None = None
    """Present if the person holds the item's own role; the answer then counts as signed."""


class SignedItem(Strict):
    """One item with its digest at signing."""

    item: str
    digest: SignedDigest


class SignedOff(Strict):
    """Answers were signed off in a role, or an approval step was taken over all of them."""

    kind: Literal["signed-off"] = "signed-off"
    reassessment: str
    role: RoleName
    says: SignedAs
    step: Annotated[int, Field(ge=1)] | None = None
    """Number of the approval step, from 1, among those of the subject or of a commitment; None for answers."""
    items: tuple[SignedItem, ...]
    """Signed items; for an approval step one item named `all`."""
    content: ContentDigest
    for_account: int | None = None
    note: Digest | None = None
    asked_by: Id | None = None
    """Id of the commitment that asks for the approval step; None if the subject itself does."""

    @model_serializer(mode="wrap")
    def _without_what_is_absent(self, serialise: SerializerFunctionWrapHandler) -> dict[str, object]:
        # Entries that were written before the field existed must keep their bytes.
        written: dict[str, object] = serialise(self)
        if self.asked_by is None:
            written.pop("asked_by", None)
        return written


class Withdrawn(Strict):
    """Answers or sign-offs were withdrawn by their author."""

    kind: Literal["withdrawn"] = "withdrawn"
    reassessment: str
    items: tuple[str, ...]
    """Ids of items, `step-1` for an approval step, `<commitment>:step-1` for one that a commitment asks for."""


class Dissented(Strict):
    """A holder of a role disagrees. It is kept with the record and blocks nothing."""

    kind: Literal["dissented"] = "dissented"
    reassessment: str
    role: RoleName
    because: Digest


Arm = Literal["measured", "positive-control", "unprotected"]
"""What a result file measures: the protected system, known-adverse items by which the judge is validated, or the same prompts on
the unprotected system."""


class AttachedResult(Strict):
    """A result file that was read: its readings stand in an object, the raw file stays where it is."""

    readings: Digest
    """Digest of the object with the readings (`evidence/reading.py`) in canonical JSON."""
    arm: Arm = "measured"
    """What the file measures."""
    trained_on: Literal["yes", "no", "unknown"] = "unknown"
    """Whether the mitigation, or the model, was trained on these prompts. Only `no` can meet a criterion."""
    languages: tuple[str, ...] = ()
    """Languages of the whole file, where the file does not tell them apart."""
    deployments: tuple[Id, ...] = ()
    """Deployments on which it was measured; none: all that the re-assessment covers."""
    run: Annotated[str, Field(max_length=100)] | None = None
    """Id of the run that was registered before its first result; a person who brings its log names it, too."""
    plan: Digest | None = None
    """Digest of the object with the plan in force with the first result of the episode."""
    version: Annotated[int, Field(ge=1)] | None = None
    """Version of the mitigation in the register when the result was recorded; a result without it meets nothing."""


class EvidenceFigures(Strict):
    """Figures of a piece of evidence."""

    counted: Annotated[int, Field(ge=0)] | None = None
    total: Annotated[int, Field(ge=1)] | None = None
    passed: bool | None = None


class Attached(Strict):
    """Evidence was attached."""

    kind: Literal["attached"] = "attached"
    reassessment: str
    evidence: Literal["attested", "judgement", "census", "exercise", "result", "effort", "duration", "capability"]
    """`result`: a file of an evaluation tool that was read and counted."""
    provenance: Literal["file", "sealed", "word", "workflow-run"]
    """`word`: the person's statement alone; `workflow-run`: the result of a run that was registered at its start."""
    criterion: str | None = None
    """Name of the criterion that the evidence is for."""
    figures: EvidenceFigures = EvidenceFigures.model_construct()
    locator: Digest | None = None
    """Path and commit, or the place of sealed content; an object, because it may name people or places."""
    digest: EvidenceDigest | None = None
    says: Digest | None = None
    """Statement about what it shows and its limits."""
    role: RoleName
    independent: bool
    """False if the person owns what is assessed."""
    retention_until: date | None = None
    result: AttachedResult | None = None
    """What was read of a result file. Absent for other evidence."""
    effort: EffortFigures | None = None
    """Effort of adaptive red-teaming. Absent for other evidence."""
    duration: DurationFigures | None = None
    """How long something took. Absent for other evidence."""
    grounds: JudgementGrounds | None = None
    """Outcome, limits and what would change it, of a judgement. Absent where none of them is stated."""
    capability: CapabilityFigures | None = None
    """A judgement about what a model can do. Absent for other evidence."""
    kind_of_evaluation: EvaluationKind | None = None
    """Absent where it is not stated."""

    @model_serializer(mode="wrap")
    def _without_what_is_absent(self, serialise: SerializerFunctionWrapHandler) -> dict[str, object]:
        # Entries that were written before the fields existed must keep their bytes.
        written: dict[str, object] = serialise(self)
        for name in _ADDED:
            if getattr(self, name) is None:
                written.pop(name, None)
        return written


_ADDED = ("result", "effort", "duration", "grounds", "capability", "kind_of_evaluation")
"""Fields of later versions, left out where they are absent."""


def share(figures: EvidenceFigures) -> Share | None:
    """Counted share of the total; None without a count."""
    return figures.counted / figures.total if figures.counted is not None and figures.total else None
