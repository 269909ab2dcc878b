"""Decisions that a pull request needs before it is merged, and those that were made."""

from collections.abc import Iterator, Mapping, Sequence

from reassay.assessment.content import content_of
from reassay.gate.input import GateInput
from reassay.ledger.history import Reassessment

_IN_FAVOUR = frozenset({"effective", "degraded"})


def asked_before(facts: GateInput) -> Mapping[str, tuple[str, ...]]:
    """Subjects that have to be decided before the merge, with their cells."""
    asked: dict[str, list[str]] = {}
    for opening in facts.openings:
        if opening.fired.before_change:
            asked.setdefault(opening.subject, []).append(opening.cell)
    return {name: tuple(dict.fromkeys(cells)) for name, cells in asked.items()}


def _own(subject: str, facts: GateInput) -> Iterator[Reassessment]:
    for pull in facts.proposal.pulls:
        yield from (own for own in facts.situation.history.opened_from(pull) if own.subject == subject)


def latest_for(subject: str, facts: GateInput) -> Reassessment | None:
    """The latest re-assessment of a subject that this pull request opened."""
    own = list(_own(subject, facts))
    return own[-1] if own else None


def decision_for(subject: str, cells: Sequence[str], facts: GateInput) -> Reassessment | None:
    """A decision in favour, about exactly the content that would be merged."""
    for reassessment in _own(subject, facts):
        decided = reassessment.decided
        if decided is None or not reassessment.stands or not set(cells) <= set(decided.cells):
            continue
        in_favour = decided.decision in _IN_FAVOUR and decided.deployment_decision in {None, "continue"}
        if in_favour and decided.covered == content_of(subject, reassessment.cells, facts.then.register):
            return reassessment
    return None
