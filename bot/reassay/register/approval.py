"""Approval steps of a subject: the roles that must recommend, review or approve, in order."""

from typing import Annotated, Final, Literal

from pydantic import Field

from reassay.register.base import Line, Positive, RoleName, Strict

StepKind = Literal["recommend", "review", "approve"]
CASES: Final = frozenset({"effective", "degraded", "ineffective", "inconclusive", "light", "full"})
"""The words of `when` that are judged: decisions and depths."""
Excluded = Literal["author", "owner", "assessor", "pusher"]


class ApprovalStep(Strict):
    """One approval step; the steps of a list are taken in order."""

    role: RoleName
    """The role that takes the step."""
    min: Positive = 1
    """How many different people of the role must take it."""
    kind: StepKind = "approve"
    """Whether they recommend, review or approve."""
    excludes: tuple[Excluded, ...] = ()
    """People who do not count although they hold the role."""
    when: Line | None = None
    """When the step is needed: decisions and depths, for example `ineffective or full`. Other words are shown to people, and the
    step is always needed; always, too, if left out."""

    @property
    def cases(self) -> frozenset[str]:
        """The decisions and depths that need it; empty if it is always needed, because it says so or says it in other words."""
        return cases(self.when)


def cases(when: str | None) -> frozenset[str]:
    """The decisions and depths that a condition in words names; empty for none, and for words that a program cannot judge."""
    words = frozenset((when or "").casefold().replace(",", " ").replace(" or ", " ").split())
    return words if words <= CASES else frozenset()


Approval = Annotated[tuple[ApprovalStep, ...], Field(max_length=20)]
"""Ordered steps."""
