"""Changes of approval steps and checklist questions."""

from collections.abc import Iterator, Sequence

from reassay.changes.base import FieldChange, looser, neutral, plain, tighter
from reassay.register.approval import ApprovalStep
from reassay.register.assessable import ExtraItem
from reassay.register.gate import GateQuestion


def approval_changes(
    field: str, before: Sequence[ApprovalStep], after: Sequence[ApprovalStep], *, replaces_default: bool = True
) -> Iterator[FieldChange]:
    """Changes of approval steps. A step is kept if a later step in order requires at least as much.

    `replaces_default`: whether the first steps take the place of a default, so that others sign from then on.
    """
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
    more = [plain(step) for step in after if not any(_asks_no_less(step, old) for old in before)]
    if after and not before and replaces_default:
        why = "without steps the default applies; these take its place, so other people sign"
        yield looser(field, "added", None, more, why)
    elif lost or tuple(before) == tuple(after):
        return
    elif more or len(after) > len(before):
        yield tighter(field, "tightened", len(before), more or len(after), "approval steps were added, or require more")
    else:
        yield neutral(field, plain(before), plain(after), "the same steps, written differently")


def _asks_no_less(before: ApprovalStep, after: ApprovalStep) -> bool:
    compared = {"min": 1, "excludes": (), "when": None}
    return (
        before.model_copy(update=compared) == after.model_copy(update=compared)
        and after.min >= before.min
        and set(before.excludes) <= set(after.excludes)
        and after.when in {before.when, None}
    )


def checklist_changes(
    field: str, before: Sequence[ExtraItem | GateQuestion], after: Sequence[ExtraItem | GateQuestion]
) -> Iterator[FieldChange]:
    """Changes of checklist questions; a removed or rewritten question counts as looser."""
    old, new = {entry.id: entry for entry in before}, {entry.id: entry for entry in after}
    both = [[entry.id for entry in side if entry.id in old and entry.id in new] for side in (before, after)]
    if both[0] != both[1]:
        yield neutral(field, both[0], both[1], "the same questions in another order")
    for name, item in old.items():
        if name not in new:
            yield looser(f"{field}.{name}", "removed", item.text, None, "a question is no longer asked")
        elif new[name] != item:
            yield looser(f"{field}.{name}", "changed", plain(item), plain(new[name]), "a question was rewritten")
    for name, item in new.items():
        if name not in old:
            yield tighter(f"{field}.{name}", "added", None, item.text, "one more question is asked")
