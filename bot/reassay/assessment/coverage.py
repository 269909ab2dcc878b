"""Coverage of threat models, lifecycle stages, control catalogues and languages by active mitigations, with the gaps.

Coverage is declared in the register, not measured; layers are also counted by the last verdicts. Retired and proposed mitigations
cover nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.effective_layers import uncounted_cells
from reassay.register.catalogues import find_catalogue
from reassay.register.catalogues.base import Catalogue
from reassay.register.layers import LayerCoverage, active_mitigations, layer_coverage
from reassay.register.mitigation import LifecycleStage, Mitigation


@dataclass(frozen=True, slots=True)
class CatalogueCoverage:
    """Coverage of one control catalogue that the register cites."""

    name: str
    catalogue: Catalogue | None
    """None if this program does not have the list of controls; gaps are then unknown."""
    cited: Mapping[str, tuple[str, ...]]
    """Mitigations by group; by control if `catalogue` is None."""
    unknown: tuple[str, ...]
    """Cited controls that the catalogue does not have."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Groups of the catalogue that no mitigation cites."""
        groups = list(self.catalogue.groups) if self.catalogue else []
        if self.catalogue and self.catalogue.is_cumulative and self.cited:
            groups = groups[max(groups.index(group) for group in self.cited) :]
        return tuple(group for group in groups if group not in self.cited)


@dataclass(frozen=True, slots=True)
class LanguageCoverage:
    """Coverage of one language of one deployment."""

    deployment: str
    language: str
    decided: tuple[str, ...]
    """Mitigations whose last decision was made while the deployment declared this language."""
    not_decided: tuple[str, ...]
    """Mitigations of the deployment whose last decision did not cover this language."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of a whole register."""

    layers: tuple[LayerCoverage, ...]
    stages: Mapping[LifecycleStage, tuple[str, ...]]
    catalogues: tuple[CatalogueCoverage, ...]
    languages: tuple[LanguageCoverage, ...]


def coverage(assessment_input: AssessmentInput) -> Coverage:
    """The coverage of a register; that of languages uses the assessed snapshots, too."""
    active = active_mitigations(assessment_input.register)
    return Coverage(
        layers=layer_coverage(assessment_input.register, uncounted_cells(assessment_input.cells)),
        stages={
            stage: _names(mitigation for mitigation in active if mitigation.lifecycle_stage is stage)
            for stage in LifecycleStage
        },
        catalogues=tuple(_catalogues(active)),
        languages=tuple(_languages(active, assessment_input)),
    )


def _names(mitigations: Iterable[Mitigation]) -> tuple[str, ...]:
    return tuple(mitigation.id for mitigation in mitigations)


def _catalogues(active: Sequence[Mitigation]) -> list[CatalogueCoverage]:
    cited: dict[str, list[tuple[str, str]]] = {}
    for mitigation in active:
        for standard in mitigation.standards:
            catalogue = find_catalogue(standard.catalogue)
            cited.setdefault(catalogue.name if catalogue else standard.catalogue, []).append(
                (standard.control, mitigation.id)
            )
    return [_catalogue(name, pairs) for name, pairs in sorted(cited.items())]


def _catalogue(name: str, pairs: Sequence[tuple[str, str]]) -> CatalogueCoverage:
    catalogue = find_catalogue(name)
    groups: dict[str, tuple[str, ...]] = {}
    unknown: list[str] = []
    for control, mitigation in pairs:
        group = catalogue.group_of(control) if catalogue else control
        if group is None:
            unknown.append(control)
        elif mitigation not in groups.get(group, ()):
            groups[group] = (*groups.get(group, ()), mitigation)
    order = list(catalogue.groups) if catalogue else sorted(groups)
    return CatalogueCoverage(
        name, catalogue, {group: groups[group] for group in order if group in groups}, tuple(unknown)
    )


def _languages(active: Sequence[Mitigation], assessment_input: AssessmentInput) -> list[LanguageCoverage]:
    decisions = assessment_input.history.last_decisions()
    languages: list[LanguageCoverage] = []
    for name, entry in assessment_input.register.deployments.items():
        serving = [mitigation.id for mitigation in active if name in mitigation.deployments]
        for language in entry.value.languages:
            decided = tuple(
                mitigation
                for mitigation in serving
                if (last := decisions.get((mitigation, name)))
                and language in _declared(assessment_input.snapshots.get(last.decided.snapshot), name)
            )
            rest = tuple(mitigation for mitigation in serving if mitigation not in decided)
            languages.append(LanguageCoverage(name, language, decided, rest))
    return languages


def _declared(snapshot: Mapping[str, object] | None, deployment: str) -> tuple[str, ...]:
    """The languages that an assessed snapshot declared for a deployment."""
    deployments = (snapshot or {}).get("deployments")
    written = deployments.get(deployment) if isinstance(deployments, dict) else None
    languages = written.get("languages") if isinstance(written, dict) else None
    return tuple(str(language) for language in languages) if isinstance(languages, list) else ()
