"""Subjects of re-assessments, mitigations and commitments: their cells, their models, and whether they are assessed now."""

from collections.abc import Mapping
from datetime import date

from reassay.assessment.register_index import EVERYWHERE
from reassay.common.calendar import Duration
from reassay.register.assessable import Assessable
from reassay.register.base import Status
from reassay.register.commitment import Commitment, Selector, SubjectKind
from reassay.register.mitigation import Mitigation
from reassay.register.model import Model
from reassay.register.register import Register
from reassay.register.selection import listed, not_in_force


def cells_of(subject: Assessable, register: Register) -> tuple[str, ...]:
    """The cells of a subject, each with a clock of its own; `*` alone if it is not divided."""
    if isinstance(subject, Mitigation):
        return subject.cells
    if not isinstance(subject, Commitment):
        return (EVERYWHERE,)
    chosen = subject.subject.selector or Selector()
    match subject.subject.kind:
        case SubjectKind.MODEL:
            return tuple(name for name in register.models if listed(name, chosen))
        case SubjectKind.THREAT_MODEL:
            return tuple(name for name in register.threat_models if listed(name, chosen))
        case SubjectKind.DEPLOYMENT:
            return tuple(
                name
                for name, entry in register.deployments.items()
                if listed(name, chosen) and (not chosen.audiences or entry.value.audience in chosen.audiences)
            )
        case _:
            return (EVERYWHERE,)


def not_assessed(subject: Assessable, register: Register, today: date) -> str | None:
    """Why a subject is not assessed on a day; None if it is."""
    if isinstance(subject, Mitigation) and subject.status is not Status.ACTIVE:
        return f"it is {subject.status}"
    return not_in_force(subject, register, today) if isinstance(subject, Commitment) else None


def is_over(subject: Assessable, register: Register, today: date) -> bool:
    """Whether a subject is retired, or superseded by a commitment in force."""
    if isinstance(subject, Mitigation):
        return subject.status is Status.RETIRED
    stopped = not_assessed(subject, register, today)
    return stopped is not None and isinstance(subject, Commitment) and subject.superseded_by is not None


def grace_of(subject: Assessable) -> Duration:
    """The grace period after the due date, before a cell is overdue."""
    return subject.grace if isinstance(subject, Mitigation) else Duration()


def deployments_of(subject: Assessable, cell: str, register: Register) -> tuple[str, ...]:
    """Ids of the declared deployments that a cell is about: where a mitigation works, a model runs or a threat applies."""
    if isinstance(subject, Commitment) and subject.subject.kind is SubjectKind.MODEL:
        return tuple(name for name, entry in register.deployments.items() if entry.value.model == cell)
    if isinstance(subject, Commitment) and subject.subject.kind is SubjectKind.THREAT_MODEL:
        threat = register.threat_models.get(cell)
        named = threat.value.deployments if threat is not None else ()
        return tuple(name for name in register.deployments if not named or name in named)
    if cell == EVERYWHERE:
        return tuple(register.deployments)
    return (cell,) if cell in register.deployments else ()


def models_of(subject: Assessable, cell: str, register: Register) -> Mapping[str, Model | None]:
    """The models of a cell by id; the value is None for a model that is not declared.

    They are those that its deployment runs, or the model itself where a commitment is about models.
    """
    names = _model_names(subject, cell, register)
    return {name: register.models[name].value if name in register.models else None for name in names}


def _model_names(subject: Assessable, cell: str, register: Register) -> tuple[str, ...]:
    if isinstance(subject, Commitment) and subject.subject.kind is SubjectKind.MODEL:
        return (cell,)
    if cell in register.deployments:
        named = register.deployments[cell].value.model
        return (named,) if named else ()
    # The cell covers everything: the models of all deployments, or all models if no deployment names one.
    named_by_any = [entry.value.model for entry in register.deployments.values() if entry.value.model]
    return tuple(dict.fromkeys(named_by_any)) or tuple(register.models)
