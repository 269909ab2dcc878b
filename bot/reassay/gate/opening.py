"""Re-assessments that merging a pull request would open, by its own requirements and by those of the base."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reassay.assessment.triggers.base import Fired

BY_BASE = "so the base requires, and this pull request cannot lift that for itself"


@dataclass(frozen=True, slots=True)
class Opening:
    """A re-assessment that merging would open."""

    subject: str
    cell: str
    fired: Fired


def as_renamed(about: str, renamed: Mapping[str, str]) -> str:
    """What a trigger is about, by the ids after the merge: a subject that is only renamed fires nothing new."""
    return " ".join(renamed.get(word, word) for word in about.split(" "))


def with_requirements_of_base(own: Sequence[Opening], by_base: Iterable[Opening]) -> tuple[Opening, ...]:
    """The openings by the merge result, with what only the base wants decided before the merge.

    A pull request that exposes something cannot lift the requirement that asks for a decision before: policy is trusted
    text, and the stricter of the two sides counts.
    """
    asked = {(opening.subject, opening.cell) for opening in own if opening.fired.before_change}
    lifted = {
        (opening.subject, opening.cell, opening.fired.kind, opening.fired.about): opening
        for opening in by_base
        if (opening.subject, opening.cell) not in asked
    }
    kept = [
        opening
        for opening in own
        if (opening.subject, opening.cell, opening.fired.kind, opening.fired.about) not in lifted
    ]
    return (
        *kept,
        *(
            replace(opening, fired=replace(opening.fired, reason=f"{opening.fired.reason}; {BY_BASE}"))
            for opening in lifted.values()
        ),
    )
