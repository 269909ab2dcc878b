"""What may start a re-assessment, as a register states it: one small model for each kind, combined with any and all.

What each means is decided in `bot/reassay/assessment/triggers`, in the module of the same kind (source: 1-domain, "Triggers").
"""

from datetime import date
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, FiniteFloat, model_validator

from reassay.common.calendar import Duration
from reassay.register.base import Depth, Id, Interval, Line, Positive, RoleName, Strict, Text, Unspecified
from reassay.register.incident import IncidentKind, Severity
from reassay.register.information import InformationKind
from reassay.register.model import MetricName
from reassay.register.ratio import Ratio
from reassay.register.significance import ChangeSort

MustComplete = Literal["before_change", "within", "none"]
LAST_ASSESSMENT: Final = "last-assessment"
_ANY_DAY: Final = date(2001, 1, 1)


class TriggerSpec(Strict):
    """What all of them may say."""

    is_watched: ClassVar[bool] = True
    """False for kinds that a register may state and this version does not watch."""
    depth: Depth | None = None
    """How thorough the re-assessment has to be; a lighter one does not restart this clock."""
    must_complete: MustComplete | None = None
    """`before_change`: finished before the change is made available."""
    within: Interval | None = None
    """How long people have once it has fired; `defaults.respond_within` if left out."""
    screening: Line | None = None
    """A first step: a question the re-assessment answers, and only a yes leads to the full one."""
    in_words: Text | None = None
    """As the framework itself puts it."""

    @model_validator(mode="after")
    def _within_has_a_figure(self) -> "TriggerSpec":
        if self.must_complete == "within" and self.within is None:
            raise ValueError("'must_complete: within' needs 'within'; write for example 'within: 30 days'")
        return self


class IntervalSpec(TriggerSpec):
    """So long after the last decided re-assessment."""

    kind: Literal["interval"]
    """Regularly."""
    every: Interval | Unspecified
    """The interval."""
    approximate: bool = False
    """True where the framework says "about"; the figure is used as it stands."""


class IntervalRangeSpec(TriggerSpec):
    """Every three to six months."""

    kind: Literal["interval-range"]
    """Regularly, within a range."""
    at_least_after: Interval
    """The near end: from then on it may be done."""
    every: Interval
    """The far end: by then it must be done."""

    @model_validator(mode="after")
    def _near_before_far(self) -> "IntervalRangeSpec":
        # Months and days compare only on a calendar; any day with a long month behind it does.
        if _not_earlier(self.at_least_after, self.every):
            raise ValueError("'at_least_after' is not earlier than 'every'; write for example 3 months and 6 months")
        return self


def _not_earlier(near: Duration, far: Duration) -> bool:
    return near.after(_ANY_DAY) >= far.after(_ANY_DAY)


class Unless(Strict):
    """A ground on which a due re-assessment may be left out, once: somebody has to sign that it holds."""

    id: Id
    """Its name in a waiver."""
    text: Text
    """The condition, so that a person can say whether it holds."""
    within: Interval | None = None
    """A span that the condition speaks of: an update that follows within a month."""


class IntervalUnlessSpec(TriggerSpec):
    """Regularly, unless a waiver is true and signed and unexpired."""

    kind: Literal["interval-unless"]
    """Regularly, with exceptions."""
    every: Interval
    """The interval."""
    unless: Annotated[tuple[Unless, ...], Field(min_length=1)]
    """The exceptions."""


class MetricRatioSpec(TriggerSpec):
    """A figure of the model has grown by a factor."""

    kind: Literal["metric-ratio"]
    """A figure has grown by a factor."""
    metric: MetricName
    """Name of the figure under the model's `metrics`."""
    ratio: Ratio
    """Fires at so many times the value it is compared with, and above: a number, or a fraction such as `1/3`."""
    strictly: bool = False
    """True where the promise says "exceeds": then it fires only above."""
    relative_to: MetricName | Literal["last-assessment"] = "last-assessment"
    """What it is compared with: its own value at the last assessment, or another figure of the same model."""

    @model_validator(mode="after")
    def _growth(self) -> "MetricRatioSpec":
        if self.relative_to == LAST_ASSESSMENT and self.ratio <= 1:
            raise ValueError("'ratio' is not more than 1, so it would always hold; write for example 'ratio: 4'")
        return self


class MetricThresholdSpec(TriggerSpec):
    """A figure of the model leaves its accepted range."""

    kind: Literal["metric-threshold"]
    """A figure leaves its range."""
    metric: MetricName
    """Name of the figure under the model's `metrics`."""
    at_least: FiniteFloat | Unspecified | None = None
    """Lower end of the accepted range."""
    at_most: FiniteFloat | Unspecified | None = None
    """Upper end of the accepted range."""

    @model_validator(mode="after")
    def _a_range(self) -> "MetricThresholdSpec":
        if self.at_least is None and self.at_most is None:
            raise ValueError("'metric' has no range; give 'at_least' or 'at_most'")
        if isinstance(self.at_least, float) and isinstance(self.at_most, float) and self.at_least > self.at_most:
            raise ValueError("'at_least' is more than 'at_most'; swap them")
        return self


