"""Evaluation runs on GitHub that the ledger does not have yet: new registrations and results, and ends of open runs.

Nothing is asked where no criterion takes runs, no run is open and the sweep was not started by one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reassay.common.errors import LimitError, NotAllowedError, NotFoundError, UpstreamError
from reassay.evidence.criterion_bounds import criteria_of
from reassay.evidence.result_request import measured_parts
from reassay.github.workflow_runs import LARGEST_ARTIFACT, RunArtifact, WorkflowRun, WorkflowRuns
from reassay.ledger.history import History
from reassay.ledger.run_history import artifacts_recorded, unsettled_runs
from reassay.register.register import Register
from reassay.sweep.content import RepositoryContent
from reassay.sweep.options import Focus
from reassay.sweep.run_context import RunContext

KEPT = timedelta(days=90)
"""How long GitHub keeps artifacts unless somebody set less."""
LATE = timedelta(days=1)
"""How long before the last sweep an artifact may have been created and still be new: its list or a download can fail."""
MOST_RUNS = 20
"""Workflow runs that one sweep asks about."""
MOST_ARTIFACTS = 20
"""Artifacts that one sweep downloads; the others are left to the next one."""
ACTIONS_READ = "Give the token `actions: read`: without it, evaluation runs are not known."


@dataclass(frozen=True, slots=True)
class ArrivedArtifact:
    """An artifact of an evaluation run with its content, or the reason why there is none for good."""

    artifact: RunArtifact
    content: bytes = field(default=b"", repr=False)
    missing: str = ""
    """Why it has no content, as a sentence without its full stop; empty if it has."""


@dataclass(frozen=True, slots=True)
class EvaluationRuns:
    """What GitHub says of runs that are not settled in the ledger."""

    artifacts: tuple[ArrivedArtifact, ...] = ()
    """Not recorded yet, oldest first."""
    runs: Mapping[int, WorkflowRun | None] = field(default_factory=dict)
    """Workflow runs by number, as they are now; None for one that was deleted. Absent if it was not asked about."""
    on_default_branch: frozenset[str] = frozenset()
    """Commits that the default branch contains, of those that runs were of."""
    left: tuple[RunArtifact, ...] = ()
    """Artifacts that are left to the next sweep: their workflow runs may have results that nobody has read yet."""
    unread: str = ""
    """Why it is not known whether there are others; empty if that is known."""
    forbidden: bool = False
    """Whether the token may not read runs."""


NOT_ASKED = EvaluationRuns()


def takes_runs(register: Register) -> bool:
    """Whether a criterion of the register is met by workflow runs alone, so that every sweep looks for them."""
    parts = (part for entry in register.mitigations.values() for part in measured_parts(criteria_of(entry.value)))
    return any(part.criterion.provenance == "workflow-run" for part in parts)


def evaluation_runs(
    content: RepositoryContent, history: History, now: datetime, focus: Focus, context: RunContext
) -> EvaluationRuns:
    """What GitHub says of runs, where a sweep has to ask.

    One request for a hundred artifacts of the repository; one for each workflow run that is open or new, one for each of its
    commits that is not the tip, and two for each new artifact. Raises LimitError.
    """
    waiting = unsettled_runs(history)
    if focus.is_narrow or not (focus.runs or waiting or takes_runs(content.register)):
        return NOT_ASKED
    github = WorkflowRuns(context.github.client, context.github.full_name)
    try:
        # Ends first: whatever a run that is over has uploaded is in the list that is read after it.
        numbers = dict.fromkeys(int(run.run.partition("-")[0]) for run in waiting)
        runs = {number: github.find(number) for number in list(numbers)[:MOST_RUNS]}
        listed, is_whole = github.artifacts(_since(history, now), artifacts_recorded(history))
        arrived = tuple(_arrived(listed[:MOST_ARTIFACTS], github))
        for own in arrived:
            number = own.artifact.workflow_run
            if number not in runs:
                runs[number] = github.find(number)
        commits = {own.artifact.commit for own in arrived}
        on_branch = frozenset(commit for commit in sorted(commits) if github.is_on(commit, content.commit))
    except LimitError:
        raise
    except (NotAllowedError, NotFoundError):
        return EvaluationRuns(forbidden=True, unread=ACTIONS_READ)
    except UpstreamError as error:
        return EvaluationRuns(unread=str(error))
    unread = "" if is_whole else "the repository has more than a thousand new artifacts, and older ones were not read"
    return EvaluationRuns(arrived, runs, on_branch, listed[MOST_ARTIFACTS:], unread)


def _since(history: History, now: datetime) -> datetime:
    """Artifacts from before are recorded, or had their sweep."""
    last = history.last_sweep_until(now)
    started = [run.registered.started_at for run in unsettled_runs(history) if run.registered]
    return max(now - KEPT, min([last - LATE if last else now - KEPT, *started]))


def _arrived(listed: tuple[RunArtifact, ...], github: WorkflowRuns) -> Iterator[ArrivedArtifact]:
    for artifact in listed:
        if artifact.is_expired:
            yield ArrivedArtifact(artifact, missing="it expired before it was read")
        elif artifact.size > LARGEST_ARTIFACT:
            yield ArrivedArtifact(artifact, missing=f"it has {artifact.size:,} bytes, more than {LARGEST_ARTIFACT:,}")
        else:
            try:
                yield ArrivedArtifact(artifact, github.content(artifact))
            except NotFoundError:
                yield ArrivedArtifact(artifact, missing="it was deleted before it was read")
