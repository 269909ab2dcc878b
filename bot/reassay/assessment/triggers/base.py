"""Re-assessment triggers, their input, and their results: Fired, Pending, Skipped or Blind, each with a reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, Literal, TypeVar

from reassay.assessment.register_index import RegisterIndex
from reassay.common.calendar import Duration
from reassay.register.assessable import Assessable
from reassay.register.base import Depth
from reassay.register.configuration import Configuration
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register
from reassay.register.trigger_base import DefaultTriggerSpec
from reassay.register.trigger_specs import AnyTrigger

CLOCKS = frozenset({"interval", "interval-range", "interval-unless"})
"""Kinds that fire because time has passed; all others fire on an event."""
NOTHING: frozenset[str] = frozenset()
"""The sources of a trigger that reads no object of the register but its subject."""
UNREADABLE = "unreadable"
"""Kind of a result that says that an entry cannot be read, so that nobody knows which triggers it states."""


@dataclass(frozen=True, slots=True)
class LastAssessment:
    """The last assessment of a cell, from which its clocks count."""

    on: date
    provenance: Literal["decided", "imported"]
    decision: str | None = None
    """effective, degraded or ineffective; None if not known."""
    version: int | None = None
    """Version of the subject then; None if not known."""
    record: str | None = None
    """Id of the re-assessment; None if imported."""
    self_assessed: bool = False
    basis: str = "attested"
    """Basis: counted, tested, exercised, judged or attested."""
    depth: Depth | None = None
    """None if not known."""
    seq: int | None = None
    """Number of its ledger entry; None if imported."""
    snapshot: Mapping[str, object] | None = None
    """What was assessed, as written then; None if not known."""
    label: str = ""
    """Words for it where it is not an assessment, but the base of a pull request that stands in for one."""
    not_measured: tuple[str, ...] = ()
    """Names of criteria that nobody measured."""
    counts: bool = False
    """Whether the decision counts in favour, see `favour.py`; never for an imported assessment."""

    def words(self) -> str:
        """The assessment as part of a sentence."""
        if self.label:
            return self.label
        if self.provenance == "imported":
            said = f", {self.decision}" if self.decision else ""
            return f"the assessment of {self.on} (imported{said}, not verified)"
        stamp = ", self-assessed" if self.self_assessed else ""
        return f"{self.record} of {self.on} ({self.decision}, {self.basis}{stamp})"

    def part(self, name: str) -> Mapping[str, object]:
        """One part of the snapshot; empty if it has none."""
        value = (self.snapshot or {}).get(name)
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class ManualRequest:
    """A person's request for a re-assessment that is not decided yet."""

    reason: str
    """A sentence: who asked, and why."""
    account_id: int | None = None
    depth: Depth | None = None
    """Depth, if the person stated it."""
    about: str = ""
    """Identifies the request among others."""
    because: str | None = None
    """Digest of the text of the request."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A signed waiver of a re-assessment on a stated condition, until a date."""

    condition: str
    """Id of the condition."""
    until: date
    """The last day on which it is valid."""
    signed_by: tuple[int, ...]
    """Account ids; empty if the waiver is not signed."""