class IncidentSeveritySpec(TriggerSpec):
    """One incident is enough, if it is severe enough."""

    kind: Literal["incident-severity"]
    """A severe incident."""
    at_least: Severity
    """From this severity on."""
    kinds: tuple[IncidentKind, ...] = ("incident",)
    """Whether near misses and hazards count."""
    similar_models: bool = False
    """Whether what happened to a similar model counts."""


class IncidentRateSpec(TriggerSpec):
    """So many within so long. Where the framework gives no figure, none is made up."""

    is_watched: ClassVar[bool] = False
    kind: Literal["incident-rate"]
    """Frequent incidents."""
    more_than: Positive | Unspecified
    """How many are too many."""
    window: Interval | Unspecified
    """Within how long."""
    at_least: Severity | None = None
    """From this severity on; all if left out."""


class NewInformationSpec(TriggerSpec):
    """News that may bear on it, and is material or not triaged in time."""

    kind: Literal["new-information"]
    """News that is material."""
    kinds: tuple[InformationKind, ...] = ()
    """Which sorts of news; all if left out."""
    triage_within: Interval | None = None
    """How long people have to triage; `defaults.triage_within` if left out."""


class DeploymentChangeSpec(TriggerSpec):
    """A significant difference from the last assessed snapshot of a deployment."""

    kind: Literal["deployment-change"]
    """A significant change of a deployment."""
    of: tuple[ChangeSort, ...] = ()
    """Which sorts of change; all significant ones if left out."""


class ModelChangeSpec(TriggerSpec):
    """The deployed model differs from the one assessed."""

    kind: Literal["model-change"]
    """Another model, or another version."""


class MitigationChangeSpec(TriggerSpec):
    """A new version, or a looser target, than the one assessed."""

    kind: Literal["mitigation-change"]
    """The mitigation itself changed."""


class InvalidationConditionSpec(TriggerSpec):
    """A foreseeable condition under which the justification no longer holds; somebody says that it has come about."""

    kind: Literal["invalidation-condition"]
    """A ground for doubt."""
    condition: Text
    """The condition."""


class RedundancyLostSpec(TriggerSpec):
    """What stood beside it no longer does."""

    kind: Literal["redundancy-lost"]
    """A sibling failed, or layers are too few."""


class EvidenceStaleSpec(TriggerSpec):
    """The newest evidence is older than allowed."""

    kind: Literal["evidence-stale"]
    """Old evidence."""
    older_than: Interval
    """How old the newest may be."""


class AcceptanceExpiredSpec(TriggerSpec):
    """A risk acceptance has ended."""

    kind: Literal["acceptance-expired"]
    """An acceptance that ended."""


class ObservationStaleSpec(TriggerSpec):
    """What is declared has not been observed for too long."""

    is_watched: ClassVar[bool] = False
    kind: Literal["observation-stale"]
    """Nobody looked for too long."""
    older_than: Interval
    """How long ago the last look may be."""


class DriftSpec(TriggerSpec):
    """What is observed differs from what is declared."""

    is_watched: ClassVar[bool] = False
    kind: Literal["drift"]
    """Observed and declared differ."""


class DataUnknownSpec(TriggerSpec):
    """A source of signals has been silent for too long. Silence is never zero incidents."""

    is_watched: ClassVar[bool] = False
    kind: Literal["data-unknown"]
    """A silent source."""
    source: Line
    """Name of the source."""
    silent_for: Interval
    """How long is too long."""


class ManualSpec(TriggerSpec):
    """Somebody named here may ask for it at any time, with a reason."""

    kind: Literal["manual"]
    """A person asks."""
    roles: tuple[RoleName, ...] = ()
    """Who may, besides owner and assessors."""


class AnySpec(TriggerSpec):
    """Whichever comes first."""

    kind: Literal["any"]
    """Whichever comes first."""
    of: Annotated[tuple["AnyTrigger", ...], Field(min_length=1, max_length=20)]
    """The members."""


class AllSpec(TriggerSpec):
    """Only when all hold."""

    kind: Literal["all"]
    """Only when all hold."""
    of: Annotated[tuple["AnyTrigger", ...], Field(min_length=1, max_length=20)]
    """The members."""


AnyTrigger = Annotated[
    IntervalSpec
    | IntervalRangeSpec
    | IntervalUnlessSpec
    | MetricRatioSpec
    | MetricThresholdSpec
    | IncidentSeveritySpec
    | IncidentRateSpec
    | NewInformationSpec
    | DeploymentChangeSpec
    | ModelChangeSpec
    | MitigationChangeSpec
    | InvalidationConditionSpec
    | RedundancyLostSpec
    | EvidenceStaleSpec
    | AcceptanceExpiredSpec
    | ObservationStaleSpec
    | DriftSpec
    | DataUnknownSpec
    | ManualSpec
    | AnySpec
    | AllSpec,
    Field(discriminator="kind"),
]
Triggers = Annotated[tuple[AnyTrigger, ...], Field(max_length=50)]
"""Any of them is enough."""
