"""Changes of threat models, models, risk acceptances, delegations and imported records."""

from collections.abc import Iterator, Mapping

from reassay.changes.base import Direction, FieldChange, looser, narrowed, rest, tighter
from reassay.changes.terms import Terms
from reassay.register.acceptance import RiskAcceptance
from reassay.register.base import Described
from reassay.register.model import Model
from reassay.register.threat_model import MinimumLayers, ThreatModel

MODEL_EFFECTLESS: Mapping[str, str] = {"title": "a name for lists; a model is identified by its id and version"}
"""Field of a model -> how it is known that its change has no effect."""


def threat_model_changes(before: ThreatModel, after: ThreatModel) -> Iterator[FieldChange]:
    """Changes of a threat model: required layers and covered deployments; its prose cannot be compared."""
    for name in MinimumLayers.model_fields:
        old, new = getattr(before.minimum_layers, name), getattr(after.minimum_layers, name)
        if old != new:
            why = ("fewer layers are required", "more layers are required")[new > old]
            yield (tighter if new > old else looser)(
                f"minimum_layers.{name.replace('_', '-')}", "raised" if new > old else "lowered", old, new, why
            )
    yield from narrowed(
        "deployments", before.deployments, after.deployments, less=Direction.LOOSER,
        why={"all": "it now applies everywhere", "some": "it applied everywhere",
             "more": "it applies in one more deployment", "fewer": "it no longer applies there"},
    )  # fmt: skip
    yield from rest(before, after, {"minimum_layers", "deployments"})


def model_changes(before: Model, after: Model) -> Iterator[FieldChange]:
    """Changes of a model; another version was not assessed, and its figures feed thresholds in both directions."""
    for name in ("version", "derived_from"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield looser(name, "changed", old, new, "not the assessed model")
    yield from rest(before, after, {"version", "derived_from"}, MODEL_EFFECTLESS)


def acceptance_changes(before: RiskAcceptance, after: RiskAcceptance, terms: Terms) -> Iterator[FieldChange]:
    """Changes of a risk acceptance. Its end asks for a re-assessment, so covering less is not provably tighter."""
    old, new = before.expires_at, after.expires_at
    if old != new and terms.comes_closer(old, new):
        yield tighter("expires_at", "earlier", str(old), str(new), "accepted for a shorter time")
    elif old != new:
        word, why = (
            ("later", "accepted for longer")
            if new > old
            else ("earlier", "its end is in the past, so it may count as settled")
        )
        yield looser("expires_at", word, str(old), str(new), why)
    yield from rest(before, after, {"expires_at"})


def agreed_changes(before: Described, after: Described) -> Iterator[FieldChange]:
    """Changes of delegations and imported records: each differs from what was agreed or imported."""
    yield from rest(before, after, ())
