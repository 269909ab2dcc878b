"""All other kinds of object: what takes something away from the mitigations, and what is only recorded."""

from collections.abc import Callable, Iterator, Mapping

from reassay.changes.base import Direction, FieldChange, looser, members, neutral, plain, rest, tighter
from reassay.changes.mitigation import assessable_changes
from reassay.register.acceptance import RiskAcceptance
from reassay.register.base import Depth
from reassay.register.commitment import Commitment
from reassay.register.configuration import Configuration
from reassay.register.incident import Incident, Severity
from reassay.register.information import InformationItem
from reassay.register.model import Model
from reassay.register.threat_model import ThreatModel

_LAYERS = ("internal", "trusted_testers", "external")
CAME: Mapping[str, tuple[Direction, str]] = {
    "mitigation": (Direction.TIGHTER, "a new mitigation; its first assessment comes due"),
    "deployment": (Direction.LOOSER, "a new deployment: what serves it was never assessed there"),
    "threat-model": (Direction.TIGHTER, "one more threat is looked at"),
    "commitment": (Direction.TIGHTER, "one more promise"),
    "risk-acceptance": (Direction.LOOSER, "a risk is accepted"),
    "delegation": (Direction.LOOSER, "somebody else may act in a role"),
    "past-assessment": (Direction.LOOSER, "an imported record may move a clock, and nothing verifies it"),
}
"""What a new object of a kind means; recorded where it is not named."""
WENT: Mapping[str, tuple[Direction, str]] = {
    "mitigation": (Direction.LOOSER, "it holds nothing down any more"),
    "deployment": (Direction.TIGHTER, "it is not available any more"),
    "threat-model": (Direction.LOOSER, "a threat is not looked at any more"),
    "model": (Direction.LOOSER, "nothing says any more which figures it has"),
    "commitment": (Direction.LOOSER, "a promise is gone"),
    "incident": (Direction.LOOSER, "an incident that was recorded is gone"),
    "information-item": (Direction.LOOSER, "news that was recorded is gone"),
    "risk-acceptance": (Direction.TIGHTER, "a risk is not accepted any more"),
    "evidence-item": (Direction.LOOSER, "evidence that decisions may rest on is gone"),
    "delegation": (Direction.TIGHTER, "a role is not lent any more"),
    "past-assessment": (Direction.TIGHTER, "an imported record counts no more"),
}


def threat_model_halves(before: ThreatModel, after: ThreatModel) -> Iterator[FieldChange]:
    """Fewer layers wanted, or fewer deployments looked at."""
    for name in _LAYERS:
        old, new = getattr(before.minimum_layers, name), getattr(after.minimum_layers, name)
        if old != new:
            why = ("fewer layers are wanted", "more layers are wanted")[new > old]
            yield (tighter if new > old else looser)(
                f"minimum_layers.{name.replace('_', '-')}", "raised" if new > old else "lowered", old, new, why
            )
    old_where, new_where = before.deployments, after.deployments
    if old_where != new_where:
        if not new_where:
            yield tighter("deployments", "removed", list(old_where), None, "it applies everywhere now")
        elif not old_where:
            yield looser("deployments", "added", None, list(new_where), "it applied everywhere")
        else:
            reasons = ("it applies in one more deployment", "it does not apply there any more")
            yield from members("deployments", old_where, new_where, more=Direction.TIGHTER, why=reasons)
    yield from rest(before, after, {"minimum_layers", "deployments"})


