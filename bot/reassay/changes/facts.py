"""Changes of recorded facts: incidents, information and evidence.

A new fact is free. A recorded one that changes is looser, whatever field it is, unless it provably makes more fire.
"""

from collections.abc import Iterator
from datetime import date

from reassay.changes.base import Direction, FieldChange, looser, members, plain, rest, tighter, uncompared
from reassay.changes.terms import Terms
from reassay.common.calendar import local_date
from reassay.register.evidence_item import EvidenceItem
from reassay.register.incident import Incident, Severity
from reassay.register.information import InformationItem


def incident_changes(before: Incident, after: Incident) -> Iterator[FieldChange]:
    """Changes of an incident: a higher severity and one more failed mitigation make more fire."""
    ranks = list(Severity)
    old, new = before.severity, after.severity
    if old != new:
        way = tighter if ranks.index(new) > ranks.index(old) else looser
        yield way("severity", "raised" if way is tighter else "lowered", old, new, "its severity")
    why = ("one more mitigation failed", "a mitigation is no longer listed as failed")
    yield from members(
        "mitigations_failed", before.mitigations_failed, after.mitigations_failed, more=Direction.TIGHTER, why=why
    )
    yield from rest(before, after, {"severity", "mitigations_failed"})


def information_changes(before: InformationItem, after: InformationItem, terms: Terms) -> Iterator[FieldChange]:
    """Changes of an information item: one more affected subject, a triage as material and less time make more fire."""
    why = ("it affects one more object", "it no longer affects it")
    yield from members("affects", before.affects, after.affects, more=Direction.TIGHTER, why=why)
    if before.triage != after.triage:
        yield _triage(before, after, terms)
    old, new = before.triage_due, after.triage_due
    if old and new and terms.comes_closer(old, new):
        yield tighter("triage_due", "earlier", str(old), str(new), "there is less time to triage it")
    elif old != new:
        why_later = "it may be triaged later, or counts as settled by an assessment since"
        yield uncompared("triage_due", old and str(old), new and str(new), why_later)
    yield from rest(before, after, {"affects", "triage", "triage_due"})


def _triage(before: InformationItem, after: InformationItem, terms: Terms) -> FieldChange:
    old, new = plain(before.triage), plain(after.triage)
    if after.triage is None or not after.triage.material:
        return looser("triage", "changed", old, new, "it is not material any more, or nobody says so any more")
    if before.triage is None and after.triage.on <= _triage_by(before, terms) < terms.today:
        return looser("triage", "added", old, new, "its triage is dated back, before it was late")
    if before.triage is not None and before.triage.material:
        return uncompared("triage", old, new, "a recorded triage was rewritten")
    return tighter("triage", "changed", old, new, "it is material")


def _triage_by(item: InformationItem, terms: Terms) -> date:
    configuration = terms.configuration
    known_on = local_date(item.known_at, configuration.timezone)
    return item.triage_due or configuration.defaults.triage_within.after(known_on)


def evidence_changes(before: EvidenceItem, after: EvidenceItem) -> Iterator[FieldChange]:
    """Changes of an evidence item, on which decisions may rest: only an earlier end is provably tighter."""
    old, new = before.valid_until, after.valid_until
    if old != new:
        is_earlier = new is not None and (old is None or new < old)
        way, word = (tighter, "earlier") if is_earlier else (looser, "later" if new else "removed")
        why = "it has to be renewed earlier" if is_earlier else "decisions may rest on it for longer"
        yield way("valid_until", "added" if old is None else word, old and str(old), new and str(new), why)
    yield from rest(before, after, {"valid_until"})
