"""Side exits: re-assessments closed without a decision. They settle the triggers that opened them, but never a clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from reassay.assessment.triggers.base import CLOCKS, Fired
from reassay.ledger.deferrals import Settled, SideExit
from reassay.ledger.history import History
from reassay.ledger.reassessment import Reassessment

NEVER_ASSESSED = "never-assessed"


def clock_kinds(reassessment: Reassessment) -> tuple[str, ...]:
    """The clock kinds among the triggers of a re-assessment, sorted; only a decision restarts a clock."""
    return tuple(sorted({trigger.kind for trigger in reassessment.triggers} & (CLOCKS | {NEVER_ASSESSED})))


def settled_triggers(reassessment: Reassessment) -> tuple[Settled, ...]:
    """The triggers that a side exit of this re-assessment settles."""
    return tuple(
        Settled(kind=trigger.kind, about=trigger.about, reason=trigger.reason) for trigger in reassessment.triggers
    )


def side_exits_by_subject(history: History) -> Mapping[str, tuple[Reassessment, ...]]:
    """Re-assessments that were closed without a decision, by subject."""
    by_subject: dict[str, list[Reassessment]] = defaultdict(list)
    for reassessment in history.reassessments.values():
        if reassessment.side_exit is not None:
            by_subject[reassessment.subject].append(reassessment)
    return {name: tuple(reassessments) for name, reassessments in by_subject.items()}


def settled_for(
    exits: Iterable[Reassessment], reassessments: Mapping[str, Reassessment], since: int
) -> frozenset[tuple[str, str, str]]:
    """Triggers that the side exits of a subject have settled after entry `since`, as (kind, about, reason).

    `reassessments` are all re-assessments by id: a trigger merged into another one is settled only while that is open or
    once it is decided.
    """
    settled: set[tuple[str, str, str]] = set()
    for reassessment in exits:
        if (
            reassessment.side_exit is not None
            and _seq(reassessment) > since
            and _is_valid(reassessment.side_exit, reassessments)
        ):
            settled |= {
                (trigger.kind, trigger.about, _words(trigger.kind, trigger.about, trigger.reason))
                for trigger in reassessment.side_exit.settled
            }
    return frozenset(settled)


def _present(reason: str) -> str:
    """A recorded reason in the words of today: what was `measured` is said to be counted now, see `basis_word`."""
    return reason.replace(", measured", ", counted")


def _seq(reassessment: Reassessment) -> int:
    return max((record.seq for record in reassessment.log if isinstance(record.body, SideExit)), default=0)


def _is_valid(side_exit: SideExit, reassessments: Mapping[str, Reassessment]) -> bool:
    if side_exit.into is None:
        return True
    other = reassessments.get(side_exit.into)
    return other is not None and (other.state == "open" or other.counts)


def key(fired: Fired) -> tuple[str, str, str]:
    """The identity of a fired trigger: (kind, about, reason)."""
    return fired.kind, fired.about, _words(fired.kind, fired.about, fired.reason)


def _words(kind: str, about: str, reason: str) -> str:
    """The part of an identity that the reason is: none for a level of an incident rate, which its other words do not change.

    They name the day on which it was reached, which another time zone moves, and who states the ceiling.
    """
    return "" if kind == "incident-rate" and "; level " in about else _present(reason)
