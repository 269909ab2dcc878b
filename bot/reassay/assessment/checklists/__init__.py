"""The standard checklists, one module each. A new one is a file here with its CHECKLIST, and a line in CHECKLISTS."""

from collections.abc import Mapping, Sequence

from reassay.assessment.checklists import commitment, common, external, internal, light, security
from reassay.assessment.checklists.base import Checklist, ChecklistInput, ChecklistItem
from reassay.register.assessable import Assessable
from reassay.register.base import Depth
from reassay.register.register import Register

CHECKLISTS: tuple[Checklist, ...] = (
    light.CHECKLIST,
    commitment.CHECKLIST,
    common.CHECKLIST,
    internal.CHECKLIST,
    external.CHECKLIST,
    security.CHECKLIST,
)
"""The standard checklists in order of their questions."""


def checklist(
    assessed: Assessable, cells: Sequence[str], depth: Depth, register: Register, screening: Sequence[str] = ()
) -> tuple[ChecklistItem, ...]:
    """The items for these cells at this depth: screening questions, standard items, then those of the subject.

    An item of the subject replaces the standard one of the same id.
    """
    covered = [register.deployments[cell].value for cell in cells if cell in register.deployments]
    subject = ChecklistInput(assessed, covered, depth)
    first = tuple(dict.fromkeys(screening))
    items = {f"screening-{number}": ChecklistItem(f"screening-{number}", text) for number, text in enumerate(first, 1)}
    for standard in CHECKLISTS:
        if standard.applies(subject):
            items |= {item.id: item for item in standard.items}
    own = (
        ChecklistItem(extra.id, extra.text, extra.role or "assessor", extra.evidence) for extra in assessed.checklist
    )
    return tuple((items | {item.id: item for item in own}).values())


def every_item() -> tuple[ChecklistItem, ...]:
    """All standard items, in order of their checklists."""
    return tuple(item for standard in CHECKLISTS for item in standard.items)


def as_data(items: Sequence[ChecklistItem]) -> list[Mapping[str, object]]:
    """Items as plain data for the ledger."""
    return [{"id": item.id, "text": item.text, "role": item.role, "evidence": item.evidence} for item in items]


def from_data(data: object) -> tuple[ChecklistItem, ...]:
    """Items from the plain data that `as_data` returns; empty for anything else."""
    if not isinstance(data, list):
        return ()
    return tuple(
        ChecklistItem(str(item["id"]), str(item["text"]), str(item["role"]), bool(item["evidence"]))
        for item in data
        if isinstance(item, dict) and {"id", "text", "role", "evidence"} <= item.keys()
    )
