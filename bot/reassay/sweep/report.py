"""The report of a sweep of one repository: what was done, what failed, what is left."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reassay.assessment.cells import CellStatus, Situation
from reassay.common.errors import ReassayError
from reassay.sweep.actions import Action
from reassay.sweep.content import Content


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that failed while the rest went on."""

    what: str
    message: str
    error: ReassayError | None = field(default=None, compare=False, repr=False)
    """The error behind it: its kind says whether waiting helps."""

    @staticmethod
    def of(what: str, error: ReassayError) -> "Problem":
        """In the error's own words."""
        return Problem(what, str(error), error)


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a sweep of one repository."""

    repository: str
    done: tuple[Action, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    cells: tuple[CellStatus, ...] = ()
    content: Content | None = None
    situation: Situation | None = None
    left: int = 0
    """Openings that wait for the next run."""
    dry_run: bool = False
    again_at: datetime | None = None
    """When it is to be seen whether another run has done what was left to it."""
    trust: str = ""
    """How far the record can be believed."""

    @staticmethod
    def failed(repository: str, done: Sequence[Action], error: ReassayError, *, dry_run: bool) -> "Report":
        """The report of a sweep that could not go on; actions that were done before are in it."""
        return Report(repository, tuple(done), (Problem.of(repository, error),), dry_run=dry_run)
