"""Side exits: a re-assessment closed without a decision. What set it off is settled; clocks never are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from reassay.assessment.triggers.base import CLOCKS, Fired
from reassay.ledger.deferring import Settled, SideExit
from reassay.ledger.history import History
from reassay.ledger.reassessment import Reassessment

NEVER_ASSESSED = "never-assessed"


def clock_kinds(each: Reassessment) -> tuple[str, ...]:
    """Kinds by which time alone asks for it: only a decision restarts a clock."""
    return tuple(sorted({trigger.kind for trigger in each.triggers} & (CLOCKS | {NEVER_ASSESSED})))


def settled_triggers(each: Reassessment) -> tuple[Settled, ...]:
    """What a side exit of this settles."""
    return tuple(Settled(kind=each.kind, about=each.about, reason=each.reason) for each in each.triggers)


def side_exits_by_subject(history: History) -> Mapping[str, tuple[Reassessment, ...]]:
    """Re-assessments that were closed without a decision, by subject."""
    found: dict[str, list[Reassessment]] = defaultdict(list)
    for each in history.reassessments.values():
        if each.side_exit is not None:
            found[each.subject].append(each)
    return {name: tuple(own) for name, own in found.items()}


def settled_for(
    left: Iterable[Reassessment], reassessments: Mapping[str, Reassessment], since: int
) -> frozenset[tuple[str, str, str]]:
    """What side exits of a subject, recorded after an entry, have settled, as (kind, about, reason).

    `reassessments` are all of them, by id.
    What was merged into another re-assessment is settled while that is open and once it is decided, not otherwise.
    """
    found: set[tuple[str, str, str]] = set()
    for each in left:
        if each.side_exit is not None and _seq(each) > since and _stands(each.side_exit, reassessments):
            found |= {(one.kind, one.about, one.reason) for one in each.side_exit.settled}
    return frozenset(found)


def _seq(each: Reassessment) -> int:
    return max((noted.seq for noted in each.log if isinstance(noted.body, SideExit)), default=0)


def _stands(left: SideExit, reassessments: Mapping[str, Reassessment]) -> bool:
    if left.into is None:
        return True
    other = reassessments.get(left.into)
    return other is not None and (other.state == "open" or other.counts)


def key(fired: Fired) -> tuple[str, str, str]:
    """What makes a trigger that fired itself."""
    return fired.kind, fired.about, fired.reason
