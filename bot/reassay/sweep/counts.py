"""Counts of a sweep: for exit codes, the Action's outputs and people."""

from dataclasses import dataclass

from reassay.assessment.cells import State
from reassay.sweep.actions import AddComment, AppendToLedger, ChangeIssue, CreateIssue
from reassay.sweep.sweep import Report


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

    def __add__(self, other: "Counts") -> "Counts":
        """Both together."""
        names = Counts.__slots__
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in names})


def count(report: Report) -> Counts:
    """Counts of what was done, and of cells that are due or overdue now."""
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
        due=sum(cell.state in {State.DUE, State.TRIGGERED, State.UNASSESSED} for cell in report.cells),
        overdue=sum(cell.state is State.OVERDUE for cell in report.cells),
    )
