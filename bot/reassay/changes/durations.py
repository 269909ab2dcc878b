"""The change of a duration: looser if it is longer, tighter if it is shorter."""

from collections.abc import Iterator

from reassay.changes.base import FieldChange, looser, neutral, tighter, uncompared
from reassay.common.calendar import Duration, never_longer


def duration_change(
    field: str, before: Duration | None, after: Duration | None, longer: str, shorter: str
) -> Iterator[FieldChange]:
    """The change of a duration of which a longer one is looser; stated on one side alone it cannot be compared."""
    if before == after:
        return
    if before is None or after is None:
        yield uncompared(field, before and before.words(), after and after.words())
        return
    old, new = before.words(), after.words()
    no_longer, no_shorter = never_longer(after, before), never_longer(before, after)
    if no_longer and no_shorter:
        yield neutral(field, old, new, "the same duration in other words")
    elif no_longer:
        yield tighter(field, "shortened", old, new, shorter)
    else:
        yield looser(field, "lengthened" if no_shorter else "changed", old, new, longer)
