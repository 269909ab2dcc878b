"""`reassay/evidence/v1`: result files and verdicts on criteria as JSON."""

from collections.abc import Mapping, Sequence

from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.file_outcome import FileOutcome
from reassay.evidence.reading import Reading
from reassay.evidence.trial import Trial


def evidence_document(
    files: Sequence[FileOutcome],
    trial: Trial | None,
    provenance: dict[str, str] | None,
    metrics: Mapping[str, str | None] | None = None,
) -> dict[str, object]:
    """The counts of every file, the files that cannot be read, and with a mitigation the verdict on each criterion.

    `metrics` are the metrics that criteria are measured by, by name of the criterion.
    """
    document: dict[str, object] = {
        "schema": "reassay/evidence/v1",
        "observations": [_observation(file, reading) for file in files for reading in file.readings],
        "unreadable": [{"file": file.name, "why": file.why, "remedy": file.remedy} for file in files if file.why],
    }
    if trial is not None:
        document |= {
            "reassessment": trial.reassessment,
            "criteria": [_criterion(verdict, (metrics or {}).get(verdict.name)) for verdict in trial.verdicts],
        }
    return document | (provenance or {})


def _observation(file: FileOutcome, reading: Reading) -> dict[str, object]:
    n, k = sum(number for _, number in reading.totals), reading.adverse
    return {
        "file": file.name,
        "metric": reading.metric,
        "n": n,
        "k": k,
        "value": k / n if k is not None and n else None,
        "tool": reading.tool,
        "tool_version": reading.tool_version,
        "format_version": reading.format_version,
        "task": reading.task,
        "task_version": reading.task_version,
        "model": reading.models_answered[0] if len(reading.models_answered) == 1 else None,
        "models_asked": list(reading.models_asked),
        "models_answered": list(reading.models_answered),
        "performed_at": reading.performed_at.isoformat() if reading.performed_at else None,
        "digest": reading.digest,
        "planned": reading.planned,
        "attempted": reading.attempted,
        "prompts": len({prompt.prompt for prompt in reading.prompts}) if reading.prompts else None,
        "outcomes": dict(reading.totals),
        "unscored": reading.unscored,
        "errored": reading.errored,
        "problems": list(reading.problems),
        "notes": list(reading.notes),
    }


def _criterion(verdict: CriterionVerdict, metric: str | None) -> dict[str, object]:
    figures = verdict.figures
    numbers: dict[str, object] = dict.fromkeys(
        ("n", "k", "bound", "lower", "upper", "evidence", "evidence_needed", "needed_n", "chance")
    )
    if figures is not None:
        numbers = {
            "n": figures.n,
            "k": figures.k,
            "bound": figures.bound,
            "lower": figures.lower,
            "upper": figures.upper,
            "evidence": figures.evidence,
            "evidence_needed": figures.evidence_needed,
            "needed_n": figures.needed,
            "chance": figures.chance,
        }
    return {
        "name": verdict.name,
        "metric": metric,
        "verdict": verdict.verdict,
        "basis": verdict.basis,
        **numbers,
        "why": verdict.why,
    }
