"""Needs of the criteria of a register: as text for those that are counted, for all in the document of `check`."""

from collections.abc import Sequence
from itertools import groupby

from reassay.evidence.criterion_bounds import CriterionNeed
from reassay.register.finding import inert

HEADING = "What each criterion with a bound or an effort needs to be met:"


def needs_text(needs: Sequence[CriterionNeed]) -> str:
    """A heading, then each mitigation with its criteria that have a bound; empty without one."""
    counted = [need for need in needs if need.bound is not None or need.hours is not None]
    if not counted:
        return ""
    lines = ["", HEADING]
    for mitigation, criteria in groupby(counted, key=lambda need: need.mitigation):
        lines.append(f"  {mitigation}")
        lines += [f"    {inert(need.criterion)}: {inert(' '.join(need.words.split()))}" for need in criteria]
    return "\n".join(lines) + "\n"


def needs_document(needs: Sequence[CriterionNeed]) -> list[dict[str, object]]:
    """The value of `criteria` in `reassay/check/v1`."""
    return [
        {
            "mitigation": need.mitigation,
            "criterion": inert(need.criterion),
            "kind": need.kind,
            "bound": need.bound,
            "plan": need.plan,
            "least_n": need.least_n,
            "slice_n": need.slice_n,
            "hours": need.hours,
            "words": inert(need.words),
        }
        for need in needs
    ]
