"""One module per checklist. A new one is a file here with ORDER, ITEMS and applies(); nothing else lists it."""

from collections.abc import Mapping, Sequence

from reassay.assessment.checklists.base import Item, Subject
from reassay.common.modules import modules_in
from reassay.register.assessable import Assessable
from reassay.register.base import Depth
from reassay.register.register import Register

_MODULES = sorted(modules_in(__name__, __path__, but={"base"}), key=lambda module: int(module.ORDER))


def checklist(
    assessed: Assessable, cells: Sequence[str], depth: Depth, register: Register, screening: Sequence[str] = ()
) -> tuple[Item, ...]:
    """The questions for these cells at this depth, each id once; first what a trigger asks, last the subject's own."""
    covered = [register.deployments[cell].value for cell in cells if cell in register.deployments]
    subject = Subject(assessed, covered, depth)
    first = tuple(dict.fromkeys(screening))
    items = {f"screening-{number}": Item(f"screening-{number}", text) for number, text in enumerate(first, 1)}
    for module in _MODULES:
        if module.applies(subject):
            items |= {item.id: item for item in module.ITEMS}
    own = (Item(extra.id, extra.text, extra.role or "assessor", extra.evidence) for extra in assessed.checklist)
    return tuple((items | {item.id: item for item in own}).values())


def every_item() -> tuple[Item, ...]:
    """All standard questions, in order of their checklists."""
    return tuple(item for module in _MODULES for item in module.ITEMS)


def as_data(items: Sequence[Item]) -> list[Mapping[str, object]]:
    """Plain data, to be frozen in the ledger."""
    return [{"id": item.id, "text": item.text, "role": item.role, "evidence": item.evidence} for item in items]


def from_data(data: object) -> tuple[Item, ...]:
    """Reads what `as_data` wrote; anything else is no checklist and gives none."""
    if not isinstance(data, list):
        return ()
    return tuple(
        Item(str(each["id"]), str(each["text"]), str(each["role"]), bool(each["evidence"]))
        for each in data
        if isinstance(each, dict) and {"id", "text", "role", "evidence"} <= each.keys()
    )
