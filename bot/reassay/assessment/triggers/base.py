"""A re-assessment trigger, what it is given, and what it answers: never a bare boolean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Literal, TypeVar

from reassay.assessment.register_index import RegisterIndex
from reassay.common.calendar import Duration
from reassay.register.assessable import Assessable
from reassay.register.base import Depth
from reassay.register.configuration import Configuration
from reassay.register.register import Register
from reassay.register.trigger_specs import AnyTrigger

CLOCKS = frozenset({"interval", "interval-range", "interval-unless"})
"""Kinds that fire because time has passed; every other kind fires because something happened."""


@dataclass(frozen=True, slots=True)
class LastAssessment:
    """The assessment a cell's clock counts from."""

    on: date
    provenance: Literal["decided", "imported"]
    decision: str | None = None
    """effective, degraded or ineffective; None if not known."""
    version: int | None = None
    """Of the subject then; None if not known."""
    record: str | None = None
    """Id of the re-assessment; None if imported."""
    self_assessed: bool = False
    basis: str = "attested"
    """What it rests on: measured, exercised, judged or attested."""
    depth: Depth | None = None
    """None if not known."""
    seq: int | None = None
    """Of its ledger entry; None if imported."""
    snapshot: Mapping[str, object] | None = None
    """What was assessed, as written then; None if not known."""

    def words(self) -> str:
        """How it is referred to in a sentence."""
        if self.provenance == "imported":
            said = f", {self.decision}" if self.decision else ""
            return f"the assessment of {self.on} (imported{said}, not verified)"
        stamp = ", self-assessed" if self.self_assessed else ""
        return f"{self.record} of {self.on} ({self.decision}, {self.basis}{stamp})"

    def part(self, name: str) -> Mapping[str, object]:
        """One part of the snapshot; empty if it has none."""
        found = (self.snapshot or {}).get(name)
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class ManualRequest:
    """Somebody asked for a re-assessment, and it is not decided yet."""

    reason: str
    """A sentence: who asked, and why."""
    account_id: int | None = None
    depth: Depth | None = None
    """How thorough, where they said so."""
    about: str = ""
    """What tells this request from others."""
    because: str | None = None
    """Digest of what they wrote."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """Somebody signed that a ground for leaving a re-assessment out holds, until a date."""

    condition: str
    """Id of the ground."""
    until: date
    """The last day on which it holds."""
    signed_by: tuple[int, ...]
    """Account ids; nobody means that it is not signed."""


@dataclass(frozen=True, slots=True)
class TriggerInput:
    """Everything a trigger may look at; time is a fact like the others."""

    subject: Assessable
    cell: str
    register_index: RegisterIndex
    today: date
    now: datetime
    """UTC."""
    last: LastAssessment | None
    last_full: LastAssessment | None = None
    """The last one in full; one whose depth is not known counts."""
    requests: tuple[ManualRequest, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    settled: frozenset[tuple[str, str, str]] = frozenset()
    """What side exits have settled since the last decision: (kind, about, reason)."""

    @property
    def register(self) -> Register:
        """Everything that is declared."""
        return self.register_index.register

    @property
    def configuration(self) -> Configuration:
        """How the register is run."""
        return self.register_index.register.configuration

    def last_of(self, depth: Depth | None) -> LastAssessment | None:
        """The last assessment at least so deep: a light one does not restart the clock of a full one."""
        return self.last_full if depth is Depth.FULL else self.last

    def baseline(self, depth: Depth | None) -> LastAssessment | None:
        """What a change is measured against: the last so deep, or where none was decided, the last at all.

        An imported one says nothing of what it looked at, so a decided one is better to measure by, however light.
        """
        found = self.last_of(depth)
        return found if found is not None and found.provenance == "decided" else self.last


@dataclass(frozen=True, slots=True)
class Fired:
    """A re-assessment is wanted. `due` None: so long after opening as `respond_within` says."""

    kind: str
    reason: str
    due: date | None = None
    requested_by: int | None = None
    because: str | None = None
    """Digest of what somebody wrote who asked for it."""
    about: str = ""
    """What set it off, if there can be several: an incident, a sibling, a commitment."""
    depth: Depth | None = None
    """How thorough; what the subject says if None."""
    before_change: bool = False
    """Whether it has to be finished before the change is made available."""
    planned: bool = False
    """Whether nothing is switched on yet: declaring a plan makes nothing available."""
    screening: str | None = None
    """A first question, of which only a yes leads further."""
    within: Duration | None = None
    """How long people have, where no date is given; what is configured if None."""


@dataclass(frozen=True, slots=True)
class Pending:
    """Not yet; `opens` is the day on which it will fire, `due` the day it will be due."""

    kind: str
    reason: str
    due: date
    opens: date


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nothing to do here, and why: nothing to compare, already done."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Blind:
    """Nobody can say: what it would have to look at is missing. Never the same as nothing having happened."""

    kind: str
    reason: str


Result = Fired | Pending | Skipped | Blind

SpecT_co = TypeVar("SpecT_co", bound=AnyTrigger, covariant=True)


@dataclass(frozen=True, slots=True)
class BuiltInTrigger:
    """A trigger that holds for every mitigation and commitment, stated or not, and takes nothing that is stated."""

    kind: str
    evaluate: Callable[[TriggerInput], Result]


@dataclass(frozen=True, slots=True)
class StatedTrigger(Generic[SpecT_co]):
    """A trigger that works on what a register states."""

    kind: str
    spec: type[SpecT_co]
    """The model by which a register states it."""
    judge: Callable[[SpecT_co, TriggerInput], Result]
    for_every_mitigation: SpecT_co | None = None
    """What holds for every mitigation that does not state the kind itself; None if it holds only where it is stated."""

    def evaluate(self, spec: AnyTrigger, facts: TriggerInput) -> Result:
        """What it says about a cell. Raises TypeError for the spec of another kind."""
        if not isinstance(spec, self.spec):
            raise TypeError(f"{type(spec).__name__} is no spec of the trigger '{self.kind}'")
        return self.judge(spec, facts)