@dataclass(frozen=True, slots=True)
class TriggerInput:
    """Everything that triggers evaluate of one cell, the current time included."""

    subject: Assessable
    cell: str
    register_index: RegisterIndex
    today: date
    now: datetime
    """UTC."""
    last: LastAssessment | None
    last_full: LastAssessment | None = None
    """The last assessment at full depth; one of unknown depth counts."""
    requests: tuple[ManualRequest, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    settled: frozenset[tuple[str, str, str]] = frozenset()
    """Triggers that side exits have settled since the last decision: (kind, about, reason)."""
    results: Mapping[str, object] = field(default_factory=dict)
    """Objects of the ledger by digest: what result files counted, and criteria as declared with them."""

    snapshots: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """What decisions assessed, by digest; those that cannot be read are left out."""

    @property
    def register(self) -> Register:
        """The register."""
        return self.register_index.register

    @property
    def configuration(self) -> Configuration:
        """The configuration of the register."""
        return self.register_index.register.configuration

    def last_of(self, depth: Depth | None) -> LastAssessment | None:
        """The last assessment that was at least this deep; a light one does not restart the clock of a full one."""
        return self.last_full if depth is Depth.FULL else self.last

    def baseline(self, depth: Depth | None) -> LastAssessment | None:
        """The assessment that changes are measured against.

        It is the last decided one of this depth, or else the last of any depth: an imported one has no snapshot.
        """
        assessment = self.last_of(depth)
        return assessment if assessment is not None and assessment.provenance == "decided" else self.last


@dataclass(frozen=True, slots=True)
class Fired:
    """The trigger has fired: a re-assessment is required. If `due` is None it is due `respond_within` after opening."""

    kind: str
    reason: str
    due: date | None = None
    requested_by: int | None = None
    because: str | None = None
    """Digest of the text of the request, if a person requested it."""
    about: str = ""
    """What caused it, if there can be several causes: an incident, a sibling, a commitment."""
    depth: Depth | None = None
    """Depth; that of the subject if None."""
    before_change: bool = False
    """Whether it must be decided before the change is made available."""
    after_change: bool = False
    """Whether the register says that it may be decided afterwards: `must_complete: within` or `none`."""
    planned: bool = False
    """Whether all changes behind it are planned for later, so that nothing is available yet."""
    screening: str | None = None
    """A screening question; only a yes leads to the full checklist."""
    within: Duration | None = None
    """Time to respond if `due` is None; the configured one if None."""
    due_at: datetime | None = None
    """The instant (UTC) of a deadline of hours or days, on the day `due`; None for a date alone."""


@dataclass(frozen=True, slots=True)
class Pending:
    """The trigger fires later: on the day `opens`, due on the day `due`."""

    kind: str
    reason: str
    due: date
    opens: date
    due_at: datetime | None = None
    """The exact end, in UTC, if it is a deadline."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """The trigger does not apply now, for example because there is nothing to compare or it is done."""

    kind: str
    reason: str
    is_certain: bool = False
    """Whether no other object of the register could make it apply."""


@dataclass(frozen=True, slots=True)
class Blind:
    """The trigger cannot be evaluated, because data that it needs is missing."""

    kind: str
    reason: str


Result = Fired | Pending | Skipped | Blind

SpecT_co = TypeVar("SpecT_co", bound=AnyTrigger, covariant=True)


@dataclass(frozen=True, slots=True)
class BuiltInTrigger:
    """A trigger of every mitigation and commitment, which a register need not state and cannot configure."""

    kind: str
    evaluate: Callable[[TriggerInput], Result]
    sources: frozenset[str]
    """Kinds of the objects of the register that it reads besides its subject: while one is unreadable, it is blind."""


@dataclass(frozen=True, slots=True)
class StatedTrigger(Generic[SpecT_co]):
    """A trigger that a register states and configures."""

    kind: str
    spec: type[SpecT_co]
    """The model of its configuration."""
    judge: Callable[[SpecT_co, TriggerInput], Result]
    sources: frozenset[str]
    """Kinds of the objects of the register that it reads besides its subject: while one is unreadable, it is blind."""
    for_every_mitigation: SpecT_co | None = None
    """The default for every mitigation that does not state the kind; None if there is none."""
    applies_to: Callable[[Mitigation, Register], bool] | None = None
    """Whether a mitigation has that default; None if every one has it."""

    def __post_init__(self) -> None:
        """Raises TypeError if the model does not say whether there is a default: `changes` reads it off the model."""
        if (self.for_every_mitigation is not None) != issubclass(self.spec, DefaultTriggerSpec):
            raise TypeError(f"'{self.kind}': `for_every_mitigation` and a model below `DefaultTriggerSpec` go together")

    def default_for(self, mitigation: Mitigation, register: Register) -> SpecT_co | None:
        """The default for a mitigation that does not state the kind; None if it has none."""
        applies = self.applies_to is None or self.applies_to(mitigation, register)
        return self.for_every_mitigation if applies else None

    def evaluate(self, spec: AnyTrigger, facts: TriggerInput) -> Result:
        """The result for a cell. Raises TypeError for the spec of another kind."""
        if not isinstance(spec, self.spec):
            raise TypeError(f"{type(spec).__name__} is not a spec of the trigger '{self.kind}'")
        return self.judge(spec, facts)
