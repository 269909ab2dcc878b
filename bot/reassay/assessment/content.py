"""The content of the register that a re-assessment is about, as a digest."""

from __future__ import annotations

from collections.abc import Sequence

from reassay.assessment.subjects import deployments_of, models_of
from reassay.register.c14n import content_digest
from reassay.register.register import Register


def content_of(subject: str, cells: Sequence[str], register: Register) -> str | None:
    """The digest of a subject and the deployments covered, as written now; None if the subject cannot be read."""
    entry = register.subjects.get(subject)
    if entry is None:
        return None
    deployments = {cell: register.deployments[cell].written for cell in cells if cell in register.deployments}
    return content_digest({"subject": entry.written, "covered": deployments})


def proposed_content(subject: str, cells: Sequence[str], register: Register) -> str | None:
    """The digest of all that a decision before a change is about: subject, every deployment of the cells, and its models.

    It is that of `content_of` where the cells are deployments and no model of theirs is declared. None if the subject
    cannot be read.
    """
    entry = register.subjects.get(subject)
    if entry is None:
        return None
    served = {name for cell in cells for name in deployments_of(entry.value, cell, register)}
    models = {name for cell in cells for name, model in models_of(entry.value, cell, register).items() if model}
    content: dict[str, object] = {
        "subject": entry.written,
        "covered": {name: register.deployments[name].written for name in sorted(served)},
    }
    if models:
        content["models"] = {name: register.models[name].written for name in sorted(models)}
    return content_digest(content)
