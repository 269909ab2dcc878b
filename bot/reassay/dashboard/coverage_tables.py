"""Deployments, layers against threat models, languages and standards, as the dashboard shows them.

A layer counts by the cell of its mitigation in that deployment: last found effective, in time, seen, and on more than a word
(`why_not_a_layer`). Deployments and languages are covered by evidence alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from reassay.assessment.cells import URGENCY, CellStatus
from reassay.assessment.coverage import CatalogueCoverage, Coverage, coverage
from reassay.assessment.effective_layers import uncounted_cells
from reassay.dashboard.coverage_values import (
    DeploymentColumn,
    LanguageCell,
    LayerCell,
    LayerMember,
    LayerRow,
    StandardLine,
)
from reassay.dashboard.dashboard_input import DashboardInput
from reassay.register.deployment import Audience, Deployment
from reassay.register.layers import NO_LAYER, LayerCoverage, Uncounted, declared_places, layer_coverage
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register
from reassay.register.threat_model import ThreatModel

_FACTS: Final = (
    ("access", "access"),
    ("modalities_in", "input"),
    ("modalities_out", "output"),
    ("affordances", "affordances"),
    ("oversight", "oversight"),
    ("languages", "languages"),
    ("regions", "regions"),
    ("domain", "domain"),
    ("users", "users"),
    ("rollout_percent", "rollout (%)"),
    ("host", "host"),
    ("integrations", "integrations"),
    ("age_policy", "age policy"),
    ("since", "since"),
)
"""Fields of a deployment, with their words."""
UNREADABLE: Final = "its register entry cannot be read"
_WIDENING: Final = tuple(Audience)


@dataclass(frozen=True)
class CoverageTables:
    """The coverage of a register as tables. Deployments are from internal to external, and else in the register's order."""

    inputs: DashboardInput

    @cached_property
    def coverage(self) -> Coverage:
        """Coverage as `status --coverage` computes it."""
        return coverage(self.inputs.assessment_input, self.inputs.objects)

    @cached_property
    def _deployments(self) -> Mapping[str, Deployment]:
        entries = self.inputs.assessment_input.register.deployments.items()
        ordered = sorted(entries, key=lambda item: _WIDENING.index(item[1].value.audience))
        return {name: entry.value for name, entry in ordered}

    def deployments(self) -> Iterator[DeploymentColumn]:
        """A column a deployment."""
        bare = {own.deployment: own.not_covered for own in self.coverage.contexts}
        states: dict[str, list[CellStatus]] = {}
        for cell in self.inputs.cells:
            states.setdefault(cell.cell, []).append(cell)
        for name, own in self._deployments.items():
            counts = {str(state): 0 for state in URGENCY}
            for cell in states.get(name, ()):
                counts[str(cell.state)] += 1
            yield DeploymentColumn(
                id=name,
                title=own.title,
                audience=str(own.audience),
                model=own.model or "",
                facts=tuple(_facts(own)),
                states=tuple((state, count) for state, count in counts.items() if count),
                not_covered=bare.get(name, ()),
            )

    def layers(self) -> Iterator[LayerRow]:
        """A row a threat model, with a cell a deployment."""
        threats = self.inputs.assessment_input.register.threat_models
        by_deployment = {name: self._layers_of(name) for name in self._deployments}
        for name, entry in threats.items():
            cells = tuple(
                self._cell(entry.value, deployment, own.get(name)) for deployment, own in by_deployment.items()
            )
            yield LayerRow(threat_model=name, title=entry.value.title, cells=cells)

    @cached_property
    def _uncounted(self) -> Uncounted:
        return uncounted_cells(self.inputs.cells)

    @cached_property
    def _places(self) -> Mapping[str, frozenset[str]]:
        return declared_places(self.inputs.assessment_input.register)

    def _layers_of(self, deployment: str) -> Mapping[str, LayerCoverage]:
        """The layers in one deployment, as if it were the only one of its audience; where a threat does not apply, none."""
        register: Register = self.inputs.assessment_input.register
        alone = replace(register, deployments={deployment: register.deployments[deployment]})
        rows = layer_coverage(alone, self._uncounted, places=self._places)
        return {own.threat_model: own for own in rows if self._applies(own.threat_model, deployment)}

    def _applies(self, threat: str, deployment: str) -> bool:
        where = self._places.get(threat)
        return where is None or deployment in where

    def _cell(self, threat: ThreatModel, deployment: str, own: LayerCoverage | None) -> LayerCell:
        if own is None:
            return LayerCell(threat_model=threat.id, deployment=deployment, applies=False, minimum=0, counted=0)
        members = [
            LayerMember(
                mitigation=name,
                layer="" if layer == NO_LAYER else layer,
                counts=name not in own.uncounted,
                why_not=own.uncounted.get(name, ""),
            )
            for layer, names in own.layers.items()
            for name in names
        ]
        members += self._unreadable(threat.id, deployment)
        counting = [member.mitigation for member in members if member.counts]
        return LayerCell(
            threat_model=threat.id,
            deployment=deployment,
            applies=True,
            minimum=own.minimum,
            counted=own.counted,
            members=tuple(members),
            single_point=counting[0] if len(counting) == 1 else "",
            is_short=own.is_short,
            shared_causes=own.shared_causes,
        )

    @cached_property
    def _lost(self) -> tuple[Mitigation, ...]:
        """Mitigations that cannot be read, as they last were."""
        lost = self.inputs.assessment_input.register_index.unreadable_subjects
        before = (self.inputs.subjects.get(name) for name in lost)
        return tuple(own for own in before if isinstance(own, Mitigation))

    def _unreadable(self, threat: str, deployment: str) -> Iterator[LayerMember]:
        for own in self._lost:
            serves = deployment in own.deployments or not (own.deployments or own.serves)
            if serves and threat in own.threat_models:
                yield LayerMember(mitigation=own.id, layer=str(own.layer or ""), counts=False, why_not=UNREADABLE)

    def languages(self) -> Iterator[LanguageCell]:
        """A cell a language of a deployment."""
        for own in self.coverage.languages:
            yield LanguageCell(
                deployment=own.deployment,
                language=own.language,
                covered=own.covered,
                not_covered=own.not_covered,
                not_decided=own.not_decided,
            )

    def standards(self) -> Iterator[StandardLine]:
        """A line a catalogue that the register cites."""
        for own in self.coverage.catalogues:
            yield StandardLine(
                catalogue=own.catalogue.title if own.catalogue else own.name,
                is_listed=own.catalogue is not None,
                cited=tuple((_group(own, group), names) for group, names in own.cited.items()),
                missing=tuple(_group(own, group) for group in own.missing),
                unknown=own.unknown,
            )


def _group(own: CatalogueCoverage, group: str) -> str:
    """A group of a catalogue with its name: `AC Access Control`."""
    title = own.catalogue.groups.get(group, "") if own.catalogue else ""
    return f"{group} {title}" if title and title != group else group


def _facts(own: Deployment) -> Iterator[tuple[str, str]]:
    for field, words in _FACTS:
        value = getattr(own, field)
        if value not in (None, ()):
            yield words, ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    for exempt in own.safeguard_exemptions:
        yield "exemption", f"{exempt.group} from {exempt.safeguard}: {exempt.reason}"
