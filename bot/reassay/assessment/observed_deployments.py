"""Observed deployments, compared with the declared ones and with those assessed last.

A difference counts as the rules of deployment changes say (`bot/reassay/changes/deployment.py`), and more strictly where these
cannot judge: what cannot be compared counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from reassay.assessment.snapshot import DEPLOYMENTS, OBSERVED, deployment_of
from reassay.assessment.triggers.base import LastAssessment
from reassay.changes.base import Direction, FieldChange, plain
from reassay.changes.deployment import Measure, deployment_changes
from reassay.changes.words import field_change_words
from reassay.register.deployment import Deployment
from reassay.signals.observing.observation import shown_value
from reassay.signals.observing.observed_values import deployment_with
from reassay.signals.observing.product_documents import UnreadValueError
from reassay.signals.observing.recorded_observations import ObservedField


@dataclass(frozen=True, slots=True)
class Drift:
    """A field of a deployment that is observed to be something else than the register declares, or that cannot be read."""

    deployment: str
    field: ObservedField
    declared: JsonValue
    assessed: str
    """What the last assessment was about, in words; empty if that is not known."""
    path: str
    """The file of the register that declares the deployment."""
    why: str
    """Why it counts, or why it does not."""
    counts: bool
    """Whether a re-assessment is needed; always for what cannot be read."""
    is_decided: bool
    """Whether the last decision was taken with the same value observed and the same value declared."""

    @property
    def about(self) -> str:
        """Identifies this difference among others."""
        seen = f"unread: {self.field.unread}" if self.field.unread else shown_value(self.field.value)
        return f"{self.deployment} {self.field.name}: {seen}"

    def words(self) -> str:
        """The difference as part of a sentence."""
        name, repository = f"{self.deployment}: {self.field.name}", self.field.path.repository
        if self.field.unread:
            return f"{name} cannot be read in {repository} ({self.field.unread}), so it counts as different"
        values = [
            f"observed {self.field.name}: {shown_value(self.field.value)} (in {repository})",
            f"declared: {shown_value(self.declared)} ({self.path})",
            f"assessed: {self.assessed or 'not known'}",
        ]
        return f"{self.deployment}: {'; '.join(values)} ({self.why})"


@dataclass(frozen=True, slots=True)
class DeploymentSides:
    """A deployment as declared, and as assessed last."""

    name: str
    path: str
    """The file of the register that declares it."""
    declared: Deployment
    measure: Measure
    last: LastAssessment | None

    @property
    def assessed(self) -> Deployment | None:
        """The deployment as assessed last; None if that is not known."""
        return deployment_of(self.last.part(DEPLOYMENTS).get(self.name)) if self.last else None


def drifts(fields: tuple[ObservedField, ...], sides: DeploymentSides) -> Iterator[Drift]:
    """The fields that differ or cannot be read. Those of which nothing is known at all are left out."""
    for field in fields:
        if field.read_at is not None:
            yield from _difference(field, sides)
        if field.unread and not field.is_out_of_reach:
            yield _drift(field, sides, field.unread, counts=True)


def _difference(field: ObservedField, sides: DeploymentSides) -> Iterator[Drift]:
    # What was read last stays until something else is: also while the path cannot be read any more.
    known = ObservedField(field.path, field.value, field.read_at, field.commit)
    try:
        observed = deployment_with(sides.declared, {field.name: field.value})
    except UnreadValueError as error:
        yield _drift(known, sides, f"{error}, so it counts", counts=True)
        return
    changes = list(deployment_changes(sides.declared, observed, sides.measure))
    if not changes:
        return
    since = [change for change in _since_assessed(field.name, observed, sides) if change.significant]
    counting = [change for change in (*changes, *since) if counts(change)]
    shown = counting or changes
    why = "; ".join(dict.fromkeys(f"{field_change_words(change)}, {change.why}" for change in shown))
    yield _drift(known, sides, why, counts=bool(counting))


def _since_assessed(field: str, observed: Deployment, sides: DeploymentSides) -> Iterator[FieldChange]:
    """Changes of the field since the last assessment: small steps, each below what counts, add up."""
    then = sides.assessed
    if then is not None:
        yield from (change for change in deployment_changes(then, observed, sides.measure) if change.field == field)


def counts(change: FieldChange) -> bool:
    """Whether a difference of what is observed needs a re-assessment: also where no rule could compare it."""
    is_uncompared = change.direction is Direction.LOOSER and not change.sort
    return change.significant or is_uncompared


def _drift(field: ObservedField, sides: DeploymentSides, why: str, *, counts: bool) -> Drift:
    then = sides.assessed
    declared = plain(getattr(sides.declared, field.name))
    return Drift(
        deployment=sides.name,
        field=field,
        declared=declared,  # type: ignore[arg-type] # JSON by `plain`
        assessed=shown_value(plain(getattr(then, field.name))) if then is not None else "",  # type: ignore[arg-type] # the same
        path=sides.path,
        why=why,
        counts=counts,
        is_decided=_is_decided(field, declared, sides),
    )


def _is_decided(field: ObservedField, declared: object, sides: DeploymentSides) -> bool:
    last, then = sides.last, sides.assessed
    if last is None or last.provenance != "decided" or then is None:
        return False
    observed = last.part(OBSERVED).get(sides.name)
    if not isinstance(observed, dict) or plain(getattr(then, field.name)) != declared:
        return False
    key, now = ("unread", field.unread) if field.unread else ("values", field.value)
    part = observed.get(key)
    return isinstance(part, dict) and field.name in part and bool(part[field.name] == now)
