"""The incidents of a register that a trigger counts, as a series."""

from datetime import UTC

from reassay.register.incident_rate import IncidentRateSpec
from reassay.register.register import Register
from reassay.signals.replay.series import SeriesIncident


def register_incidents(spec: IncidentRateSpec, mitigation: str, register: Register) -> tuple[SeriesIncident, ...]:
    """The incidents that say this mitigation failed, of the kinds and severities that the trigger counts."""
    incidents = (entry.value for entry in register.incidents.values())
    return tuple(
        SeriesIncident(
            own.first_seen_at.astimezone(UTC).date(),
            own.root_cause or own.id,
            own.occurred_at.astimezone(UTC).date() if own.occurred_at else None,
        )
        for own in incidents
        if mitigation in own.mitigations_failed
        and own.kind in spec.kinds
        and (spec.at_least is None or own.severity.reaches(spec.at_least))
        and (spec.similar_models or not own.similar_model)
    )
