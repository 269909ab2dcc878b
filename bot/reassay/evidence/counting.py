"""Counts of one reading by the direction of a criterion: adverse, not adverse, and not assessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

from pydantic import Field

from reassay.evidence.reading import Reading
from reassay.evidence.untrusted_names import listed, shown
from reassay.register.base import Strict
from reassay.register.criteria import RateCriterion, SampleCriterion

CountedCriterion = RateCriterion | SampleCriterion
"""A criterion that is judged by counts of result files."""
Number = Annotated[int, Field(ge=0)]


class UncountableError(ValueError):
    """A reading that a criterion cannot count. The message says why, without a full stop."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
        self.remedy = remedy
        """What to do instead, as a sentence."""


class OutcomeCounts(Strict):
    """Generations by what became of them."""

    planned: Number | None = None
    """None if the file does not say."""
    attempted: Number = 0
    adverse: Number = 0
    not_adverse: Number = 0
    unscored: Number = 0
    """Generations without a score, or with an outcome that the criterion does not list."""
    errored: Number = 0

    @property
    def assessed(self) -> int:
        """Generations with an outcome that counts."""
        return self.adverse + self.not_adverse

    @property
    def never_attempted(self) -> int:
        """Generations that were planned and that the file has nothing of."""
        return max(0, (self.planned or 0) - self.attempted)

    @property
    def not_assessed(self) -> int:
        """Generations that were planned or attempted, and have no outcome that counts."""
        return self.unscored + self.errored + self.never_attempted


class PromptCount(NamedTuple):
    """Generations of one prompt in one slice."""

    prompt: str
    slices: tuple[tuple[str, str], ...]
    adverse: int
    not_adverse: int
    unassessed: int


@dataclass(frozen=True, slots=True)
class CountedReading:
    """A reading with its outcomes told apart."""

    counts: OutcomeCounts
    prompts: tuple[PromptCount, ...]
    remarks: tuple[str, ...] = ()
    """What people should know, each without its full stop."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The outcomes that are adverse and those that are not, as a tool names them."""

    adverse: frozenset[str]
    not_adverse: frozenset[str]


def selected(criterion: CountedCriterion, readings: Sequence[Reading]) -> Reading:
    """The reading of a file that a criterion is about. Raises UncountableError."""
    measured = criterion.measured
    own = [reading for reading in readings if measured.tool in {None, reading.tool}]
    if not own:
        tools = listed(sorted({reading.tool for reading in readings}), "no tool that is known")
        raise UncountableError(
            f"the file is of {tools}, and the criterion takes files of {measured.tool}",
            "Attach a file of that tool, or change `measured.tool`.",
        )
    metrics = sorted({reading.metric for reading in own})
    if measured.metric is None:
        if len(own) == 1:
            return own[0]
        raise UncountableError(
            f"the file has several metrics ({listed(metrics)}), and the criterion does not say which one counts",
            "Name it as `measured.metric`.",
        )
    own = [reading for reading in own if reading.metric == measured.metric]
    if len(own) == 1:
        return own[0]
    raise UncountableError(
        f"the file has no metric '{measured.metric}', only {listed(metrics)}"
        if not own
        else f"the file has the metric '{measured.metric}' {len(own)} times",
        "Correct `measured.metric`." if not own else "Attach a file with one task.",
    )


