"""redundancy-lost: fires when a sibling against the same threat model failed or retired, or too few layers are left."""

from collections.abc import Iterator
from itertools import filterfalse

from reassay.assessment.history_index import WITHDRAWN, CellDecision
from reassay.assessment.register_index import EVERYWHERE
from reassay.assessment.snapshot import LAYERS, LAYERS_WHERE, SIBLINGS
from reassay.assessment.triggers.base import Fired, LastAssessment, Result, Skipped, StatedTrigger, TriggerInput
from reassay.register.base import Status
from reassay.register.layers import LayerCoverage
from reassay.register.mitigation import Mitigation
from reassay.register.trigger_specs import RedundancyLostSpec

KIND = "redundancy-lost"
_RANK = {"effective": 0, "degraded": 1, "withdrawn": 1, "ineffective": 2}


def evaluate(spec: RedundancyLostSpec, facts: TriggerInput) -> Result:
    """The result for losses since the last assessment; older ones do not count, so two failing siblings do not alternate."""
    last = facts.baseline(spec.depth)
    if not isinstance(facts.subject, Mitigation):
        return Skipped(KIND, "only mitigations have siblings", is_certain=True)
    if not facts.subject.threat_models:
        return Skipped(
            KIND, "it names no threat model, so no mitigation is known to share a threat with it", is_certain=True
        )
    if last is None:
        return Skipped(KIND, "it was never assessed, so there is nothing to compare with", is_certain=True)
    lost = tuple(dict.fromkeys(_lost(facts.subject, last, facts)))
    if lost:
        return Fired(KIND, f"since {last.words()}: {'; '.join(lost)}", about=", ".join(lost))
    return Skipped(KIND, f"nothing that shares a threat with it was lost since {last.words()}")


def _lost(own: Mitigation, last: LastAssessment, facts: TriggerInput) -> Iterator[str]:
    for threat in own.threat_models:
        if not _applies(threat, facts):
            continue
        were_active = last.part(SIBLINGS).get(threat)
        for sibling in facts.register_index.troubled.get(threat, ()):
            if sibling.id == own.id:
                continue
            if sibling.status is Status.RETIRED and isinstance(were_active, list) and sibling.id in were_active:
                yield f"{sibling.id} was retired ({threat})"
            elif sibling.status is Status.ACTIVE and (word := _worse(sibling.id, last, facts)):
                loss = "has a record that was withdrawn" if word == WITHDRAWN else f"was found {word}"
                yield f"{sibling.id} {loss} ({threat})"
        were = were_active if isinstance(were_active, list) else ()
        for name in filterfalse(facts.register.mitigations.__contains__, were):
            if not facts.register.declares_mitigation(name):
                yield f"{name} is no longer in the register ({threat})"
        yield from _lost_layers(threat, last, facts)


def _worse(sibling: str, last: LastAssessment, facts: TriggerInput) -> str | None:
    """The decision about a sibling if it is worse than at the last assessment; None if not."""
    decisions = [
        decision for cell, decision in facts.register_index.decisions.get(sibling, ()) if _overlap(cell, facts.cell)
    ]
    then = [decision for decision in decisions if _known_at(decision, last)]
    now = decisions[-1] if decisions else None
    before = _RANK[then[-1].decision] if then else 0
    return now.decision if now is not None and _RANK[now.decision] > before else None


def _overlap(cell: str, other: str) -> bool:
    return cell == other or EVERYWHERE in {cell, other}


def _known_at(decision: CellDecision, last: LastAssessment) -> bool:
    return decision.seq <= last.seq if last.seq is not None else decision.on <= last.on


def _applies(threat: str, facts: TriggerInput) -> bool:
    """Whether a threat model applies in the cell; a cell that is not a deployment covers all of them."""
    where = facts.register_index.places.get(threat)
    return where is None or facts.cell in where or facts.cell not in facts.register.deployments


def _lost_layers(threat: str, last: LastAssessment, facts: TriggerInput) -> Iterator[str]:
    """Layers that are gone, counted in the deployments where the snapshot counted them, so that only a loss is one.

    Too few are left if they are too few there, or where the threat model applies now.
    """
    then = last.part(LAYERS).get(threat)
    if not isinstance(then, dict):
        return
    alike = {
        coverage.audience: coverage for coverage in facts.register_index.layers_at(threat, _where(threat, last, facts))
    }
    for now in facts.register_index.layers.get(threat, ()):
        before, left = then.get(str(now.audience)), alike.get(now.audience, now)
        count = min(now.counted, left.counted)
        if _concerns(now, facts) and isinstance(before, int) and before > left.counted and count < now.minimum:
            word = "layer" if count == 1 else "layers"
            yield f"{threat} has {count} {word} before {now.audience}, {now.minimum} are wanted"


def _where(threat: str, last: LastAssessment, facts: TriggerInput) -> frozenset[str] | None:
    """The deployments in which the snapshot counted the layers of a threat model; None if in all.

    A deployment that the register does not have any more is left out.
    """
    stated = last.part(LAYERS_WHERE).get(threat)
    if not isinstance(stated, list):
        return None
    return frozenset(stated) & facts.register.deployments.keys()


def _concerns(coverage: LayerCoverage, facts: TriggerInput) -> bool:
    """Whether a cell is concerned: by the layers of its audience, or by all if it has no deployment."""
    deployment = facts.register.deployments.get(facts.cell)
    return deployment is None or deployment.value.audience is coverage.audience


TRIGGER = StatedTrigger(
    KIND,
    RedundancyLostSpec,
    evaluate,
    frozenset({"deployment", "mitigation", "threat-model"}),
    for_every_mitigation=RedundancyLostSpec.model_construct(kind="redundancy-lost"),
)
