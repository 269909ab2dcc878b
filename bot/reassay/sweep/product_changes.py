"""Effects of a change of a product's configuration on the declared deployments, before the change is made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reassay.assessment.cells import AssessmentInput, trigger_input
from reassay.assessment.observed_deployments import DeploymentSides, Drift, drifts
from reassay.assessment.subjects import cells_of, deployments_of
from reassay.assessment.triggers.base import LastAssessment
from reassay.changes import measure_for
from reassay.register.deployment import Deployment
from reassay.signals.observing.observation import FieldPlace, shown_value
from reassay.signals.observing.recorded_observations import ObservedField
from reassay.sweep.product_reading import ProductObservation


@dataclass(frozen=True, slots=True)
class ProductChange:
    """A field that differs from what the framework declares, or cannot be read."""

    deployment: str
    field: str
    observed: str
    """In words."""
    unread: str
    """Why it cannot be read; empty if it can."""
    declared: str
    assessed: tuple[str, ...]
    """What the mitigations that serve the deployment were assessed with last, each once."""
    place: FieldPlace
    why: str
    counts: bool
    """Whether a re-assessment is needed before it is made available."""
    is_new: bool
    """Whether it is this change that makes it so."""

    def words(self) -> str:
        """What the change does, as a sentence."""
        start = "This change makes" if self.is_new else "Already so on the branch:"
        if self.unread:
            what = f"{start} {self.field} of {self.deployment} unreadable ({self.unread}), so it counts as different"
        else:
            assessed = " and ".join(f"'{value}'" for value in self.assessed) or "nothing known"
            what = (
                f"{start} {self.field} of {self.deployment} '{self.observed}'; the framework declares '{self.declared}'"
                f" and assessed {assessed} ({self.why})"
            )
        if not self.counts:
            return f"{what}: no re-assessment is needed for it. Declare it in the framework."
        return f"{what}: a re-assessment is needed before it is made available."


def product_changes(
    after: Sequence[ProductObservation], before: Sequence[ProductObservation], facts: AssessmentInput
) -> tuple[ProductChange, ...]:
    """The differences of what a change of the product would make of each deployment, those that count first.

    `before` is the branch that the change goes to, so that a difference of an earlier change is told from a new one.
    """
    earlier = {(own.deployment, field): told for own in before for field, told in _told(own).items()}
    changes = [change for own in after for change in _changes(own, earlier, facts)]
    return tuple(sorted(changes, key=lambda change: (not change.is_new, not change.counts)))


def _told(observation: ProductObservation) -> dict[str, object]:
    fields = observation.fields
    return {**fields.values, **{field: f"unread: {why}" for field, why in fields.unread.items()}}


def _changes(
    observation: ProductObservation, earlier: dict[tuple[str, str], object], facts: AssessmentInput
) -> Iterator[ProductChange]:
    entry = facts.register.deployments[observation.deployment]
    fields = tuple(_fields(observation, entry.value, facts))
    measure = measure_for(facts.register, observation.deployment, facts.today)
    sides = DeploymentSides(observation.deployment, entry.origin.path, entry.value, measure, None)
    lasts = tuple(_lasts(observation.deployment, facts)) or (None,)
    found = [list(drifts(fields, replace(sides, last=last))) for last in lasts]
    for field in fields:
        own = [drift for drifts_of_last in found for drift in drifts_of_last if drift.field.name == field.name]
        if own:
            now = f"unread: {field.unread}" if field.unread else field.value
            is_new = earlier.get((observation.deployment, field.name)) != now
            place = observation.fields.places.get(field.name, FieldPlace(field.path.file, None))
            yield _change(field, own, place, is_new=is_new)


def _change(field: ObservedField, own: Sequence[Drift], place: FieldPlace, *, is_new: bool) -> ProductChange:
    counting = [drift for drift in own if drift.counts]
    shown = (counting or own)[0]
    return ProductChange(
        deployment=shown.deployment,
        field=field.name,
        observed=shown_value(field.value),
        unread=field.unread,
        declared=shown_value(shown.declared),
        assessed=tuple(dict.fromkeys(drift.assessed for drift in own if drift.assessed)),
        place=place,
        why=shown.why,
        counts=bool(counting),
        is_new=is_new,
    )


def _fields(observation: ProductObservation, deployment: Deployment, facts: AssessmentInput) -> Iterator[ObservedField]:
    """Observed fields without earlier observations: a path that cannot be read is reported as unreadable."""
    for path in deployment.observed:
        if path.field in observation.fields.unread:
            yield ObservedField(path, commit=observation.commit, unread=observation.fields.unread[path.field])
        elif path.field in observation.fields.values:
            yield ObservedField(path, observation.fields.values[path.field], facts.now, observation.commit)


def _lasts(deployment: str, facts: AssessmentInput) -> Iterator[LastAssessment]:
    """The last assessment of each cell that is about the deployment."""
    for name, entry in facts.register.subjects.items():
        for cell in cells_of(entry.value, facts.register):
            if deployment in deployments_of(entry.value, cell, facts.register):
                last = trigger_input(facts.register.subjects[name].value, cell, facts).last
                if last is not None:
                    yield last
