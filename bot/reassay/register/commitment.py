"""Commitments: what an organisation, a code or a statute promises about re-assessment, in its words and as triggers."""

from enum import StrEnum

from pydantic import model_validator

from reassay.register.anchors import AnchorDefinition
from reassay.register.assessable import Assessable
from reassay.register.base import Day, Depth, Id, Interval, Line, Link, SoftInterval, Strict, Text
from reassay.register.deadlines import Deadline
from reassay.register.deployment import Audience
from reassay.register.mitigation import InvalidationCondition, Layer
from reassay.register.trigger_base import MustComplete
from reassay.register.trigger_specs import Triggers


class SubjectKind(StrEnum):
    """The kind of objects that a commitment is about."""

    MITIGATION = "mitigation"
    MODEL = "model"
    DEPLOYMENT = "deployment"
    THREAT_MODEL = "threat-model"
    FRAMEWORK = "framework"


class Source(Strict):
    """The source of a commitment."""

    organisation: Line
    """Organisation that makes or demands the commitment."""
    document: Line
    """Title of the document."""
    version: Line | None = None
    """Version of the document; in quotes if it looks like a number."""
    section: Line | None = None
    """Section of the document; in quotes if it looks like a number."""
    url: Link | None = None
    """Link to it."""
    second_hand: Line | None = None
    """What was read in place of the document, if it was not read itself: a summary, or quotations. Views then say that it was
    read second-hand."""

    def words(self) -> str:
        """Organisation, document, version and section; whether it was read second-hand."""
        document = " ".join(filter(None, [self.document, self.version]))
        where = ", ".join(filter(None, [self.organisation, document, self.section]))
        return f"{where} (read second-hand: {self.second_hand})" if self.second_hand else where


class Selector(Strict):
    """The selection among objects of one kind. All given keys must match; keys left out match everything."""

    ids: tuple[Id, ...] = ()
    """Objects with one of these ids."""
    threat_models: tuple[Id, ...] = ()
    """Mitigations against one of these threat models."""
    deployments: tuple[Id, ...] = ()
    """Mitigations that serve one of these deployments."""
    audiences: tuple[Audience, ...] = ()
    """Mitigations that serve one of these audiences, or deployments for them."""
    layers: tuple[Layer, ...] = ()
    """Mitigations of one of these layers."""


class Subject(Strict):
    """The objects that are re-assessed to keep the commitment."""

    kind: SubjectKind
    """`mitigation`: its triggers apply to every selected mitigation. Any other kind: the commitment has its own clock."""
    selector: Selector | None = None
    """The selection; all objects of the kind if left out."""
    in_words: Line | None = None
    """The subject in the words of the source, for example `ASL-3 safeguards`."""


class AsOf(Strict):
    """The greatest age of the data of a report."""

    anchor: Id
    """The event from which age is measured, for example `publication`."""
    no_older_than: Interval
    """The greatest age."""


class Output(Strict):
    """A result that a re-assessment must produce."""

    what: Line
    """For example `risk report`."""
    to: Line | None = None
    """Who receives it."""
    as_of: AsOf | None = None
    """How old its data may be."""


class Commitment(Assessable):
    """A commitment with its source and the triggers of the re-assessments that keep it."""

    statement: Text
    """The commitment in the words of its source."""
    source: Source
    """Where it is made."""
    in_force_from: Day | None = None
    """First day in force; always in force if left out."""
    superseded_by: Id | None = None
    """Id of the commitment that replaces it once that one is in force."""
    subject: Subject
    """What it is about."""
    triggers: Triggers = ()
    """Triggers of re-assessments; any of them is enough, `kind: all` joins several."""
    depth: Depth | None = None
    """Depth for triggers that state none."""
    must_complete: MustComplete | None = None
    """Deadline for triggers that state none: `before_change`, `within` or `none`."""
    within: SoftInterval | None = None
    """With `must_complete: within`: the time to respond."""
    anchors: tuple[AnchorDefinition, ...] = ()
    """Anchors of its own, for deadlines that start with another event than the usual ones."""
    deadlines: tuple[Deadline, ...] = ()
    """Clocks that start with an event, such as those of statutes."""
    outputs: tuple[Output, ...] = ()
    """Results that a re-assessment must produce."""
    invalidation_conditions: tuple[InvalidationCondition, ...] = ()
    """Foreseeable conditions under which what was decided is no longer valid; `/reassay assert` says that one came about."""

    @model_validator(mode="after")
    def _consistent(self) -> "Commitment":
        if self.superseded_by == self.id:
            raise ValueError("'superseded_by' names the commitment itself; name the one that replaces it")
        if self.must_complete == "within" and self.within is None:
            raise ValueError("'must_complete: within' needs 'within'; write for example 'within: 30 days'")
        return self

    @property
    def has_its_own_clock(self) -> bool:
        """Whether it is itself re-assessed; if not, its triggers apply to the mitigations that it selects."""
        return self.subject.kind is not SubjectKind.MITIGATION
