"""Obligations for which no re-assessment was opened.

Found from the register at both dates and from the dates that decisions set. A date that one change of the register set
and another one took away within the period is not seen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from reassay.assessment.cells import CellStatus, State
from reassay.audit.facts import Facts
from reassay.audit.obligations import Obligation, Outcome
from reassay.ledger.reassessment import Reassessment

Place = tuple[str, str]
"""(subject, cell)."""


@dataclass(frozen=True, slots=True)
class _Expected:
    """Something that would have to be re-assessed."""

    due: date | None
    since: int
    """The entry after which a re-assessment would have been opened."""
    because: str


def unopened(facts: Facts) -> tuple[Obligation, ...]:
    """In order of subject and cell."""
    closing = {(each.subject, each.cell): each for each in facts.closing_cells}
    found: list[Obligation] = []
    for place, wanted in sorted(_expected(facts).items()):
        if not any(_covers(each, place, wanted) for each in facts.by_subject.get(place[0], ())):
            row = _row(place, wanted, closing.get(place), facts)
            found += [row] if row else []
    return tuple(found)


def _expected(facts: Facts) -> Mapping[Place, _Expected]:
    """By cell, the earliest date; what still asks at the end of the period counts before all else."""
    found: dict[Place, _Expected] = {}
    for place, wanted in (*_by_decisions(facts), *_at_the_start(facts)):
        known = found.get(place)
        if known is None or (wanted.due or date.max) < (known.due or date.max):
            found[place] = wanted
    return found | dict(_at_the_end(facts))


def _at_the_start(facts: Facts) -> Iterator[tuple[Place, _Expected]]:
    since = facts.opening.history.seq
    for each in facts.opening_cells:
        if each.open is None and each.state is not State.RETIRED and _asks(each, facts, facts.period.has(each.due)):
            place = (facts.history.present(each.subject), each.cell)
            yield place, _Expected(_stated(each), since, f"due by the register of {facts.period.start}")


def _by_decisions(facts: Facts) -> Iterator[tuple[Place, _Expected]]:
    for (subject, cell), last in facts.history.last_decisions().items():
        name, seq = last.reassessment.id, last.reassessment.decided_seq or 0
        for each in last.decided.next_due:
            if each.cell == cell and facts.period.has(each.due):
                yield (subject, cell), _Expected(each.due, seq, f"due by {name}")


def _at_the_end(facts: Facts) -> Iterator[tuple[Place, _Expected]]:
    for each in facts.closing_cells:
        if each.open is None and _asks(each, facts, otherwise=False):
            yield (each.subject, each.cell), _Expected(_stated(each), facts.history.seq, "asked for at the end")


def _asks(each: CellStatus, facts: Facts, otherwise: bool) -> bool:  # noqa: FBT001 -- what holds where nothing fired
    """Whether it asks for a re-assessment by the end of the period at the latest."""
    due = _stated(each)
    return (due is None or due <= facts.period.end) if each.fired else otherwise


def _stated(each: CellStatus) -> date | None:
    """The date a clock states; what was never assessed has none, and reads "due" on any day."""
    return min((fired.due for fired in each.fired if fired.due), default=None if each.fired else each.due)


def _covers(each: Reassessment, place: Place, wanted: _Expected) -> bool:
    """An open one covers whatever asks; a closed one only if it came after what set the date."""
    return place[1] in each.cells and (each.state == "open" or each.opened_seq > wanted.since)


def _row(place: Place, wanted: _Expected, now: CellStatus | None, facts: Facts) -> Obligation | None:
    asked = now is not None and bool(now.fired)
    outcome: Outcome = "not opened" if asked else "moved"
    if now is None or now.state is State.RETIRED:
        note = "retired, or no longer in the register"
    elif asked:
        note = f"{wanted.because}: {now.reason}" + (f"; scheduled for {now.scheduled}" if now.scheduled else "")
    else:
        last = f"; last assessment: {now.last.words()}" if now.last else ""
        note = f"{wanted.because}; now {f'due {now.due}' if now.due else 'without a date'}: {now.reason}{last}"
    late = (facts.period.end - wanted.due).days if asked and wanted.due else 0
    return Obligation(
        record="",
        subject=place[0],
        cells=(place[1],),
        depth="",
        triggers=tuple(dict.fromkeys(fired.kind for fired in now.fired)) if now else (),
        opened_on=None,
        first_due=wanted.due,
        due_without_extension=wanted.due,
        due=wanted.due,
        grace_until=None,
        extensions=0,
        outcome=outcome,
        closed_on=None,
        decision="",
        days_late=max(0, late),
        missed_recorded_on=None,
        note=note,
    )
