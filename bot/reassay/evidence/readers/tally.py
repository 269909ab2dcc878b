"""Outcomes of every prompt and metric, gathered while a file is read, in little memory."""

from dataclasses import dataclass, field
from typing import Final

from reassay.evidence.readers.base import UnreadableResultError
from reassay.evidence.readers.problem_list import ProblemList
from reassay.evidence.reading import MOST_PROMPTS, PromptOutcomes

MOST_METRICS: Final = 200
"""Metrics of one file."""
MOST_OUTCOMES: Final = 1_000
"""Different outcomes of one metric; a metric with more is a measure and not a judgement."""
MOST_CELLS: Final = 2 * MOST_PROMPTS
"""Prompts that are kept of all metrics of a file together."""
OTHER: Final = "(other outcomes)"
_TURNS: Final = 10_000
"""Additions between two looks at how much is kept."""

Slices = tuple[tuple[str, str], ...]
_State = tuple[tuple[tuple[str, int], ...], int, int]
"""Outcomes, unscored and errored of a prompt. Most prompts of a file are in one of a few states, which are kept once."""
_NOTHING: Final[_State] = ((), 0, 0)


@dataclass(slots=True)
class Tally:
    """Counts of one metric."""

    problems: ProblemList = field(default_factory=ProblemList)
    """Problems of this metric alone."""
    unscored: int = 0
    errored: int = 0
    _totals: dict[str, int] = field(default_factory=dict)
    _states: dict[tuple[str, Slices], _State] | None = field(default_factory=dict)
    """None once there were too many."""
    _same: dict[_State, _State] = field(default_factory=dict)

    def add(self, prompt: str, slices: Slices, outcome: str | None, number: int = 1) -> None:
        """Adds generations of a prompt with this outcome; None: they could not be judged."""
        if outcome is None:
            self.unscored += number
        else:
            if outcome not in self._totals and len(self._totals) >= MOST_OUTCOMES:
                self.problems.add(f"there are more than {MOST_OUTCOMES:,} different outcomes, which are not told apart")
                outcome = OTHER
            self._totals[outcome] = self._totals.get(outcome, 0) + number
        self._change(prompt, slices, outcome, (1 if outcome is None else 0) * number, 0, number)

    def add_errored(self, prompt: str, slices: Slices, number: int = 1) -> None:
        """Adds generations of a prompt that failed before there was something to judge."""
        self.errored += number
        self._change(prompt, slices, None, 0, number, 0)

    def _change(  # noqa: PLR0913, PLR0917 -- a private step of the two above
        self, prompt: str, slices: Slices, outcome: str | None, unscored: int, errored: int, number: int
    ) -> None:
        if self._states is None:
            return
        outcomes, old_unscored, old_errored = self._states.get((prompt, slices), _NOTHING)
        if outcome is not None:
            numbers = dict(outcomes)
            numbers[outcome] = numbers.get(outcome, 0) + number
            outcomes = tuple(sorted(numbers.items()))
        state = (outcomes, old_unscored + unscored, old_errored + errored)
        self._states[prompt, slices] = self._same.setdefault(state, state)
        if len(self._states) > MOST_PROMPTS:
            self.forget_prompts()

    @property
    def cells(self) -> int:
        """Number of prompts that are kept."""
        return len(self._states or ())

    def forget_prompts(self) -> None:
        """Keeps the totals alone from now on."""
        self._states = None
        self._same = {}
        self.problems.add(
            f"the file has more than {MOST_PROMPTS:,} prompts, too many to be compared with other runs; split it"
        )

    def totals(self) -> tuple[tuple[str, int], ...]:
        """Outcome -> number of generations; sorted by outcome."""
        return tuple(sorted(self._totals.items()))

    def attempted(self) -> int:
        """Number of all generations."""
        return sum(self._totals.values()) + self.unscored + self.errored

    def prompts(self) -> tuple[PromptOutcomes, ...]:
        """Sorted by prompt and slices; empty if there were too many."""
        states = self._states or {}
        return tuple(PromptOutcomes(prompt, slices, *states[prompt, slices]) for prompt, slices in sorted(states))

    def completed(self, samples: "Tally") -> "Tally":
        """This tally with what `samples` has beside it, a tally of all generations of the file of which none has an outcome.

        A generation that failed is errored here too, and one of which the metric says nothing is unscored: otherwise it would
        fall out of the denominator.
        """
        whole = Tally(
            self.problems,
            samples.unscored - sum(self._totals.values()),
            samples.errored,
            self._totals,
            None,
            self._same,
        )
        if self._states is not None and (states := samples._states) is not None:  # noqa: SLF001 -- of this class
            whole._states = {key: self._beside(key, state) for key, state in states.items()}
        return whole

    def _beside(self, key: tuple[str, Slices], sample: _State) -> _State:
        outcomes = (self._states or {}).get(key, _NOTHING)[0]
        state = (outcomes, sample[1] - sum(number for _, number in outcomes), sample[2])
        return self._same.setdefault(state, state)


@dataclass(slots=True)
class TallyList:
    """Counts of all metrics of a file."""

    by_metric: dict[str, Tally] = field(default_factory=dict)
    """In the order in which metrics came up."""
    _turns: int = 0

    def of(self, metric: str) -> Tally:
        """The tally of a metric, which begins empty. Raises UnreadableResultError for too many metrics."""
        tally = self.by_metric.get(metric)
        if tally is None:
            if len(self.by_metric) >= MOST_METRICS:
                raise UnreadableResultError(
                    f"the file has more than {MOST_METRICS} metrics",
                    "Export a file with the metrics that the criterion needs.",
                )
            tally = self.by_metric[metric] = Tally()
        self._turns += 1
        if self._turns % _TURNS == 0 and sum(other.cells for other in self.by_metric.values()) > MOST_CELLS:
            max(self.by_metric.values(), key=lambda other: other.cells).forget_prompts()
        return tally
