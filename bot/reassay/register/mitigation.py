"""A mitigation: what holds a risk down, who owns it, who assesses it, and how often."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from reassay.common.calendar import Duration
from reassay.register.assessable import Assessable
from reassay.register.base import Depth, Id, Interval, Line, RoleName, Status, Strict, Text, Unspecified
from reassay.register.criteria import Target
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


class LifecycleStage(StrEnum):
    """NIST AI RMF lifecycle stages."""

    PLAN = "plan-and-design"
    DATA = "collect-and-process-data"
    BUILD = "build-and-use-model"
    VERIFY = "verify-and-validate"
    DEPLOY = "deploy"
    OPERATE = "operate-and-monitor"


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
    """The control's own name."""


class InvalidationCondition(Strict):
    """A foreseeable condition under which the justification no longer holds (EU Code of Practice, 7.2(2))."""

    text: Text
    """The condition, so that a person can say whether it has come about."""
    watch: Line | None = None
    """Name of a signal that would show it."""


class Reassess(Strict):
    """When and how thoroughly to re-assess."""

    every: Interval | Unspecified | None = None
    """The interval, from the last decided re-assessment."""
    at_least_after: Interval | None = None
    """The near end of a range (every three to six months): from then on it may be done, by `every` it must be."""
    grace: Interval | None = None
    """How long after the due date it still reads due, not overdue."""
    depth: Depth | None = None
    """Which checklist; `defaults.depth` of the configuration if left out."""
    unless: tuple[Unless, ...] = ()
    """Grounds on which one may be left out, once somebody has signed that they hold."""
    triggers: Triggers = ()
    """What else starts one; any of them is enough, `kind: all` joins several."""


class Part(Strict):
    """The share of one team, where several assess a mitigation."""

    name: Id
    """Its name within the mitigation."""
    assessors: Annotated[tuple[RoleName, ...], Field(min_length=1)]
    """Who assesses this part."""
    deployments: tuple[Id, ...] = ()
    """Ids of the deployments that it is about; none means all that the mitigation serves."""
    due: Interval | None = None
    """How long before the whole is due this part has to be in."""


class Mitigation(Assessable):
    """A safeguard whose effectiveness is re-assessed."""

    status: Status = Status.ACTIVE
    """Only what is active comes due."""
    every: Interval | Unspecified | None = None
    """Short for `reassess.every`."""
    layer: Layer | None = None
    """Where in the system it works."""
    lifecycle_stage: LifecycleStage | None = None
    """When in the life of a model it works."""
    taxonomy: tuple[TaxonomyCode, ...] = ()
    """Codes of published taxonomies; any scheme may be named."""
    standards: tuple[Standard, ...] = ()
    """Controls of published catalogues that it implements."""
    threat_models: tuple[Id, ...] = ()
    """Ids of the threat models it works against."""
    deployments: tuple[Id, ...] = ()
    """Ids of the deployments it serves; none means one cell, `*`."""
    target: Target | None = None
    """What it must achieve, and what would show that it does."""
    assumptions: tuple[Text, ...] = ()
    """What must stay true for the last assessment to hold."""
    invalidation_conditions: tuple[InvalidationCondition, ...] = ()
    """Foreseeable conditions under which the last assessment no longer holds."""
    reassess: Reassess | None = None
    """When and how thoroughly it is re-assessed."""
    parts: tuple[Part, ...] = ()
    """Where several teams assess it, each for itself."""

    @model_validator(mode="after")
    def _said_once(self) -> "Mitigation":
        if self.every and self.reassess and self.reassess.every:
            raise ValueError("both 'every' and 'reassess.every' are given; keep one of them")
        if self.earliest is not None:
            self._range_has_an_end(self.earliest)
        return self

    def _range_has_an_end(self, earliest: Duration) -> None:
        if self.interval is None:
            raise ValueError("'at_least_after' is the near end of a range; give the far end as 'every'")
        # Months and days compare only on a calendar; any day with a long month behind it does.
        if earliest.after(_ANY_DAY) >= self.interval.after(_ANY_DAY):
            raise ValueError("'at_least_after' is not earlier than 'every'; write for example 3 months and 6 months")

    @property
    def interval(self) -> Duration | None:
        """The interval as a number, if one is stated."""
        stated = self.every or (self.reassess.every if self.reassess else None)
        return stated if isinstance(stated, Duration) else None

    @property
    def interval_is_unspecified(self) -> bool:
        """True if the framework says it will be repeated and does not say when, or says nothing."""
        return self.interval is None

    @property
    def earliest(self) -> Duration | None:
        """The near end of a range of intervals, if one is stated."""
        return self.reassess.at_least_after if self.reassess else None

    @property
    def grace(self) -> Duration:
        """How long after the due date it still reads due."""
        return (self.reassess.grace if self.reassess else None) or Duration()

    @property
    def cells(self) -> tuple[str, ...]:
        """Deployments that keep a clock of their own; `*` if it names none."""
        return tuple(dict.fromkeys(self.deployments)) or ("*",)
