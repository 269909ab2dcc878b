"""Mitigations and commitments as the dashboard shows them, each with its history."""

from collections.abc import Iterator, Sequence

from reassay.assessment.cells import CellStatus
from reassay.assessment.unreadable import UnreadableObject
from reassay.dashboard.dashboard_input import DashboardInput
from reassay.dashboard.decided_figures import DecidedFigures
from reassay.dashboard.ledger_lines import EntryTrusts
from reassay.dashboard.records import records_of
from reassay.dashboard.subject_values import DashboardSubject, SourcePlace
from reassay.dashboard.trigger_words import trigger_words
from reassay.evidence.criterion_bounds import bound_words, criteria_of
from reassay.register.assessable import Assessable
from reassay.register.commitment import Commitment
from reassay.register.mitigation import Mitigation
from reassay.register.trigger_specs import flat_triggers


def dashboard_subjects(
    inputs: DashboardInput, figures: DecidedFigures, trusts: EntryTrusts
) -> tuple[DashboardSubject, ...]:
    """Every mitigation and commitment with cells, those that cannot be read as they last were; by id."""
    return tuple(_subject(name, inputs, figures, trusts) for name in sorted(inputs.cells_by_subject))


def _subject(name: str, inputs: DashboardInput, figures: DecidedFigures, trusts: EntryTrusts) -> DashboardSubject:
    subject, cells = inputs.subjects.get(name), inputs.cells_by_subject[name]
    mitigation = subject if isinstance(subject, Mitigation) else None
    commitment = subject if isinstance(subject, Commitment) else None
    target = mitigation.target if mitigation else None
    conditions = mitigation.invalidation_conditions if mitigation else ()
    return DashboardSubject(
        id=name,
        kind=cells[0].kind,
        title=inputs.title(name),
        description=(subject.description or "") if subject else "",
        owner=inputs.owner(name),
        assessors=inputs.assessors.get(name, ()),
        status=_status(name, subject, inputs),
        version=subject.version if subject else None,
        layer=str(mitigation.layer or "") if mitigation else "",
        stage=str(mitigation.lifecycle_stage or "") if mitigation else "",
        target=target.statement if target else commitment.statement if commitment else "",
        criteria=tuple(f"{own.name}: {bound_words(own)}" for own in criteria_of(subject)),
        assumptions=mitigation.assumptions if mitigation else (),
        conditions=tuple(own.text for own in (commitment.invalidation_conditions if commitment else conditions)),
        triggers=tuple(_triggers(name, subject, cells, inputs)),
        threat_models=mitigation.threat_models if mitigation else (),
        deployments=mitigation.deployments if mitigation else (),
        standards=tuple(f"{own.catalogue} {own.control}" for own in mitigation.standards) if mitigation else (),
        references=_references(subject),
        place=_place(name, inputs),
        records=records_of(name, inputs, figures, trusts),
    )


def _status(name: str, subject: Assessable | None, inputs: DashboardInput) -> str:
    if name in inputs.assessment_input.register_index.unreadable_subjects:
        return "unreadable"
    return str(subject.status) if isinstance(subject, Mitigation) else ""


def _references(subject: Assessable | None) -> tuple[str, ...]:
    source = (subject.source.words(),) if isinstance(subject, Commitment) else ()
    return (*source, *(own.words() for own in subject.references)) if subject else ()


def _place(name: str, inputs: DashboardInput) -> SourcePlace | None:
    entry = inputs.assessment_input.register.subjects.get(name)
    lost: UnreadableObject | None = inputs.assessment_input.register_index.unreadable_subjects.get(name)
    at = entry.origin.at() if entry else lost.finding.at if lost else None
    return SourcePlace(path=at.path, line=at.line) if at and at.path else None


def _triggers(
    name: str, subject: Assessable | None, cells: Sequence[CellStatus], inputs: DashboardInput
) -> Iterator[str]:
    """What the entry states, what commitments ask for, then the kinds that every subject has without stating them."""
    stated: set[str] = set()
    if isinstance(subject, Mitigation):
        own = subject.reassess.triggers if subject.reassess else ()
        stated = {spec.kind for spec in flat_triggers(own)} | {"interval", "interval-range", "interval-unless"}
        yield from filter(None, (_clock_words(subject),))
        yield from (trigger_words(spec) for spec in own)
        for commitment in inputs.asking.get(name, ()):
            yield from inputs.asked_words[commitment.id]
            stated |= {spec.kind for spec in flat_triggers(commitment.triggers)}
    elif isinstance(subject, Commitment):
        stated = {spec.kind for spec in flat_triggers(subject.triggers)}
        yield from (trigger_words(spec) for spec in subject.triggers)
        yield from (
            f"{deadline.words()}{f': {deadline.what}' if deadline.what else ''}" for deadline in subject.deadlines
        )
    built_in = [own.kind for own in cells[0].results if own.kind not in stated and not _is_of_entry(own.kind)]
    if built_in:
        yield f"also, by default: {', '.join(kind.replace('-', ' ') for kind in dict.fromkeys(built_in))}"


def _is_of_entry(kind: str) -> bool:
    """Whether a kind of result is not a trigger of its own: a condition is listed with its text, an error as a problem."""
    return kind in {"invalidation-condition", "unreadable", "any", "all"}


def _clock_words(mitigation: Mitigation) -> str:
    if mitigation.schedule is not None:
        return f"every {mitigation.schedule.words()}"
    if mitigation.interval is None:
        return ""
    earliest = f"{mitigation.earliest.words()} to " if mitigation.earliest else ""
    unless = mitigation.reassess.unless if mitigation.reassess else ()
    grounds = f", unless {' or '.join(own.text for own in unless)}" if unless else ""
    return f"every {earliest}{mitigation.interval.words()}{grounds}"
