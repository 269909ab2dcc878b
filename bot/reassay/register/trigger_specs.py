"""Triggers of re-assessments as a register states them: one model for each kind, combined with any and all.

They are evaluated in `bot/reassay/assessment/triggers`, in the module of the same kind.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field, FiniteFloat, model_validator

from reassay.common.calendar import Duration
from reassay.register.base import Id, Interval, Line, RoleName, Share, SoftInterval, Strict, Text, Unspecified
from reassay.register.incident import IncidentKind, Severity
from reassay.register.incident_rate import IncidentRateSpec
from reassay.register.information import InformationKind
from reassay.register.model import MetricName
from reassay.register.ratio import Ratio
from reassay.register.schedules import Schedule
from reassay.register.significance import ChangeSort
from reassay.register.trigger_base import BuiltInTriggerSpec, ClockSpec, DefaultTriggerSpec, TriggerSpec

LAST_ASSESSMENT: Final = "last-assessment"
_ANY_DAY: Final = date(2001, 1, 1)


class IntervalSpec(ClockSpec):
    """An interval after the last decided re-assessment."""

    kind: Literal["interval"]
    """Regularly."""
    every: SoftInterval | Unspecified | Schedule
    """The interval; or `{interval, from, starting, roll}` for a fixed sequence of dates."""
    approximate: bool = False
    """True if the framework says "about"; the figure is used as written. Short for `every: about 6 months`."""


class IntervalRangeSpec(ClockSpec):
    """A range of intervals, for example 3 to 6 months."""

    kind: Literal["interval-range"]
    """Regularly, within a range."""
    at_least_after: SoftInterval
    """The shorter end: it may be done from then on."""
    every: SoftInterval
    """The longer end: it must be done by then."""

    @model_validator(mode="after")
    def _near_before_far(self) -> "IntervalRangeSpec":
        # Months and days compare only on a calendar; any day with a long month behind it does.
        if _not_earlier(self.at_least_after, self.every):
            raise ValueError("'at_least_after' is not earlier than 'every'; write for example 3 months and 6 months")
        return self


def _not_earlier(near: Duration, far: Duration) -> bool:
    return near.after(_ANY_DAY) >= far.after(_ANY_DAY)


class Unless(Strict):
    """A condition under which a due re-assessment may be waived once, by signature."""

    id: Id
    """Its name in waivers."""
    text: Text
    """The condition, so that a person can decide whether it is met."""
    within: SoftInterval | None = None
    """A time span of the condition, for example of an update that follows within a month."""


class IntervalUnlessSpec(ClockSpec):
    """An interval that a signed and unexpired waiver postpones."""

    kind: Literal["interval-unless"]
    """Regularly, with exceptions."""
    every: SoftInterval
    """The interval."""
    unless: Annotated[tuple[Unless, ...], Field(min_length=1)]
    """The exceptions."""


class MetricRatioSpec(TriggerSpec):
    """A metric of the model has grown by a factor."""

    kind: Literal["metric-ratio"]
    """A metric has grown by a factor."""
    metric: MetricName
    """Name of the metric in the `metrics` of the model."""
    ratio: Ratio
    """The factor at and above which it fires: a number, or a fraction such as `1/3`."""
    strictly: bool = False
    """True if it fires only above the factor, as for "exceeds"."""
    relative_to: MetricName | Literal["last-assessment"] = "last-assessment"
    """The value to compare with: that at the last assessment, or another metric of the same model."""

    @model_validator(mode="after")
    def _growth(self) -> "MetricRatioSpec":
        if self.relative_to == LAST_ASSESSMENT and self.ratio <= 1:
            raise ValueError("'ratio' is not more than 1, so it would always hold; write for example 'ratio: 4'")
        return self


class MetricIncreaseSpec(TriggerSpec):
    """A metric of the model has grown by an amount, where a framework counts in a unit that is not calendar time."""

    kind: Literal["metric-increase"]
    """A metric has grown by an amount."""
    metric: MetricName
    """Name of the metric in the `metrics` of the model, which somebody keeps up to date; without a value the state is unknown."""
    by: Annotated[FiniteFloat, Field(gt=0)]
    """The amount, since the last assessment, at and above which it fires."""
    unit: Line | None = None
    """What the amount counts, in words, for example `months of elicitation`."""


class MetricThresholdSpec(TriggerSpec):
    """A metric of the model leaves its accepted range."""

    kind: Literal["metric-threshold"]
    """A metric leaves its range."""
    metric: MetricName
    """Name of the metric in the `metrics` of the model."""
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


class IncidentSeveritySpec(DefaultTriggerSpec):
    """An incident of at least a stated severity."""

    kind: Literal["incident-severity"]
    """A severe incident."""
    at_least: Severity
    """The lowest severity that counts."""
    kinds: tuple[IncidentKind, ...] = ("incident",)
    """Whether near misses and hazards count."""
    similar_models: bool = False
    """Whether incidents of similar models count."""


class NewInformationSpec(DefaultTriggerSpec):
    """New information that is material or was not triaged in time."""

    kind: Literal["new-information"]
    """Material new information."""
    kinds: tuple[InformationKind, ...] = ()
    """The kinds of information; all if left out."""
    triage_within: Interval | None = None
    """Time to triage; `defaults.triage_within` if left out."""


class DeploymentChangeSpec(DefaultTriggerSpec):
    """A significant difference from the last assessed snapshot of a deployment."""

    kind: Literal["deployment-change"]
    """A significant change of a deployment."""
    of: tuple[ChangeSort, ...] = ()
    """The sorts of change; all significant ones if left out."""


class ModelChangeSpec(DefaultTriggerSpec):
    """The deployed model differs from the one assessed."""

    kind: Literal["model-change"]
    """Another model, or another version."""


class MitigationChangeSpec(BuiltInTriggerSpec):
    """A new version, or a looser target, than the one assessed."""

    kind: Literal["mitigation-change"]
    """The mitigation itself changed."""


class InvalidationConditionSpec(TriggerSpec):
    """A foreseeable condition that invalidates the justification; a person asserts it."""

    kind: Literal["invalidation-condition"]
    """An asserted condition."""
    condition: Text
    """The condition."""


class RedundancyLostSpec(DefaultTriggerSpec):
    """A sibling mitigation failed or retired, or layers are missing."""

    kind: Literal["redundancy-lost"]
    """A sibling failed, or layers are too few."""


class RegressionSpec(DefaultTriggerSpec):
    """An evaluation is significantly worse than the one that was decided on."""

    kind: Literal["regression"]
    """An evaluation got worse."""
    delta: Share = 0.02
    """The smallest difference of two rates that is a regression, 0 to 1: 0.02 is 2 percentage points."""


class EvidenceStaleSpec(TriggerSpec):
    """The newest evidence is older than allowed."""

    kind: Literal["evidence-stale"]
    """Old evidence."""
    older_than: Interval
    """Greatest age of the newest evidence."""


class AcceptanceExpiredSpec(DefaultTriggerSpec):
    """A risk acceptance has expired."""

    kind: Literal["acceptance-expired"]
    """An expired risk acceptance."""


class ObservationStaleSpec(TriggerSpec):
    """A deployment was not observed for too long."""

    kind: Literal["observation-stale"]
    """No observation for too long."""
    older_than: Interval
    """Greatest age of the last observation."""


class DriftSpec(DefaultTriggerSpec):
    """An observed deployment differs from the declared one."""

    kind: Literal["drift"]
    """Observed and declared differ."""


class DataUnknownSpec(TriggerSpec):
    """A source of signals was silent, or could not be read, for too long."""

    kind: Literal["data-unknown"]
    """A silent source."""
    source: Line
    """Id of a source under `signals` of the configuration."""
    silent_for: Interval
    """Longest time without anything new from it."""


class ManualSpec(BuiltInTriggerSpec):
    """A person's request, at any time and with a reason."""

    kind: Literal["manual"]
    """A request."""
    roles: tuple[RoleName, ...] = ()
    """Roles that may request it, besides owner and assessors."""


