"""The comparison of two registers: the changes of a pull request and the subjects they concern, without ledger and people."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from reassay.changes import compare
from reassay.changes.base import Change
from reassay.register.mitigation import Mitigation
from reassay.register.object_references import references_of
from reassay.register.register import Register

_NAME_OTHERS = ("incident", "information-item", "risk-acceptance", "evidence-item", "past-assessment")
"""Kinds of objects that name the subjects they are about."""


@dataclass(frozen=True)
class Comparison:
    """The semantic difference between the base and the merge result."""

    base: Register
    merged: Register
    files: Mapping[str, tuple[str | None, str | None]]
    """Guarded files that differ, with digests of both sides."""
    today: date

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every difference, field by field."""
        return compare(self.base, self.merged, self.today, self.files)

    @cached_property
    def touched(self) -> tuple[str, ...]:
        """Mitigations and commitments concerned: changed themselves, or serving a deployment that changed."""
        return self.concerned(self.changes)

    @cached_property
    def loosened(self) -> tuple[str, ...]:
        """Mitigations and commitments that become looser, or serve a deployment that becomes wider."""
        return self.concerned(tuple(change for change in self.changes if change.is_looser))

    def concerned(self, changes: tuple[Change, ...]) -> tuple[str, ...]:
        """Mitigations and commitments that changed, or serve a deployment or model that changed."""
        own = {change.name for change in changes if change.kind in {"mitigation", "commitment"}}
        deployments = {change.name for change in changes if change.kind == "deployment"}
        models = {change.name for change in changes if change.kind == "model"}
        for register in (self.base, self.merged):
            deployments |= {name for name, entry in register.deployments.items() if entry.value.model in models}
        for register in (self.base, self.merged):
            for name, entry in register.mitigations.items():
                serves = entry.value.deployments or tuple(register.deployments)
                if deployments & set(serves):
                    own.add(name)
        return tuple(sorted(own))

    @cached_property
    def near(self) -> frozenset[str]:
        """Subjects that a change can affect."""
        return self.near_of(self.changes)

    def near_of(self, changes: tuple[Change, ...]) -> frozenset[str]:
        """Subjects that some changes can affect: those touched, those that share a threat model with them, every commitment."""
        subjects = frozenset(name for side in (self.base, self.merged) for name in side.subjects)
        if any(change.kind in {"commitment", "model"} for change in changes):
            return subjects
        commitments = {
            name for side in (self.base, self.merged) for name in side.subjects if name not in side.mitigations
        }
        touched = frozenset(self.concerned(changes))
        return frozenset({*touched, *self._sharing_threats(changes, touched), *commitments, *self._named(changes)})

    def _sharing_threats(self, changes: tuple[Change, ...], touched: Collection[str]) -> Iterator[str]:
        """Mitigations against a threat model that changed, or that a touched mitigation works against."""
        threats = {change.name for change in changes if change.kind == "threat-model"}
        for name, mitigation in self._mitigations():
            if name in touched:
                threats |= set(mitigation.threat_models)
        return (name for name, mitigation in self._mitigations() if threats & set(mitigation.threat_models))

    def _mitigations(self) -> Iterator[tuple[str, Mitigation]]:
        return ((name, entry.value) for side in (self.base, self.merged) for name, entry in side.mitigations.items())

    def _named(self, changes: tuple[Change, ...]) -> Iterator[str]:
        """Subjects that a changed incident, news item, acceptance or the like names."""
        changed = {change.name for change in changes}
        return (
            subject
            for side in (self.base, self.merged)
            for kind in _NAME_OTHERS
            for name, entry in side.objects(kind).items()
            if name in changed
            for _, _, subject in references_of(entry.value)
        )
