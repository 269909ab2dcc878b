"""Mitigations that a commitment selects, and whether it is in force."""

from datetime import date

from reassay.register.commitment import Commitment, Selector, SubjectKind
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register


def listed(name: str, selector: Selector) -> bool:
    """Whether a selector lists an id, or lists none."""
    return not selector.ids or name in selector.ids


def selects(commitment: Commitment, mitigation: Mitigation, register: Register) -> bool:
    """Whether the selector of a commitment selects a mitigation. Keys that it leaves out select everything."""
    chosen = commitment.subject.selector or Selector()
    audiences = {
        register.deployments[name].value.audience for name in mitigation.deployments if name in register.deployments
    }
    everywhere = not mitigation.deployments
    # A deployment that cannot be read may be for any audience.
    any_audience = everywhere or any(name not in register.deployments for name in mitigation.deployments)
    return (
        commitment.subject.kind is SubjectKind.MITIGATION
        and listed(mitigation.id, chosen)
        and (not chosen.threat_models or bool({*chosen.threat_models} & {*mitigation.threat_models}))
        and (not chosen.deployments or everywhere or bool({*chosen.deployments} & {*mitigation.deployments}))
        and (not chosen.audiences or any_audience or bool({*chosen.audiences} & audiences))
        and (not chosen.layers or mitigation.layer in chosen.layers)
    )


def not_in_force(commitment: Commitment, register: Register, today: date) -> str | None:
    """Why a commitment is not in force on a day; None if it is."""
    if commitment.in_force_from and commitment.in_force_from > today:
        return f"it is in force from {commitment.in_force_from}"
    successor = register.commitments.get(commitment.superseded_by or "")
    if successor is not None and not (successor.value.in_force_from and successor.value.in_force_from > today):
        return f"{successor.value.id} has taken its place"
    return None
