"""The content of the register that a re-assessment is about, as a digest."""

from __future__ import annotations

from collections.abc import Sequence

from reassay.register.c14n import content_digest
from reassay.register.register import Register


def content_of(subject: str, cells: Sequence[str], register: Register) -> str | None:
    """The digest of a subject and the deployments covered, as written now; None if the subject cannot be read."""
    entry = register.subjects.get(subject)
    if entry is None:
        return None
    deployments = {cell: register.deployments[cell].written for cell in cells if cell in register.deployments}
    return content_digest({"subject": entry.written, "covered": deployments})
