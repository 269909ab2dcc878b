"""The standard checklists, one module each. A new one is a file here with its CHECKLIST, and a line in CHECKLISTS."""

from collections.abc import Mapping, Sequence
from datetime import date

from reassay.assessment.checklists import commitment, common, external, internal, light, security
from reassay.assessment.checklists.base import Checklist, ChecklistInput, ChecklistItem
from reassay.assessment.joined import AskedItem, extra_items
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


def checklist(  # noqa: PLR0913, PLR0917 -- what a checklist depends on
    assessed: Assessable, cells: Sequence[str], depth: Depth, register: Register, today: date, screening: Sequence[str] = ()
) -> tuple[ChecklistItem, ...]:  # fmt: skip
    """The items for these cells at this depth.

    Screening questions, standard items, those of the subject, then those of the commitments about it. An item of the subject
    replaces the standard one of the same id. An item of a commitment replaces none: its id begins with the commitment's.
    """
    covered = [register.deployments[cell].value for cell in cells if cell in register.deployments]
    subject = ChecklistInput(assessed, covered, depth)
    first = tuple(dict.fromkeys(screening))
    items = {f"screening-{number}": ChecklistItem(f"screening-{number}", text) for number, text in enumerate(first, 1)}
    for standard in CHECKLISTS:
        if standard.applies(subject):
            items |= {item.id: item for item in standard.items}
    items |= {item.id: item for item in map(_extra, extra_items(assessed, register, today))}
    return tuple(items.values())


def _extra(asked: AskedItem) -> ChecklistItem:
    name = f"{asked.asked_by}:{asked.item.id}" if asked.asked_by else asked.item.id
    item = asked.item
    return ChecklistItem(name, item.text, item.role or "assessor", item.evidence, asked.asked_by, item.answer)


def every_item() -> tuple[ChecklistItem, ...]:
    """All standard items, in order of their checklists."""
    return tuple(item for standard in CHECKLISTS for item in standard.items)


def as_data(items: Sequence[ChecklistItem]) -> list[Mapping[str, object]]:
    """Items as plain data for the ledger. `asked_by` is left out where no commitment asks, `answer` where it is yes or no."""
    return [
        {"id": item.id, "text": item.text, "role": item.role, "evidence": item.evidence}
        | ({"asked_by": item.asked_by} if item.asked_by else {})
        | ({"answer": item.answer} if item.answer != "yes-no" else {})
        for item in items
    ]


def from_data(data: object) -> tuple[ChecklistItem, ...]:
    """Items from the plain data that `as_data` returns; empty for anything else. What was asked before is asked as it was."""
    if not isinstance(data, list):
        return ()
    return tuple(
        ChecklistItem(
            str(item["id"]),
            str(item["text"]),
            str(item["role"]),
            bool(item["evidence"]),
            str(item["asked_by"]) if item.get("asked_by") else None,
            "words" if item.get("answer") == "words" else "yes-no",
        )
        for item in data
        if isinstance(item, dict) and {"id", "text", "role", "evidence"} <= item.keys()
    )
