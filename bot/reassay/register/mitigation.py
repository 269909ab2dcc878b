"""Mitigations: safeguards against a risk, with owner, assessors and interval of re-assessment."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from reassay.common.calendar import Duration
from reassay.register.assessable import Assessable
from reassay.register.base import Depth, Id, Interval, Line, RoleName, SoftInterval, Status, Strict, Text, Unspecified
from reassay.register.criteria import Target
from reassay.register.schedules import Schedule
from reassay.register.trigger_specs import Triggers, Unless

_ANY_DAY = date(2001, 1, 1)


class Layer(StrEnum):
    """Where in the system a mitigation works."""

    TRAINING_DATA = "training-data"
    MODEL = "model"
    SYSTEM = "system"
    ACCESS = "access"
    MONITORING = "monitoring"
    SECURITY = "security"
    ORGANISATIONAL = "organisational"


class ControlKind(StrEnum):
    """What a mitigation does about a harm, in the terms of auditors: before, while or after it happens."""

    PREVENTIVE = "preventive"
    """It keeps the harm from happening."""
    DETECTIVE = "detective"
    """It notices that the harm happens."""
    CORRECTIVE = "corrective"
    """It limits or repairs the harm."""


class LifecycleStage(StrEnum):
    """NIST AI RMF lifecycle stages."""

    PLAN = "plan-and-design"
    DATA = "collect-and-process-data"
    BUILD = "build-and-use-model"
    VERIFY = "verify-and-validate"
    DEPLOY = "deploy"
    OPERATE = "operate-and-monitor"


class RmfFunction(StrEnum):
    """Functions of the NIST AI RMF core (https://airc.nist.gov/airmf-resources/airmf/5-sec-core/)."""

    GOVERN = "govern"
    MAP = "map"
    MEASURE = "measure"
    MANAGE = "manage"


class TaxonomyCode(Strict):
    """A code of a taxonomy; the vocabulary is open because the published ones are still moving."""

    scheme: Line
    """Name and version of the taxonomy."""
    code: Line
    """The code; in quotes if it looks like a number."""
    label: Line | None = None
    """What the code stands for."""


class Standard(Strict):
    """A control of a named catalogue."""

    catalogue: Line
    """Name of the catalogue, for example `NIST-800-53`."""
    control: Line
    """Identifier of the control."""


class InvalidationCondition(Strict):
    """A foreseeable condition under which the justification is no longer valid (EU Code of Practice, 7.2(2))."""

    text: Text
    """The condition, so that a person can say whether it has come about."""
    watch: Line | None = None
    """Name of a signal that would show it."""


class Reassess(Strict):
    """When and how thoroughly to re-assess."""

    every: SoftInterval | Unspecified | Schedule | None = None
    """The interval, from the last decided re-assessment; or `{interval, from, starting, roll}` for a fixed sequence of dates."""
    at_least_after: SoftInterval | None = None
    """The shorter end of a range (3 to 6 months): it may be done from then on and must be done by `every`."""
    grace: Interval | None = None
    """Grace period after the due date before it is overdue."""
    depth: Depth | None = None
    """Depth of the checklist; `defaults.depth` of the configuration if left out."""
    unless: tuple[Unless, ...] = ()
    """Conditions under which a re-assessment may be waived by signature."""
    triggers: Triggers = ()
    """Further triggers; any of them is enough, `kind: all` joins several."""


class Part(Strict):
    """The share of one team, where several assess a mitigation."""

    name: Id
    """Its name within the mitigation."""
    assessors: Annotated[tuple[RoleName, ...], Field(min_length=1)]
    """Who assesses this part."""
    deployments: tuple[Id, ...] = ()
    """Ids of the deployments that it is about; none means all that the mitigation serves."""
    due: Interval | None = None
    """How long before the due date of the whole this part is due."""


class Mitigation(Assessable):
    """A safeguard whose effectiveness is re-assessed."""

    status: Status = Status.ACTIVE
    """Only active mitigations become due."""
    every: SoftInterval | Unspecified | Schedule | None = None
    """Short for `reassess.every`."""
    layer: Layer | None = None
    """Where in the system it works."""
    kind_of_control: ControlKind | None = None
    """Whether it prevents, detects or corrects; coverage counts the kinds against each threat model."""
    lifecycle_stage: LifecycleStage | None = None
    """When in the life of a model it works."""
    function: RmfFunction | None = None
    """The function of the NIST AI RMF that it belongs to."""
    actor: Line | None = None
    """Who carries it out, in the terms of its taxonomy, for example `developer` or `deployer`."""
    taxonomy: tuple[TaxonomyCode, ...] = ()
    """Codes of published taxonomies; any scheme may be named."""
    standards: tuple[Standard, ...] = ()
    """Controls of published catalogues that it implements."""
    threat_models: tuple[Id, ...] = ()
    """Ids of the threat models it works against."""
    common_causes: tuple[Line, ...] = ()
    """Things whose failure would take it down together with other mitigations that name them, for example one training set, one
    vendor or one team. Layers with a common cause count as one."""
    deployments: tuple[Id, ...] = ()
    """Ids of the deployments it serves; none means one cell, `*`."""
    serves: Literal["weights"] | None = None
    """`weights`: it protects the places where model weights are held, and serves no deployment."""
    target: Target | None = None
    """What it must achieve, and the criteria that show it."""
    assumptions: tuple[Text, ...] = ()
    """Assumptions on which the last assessment depends."""
    invalidation_conditions: tuple[InvalidationCondition, ...] = ()
    """Foreseeable conditions under which the last assessment is no longer valid."""
    reassess: Reassess | None = None
    """When and how thoroughly it is re-assessed."""
    parts: tuple[Part, ...] = ()
    """The parts of several teams that assess it."""

    @model_validator(mode="after")
    def _said_once(self) -> "Mitigation":
        if self.every and self.reassess and self.reassess.every:
            raise ValueError("both 'every' and 'reassess.every' are given; keep one of them")
        if self.schedule is not None and (self.earliest is not None or (self.reassess and self.reassess.unless)):
            raise ValueError("a schedule has neither a range nor exceptions; delete 'at_least_after' and 'unless'")
        if self.earliest is not None:
            self._range_has_an_end(self.earliest)
        return self

    @model_validator(mode="after")
    def _serves_one_thing(self) -> "Mitigation":
        if self.serves and self.deployments:
            raise ValueError("'serves: weights' says that it serves no deployment; delete it, or 'deployments'")
        return self

    def _range_has_an_end(self, earliest: Duration) -> None:
        if self.interval is None:
            raise ValueError("'at_least_after' is the shorter end of a range; give the longer end as 'every'")
        # Months and days compare only on a calendar; any day with a long month behind it does.
        if earliest.after(_ANY_DAY) >= self.interval.after(_ANY_DAY):
            raise ValueError("'at_least_after' is not earlier than 'every'; write for example 3 months and 6 months")

    @property
    def interval(self) -> Duration | None:
        """The interval; None if none is stated with a figure."""
        stated = self._stated
        stated = stated.interval if isinstance(stated, Schedule) else stated
        return stated if isinstance(stated, Duration) else None

    @property
    def schedule(self) -> Schedule | None:
        """The schedule; None if the interval counts from the last decision alone."""
        return self._stated if isinstance(self._stated, Schedule) else None

    @property
    def _stated(self) -> Duration | Unspecified | Schedule | None:
        return self.every or (self.reassess.every if self.reassess else None)

    @property
    def earliest(self) -> Duration | None:
        """The shorter end of a range of intervals; None if none is stated."""
        return self.reassess.at_least_after if self.reassess else None

    @property
    def grace(self) -> Duration:
        """Grace period after the due date before it is overdue."""
        return (self.reassess.grace if self.reassess else None) or Duration()

    @property
    def cells(self) -> tuple[str, ...]:
        """Its cells: the deployments, each with a clock of its own; `*` if it names none."""
        return tuple(dict.fromkeys(self.deployments)) or ("*",)
