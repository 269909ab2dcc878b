"""Pictures of incident rates, on a branch of their own, because issues show images by address alone.

A picture that cannot be read or written is a problem of the report, and nothing else is lost: the issue has the same counts
as text.
"""

from collections.abc import Mapping
from dataclasses import replace

from reassay.common.errors import ReassayError, StaleHeadError, UnavailableError
from reassay.ledger.history import Reassessment
from reassay.sweep.actions import KeepPictures
from reassay.sweep.reconciliation import Reconciliation
from reassay.sweep.report import SweepFailure
from reassay.sweep.views.issue_context import IssueContext
from reassay.sweep.views.rate_figure import PICTURES_FOLDER, RateFigure, rate_figure

WHAT = "pictures of incident rates"


def with_pictures(reconciliation: Reconciliation) -> IssueContext:
    """The context of issues, with the pictures that they can show; missing ones are written before."""
    return replace(reconciliation.inputs.issue_context, pictures=_kept(reconciliation))


def _kept(reconciliation: Reconciliation) -> Mapping[str, str]:
    """Writes the pictures that are missing. Returns the path of each picture that is there, by re-assessment."""
    figures = _figures(reconciliation)
    if not figures:
        return {}
    files = reconciliation.context.pictures
    try:
        folder = files.folder(PICTURES_FOLDER)
        present = {f"{PICTURES_FOLDER}/{name}" for name in folder.names}
        missing = tuple(own for own in figures if own.path not in present)
        if missing:
            gone = tuple(sorted(path for path in present if any(_replaces(own, path) for own in missing)))
            reconciliation.interpreter.pictures(KeepPictures(folder.head, missing, gone))
    except ReassayError as error:
        if isinstance(error, StaleHeadError | UnavailableError):
            # The next round tries it again.
            reconciliation.failed(WHAT, error)
        else:
            reconciliation.cannot_write(SweepFailure.of(WHAT, error))
        return {own.reassessment: own.path for own in figures if _is_shown(own, reconciliation)}
    written = figures if not reconciliation.is_dry else [own for own in figures if own.path in present]
    return {own.reassessment: own.path for own in written}


def _figures(reconciliation: Reconciliation) -> list[RateFigure]:
    """Figures of re-assessments whose issue this run shows or creates."""
    inputs = reconciliation.inputs
    figures = []
    for reassessment in inputs.assessment_input.history.open:
        about = inputs.assessment_input_of(reassessment, inputs.assessment_input)
        if about is None or not _is_looked_at(reassessment, reconciliation):
            continue
        entry = about.register.subjects.get(reassessment.subject)
        figures.append(rate_figure(reassessment, entry.value if entry else None, about))
    return [own for own in figures if own is not None]


def _is_looked_at(reassessment: Reassessment, reconciliation: Reconciliation) -> bool:
    if reassessment.issue is None:
        return reconciliation.is_in_focus(reassessment)
    return reassessment.issue in reconciliation.inputs.repository_state.issues


def _replaces(figure: RateFigure, path: str) -> bool:
    """Whether a file is an earlier picture of the same re-assessment."""
    return path.startswith(f"{PICTURES_FOLDER}/{figure.reassessment}-") and path != figure.path


def _is_shown(figure: RateFigure, reconciliation: Reconciliation) -> bool:
    """Whether the issue shows the picture already, so that a branch that cannot be read takes nothing away."""
    issues = reconciliation.inputs.repository_state.issues.values()
    return any(figure.path in issue.body for issue in issues)
