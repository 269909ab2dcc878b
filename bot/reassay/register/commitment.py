"""A commitment: what an organisation, a code or a statute promises about re-assessment, word for word and as clocks."""

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints, model_validator

from reassay.register.assessable import Assessable
from reassay.register.base import Day, Depth, Id, Interval, Line, Strict, Text
from reassay.register.deadlines import Deadline
from reassay.register.deployment import Audience
from reassay.register.mitigation import Layer
from reassay.register.trigger_specs import MustComplete, Triggers

URL_PATTERN = r"^https?://[^\s]+$"
Url = Annotated[str, StringConstraints(pattern=URL_PATTERN, max_length=2000)]


class SubjectKind(StrEnum):
    """What a commitment is about. Few public ones are about one mitigation."""

    MITIGATION = "mitigation"
    MODEL = "model"
    DEPLOYMENT = "deployment"
    THREAT_MODEL = "threat-model"
    FRAMEWORK = "framework"


class Source(Strict):
    """Where it is promised."""

    organisation: Line
    """Who promises or demands it."""
    document: Line
    """In which document."""
    version: Line | None = None
    """Of which version; in quotes if it looks like a number."""
    section: Line | None = None
    """Where in the document; in quotes if it looks like a number."""
    url: Url | None = None
    """Link to it."""


class Selector(Strict):
    """Which objects of the subject's kind. What is left out does not narrow; everything given must hold."""

    ids: tuple[Id, ...] = ()
    """By id."""
    threat_models: tuple[Id, ...] = ()
    """Those that work against one of these threat models."""
    deployments: tuple[Id, ...] = ()
    """Those that serve one of these deployments."""
    audiences: tuple[Audience, ...] = ()
    """Those that serve one of these audiences, or deployments of these audiences."""
    layers: tuple[Layer, ...] = ()
    """Mitigations of one of these layers."""


class Subject(Strict):
    """What is re-assessed to keep the commitment."""

    kind: SubjectKind
    """`mitigation`: its triggers hold for every mitigation selected. Any other: the commitment has its own clock."""
    selector: Selector | None = None
    """Which of them; all if left out."""
    in_words: Line | None = None
    """As the source puts it, for example `ASL-3 safeguards`."""


class AsOf(Strict):
    """How old what a report covers may be when it is published."""

    anchor: Id
    """What it is measured from, for example `publication`."""
    no_older_than: Interval
    """How long before that its data may end."""


class Output(Strict):
    """What has to exist afterwards."""

    what: Line
    """For example `risk report`."""
    to: Line | None = None
    """Who gets it."""
    as_of: AsOf | None = None
    """How old its data may be."""


class Commitment(Assessable):
    """A promise with its source, and what would start the re-assessment that keeps it."""

    statement: Text
    """What is promised."""
    source: Source
    """Where."""
    in_force_from: Day | None = None
    """First day; always in force if left out."""
    superseded_by: Id | None = None
    """Id of the commitment that takes its place once that is in force."""
    subject: Subject
    """What it is about."""
    triggers: Triggers = ()
    """What starts a re-assessment; any of them is enough, `kind: all` joins several."""
    depth: Depth | None = None
    """How thorough, where a trigger does not say."""
    must_complete: MustComplete | None = None
    """By when, where a trigger does not say: `before_change`, `within` or `none`."""
    within: Interval | None = None
    """With `must_complete: within`: how long people have."""
    deadlines: tuple[Deadline, ...] = ()
    """Clocks that start with an event, such as those of statutes."""
    outputs: tuple[Output, ...] = ()
    """What has to exist afterwards."""

    @model_validator(mode="after")
    def _consistent(self) -> "Commitment":
        if self.superseded_by == self.id:
            raise ValueError("'superseded_by' names the commitment itself; name the one that takes its place")
        if self.must_complete == "within" and self.within is None:
            raise ValueError("'must_complete: within' needs 'within'; write for example 'within: 30 days'")
        return self

    @property
    def has_its_own_clock(self) -> bool:
        """Whether it is re-assessed itself; else its triggers hold for the mitigations that it selects."""
        return self.subject.kind is not SubjectKind.MITIGATION