def sides(criterion: CountedCriterion, reading: Reading) -> Sides:
    """Which outcomes are adverse, by the criterion or by the tool; never guessed. Raises UncountableError."""
    measured = criterion.measured
    fixed = next((own for own in reading.directions if own.undesired == criterion.undesired), None)
    if measured.adverse:
        declared = Sides(frozenset(measured.adverse), frozenset(measured.not_adverse))
        _consistent(
            criterion, declared, Sides(frozenset(fixed.adverse), frozenset(fixed.not_adverse)) if fixed else None
        )
        names = {name for name, _ in reading.totals}
        if names and not names & (declared.adverse | declared.not_adverse):
            raise UncountableError(
                f"none of the outcomes of the file ({listed(sorted(names))}) is in `adverse` or `not_adverse`",
                "Write them there as the file does.",
            )
        return declared
    if fixed is not None:
        return Sides(frozenset(fixed.adverse), frozenset(fixed.not_adverse))
    words = listed(sorted(own.undesired for own in reading.directions))
    if isinstance(criterion, RateCriterion) and criterion.undesired is None:
        raise UncountableError(
            "the criterion does not say which outcome is undesired, and that is never guessed",
            f"Write `undesired: {words}`." if words else _STATE_SIDES,
        )
    if words:
        raise UncountableError(
            f"the criterion counts '{criterion.undesired}', and this metric of {reading.tool} counts {words}",
            "Correct `undesired`, or state `measured.adverse` and `measured.not_adverse`.",
        )
    raise UncountableError(
        f"{reading.tool} does not fix which outcome of {shown(reading.metric)} is '{criterion.undesired}'", _STATE_SIDES
    )


_STATE_SIDES = "State `measured.adverse` and `measured.not_adverse`, as the file writes the outcomes."


def _consistent(criterion: CountedCriterion, declared: Sides, fixed: Sides | None) -> None:
    """Raises UncountableError where the two ways to say what is undesired contradict each other."""
    wrong = declared.not_adverse & ({criterion.undesired} | (fixed.adverse if fixed else frozenset()))
    wrong |= declared.adverse & (fixed.not_adverse if fixed else frozenset())
    if wrong:
        raise UncountableError(
            f"{shown(min(name for name in wrong if name))} is on the wrong side of `adverse` and `not_adverse`"
            f" if '{criterion.undesired}' is undesired",
            "Correct one of them.",
        )


def counted(criterion: CountedCriterion, reading: Reading) -> CountedReading:
    """The counts of a reading, in all and by prompt. Raises UncountableError."""
    own = sides(criterion, reading)
    prompts = tuple(
        PromptCount(
            prompt.prompt,
            prompt.slices,
            sum(number for name, number in prompt.outcomes if name in own.adverse),
            sum(number for name, number in prompt.outcomes if name in own.not_adverse),
            sum(number for name, number in prompt.outcomes if name not in own.adverse | own.not_adverse)
            + prompt.unscored
            + prompt.errored
            # A prompt that nothing is said of was not assessed.
            + (prompt.generations == 0),
        )
        for prompt in reading.prompts
    )
    unlisted = {name: number for name, number in reading.totals if name not in own.adverse | own.not_adverse and number}
    counts = OutcomeCounts(
        planned=reading.planned,
        attempted=reading.attempted,
        adverse=sum(number for name, number in reading.totals if name in own.adverse),
        not_adverse=sum(number for name, number in reading.totals if name in own.not_adverse),
        unscored=reading.unscored + sum(unlisted.values()),
        errored=reading.errored,
    )
    remarks = [
        f"{number} with the outcome {shown(name)}, which is in neither list, count as not assessed"
        for name, number in sorted(unlisted.items())[:5]
    ]
    if len(unlisted) > 5:  # noqa: PLR2004 -- more would not be read
        remarks.append(f"{len(unlisted) - 5} further outcomes are in neither list")
    return CountedReading(counts, prompts, tuple(remarks))


def discrepancies(reading: Reading, counts: OutcomeCounts) -> tuple[str, ...]:
    """What does not add up in a reading, as sentences without their full stop; such a reading cannot meet a criterion."""
    found = []
    if counts.assessed + counts.unscored + counts.errored != counts.attempted:
        found.append(
            f"{counts.attempted} were attempted, but {counts.assessed + counts.unscored + counts.errored} have a result"
        )
    if reading.prompts and sum(prompt.generations for prompt in reading.prompts) != counts.attempted:
        found.append("the counts by prompt do not add up to the number attempted")
    if not reading.prompts and counts.attempted:
        found.append("the file does not tell prompts apart, and the prompt is the unit of the statistics")
    return tuple(found)
