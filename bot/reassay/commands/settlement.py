"""Settlement of an open re-assessment: the missing parts, the people who conclude it, and the command for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reassay.approvals.approvals import Approvals, of_reassessment
from reassay.approvals.readiness import missing_rows, step_words
from reassay.assessment.cells import AssessmentInput
from reassay.commands.conclusion import Deciders, deciders
from reassay.evidence.criterion_verdicts import criterion_verdicts, verdict_words
from reassay.evidence.evidence_input import EvidenceInput
from reassay.evidence.reading_words import unmarked
from reassay.ledger.reassessment import Reassessment

CONCLUDE: Final = "/reassay conclude ineffective|degraded|inconclusive|effective because ..."


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is missing before an open re-assessment can be concluded, and who concludes it."""

    deciders: Deciders
    missing: tuple[str, ...]
    """A sentence without its full stop for each thing."""


def settlement(
    reassessment: Reassessment, assessment_input: AssessmentInput, objects: Mapping[str, object]
) -> Settlement | None:
    """What settles it, by the register and the ledger; None where it is closed or its subject cannot be read."""
    entry = assessment_input.register.subjects.get(reassessment.subject)
    if entry is None or reassessment.state != "open":
        return None
    approvals = of_reassessment(reassessment, assessment_input, objects)
    allowed = deciders(entry.value, assessment_input.register, assessment_input.today)
    facts = EvidenceInput(assessment_input.register, assessment_input.history, objects)
    verdicts = criterion_verdicts(entry.value, reassessment, facts)
    unmet = tuple(
        f"for `effective`: {unmarked(verdict_words(verdict))}" for verdict in verdicts if verdict.verdict != "met"
    )
    return Settlement(allowed, (*missing_approvals(reassessment, approvals, assessment_input), *unmet))


def missing_approvals(
    reassessment: Reassessment, approvals: Approvals | None, assessment_input: AssessmentInput
) -> tuple[str, ...]:
    """Missing answers, sign-offs and steps, from mode `record` on."""
    if approvals is None or reassessment.state != "open" or not assessment_input.register.configuration.records:
        return ()
    steps = (step_words(step, approvals) for step in approvals.steps if not step.is_signed)
    return (*missing_rows(approvals), *steps)
