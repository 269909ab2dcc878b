"""Comparison of the testers' resources with those of the adversary, computed from what both sides state.

Nothing is added up over tests: one test must have all that the adversary has. What a side does not state is not shown.
"""

from collections.abc import Iterator, Sequence

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.evidence_coverage import items_in_force
from reassay.ledger.answers import Attached
from reassay.ledger.reassessment import Reassessment
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register
from reassay.register.resources import Resources, StatedResources, compared


def adversary_words(
    mitigation: Mitigation, reassessment: Reassessment, assessment_input: AssessmentInput
) -> tuple[str, ...]:
    """A sentence for the target and for each threat model, without full stops; none if the mitigation has neither."""
    tests = tuple(_tests(mitigation, reassessment, assessment_input))
    return tuple(
        f"{whose}: {_words(resources, tests)}"
        for whose, resources in _adversaries(mitigation, assessment_input.register)
    )


def _adversaries(mitigation: Mitigation, register: Register) -> Iterator[tuple[str, StatedResources | None]]:
    if mitigation.target and mitigation.target.resources:
        yield "target", mitigation.target.resources
    for name in mitigation.threat_models:
        entry = register.threat_models.get(name)
        if entry is not None:
            yield f"threat model {name}", entry.value.resources


def _tests(
    mitigation: Mitigation, reassessment: Reassessment, assessment_input: AssessmentInput
) -> Iterator[Resources]:
    """Resources of the evidence items about it, and of the effort against its version that was attached here."""
    for item in items_in_force(mitigation, assessment_input):
        if item.resources is not None:
            yield item.resources
    for _, body in reassessment.records_of(Attached):
        if body.effort is not None and body.effort.version == mitigation.version:
            yield body.effort.resources


def _words(resources: StatedResources | None, tests: Sequence[Resources]) -> str:
    if resources is None:
        return "states no resources, so nothing can be compared with those of the tests"
    if isinstance(resources, str):
        return f"'{resources}' is free text, which cannot be compared with the resources of the tests"
    rows = compared(resources, tests)
    is_matched = all(row.matches for row in rows)
    return f"{'matched' if is_matched else 'not shown to be matched'} ({'; '.join(row.words for row in rows)})"
