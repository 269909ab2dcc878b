"""Side exits: a re-assessment closed without a decision. What set it off is settled; clocks never are."""

from bot.domain.ledger.deferring import Settled, SideExit
from bot.domain.ledger.history import History
from bot.domain.ledger.reassessment import Reassessment
from bot.domain.triggers.base import CLOCKS, Fired

NEVER_ASSESSED = "never-assessed"


def clocks_of(each: Reassessment) -> tuple[str, ...]:
    """Kinds by which time alone asks for it: only a decision restarts a clock."""
    return tuple(sorted({trigger.kind for trigger in each.triggers} & (CLOCKS | {NEVER_ASSESSED})))


def settled_by(each: Reassessment) -> tuple[Settled, ...]:
    """What a side exit of this settles."""
    return tuple(Settled(kind=each.kind, about=each.about, reason=each.reason) for each in each.triggers)


def settled_for(subject: str, history: History, since: int) -> frozenset[tuple[str, str, str]]:
    """What side exits recorded after an entry have settled for a subject, as (kind, about, reason).

    What was merged into another re-assessment is settled while that is open and once it is decided, not otherwise.
    """
    found: set[tuple[str, str, str]] = set()
    for each in history.reassessments.values():
        left = each.side_exit
        if left is None or each.subject != subject or _seq(each) <= since or not _stands(left, history):
            continue
        found |= {(one.kind, one.about, one.reason) for one in left.settled}
    return frozenset(found)


def _seq(each: Reassessment) -> int:
    return max((noted.seq for noted in each.log if isinstance(noted.body, SideExit)), default=0)


def _stands(left: SideExit, history: History) -> bool:
    if left.into is None:
        return True
    other = history.reassessments.get(left.into)
    return other is not None and (other.state == "open" or other.counts)


def key(fired: Fired) -> tuple[str, str, str]:
    """What makes a trigger that fired itself."""
    return fired.kind, fired.about, fired.reason
