"""Models and their metrics now and in snapshots, for the triggers about models."""

from collections.abc import Mapping

from reassay.assessment.snapshot import MODELS, MODELS_BY_CELL
from reassay.assessment.subjects import models_of
from reassay.assessment.triggers.base import LastAssessment, TriggerInput


def values_now(facts: TriggerInput, metric: str) -> Mapping[str, float]:
    """The value of a metric now, by model of the cell; models that do not state it are left out."""
    models = models_of(facts.subject, facts.cell, facts.register)
    return {name: model.metrics[metric] for name, model in models.items() if model and metric in model.metrics}


def values_then(last: LastAssessment, cell: str, metric: str) -> Mapping[str, float]:
    """The value of a metric at an assessment, by model, from its snapshot."""
    values: dict[str, float] = {}
    for name in names_then(last, cell) or ():
        written = last.part(MODELS).get(name)
        metrics = written.get("metrics") if isinstance(written, dict) else None
        value = metrics.get(metric) if isinstance(metrics, dict) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            values[name] = float(value)
    return values


def names_then(last: LastAssessment, cell: str) -> tuple[str, ...] | None:
    """Ids of the models of a cell at an assessment; None if its snapshot does not list them."""
    names = last.part(MODELS_BY_CELL).get(cell)
    return tuple(str(name) for name in names) if isinstance(names, list) else None


def version_then(last: LastAssessment, name: str) -> str | None:
    """The version of a model at an assessment; None if the snapshot has none."""
    written = last.part(MODELS).get(name)
    version = written.get("version") if isinstance(written, dict) else None
    return str(version) if version is not None else None


def missing(facts: TriggerInput, metric: str) -> str:
    """Why a metric has no value, as a sentence."""
    models = models_of(facts.subject, facts.cell, facts.register)
    if not models:
        return f"nothing says which model it is about, so '{metric}' has no value"
    return f"{', '.join(sorted(models))} states no '{metric}'"


def number(value: float) -> str:
    """A number for a sentence: 4, 0.25, 4e+25."""
    return f"{value:g}"
