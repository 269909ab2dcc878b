"""Which models a cell is about: those its deployment runs, or the model itself where a commitment is about models."""

from collections.abc import Mapping

from reassay.register.assessable import Assessable
from reassay.register.commitment import Commitment, SubjectKind
from reassay.register.model import Model
from reassay.register.register import Register


def models_of(subject: Assessable, cell: str, register: Register) -> Mapping[str, Model | None]:
    """Name to declared model; None for one that is only named. Empty if nothing says which model runs."""
    names = _names(subject, cell, register)
    return {name: register.models[name].value if name in register.models else None for name in names}


def _names(subject: Assessable, cell: str, register: Register) -> tuple[str, ...]:
    if isinstance(subject, Commitment) and subject.subject.kind is SubjectKind.MODEL:
        return (cell,)
    if cell in register.deployments:
        named = register.deployments[cell].value.model
        return (named,) if named else ()
    # Everything it serves: what any deployment runs; without deployments, every model there is.
    named_by_any = [entry.value.model for entry in register.deployments.values() if entry.value.model]
    return tuple(dict.fromkeys(named_by_any)) or tuple(register.models)
