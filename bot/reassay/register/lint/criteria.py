"""Errors in criteria: a rate without its direction, and bounds that no result can show, or that every result does."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reassay.register.base import Status
from reassay.register.criteria import Criterion, RateCriterion, SampleCriterion
from reassay.register.detector_criterion import DetectorCriterion
from reassay.register.finding import Finding, Location, quoted
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register, RegisterEntry

NOTHING_HIDDEN: Final = frozenset({"direction-missing", "bound-not-positive", "bound-always-met"})
"""Errors that hide nothing of what was written: triggers continue, and the criterion is not met by any result."""
_TOLERANCE: Final = 1e-12


def criterion_errors(register: Register) -> Iterator[Finding]:
    """The errors, in no order; those of retired mitigations are left out."""
    for entry in register.mitigations.values():
        if entry.value.status is Status.RETIRED or entry.value.target is None:
            continue
        for index, criterion in enumerate(entry.value.target.criteria):
            where: Location = ("target", "criteria", index)
            if isinstance(criterion, RateCriterion) and criterion.undesired is None:
                message = f"{quoted(criterion.name)} does not say which outcome is the undesired one"
                remedy = "Add 'undesired', for example attack_success or refusal: a direction is never guessed."
                yield Finding(entry.origin.at(*where), "direction-missing", message, remedy)
            yield from (_error(entry, bound) for bound in _bounds(criterion, where) if bound.why)


@dataclass(frozen=True, slots=True)
class _Bound:
    """A bound on a rate, with the place of what states it."""

    name: str
    bound: float
    stated: str
    at: Location
    may_be_zero: bool = False
    """Whether a count of everyone can show it."""

    @property
    def why(self) -> str:
        """The code of what is wrong; empty if nothing is."""
        if self.bound < 0 or (not self.may_be_zero and self.bound < _TOLERANCE):
            return "bound-not-positive"
        return "bound-always-met" if self.bound >= 1 and not self.may_be_zero else ""


def _bounds(criterion: Criterion, where: Location) -> Iterator[_Bound]:
    match criterion:
        case RateCriterion() | SampleCriterion():
            is_sample = isinstance(criterion, SampleCriterion)
            stated = f"at most {criterion.at_most:g}{_margin(criterion.margin)}"
            yield _Bound(criterion.name, criterion.bound, stated, (*where, "at_most"), is_sample)
        case DetectorCriterion():
            recall, false_positives = criterion.part_names
            stated = f"at least {criterion.recall.at_least:g}{_margin(criterion.recall.margin)}"
            bound = 1 - criterion.recall.at_least - criterion.recall.margin
            yield _Bound(recall, bound, stated, (*where, "recall", "at_least"))
            other = criterion.false_positives
            stated = f"at most {other.at_most:g}{_margin(other.margin)}"
            at = (*where, "false_positives", "at_most")
            yield _Bound(false_positives, other.at_most - other.margin, stated, at)
        case _:
            return


def _error(entry: RegisterEntry[Mitigation], bound: _Bound) -> Finding:
    at, name = entry.origin.at(*bound.at), quoted(bound.name)
    if bound.why == "bound-always-met":
        message = f"every result meets {name}, since no rate is above 1"
        return Finding(at, bound.why, message, "State a bound below 1: 0.02 is 2 percent.")
    message = f"no number of samples can show {name}: {bound.stated}"
    return Finding(
        at, bound.why, message, "Leave room for an error: what is stated, less its margin, must be more than 0."
    )


def _margin(margin: float) -> str:
    return f" with a margin of {margin:g}" if margin else ""
