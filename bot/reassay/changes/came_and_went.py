"""Objects that come or go as a whole: the direction of that, and why."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from reassay.changes.base import Direction
from reassay.common.calendar import local_date
from reassay.register.assessable import Assessable
from reassay.register.evidence_item import EvidenceItem
from reassay.register.finding import Origin
from reassay.register.incident import Incident
from reassay.register.information import InformationItem
from reassay.register.model import Model
from reassay.register.past_assessment import PastAssessment
from reassay.register.register import KINDS, Register, RegisterEntry, RegisterObject

Judged = tuple[Direction, str]
_CAME: Mapping[str, Judged] = {
    "mitigation": (Direction.TIGHTER, "a new mitigation; its first assessment comes due"),
    "deployment": (Direction.LOOSER, "a new deployment, for which its mitigations were never assessed"),
    "threat-model": (Direction.TIGHTER, "one more threat is covered"),
    "commitment": (Direction.TIGHTER, "one more commitment"),
    "model": (Direction.NEUTRAL, "recorded; no deployment runs it yet"),
    "incident": (Direction.NEUTRAL, "recorded; a new fact takes nothing away"),
    "information-item": (Direction.NEUTRAL, "recorded; a new fact takes nothing away"),
    "evidence-item": (Direction.NEUTRAL, "recorded; a new fact takes nothing away"),
    "risk-acceptance": (Direction.LOOSER, "a risk is accepted"),
    "delegation": (Direction.LOOSER, "another person may act in a role"),
    "past-assessment": (Direction.LOOSER, "an imported, unverified record may move a due date"),
}
_WENT: Mapping[str, Judged] = {
    "mitigation": (Direction.LOOSER, "it no longer mitigates anything"),
    "deployment": (Direction.LOOSER, "nothing is re-assessed for it any more, and it may still be live"),
    "threat-model": (Direction.LOOSER, "a threat is no longer covered"),
    "model": (Direction.LOOSER, "its figures are no longer stated"),
    "commitment": (Direction.LOOSER, "a commitment was removed"),
    "incident": (Direction.LOOSER, "a recorded incident was removed"),
    "information-item": (Direction.LOOSER, "recorded information was removed"),
    "risk-acceptance": (Direction.LOOSER, "its end would have asked for a re-assessment, and nobody is told of it now"),
    "evidence-item": (Direction.LOOSER, "evidence on which decisions may be based was removed"),
    "delegation": (Direction.TIGHTER, "a role is no longer lent"),
    "past-assessment": (Direction.LOOSER, "a record that was not in favour no longer counts"),
}
_SIGNAL = re.compile(r"(.+)-[0-9a-f]{12,}")
"""The id of a received signal: that of its source, cut if it is long, and a digest."""
_UNRULED: Judged = (Direction.LOOSER, "nothing says what this does")


@dataclass(frozen=True)
class Arrivals:
    """The base that objects come into, and the day on which they do."""

    base: Register
    today: date

    @cached_property
    def unread(self) -> frozenset[str]:
        """Files with errors in which no object can be read, so that their ids are not known."""
        base = self.base
        with_errors = {finding.at.path for finding in base.errors}
        if not with_errors:
            return frozenset()
        return frozenset(with_errors - {own.origin.at().path for kind in KINDS for own in base.objects(kind).values()})

    @cached_property
    def imported(self) -> frozenset[str]:
        """Ids that imported assessments name."""
        return frozenset(own.value.mitigation for own in self.base.past_assessments.values())

    @cached_property
    def run(self) -> frozenset[str]:
        """Models that deployments run."""
        return frozenset(own.value.model for own in self.base.deployments.values() if own.value.model)

    def usual_triage(self, item: InformationItem) -> date:
        """The day by which an item is triaged that states none."""
        settings = self.base.configuration
        return settings.defaults.triage_within.after(local_date(item.known_at, settings.timezone))

    def stands_for_signals(self, value: Incident | InformationItem) -> bool:
        """Whether a fact takes the place of received signals: it names them, or has an id that one of them has."""
        match = _SIGNAL.fullmatch(value.id)
        sources = self.base.configuration.signals.sources
        return bool(value.signals) or (match is not None and any(own.id.startswith(match[1]) for own in sources))

    def was_unread(self, kind: str, name: str, origin: Origin) -> bool:
        """Whether an object may have been in the base, where it could not be read."""
        return name in self.base.broken.get(kind, frozenset()) or origin.at().path in self.unread


def came(kind: str, entry: RegisterEntry[RegisterObject], arrivals: Arrivals) -> Judged:
    """The direction of adding an object, and why."""
    if arrivals.was_unread(kind, entry.value.id, entry.origin):
        why = "it could not be read before, so the changes since then are unknown"
    else:
        why = _not_only_new(entry.value, arrivals)
    return (Direction.LOOSER, why) if why else _CAME.get(kind, _UNRULED)


def _not_only_new(value: RegisterObject, arrivals: Arrivals) -> str:
    """What a new object brings beside itself; empty if it brings nothing."""
    match value:
        case Assessable(formerly=(_, *_)):
            return "it claims the history of another id"
        case Assessable(last_assessed=day) if day is not None:
            return "an imported, unverified date counts as its first assessment"
        case Assessable(id=name) if name in arrivals.imported:
            return "an imported record names this id, so it counts as assessed"
        case Incident() | InformationItem() | EvidenceItem():
            return _not_only_a_fact(value, arrivals)
        case Model(id=name) if name in arrivals.run:
            return "a deployment runs it, and its figures were not stated before"
        case _:
            return ""


def _not_only_a_fact(value: Incident | InformationItem | EvidenceItem, arrivals: Arrivals) -> str:
    """What a new fact brings beside itself: its verdict, a replaced signal, or an effect on a day on which nobody looks."""
    match value:
        case Incident() | InformationItem() if arrivals.stands_for_signals(value):
            return "it counts in the place of what a source said"
        case InformationItem(triage=triage) if triage is not None and not triage.material:
            return "it carries its own verdict: not material"
        case InformationItem(triage=None, triage_due=due) if due is not None and due > arrivals.usual_triage(value):
            return "its triage is put off beyond the usual time, and until then nothing asks about it"
        case EvidenceItem(performed_at=day) if day > arrivals.today:
            return "it is dated ahead, so it would become the newest evidence on a day on which nobody looks at it"
        case _:
            return ""


def went(kind: str, value: RegisterObject) -> Judged:
    """The direction of removing an object, and why."""
    if isinstance(value, PastAssessment) and value.decision in {None, "effective"} and value.version is None:
        return Direction.TIGHTER, "an imported record no longer counts"
    return _WENT.get(kind, _UNRULED)
