"""Charts of incident rates: every trigger on frequent incidents in every cell, whether it has fired or not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from reassay.assessment.cells import CellStatus, State, trigger_input
from reassay.assessment.incident_rates.pictures import watch_picture
from reassay.assessment.triggers import incident_rate
from reassay.assessment.triggers.base import Fired
from reassay.dashboard.coverage_values import IncidentChart, IncidentDay
from reassay.dashboard.dashboard_input import DashboardInput
from reassay.register.assessable import Assessable
from reassay.register.commitment import Commitment
from reassay.register.incident_rate import IncidentRateSpec
from reassay.register.mitigation import Mitigation
from reassay.register.trigger_specs import AnyTrigger, flat_triggers
from reassay.signals.views.rate_picture import RatePicture, alternative_text

MOST_CHARTS: Final = 50
"""Charts that a dashboard has; the others are counted (`Dashboard.incident_charts_left_out`)."""


@dataclass(frozen=True, slots=True)
class WatchedCell:
    """An incident-rate trigger over a cell."""

    subject: Assessable
    cell: CellStatus
    spec: IncidentRateSpec

    @property
    def has_fired(self) -> bool:
        """Whether any such trigger of the cell has fired."""
        return any(isinstance(own, Fired) and own.kind == incident_rate.KIND for own in self.cell.results)


def watched_cells(inputs: DashboardInput) -> tuple[WatchedCell, ...]:
    """Every watch over a cell that is assessed; those that have fired first, then by subject and deployment."""
    every = [own for name in inputs.cells_by_subject for own in _of_subject(name, inputs)]
    return tuple(sorted(every, key=lambda own: (not own.has_fired, own.subject.id, own.cell.cell, own.spec.watch)))


def incident_charts(watched: Iterable[WatchedCell], inputs: DashboardInput) -> Iterator[IncidentChart]:
    """A chart a watch up to today; none where the watch is blind, of which its cell tells."""
    for own in watched:
        facts = trigger_input(own.subject, own.cell.cell, inputs.assessment_input)
        picture = watch_picture(own.spec, facts, own.subject.title, inputs.assessment_input.today)
        if picture is not None:
            yield _chart(own, picture)


def _of_subject(name: str, inputs: DashboardInput) -> Iterator[WatchedCell]:
    entry = inputs.assessment_input.register.subjects.get(name)
    if entry is None:
        return
    specs = [own for own in flat_triggers(_triggers(entry.value, inputs)) if isinstance(own, IncidentRateSpec)]
    for cell in inputs.cells_by_subject[name] if specs else ():
        if cell.state not in {State.RETIRED, State.UNREADABLE}:
            yield from (WatchedCell(entry.value, cell, spec) for spec in specs)


def _triggers(subject: Assessable, inputs: DashboardInput) -> Iterator[AnyTrigger]:
    if isinstance(subject, Commitment):
        yield from subject.triggers
    elif isinstance(subject, Mitigation):
        yield from subject.reassess.triggers if subject.reassess else ()
        for commitment in inputs.asking.get(subject.id, ()):
            yield from commitment.triggers


def _chart(own: WatchedCell, picture: RatePicture) -> IncidentChart:
    settled_until = picture.unsettled_from
    return IncidentChart(
        subject=own.subject.id,
        cell=own.cell.cell,
        title=f"{picture.title}: {picture.rule}",
        words=alternative_text(picture),
        unit=picture.exposure_unit,
        days=tuple(
            IncidentDay(
                on=day.day,
                incidents=day.incidents,
                accepted=day.accepted,
                fires_at=day.fires_at,
                exposure=day.exposure,
                is_settled=day.day < settled_until,
            )
            for day in picture.days
        ),
        fired=tuple(alarm.day for alarm in picture.alarms),
    )
