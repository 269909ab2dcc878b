"""Coverage of threat models, lifecycle stages, catalogues, deployments and languages by active mitigations, with the gaps.

Layers are declared, and counted by the last verdicts; stages and controls are declared. Deployments, languages and kinds of
evaluation are covered by evidence alone. Retired and proposed mitigations cover nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.effective_layers import uncounted_cells
from reassay.assessment.evidence_coverage import (
    CoveringEvidence,
    EvaluationCoverage,
    covering_evidence,
    evaluation_coverage,
)
from reassay.register.base import Depth
from reassay.register.catalogues import find_catalogue
from reassay.register.catalogues.base import Catalogue
from reassay.register.control_kinds import ControlKindCoverage, control_kinds
from reassay.register.layers import LayerCoverage, active_mitigations, layer_coverage
from reassay.register.mitigation import LifecycleStage, Mitigation, RmfFunction

Evidence = Mapping[str, Sequence[CoveringEvidence]]
"""Evidence that names slices, by mitigation."""


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
    covered: tuple[str, ...]
    """Mitigations with evidence of this language on this deployment."""
    not_covered: tuple[str, ...]
    """Mitigations of the deployment without such evidence, whatever was decided."""


@dataclass(frozen=True, slots=True)
class ContextCoverage:
    """Coverage of one deployment."""

    deployment: str
    covered: tuple[str, ...]
    """Mitigations with evidence of this deployment."""
    not_covered: tuple[str, ...]
    """Mitigations that serve it and have none."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of a whole register."""

    layers: tuple[LayerCoverage, ...]
    stages: Mapping[LifecycleStage, tuple[str, ...]]
    catalogues: tuple[CatalogueCoverage, ...]
    languages: tuple[LanguageCoverage, ...]
    contexts: tuple[ContextCoverage, ...]
    evaluations: tuple[EvaluationCoverage, ...]
    control_kinds: tuple[ControlKindCoverage, ...] = ()
    functions: Mapping[RmfFunction, tuple[str, ...]] = field(default_factory=dict)
    """Mitigations by function of the NIST AI RMF; empty if none states its function."""
    actors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Mitigations by who carries them out; those that do not say it are left out."""
    weights: tuple[str, ...] = ()
    """Mitigations that protect where weights are held."""


def coverage(assessment_input: AssessmentInput, objects: Mapping[str, object] = MappingProxyType({})) -> Coverage:
    """The coverage of a register. `objects` are readings of results by digest, for languages that a file tells apart."""
    active = active_mitigations(assessment_input.register)
    evidence = covering_evidence(active, assessment_input, objects)
    return Coverage(
        layers=layer_coverage(assessment_input.register, uncounted_cells(assessment_input.cells)),
        stages={
            stage: _names(mitigation for mitigation in active if mitigation.lifecycle_stage is stage)
            for stage in LifecycleStage
        },
        catalogues=tuple(_catalogues(active)),
        languages=tuple(_languages(active, assessment_input, evidence)),
        contexts=tuple(_contexts(active, assessment_input, evidence)),
        evaluations=evaluation_coverage(active, assessment_input),
        control_kinds=control_kinds(assessment_input.register, active),
        functions=_functions(active),
        actors={
            actor: _names(own for own in active if own.actor == actor)
            for actor in sorted({own.actor for own in active if own.actor})
        },
        weights=_names(own for own in active if own.serves == "weights"),
    )


def _functions(active: Sequence[Mitigation]) -> Mapping[RmfFunction, tuple[str, ...]]:
    if not any(own.function for own in active):
        return {}
    return {function: _names(own for own in active if own.function is function) for function in RmfFunction}


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


def _serving(active: Sequence[Mitigation], deployment: str) -> tuple[Mitigation, ...]:
    """The mitigations of a deployment; one that names no deployment serves all, unless it protects weights."""
    return tuple(own for own in active if (not own.deployments and not own.serves) or deployment in own.deployments)


def _contexts(
    active: Sequence[Mitigation], assessment_input: AssessmentInput, evidence: Evidence
) -> Iterator[ContextCoverage]:
    for name in assessment_input.register.deployments:
        serving = _names(_serving(active, name))
        is_covered = {own: any(name in piece.deployments for piece in evidence[own]) for own in serving}
        yield ContextCoverage(name, *(tuple(own for own in serving if is_covered[own] is way) for way in (True, False)))


def _languages(
    active: Sequence[Mitigation], assessment_input: AssessmentInput, evidence: Evidence
) -> Iterator[LanguageCoverage]:
    for name, entry in assessment_input.register.deployments.items():
        # One that names no deployment, such as training of staff, rarely has a language.
        serving = tuple(own for own in active if name in own.deployments)
        for language in entry.value.languages:
            decided = _names(own for own in serving if _is_decided(own, name, language, assessment_input))
            covered = _names(own for own in serving if _is_covered(evidence[own.id], name, language))
            rest, bare = (_names(own for own in serving if own.id not in those) for those in ({*decided}, {*covered}))
            yield LanguageCoverage(name, language, decided, rest, covered, bare)


def _is_covered(evidence: Iterable[CoveringEvidence], deployment: str, language: str) -> bool:
    """Whether one piece of evidence names both the deployment and the language."""
    return any(deployment in piece.deployments and language.casefold() in piece.languages for piece in evidence)


def _is_decided(mitigation: Mitigation, deployment: str, language: str, assessment_input: AssessmentInput) -> bool:
    last = assessment_input.history_index.last[Depth.LIGHT].get((mitigation.id, deployment))
    return last is not None and language in _declared(assessment_input.snapshots.get(last.decided.snapshot), deployment)


def _declared(snapshot: Mapping[str, object] | None, deployment: str) -> tuple[str, ...]:
    """The languages that an assessed snapshot declared for a deployment."""
    deployments = (snapshot or {}).get("deployments")
    written = deployments.get(deployment) if isinstance(deployments, dict) else None
    languages = written.get("languages") if isinstance(written, dict) else None
    return tuple(str(language) for language in languages) if isinstance(languages, list) else ()
