"""Incident-rate triggers that a decision signed, or for which a re-assessment is open, and that something else took the place of.

A wider or narrower watch, another form or another source of exposure beside a looser figure would otherwise quiet what a looser
figure alone does not. A trigger that goes without another one in its place watches no longer: that is for the merge gate.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import ValidationError

from reassay.assessment.incident_rates.figures import stated_figures, watch_key
from reassay.assessment.incident_rates.past_decisions import open_watches, past_decisions
from reassay.assessment.triggers.base import TriggerInput
from reassay.register.incident import Severity
from reassay.register.incident_rate import IncidentRateSpec

_COUNT: Final = "count "
_EXPOSURE: Final = " by "


def replaced_specs(spec: IncidentRateSpec, facts: TriggerInput) -> tuple[IncidentRateSpec, ...]:
    """Those that are in force beside a trigger until a decision signs it; none where it took the place of nothing."""
    decisions = past_decisions(facts)
    signed = decisions[-1].watches() if decisions else {}
    held: dict[str, tuple[str, ...]] = {**signed}
    for key, figures in open_watches(facts).items():
        held[key] = tuple(dict.fromkeys((*held.get(key, ()), *figures)))
    if watch_key(spec) in held:
        return ()
    stated = stated_figures(facts.subject, facts.register)
    went = ((key, figure) for key, figures in held.items() if key not in stated for figure in figures)
    return tuple(own for key, figure in went for own in _of(key, figure, spec))


def _of(key: str, figure: str, spec: IncidentRateSpec) -> Iterator[IncidentRateSpec]:
    """The trigger that a key and a figure of records say; nothing where they had no figure."""
    form, _, watch = key.partition(": ")
    fields: dict[str, object] = {"kind": spec.kind, **_watched(watch)}
    if form == "promise":
        fields["more_than"], _, fields["window"] = figure.rpartition(" in ")
        if str(fields["more_than"]).isdigit():
            fields["more_than"] = int(str(fields["more_than"]))
    else:
        fields |= {"accepted": figure, "stated_by": "nobody"}
    if form == "change":
        # How long a run was signed is not recorded; that of a year finds a rise late rather than never.
        fields |= {"method": "change", "run_length": str(spec.run_length or "1 year")}
    try:
        own = IncidentRateSpec.model_validate_json(json.dumps(fields))
    except ValidationError:
        return
    if "unspecified" not in {own.accepted, own.more_than, own.window}:
        # Who stated it is not recorded.
        yield own.model_copy(
            update={"stated_by": None, "since": spec.since, "depth": spec.depth, "within": spec.within}
        )


def _watched(watch: str) -> Mapping[str, object]:
    what, _, exposure = watch.partition(_EXPOSURE)
    by: dict[str, object] = {"exposure": exposure} if exposure else {}
    if what.startswith(_COUNT):
        return {"count": what.removeprefix(_COUNT), **by}
    kinds, *words = what.split()
    severity = next((word for word in words if word in list(Severity)), None)
    stated = {"at_least": severity} if severity else {}
    return {"kinds": kinds.split("+"), "similar_models": "similar" in words, **stated, **by}
