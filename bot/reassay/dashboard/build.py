"""Builds the dashboard of one framework repository, purely from register, ledger and cells."""

from reassay.dashboard.cells import dashboard_cells
from reassay.dashboard.commitments import commitment_lines
from reassay.dashboard.coverage_tables import CoverageTables
from reassay.dashboard.dashboard_input import DashboardInput
from reassay.dashboard.decided_figures import DecidedFigures
from reassay.dashboard.duties import dashboard_duties
from reassay.dashboard.incident_charts import MOST_CHARTS, incident_charts, watched_cells
from reassay.dashboard.ledger_lines import entry_trusts
from reassay.dashboard.problems import dashboard_problems
from reassay.dashboard.subjects import dashboard_subjects
from reassay.dashboard.timeline import dashboard_timeline, planned_until
from reassay.dashboard.values import Dashboard

__all__ = ["DashboardInput", "build_dashboard"]


def build_dashboard(inputs: DashboardInput) -> Dashboard:
    """Everything that the dashboard shows, as of `inputs.assessment_input.now`. The same input gives the same dashboard."""
    facts = inputs.assessment_input
    figures, trusts, tables = DecidedFigures(inputs), entry_trusts(inputs.ledger), CoverageTables(inputs)
    watched = watched_cells(inputs)
    return Dashboard(
        repository=inputs.repository,
        url=inputs.url,
        source=inputs.source,
        commit=inputs.commit,
        at=facts.now,
        timezone=facts.register.configuration.timezone,
        today=facts.today,
        provenance=inputs.provenance,
        trust=inputs.trust,
        swept=inputs.swept,
        problems=dashboard_problems(inputs, trusts),
        duties=dashboard_duties(inputs),
        cells=dashboard_cells(inputs, figures),
        subjects=dashboard_subjects(inputs, figures, trusts),
        series=tuple(figures.series()),
        timeline=dashboard_timeline(inputs),
        planned_until=planned_until(inputs),
        deployments=tuple(tables.deployments()),
        layers=tuple(tables.layers()),
        languages=tuple(tables.languages()),
        standards=tuple(tables.standards()),
        commitments=commitment_lines(inputs),
        incident_charts=tuple(incident_charts(watched[:MOST_CHARTS], inputs)),
        incident_charts_left_out=len(watched[MOST_CHARTS:]),
        verdicts=inputs.verdicts,
    )
