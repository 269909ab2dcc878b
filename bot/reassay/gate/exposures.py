"""Exposures of a pull request: changes that first put a model into a deployment, or that widen a deployment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reassay.changes.base import Change
from reassay.changes.words import change_words
from reassay.register.register import Register

_AGREEMENTS = frozenset({"planned", "preauthorised_changes"})
"""Fields that declare a later change and make nothing available."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """One change that exposes a model in a deployment, or exposes it to more."""

    deployment: str
    model: str | None
    """What the deployment names as its model after the merge; None if it names none."""
    change: Change

    @property
    def is_significant(self) -> bool:
        """Whether the change is significant by the configuration, and not agreed to beforehand."""
        return self.change.significant

    @property
    def is_of_model(self) -> bool:
        """Whether the deployment runs a model, or a version of it, that it did not run before."""
        return self.change.kind == "model" or self.change.field in {"", "model"}

    def is_among(self, sorts: Iterable[str]) -> bool:
        """Whether a `deployment-change` trigger with these sorts is about it; a new deployment is a change of every sort."""
        wanted = tuple(sorts)
        sort = "model" if self.is_of_model else self.change.sort
        return not wanted or not self.change.field or sort in wanted

    def words(self) -> str:
        """The change in words, with its object."""
        change = self.change
        where = self.deployment if change.kind == "deployment" else f"{change.name} on {self.deployment}"
        return f"{where}: {change_words(change)}, {change.why}"


def exposures(changes: Iterable[Change], merged: Register) -> tuple[Exposure, ...]:
    """The exposures among the changes of a pull request, in order."""
    return tuple(exposure for change in changes for exposure in _of(change, merged))


def _of(change: Change, merged: Register) -> Iterator[Exposure]:
    if change.kind == "deployment" and change.name in merged.deployments and change.field not in _AGREEMENTS:
        # A model that is named for the first time was never looked at here, whatever direction the change has.
        if change.is_looser or (change.field == "model" and change.after is not None):
            yield Exposure(change.name, merged.deployments[change.name].value.model, change)
    elif change.kind == "model" and change.is_looser:
        for name, entry in merged.deployments.items():
            if entry.value.model == change.name:
                yield Exposure(name, change.name, change)
