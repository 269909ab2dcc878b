"""Changes of approval steps and checklist questions."""

from collections.abc import Iterator, Sequence

from reassay.changes.base import FieldChange, looser, plain, tighter
from reassay.register.approval import ApprovalStep
from reassay.register.assessable import ExtraItem


def approval_changes(
    field: str, before: Sequence[ApprovalStep], after: Sequence[ApprovalStep]
) -> Iterator[FieldChange]:
    """Changes of approval steps. A step is kept if a later step in order requires at least as much."""
    at, lost = 0, False
    for number, step in enumerate(before, 1):
        match = next((index for index in range(at, len(after)) if _asks_no_less(step, after[index])), None)
        if match is None:
            lost = True
            now = after[number - 1] if number <= len(after) else None
            why = "an approval step was removed" if now is None else "an approval step requires less, or something else"
            yield looser(
                field, "removed" if now is None else "loosened", plain(step), plain(now), f"step {number}: {why}"
            )
        else:
            at = match + 1
    more = [plain(step) for step in after if step not in before]
    if more and not lost:
        yield tighter(field, "tightened", len(before), more, "approval steps were added, or require more")


def _asks_no_less(before: ApprovalStep, after: ApprovalStep) -> bool:
    return (
        (before.role, before.kind) == (after.role, after.kind)
        and after.min >= before.min
        and set(before.excludes) <= set(after.excludes)
        and after.when in {before.when, None}
    )


def checklist_changes(field: str, before: Sequence[ExtraItem], after: Sequence[ExtraItem]) -> Iterator[FieldChange]:
    """Changes of checklist questions; a removed or rewritten question counts as looser."""
    old, new = {entry.id: entry for entry in before}, {entry.id: entry for entry in after}
    for name, item in old.items():
        if name not in new:
            yield looser(f"{field}.{name}", "removed", item.text, None, "a question is no longer asked")
        elif new[name] != item:
            yield looser(f"{field}.{name}", "changed", plain(item), plain(new[name]), "a question was rewritten")
    for name, item in new.items():
        if name not in old:
            yield tighter(f"{field}.{name}", "added", None, item.text, "one more question is asked")
