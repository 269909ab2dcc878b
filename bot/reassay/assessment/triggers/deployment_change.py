"""deployment-change: fires when a deployment differs significantly from the one assessed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reassay.assessment.snapshot import DEPLOYMENTS, DEPLOYMENTS_BY_CELL, deployment_of
from reassay.assessment.subjects import deployments_of
from reassay.assessment.triggers.base import Fired, LastAssessment, Result, Skipped, StatedTrigger, TriggerInput
from reassay.changes import measure_for
from reassay.changes.deployment import Measure, deployment_changes
from reassay.changes.words import field_change_words
from reassay.register.deployment import Deployment, PlannedChange
from reassay.register.trigger_specs import DeploymentChangeSpec

KIND = "deployment-change"


@dataclass(frozen=True, slots=True)
class _Difference:
    words: str
    due: date | None = None


def evaluate(spec: DeploymentChangeSpec, facts: TriggerInput) -> Result:
    """The result of comparing with the last assessed snapshot, so that small steps add up."""
    last = facts.baseline(spec.depth)
    served = deployments_of(facts.subject, facts.cell, facts.register)
    if not served:
        return Skipped(KIND, "no declared deployment is served")
    if last is None:
        return Skipped(KIND, "it was never assessed, so there is nothing to compare with", is_certain=True)
    if last.snapshot is None:
        return Skipped(KIND, f"{last.words()} does not say what was deployed", is_certain=True)
    since = last.words()
    if last.provenance == "imported" and not last.label:
        since = f"it was first seen here, because {last.words()} does not say what was deployed"
    differences = [difference for name in served for difference in _differences(name, last, spec, facts)]
    if not differences:
        return Skipped(KIND, f"what is deployed does not differ significantly from {last.words()}")
    words = "; ".join(difference.words for difference in differences)
    days = [difference.due for difference in differences if difference.due]
    due = min(days) if len(days) == len(differences) else None
    start = "compared with" if last.label else "since"
    return Fired(KIND, f"{start} {since}: {words}", due, about=words, planned=due is not None)


def _differences(
    name: str, last: LastAssessment, spec: DeploymentChangeSpec, facts: TriggerInput
) -> Iterator[_Difference]:
    declared = facts.register.deployments[name]
    now, written = declared.value, last.part(DEPLOYMENTS).get(name)
    if written == declared.written:
        return
    if written is None:
        # Older snapshots of some subjects list no deployment, so they cannot be compared.
        if last.part(DEPLOYMENTS) or facts.cell in last.part(DEPLOYMENTS_BY_CELL):
            yield _Difference(f"{name} is a new deployment")
        return
    then = deployment_of(written)
    if then is None:
        yield _Difference(f"{name} was assessed in a form that this version cannot read")
        return
    measure = measure_for(facts.register, name, facts.today)
    for field_change in deployment_changes(then, now, measure):
        if field_change.significant and (not spec.of or field_change.sort in spec.of):
            yield _Difference(f"{name}: {field_change_words(field_change)}, {field_change.why}")
    for plan in _newly_planned(then, now, measure, spec):
        yield _Difference(f"{name}: {plan.change} is planned for {plan.not_before} or later", plan.not_before)


def _newly_planned(
    then: Deployment, now: Deployment, measure: Measure, spec: DeploymentChangeSpec
) -> Iterator[PlannedChange]:
    """Planned changes declared since the last assessment; past their date they count as ordinary changes."""
    if spec.of:
        return
    yield from (plan for plan in now.planned if plan not in then.planned and plan.not_before >= measure.today)


TRIGGER = StatedTrigger(
    KIND,
    DeploymentChangeSpec,
    evaluate,
    frozenset({"deployment"}),
    for_every_mitigation=DeploymentChangeSpec.model_construct(kind="deployment-change"),
)
