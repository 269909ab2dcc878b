"""What a pull request asks to be decided before it is merged, and whether it is."""

from collections.abc import Iterator, Mapping, Sequence

from reassay.approvals.digests import content_of
from reassay.gate.facts import GateFacts
from reassay.ledger.history import Reassessment

_IN_FAVOUR = frozenset({"effective", "degraded"})


def asked_before(facts: GateFacts) -> Mapping[str, tuple[str, ...]]:
    """Subjects that have to be decided before the merge, with their cells."""
    found: dict[str, list[str]] = {}
    for each in facts.openings:
        if each.fired.before_change:
            found.setdefault(each.subject, []).append(each.cell)
    return {name: tuple(dict.fromkeys(cells)) for name, cells in found.items()}


def _own(subject: str, facts: GateFacts) -> Iterator[Reassessment]:
    for pull in facts.proposal.pulls:
        yield from (each for each in facts.situation.history.opened_from(pull) if each.subject == subject)


def found_for(subject: str, facts: GateFacts) -> Reassessment | None:
    """The latest re-assessment of a subject that this pull request opened."""
    found = list(_own(subject, facts))
    return found[-1] if found else None


def decision_for(subject: str, cells: Sequence[str], facts: GateFacts) -> Reassessment | None:
    """A decision in favour, about exactly the content that would be merged."""
    for each in _own(subject, facts):
        decided = each.decided
        if decided is None or not each.stands or not set(cells) <= set(decided.cells):
            continue
        in_favour = decided.decision in _IN_FAVOUR and decided.deployment_decision in {None, "continue"}
        if in_favour and decided.covered == content_of(subject, each.cells, facts.then.register):
            return each
    return None
