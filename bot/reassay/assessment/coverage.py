"""Coverage: what holds each threat model down, where one mitigation stands alone, and what nothing covers.

Declared, not measured: it says what the register names, and which of it was ever decided on. Retired and proposed
mitigations cover nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reassay.assessment.cells import Situation
from reassay.register.catalogues import find_catalogue
from reassay.register.catalogues.base import Catalogue
from reassay.register.layers import LayerCoverage, active_mitigations, layer_coverage
from reassay.register.mitigation import LifecycleStage, Mitigation


@dataclass(frozen=True, slots=True)
class CatalogueCoverage:
    """One catalogue that the register cites."""

    name: str
    known: Catalogue | None
    """None for a catalogue whose list this program does not have: then gaps cannot be named."""
    cited: Mapping[str, tuple[str, ...]]
    """Group (or control, if the catalogue is not known) to mitigations."""
    unknown: tuple[str, ...]
    """Cited controls that the catalogue does not have."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Groups that nothing cites. Not every group has to be cited; somebody should know that it is not."""
        groups = list(self.known.groups) if self.known else []
        if self.known and self.known.is_cumulative and self.cited:
            groups = groups[max(groups.index(group) for group in self.cited) :]
        return tuple(group for group in groups if group not in self.cited)


@dataclass(frozen=True, slots=True)
class LanguageCoverage:
    """One language of one deployment."""

    deployment: str
    language: str
    decided: tuple[str, ...]
    """Mitigations whose last decision was made while the deployment declared this language."""
    not_decided: tuple[str, ...]
    """Mitigations that serve it and were not decided on with this language."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """All of it."""

    layers: tuple[LayerCoverage, ...]
    stages: Mapping[LifecycleStage, tuple[str, ...]]
    catalogues: tuple[CatalogueCoverage, ...]
    languages: tuple[LanguageCoverage, ...]


def coverage(situation: Situation) -> Coverage:
    """Computed from the register, and for languages from the assessed snapshots."""
    active = active_mitigations(situation.register)
    return Coverage(
        layers=layer_coverage(situation.register),
        stages={stage: _names(each for each in active if each.lifecycle_stage is stage) for stage in LifecycleStage},
        catalogues=tuple(_catalogues(active)),
        languages=tuple(_languages(active, situation)),
    )


def _names(mitigations: Iterable[Mitigation]) -> tuple[str, ...]:
    return tuple(each.id for each in mitigations)


def _catalogues(active: Sequence[Mitigation]) -> list[CatalogueCoverage]:
    cited: dict[str, list[tuple[str, str]]] = {}
    for each in active:
        for standard in each.standards:
            known = find_catalogue(standard.catalogue)
            cited.setdefault(known.name if known else standard.catalogue, []).append((standard.control, each.id))
    return [_catalogue(name, pairs) for name, pairs in sorted(cited.items())]


def _catalogue(name: str, pairs: Sequence[tuple[str, str]]) -> CatalogueCoverage:
    known = find_catalogue(name)
    groups: dict[str, tuple[str, ...]] = {}
    unknown: list[str] = []
    for control, mitigation in pairs:
        group = known.group_of(control) if known else control
        if group is None:
            unknown.append(control)
        elif mitigation not in groups.get(group, ()):
            groups[group] = (*groups.get(group, ()), mitigation)
    order = list(known.groups) if known else sorted(groups)
    return CatalogueCoverage(name, known, {group: groups[group] for group in order if group in groups}, tuple(unknown))


def _languages(active: Sequence[Mitigation], situation: Situation) -> list[LanguageCoverage]:
    decisions = situation.history.last_decisions()
    found: list[LanguageCoverage] = []
    for name, entry in situation.register.deployments.items():
        serving = [each.id for each in active if name in each.deployments]
        for language in entry.value.languages:
            decided = tuple(
                mitigation
                for mitigation in serving
                if (last := decisions.get((mitigation, name)))
                and language in _declared(situation.snapshots.get(last.decided.snapshot), name)
            )
            rest = tuple(mitigation for mitigation in serving if mitigation not in decided)
            found.append(LanguageCoverage(name, language, decided, rest))
    return found


def _declared(snapshot: Mapping[str, object] | None, deployment: str) -> tuple[str, ...]:
    """The languages that an assessed snapshot declared for a deployment."""
    deployments = (snapshot or {}).get("deployments")
    written = deployments.get(deployment) if isinstance(deployments, dict) else None
    languages = written.get("languages") if isinstance(written, dict) else None
    return tuple(str(each) for each in languages) if isinstance(languages, list) else ()
