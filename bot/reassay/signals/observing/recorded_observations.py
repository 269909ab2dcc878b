"""Recorded observations of a deployment, by field, as far as they were read by the paths that are declared now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from reassay.ledger.signals import DeploymentObserved
from reassay.register.deployment import Deployment
from reassay.register.observed_paths import ObservedPath
from reassay.signals.observing.observation import paths_in, settings_of

Observations = Sequence[tuple[datetime, DeploymentObserved]]
"""Observations of a deployment in order of the ledger, each with the time of its entry."""


@dataclass(frozen=True, slots=True)
class ObservedField:
    """A field of a deployment as last observed. A value that was read stays until another one is."""

    path: ObservedPath
    value: JsonValue = None
    """The value that was read last."""
    read_at: datetime | None = None
    """When it was read last; None if it never was."""
    commit: str = ""
    """Commit of the product repository of the last observation; empty if the repository could not be read."""
    unread: str = ""
    """Why the last observation could not read it; empty if it could, and if there is none."""

    @property
    def is_never_observed(self) -> bool:
        """Whether nobody has looked yet, or not by this path."""
        return self.read_at is None and not self.unread

    @property
    def is_out_of_reach(self) -> bool:
        """Whether the repository itself could not be read, so that nothing of it is known now."""
        return bool(self.unread) and not self.commit

    @property
    def name(self) -> str:
        """The field of the deployment."""
        return self.path.field


def observed_fields(deployment: Deployment, observations: Observations) -> tuple[ObservedField, ...]:
    """The declared fields in order, each once."""
    fields: dict[str, ObservedField] = {}
    for path in deployment.observed:
        if path.field in fields:
            fields[path.field] = ObservedField(path, commit="-", unread="two paths are declared for it")
        else:
            fields[path.field] = _as_observed(path, deployment, observations)
    return tuple(fields.values())


def _as_observed(path: ObservedPath, deployment: Deployment, observations: Observations) -> ObservedField:
    field = ObservedField(path)
    for body in _valid(path, deployment, observations):
        if path.field in body.fields:
            field = ObservedField(path, body.fields[path.field], body.observed_at, body.commit)
        else:
            why = body.unread.get(path.field, "it was not read")
            field = ObservedField(path, field.value, field.read_at, body.commit, why)
    return field


def _valid(path: ObservedPath, deployment: Deployment, observations: Observations) -> Iterator[DeploymentObserved]:
    settings = settings_of(paths_in(deployment, path.repository))
    for _, body in observations:
        if body.repository.lower() == path.repository.lower() and body.settings == settings:
            yield body


def recorded_part(deployment: Deployment, observations: Observations) -> Mapping[str, Mapping[str, object]]:
    """What was observed, for a snapshot: values and reasons by field; empty if nothing was."""
    fields = observed_fields(deployment, observations)
    values = {field.name: field.value for field in fields if field.read_at is not None}
    unread = {field.name: field.unread for field in fields if field.unread}
    return {key: part for key, part in (("values", values), ("unread", unread)) if part}
