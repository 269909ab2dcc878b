"""Draws a dashboard's pictures as SVG. Importing this module imports Matplotlib."""

from reassay.common.svg_drawing import svg_of
from reassay.dashboard.pictures.effectiveness_drawing import effectiveness_figure
from reassay.dashboard.pictures.picture_parts import chart_picture, shown_events
from reassay.dashboard.pictures.picture_texts import EFFECTIVENESS, INCIDENTS, STATES, kind_of
from reassay.dashboard.pictures.states_drawing import states_figure
from reassay.dashboard.pictures.timeline_drawing import timeline_figure
from reassay.dashboard.values import Dashboard
from reassay.signals.views.rate_drawing import draw as draw_rate


def draw(dashboard: Dashboard, name: str, description: str) -> bytes:
    """The picture; `description` is for people who do not see it. Raises KeyError for an unknown name."""
    kind, index = kind_of(dashboard, name)
    if kind == STATES:
        return svg_of(lambda: states_figure(dashboard), "Cells by state", description)
    if kind == INCIDENTS:
        return draw_rate(chart_picture(dashboard.incident_charts[index]), description)
    if kind == EFFECTIVENESS:
        series = dashboard.series[index]
        title = f"Results of {series.criterion} over time"
        return svg_of(lambda: effectiveness_figure(series), title, description)
    events = shown_events(dashboard)
    return svg_of(lambda: timeline_figure(events, dashboard.today), "Past and coming re-assessments", description)
