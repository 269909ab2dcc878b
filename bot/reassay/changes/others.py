"""Changes of all other kinds of objects: those that weaken mitigations, and those that are only recorded."""

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
    "deployment": (Direction.LOOSER, "a new deployment, for which its mitigations were never assessed"),
    "threat-model": (Direction.TIGHTER, "one more threat is covered"),
    "commitment": (Direction.TIGHTER, "one more commitment"),
    "risk-acceptance": (Direction.LOOSER, "a risk is accepted"),
    "delegation": (Direction.LOOSER, "another person may act in a role"),
    "past-assessment": (Direction.LOOSER, "an imported, unverified record may move a due date"),
}
"""Kind -> direction of and reason for adding an object; other kinds are only recorded."""
WENT: Mapping[str, tuple[Direction, str]] = {
    "mitigation": (Direction.LOOSER, "it no longer mitigates anything"),
    "deployment": (Direction.TIGHTER, "it is no longer available"),
    "threat-model": (Direction.LOOSER, "a threat is no longer covered"),
    "model": (Direction.LOOSER, "its figures are no longer stated"),
    "commitment": (Direction.LOOSER, "a commitment was removed"),
    "incident": (Direction.LOOSER, "a recorded incident was removed"),
    "information-item": (Direction.LOOSER, "recorded information was removed"),
    "risk-acceptance": (Direction.TIGHTER, "a risk is no longer accepted"),
    "evidence-item": (Direction.LOOSER, "evidence on which decisions may be based was removed"),
    "delegation": (Direction.TIGHTER, "a role is no longer lent"),
    "past-assessment": (Direction.TIGHTER, "an imported record no longer counts"),
}


def threat_model_halves(before: ThreatModel, after: ThreatModel) -> Iterator[FieldChange]:
    """Changes of a threat model: required layers and covered deployments."""
    for name in _LAYERS:
        old, new = getattr(before.minimum_layers, name), getattr(after.minimum_layers, name)
        if old != new:
            why = ("fewer layers are required", "more layers are required")[new > old]
            yield (tighter if new > old else looser)(
                f"minimum_layers.{name.replace('_', '-')}", "raised" if new > old else "lowered", old, new, why
            )
    old_where, new_where = before.deployments, after.deployments
    if old_where != new_where:
        if not new_where:
            yield tighter("deployments", "removed", list(old_where), None, "it now applies everywhere")
        elif not old_where:
            yield looser("deployments", "added", None, list(new_where), "it applied everywhere")
        else:
            reasons = ("it applies in one more deployment", "it no longer applies there")
            yield from members("deployments", old_where, new_where, more=Direction.TIGHTER, why=reasons)
    yield from rest(before, after, {"minimum_layers", "deployments"})


def model_halves(before: Model, after: Model) -> Iterator[FieldChange]:
    """Changes of a model; another version was not assessed."""
    for name in ("version", "derived_from"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield looser(name, "changed", old, new, "not the assessed model")
    yield from rest(before, after, {"version", "derived_from"})


def commitment_changes(before: Commitment, after: Commitment, configuration: Configuration) -> Iterator[FieldChange]:
    """Changes of a commitment; text that cannot be compared counts as looser."""
    yield from assessable_changes(before, after, configuration)
    triggers = [[plain(trigger) for trigger in subject.triggers] for subject in (before, after)]
    why = ("one more trigger", "a trigger was removed or changed")
    yield from members("triggers", triggers[0], triggers[1], more=Direction.TIGHTER, why=why)
    if before.depth != after.depth:
        way = tighter if after.depth is Depth.FULL else looser
        yield way("depth", "changed", before.depth, after.depth, "the required depth")
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
            why_changed = "the commitment's text cannot be compared, so it may be weaker"
            yield looser(name, "changed", plain(old), plain(new), why_changed)
    done = {"triggers", "depth", "statement", "subject", "must_complete", "within", "in_force_from", "superseded_by",
            "deadlines", "outputs", "version", "owner", "assessor", "assessors", "last_assessed", "checklist", "approval",
            "formerly"}  # fmt: skip
    yield from rest(before, after, done)


def incident_halves(before: Incident, after: Incident) -> Iterator[FieldChange]:
    """Changes of an incident; a lower severity counts as looser."""
    ranks = list(Severity)
    old, new = before.severity, after.severity
    if old != new:
        way = tighter if ranks.index(new) > ranks.index(old) else looser
        yield way("severity", "raised" if way is tighter else "lowered", old, new, "its severity")
    why = ("one more mitigation failed", "a mitigation is no longer listed as failed")
    yield from members(
        "mitigations_failed", before.mitigations_failed, after.mitigations_failed, more=Direction.TIGHTER, why=why
    )
    yield from rest(before, after, {"severity", "mitigations_failed"})


def information_halves(before: InformationItem, after: InformationItem) -> Iterator[FieldChange]:
    """Changes of an information item; less material counts as looser."""
    why = ("it affects one more object", "it no longer affects it")
    yield from members("affects", before.affects, after.affects, more=Direction.TIGHTER, why=why)
    if before.triage != after.triage:
        material = after.triage is not None and after.triage.material
        way = tighter if material else looser
        yield way("triage", "changed", plain(before.triage), plain(after.triage), "its materiality")
    yield from rest(before, after, {"affects", "triage"})


def acceptance_halves(before: RiskAcceptance, after: RiskAcceptance) -> Iterator[FieldChange]:
    """Changes of a risk acceptance."""
    if before.expires_at != after.expires_at:
        later = after.expires_at > before.expires_at
        way = looser if later else tighter
        yield way("expires_at", "later" if later else "earlier", str(before.expires_at), str(after.expires_at),
                  "accepted for longer" if later else "accepted for a shorter time")  # fmt: skip
    why = ("more is accepted", "less is accepted")
    yield from members("mitigations", before.mitigations, after.mitigations, more=Direction.LOOSER, why=why)
    if before.deployments != after.deployments:
        yield looser(
            "deployments",
            "changed",
            list(before.deployments),
            list(after.deployments),
            "accepted for other deployments",
        )
    yield from rest(before, after, {"expires_at", "mitigations", "deployments"})


def anything_halves(before: object, after: object) -> Iterator[FieldChange]:
    """Changes of delegations and imported records, all of which count as looser."""
    for field_change in rest(before, after, {"title", "description"}):
        yield looser(
            field_change.field,
            "changed",
            field_change.before,
            field_change.after,
            "it differs from what was agreed",
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
"""Kind -> rule; changes of evidence are only recorded."""
