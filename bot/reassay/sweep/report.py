"""The report of a sweep of one repository: actions, problems, what is left, and counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reassay.assessment.cells import AssessmentInput, CellStatus, State
from reassay.common.errors import ReassayError
from reassay.gate.input import GateInput
from reassay.register.finding import Finding
from reassay.signals.source_health import SourceHealth
from reassay.sweep.actions import Action, AddComment, AppendToLedger, ChangeIssue, CreateIssue
from reassay.sweep.content import RepositoryContent


@dataclass(frozen=True, slots=True)
class SweepFailure:
    """A failure of one item; the other items continued."""

    what: str
    message: str
    error: ReassayError | None = field(default=None, compare=False, repr=False)
    """The error; its class shows whether waiting helps."""

    @staticmethod
    def of(what: str, error: ReassayError) -> "SweepFailure":
        """The failure of one item, with the error's message."""
        return SweepFailure(what, str(error), error)


@dataclass(frozen=True, slots=True)
class RefusedLedger:
    """What a run that refuses the ledger knows: the register, and why nothing is taken from the ledger."""

    content: RepositoryContent
    assessment_input: AssessmentInput
    why: str
    """A sentence."""


@dataclass(frozen=True, slots=True)
class JudgedPull:
    """An open pull request that was judged."""

    number: int
    title: str
    gate_input: GateInput = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a sweep of one repository."""

    repository: str
    done: tuple[Action, ...] = ()
    problems: tuple[SweepFailure, ...] = ()
    notes: tuple[str, ...] = ()
    leftover_keys: tuple[str, ...] = ()
    """Notes about settings for a key change that are no longer needed and still set."""
    schedule: tuple[str, ...] = ()
    """Notes about the schedule of the workflow: without a schedule nobody notices a due date."""
    unreadable: tuple[SweepFailure, ...] = ()
    """What cannot be read: the configuration, and whatever the ledger knows. Trying again changes nothing of it."""
    sources: tuple[SourceHealth, ...] = ()
    """Sources of signals that cannot be relied on. What rests on them is blind."""
    brought: tuple[Finding, ...] = ()
    """Errors that the pull request of this run would bring into the register, where there is no merge gate."""
    cells: tuple[CellStatus, ...] = ()
    content: RepositoryContent | None = None
    assessment_input: AssessmentInput | None = None
    refused: RefusedLedger | None = None
    """None if the ledger could be relied on, or was not looked at."""
    left: int = 0
    """Openings left for the next run."""
    dry_run: bool = False
    again_at: datetime | None = None
    """When to check whether another run has created its issues; None if there are none."""
    read_sources: frozenset[str] = frozenset()
    """Ids of the sources of signals whose readings the ledger has now: events of theirs need not be kept."""
    trust: str = ""
    """The trust in the record, in half a sentence."""
    judged: tuple[JudgedPull, ...] = ()
    """Open pull requests that this run judged; none where the gate is off."""
    closed_pulls: tuple[int, ...] = ()
    """Numbers of pull requests that it looked at and that are not open, or not judged any more."""

    @staticmethod
    def failed(repository: str, done: Sequence[Action], error: ReassayError, *, dry_run: bool) -> "Report":
        """The report of a sweep that failed, with the actions before the failure."""
        return Report(repository, tuple(done), (SweepFailure.of(repository, error),), dry_run=dry_run)


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one repository, or of several added up."""

    opened: int = 0
    updated: int = 0
    closed: int = 0
    concluded: int = 0
    failed: int = 0
    due: int = 0
    overdue: int = 0
    ineffective: int = 0
    """Cells that were last found ineffective, whatever their dates say."""
    ordered: int = 0
    """Cells with an order to restrict or withdraw the deployment that is not carried out."""
    unreadable: int = 0
    """Entries of the register, and the configuration, that cannot be read any more."""
    register_errors: int = 0
    """Errors in the register, as `reassay check` counts them."""

    def __add__(self, other: "Counts") -> "Counts":
        """The sum of both."""
        names = Counts.__slots__
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in names})


def count(report: Report) -> Counts:
    """Counts of the actions, and of cells that are due or overdue now."""
    changes = [action for action in report.done if isinstance(action, ChangeIssue)]
    appended = [
        record for action in report.done if isinstance(action, AppendToLedger) for record in action.append.records
    ]
    return Counts(
        opened=sum(isinstance(action, CreateIssue) for action in report.done),
        updated=sum(action.what != "close" for action in changes)
        + sum(isinstance(action, AddComment) for action in report.done),
        closed=sum(action.what == "close" for action in changes),
        concluded=sum(record.body.kind == "decided" for record in appended),
        failed=len(report.problems),
        due=sum(cell.clock in {State.DUE, State.TRIGGERED, State.UNASSESSED} for cell in report.cells),
        overdue=sum(cell.clock is State.OVERDUE for cell in report.cells),
        ineffective=sum("ineffective" in cell.conditions for cell in report.cells),
        ordered=sum(cell.order is not None for cell in report.cells),
        unreadable=len(report.unreadable),
        register_errors=len(report.assessment_input.register.errors) if report.assessment_input else 0,
    )
