"""A result file that a command names, and what came of reading it."""

from collections.abc import Iterable
from dataclasses import dataclass

from reassay.evidence.counting import CountedCriterion
from reassay.evidence.kinds.detector import detector_rates
from reassay.evidence.readers.base import ResultOptions
from reassay.evidence.reading import Reading
from reassay.register.criteria import Criterion, RateCriterion, SampleCriterion
from reassay.register.detector_criterion import DetectorCriterion


@dataclass(frozen=True, slots=True)
class ResultRequest:
    """A file, and what a criterion declares about its content."""

    locator: str
    """A path of the repository, `artifact:<run>/<name>[/<path>]` or `release:<tag>/<asset>`."""
    commit: str
    """The commit of a path; empty for files that are not in git."""
    options: ResultOptions


@dataclass(frozen=True, slots=True)
class ResultContent:
    """A file that was read."""

    digest: str
    """`file:sha256:` and the SHA-256 of the raw file."""
    readings: tuple[Reading, ...]
    commit: str = ""
    """The commit of the workflow's run that made it; empty for other files."""
    path: str = ""
    """The file's path in an artifact; empty for other files."""


@dataclass(frozen=True, slots=True)
class ResultRefusal:
    """A file that does not count, and what to do instead."""

    why: str
    """Without a full stop."""
    remedy: str
    is_recognised: bool = True
    """False if the file is there, and no reader knows its format."""


@dataclass(frozen=True, slots=True)
class ResultUnavailable:
    """A file that could not be fetched now; the command waits for the next run."""

    why: str


ResultOutcome = ResultContent | ResultRefusal | ResultUnavailable


@dataclass(frozen=True, slots=True)
class MeasuredPart:
    """A criterion that result files are for, or one of a detector's two rates."""

    criterion: CountedCriterion

    @property
    def name(self) -> str:
        """The name by which evidence speaks of it."""
        return self.criterion.name

    @property
    def options(self) -> ResultOptions:
        """What it declares about the content of its files."""
        measured = self.criterion.measured
        slices = (measured.slice_by,) if measured.slice_by else ()
        return ResultOptions(measured.columns, slices, measured.cluster_by)


def measured_parts(criteria: Iterable[Criterion]) -> tuple[MeasuredPart, ...]:
    """Everything that is judged by counts of result files."""
    return tuple(MeasuredPart(own) for criterion in criteria for own in _counted(criterion))


def _counted(criterion: Criterion) -> tuple[CountedCriterion, ...]:
    if isinstance(criterion, DetectorCriterion):
        return detector_rates(criterion)
    return (criterion,) if isinstance(criterion, RateCriterion | SampleCriterion) else ()