def model_halves(before: Model, after: Model) -> Iterator[FieldChange]:
    """Another version is another model than the one assessed."""
    for name in ("version", "derived_from"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield looser(name, "changed", old, new, "the model is another than the one assessed")
    yield from rest(before, after, {"version", "derived_from"})


def commitment_changes(before: Commitment, after: Commitment, configuration: Configuration) -> Iterator[FieldChange]:
    """What asks for less than was promised, or cannot be compared."""
    yield from assessable_changes(before, after, configuration)
    triggers = [[plain(trigger) for trigger in subject.triggers] for subject in (before, after)]
    why = ("one more trigger", "a trigger is gone or asks for something else")
    yield from members("triggers", triggers[0], triggers[1], more=Direction.TIGHTER, why=why)
    if before.depth != after.depth:
        way = tighter if after.depth is Depth.FULL else looser
        yield way("depth", "changed", before.depth, after.depth, "how thorough it has to be")
    for name in (
        "statement",
        "subject",
        "must_complete",
        "within",
        "in_force_from",
        "superseded_by",
        "deadlines",
        "outputs",
    ):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            why_changed = "what was promised cannot be compared, so less cannot be ruled out"
            yield looser(name, "changed", plain(old), plain(new), why_changed)
    done = {"triggers", "depth", "statement", "subject", "must_complete", "within", "in_force_from", "superseded_by",
            "deadlines", "outputs", "version", "owner", "assessor", "assessors", "last_assessed", "checklist", "approval",
            "formerly"}  # fmt: skip
    yield from rest(before, after, done)


def incident_halves(before: Incident, after: Incident) -> Iterator[FieldChange]:
    """An incident that is made to look smaller than it was recorded."""
    ranks = list(Severity)
    old, new = before.severity, after.severity
    if old != new:
        way = tighter if ranks.index(new) > ranks.index(old) else looser
        yield way("severity", "raised" if way is tighter else "lowered", old, new, "how severe it was")
    why = ("one more mitigation did not hold", "a mitigation is not said to have failed any more")
    yield from members(
        "mitigations_failed", before.mitigations_failed, after.mitigations_failed, more=Direction.TIGHTER, why=why
    )
    yield from rest(before, after, {"severity", "mitigations_failed"})


def information_halves(before: InformationItem, after: InformationItem) -> Iterator[FieldChange]:
    """News that is made to look less material."""
    why = ("it bears on one more", "it does not bear on it any more")
    yield from members("affects", before.affects, after.affects, more=Direction.TIGHTER, why=why)
    if before.triage != after.triage:
        material = after.triage is not None and after.triage.material
        way = tighter if material else looser
        yield way("triage", "changed", plain(before.triage), plain(after.triage), "whether it is material")
    yield from rest(before, after, {"affects", "triage"})


def acceptance_halves(before: RiskAcceptance, after: RiskAcceptance) -> Iterator[FieldChange]:
    """More is accepted, or for longer."""
    if before.expires_at != after.expires_at:
        later = after.expires_at > before.expires_at
        way = looser if later else tighter
        yield way("expires_at", "later" if later else "earlier", str(before.expires_at), str(after.expires_at),
                  "accepted for longer" if later else "accepted for a shorter time")  # fmt: skip
    why = ("more is accepted", "less is accepted")
    yield from members("mitigations", before.mitigations, after.mitigations, more=Direction.LOOSER, why=why)
    if before.deployments != after.deployments:
        yield looser("deployments", "changed", list(before.deployments), list(after.deployments), "accepted elsewhere")
    yield from rest(before, after, {"expires_at", "mitigations", "deployments"})


def anything_halves(before: object, after: object) -> Iterator[FieldChange]:
    """A kind where any change may loosen: delegations and imported records."""
    for field_change in rest(before, after, {"title", "description"}):
        yield looser(
            field_change.field,
            "changed",
            field_change.before,
            field_change.after,
            "it says something else than was agreed to",
        )
    for name in ("title", "description"):
        if getattr(before, name, None) != getattr(after, name, None):
            yield neutral(name, getattr(before, name, None), getattr(after, name, None))


RULES: Mapping[str, Callable[..., Iterator[FieldChange]]] = {
    "threat-model": threat_model_halves,
    "model": model_halves,
    "incident": incident_halves,
    "information-item": information_halves,
    "risk-acceptance": acceptance_halves,
    "delegation": anything_halves,
    "past-assessment": anything_halves,
}
"""By kind; evidence is only recorded."""