class AnySpec(TriggerSpec):
    """Any of several triggers."""

    kind: Literal["any"]
    """Any of several triggers."""
    of: Annotated[tuple["AnyTrigger", ...], Field(min_length=1, max_length=20)]
    """The members."""


class AllSpec(TriggerSpec):
    """All of several triggers."""

    kind: Literal["all"]
    """All of several triggers."""
    of: Annotated[tuple["AnyTrigger", ...], Field(min_length=1, max_length=20)]
    """The members."""


AnyTrigger = Annotated[
    IntervalSpec
    | IntervalRangeSpec
    | IntervalUnlessSpec
    | MetricRatioSpec
    | MetricIncreaseSpec
    | MetricThresholdSpec
    | IncidentSeveritySpec
    | IncidentRateSpec
    | NewInformationSpec
    | DeploymentChangeSpec
    | ModelChangeSpec
    | MitigationChangeSpec
    | InvalidationConditionSpec
    | RedundancyLostSpec
    | RegressionSpec
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


def flat_triggers(triggers: Iterable[AnyTrigger]) -> Iterator[AnyTrigger]:
    """Every trigger of a list, including the members of `any` and `all`."""
    for trigger in triggers:
        yield trigger
        if isinstance(trigger, AnySpec | AllSpec):
            yield from flat_triggers(trigger.of)
