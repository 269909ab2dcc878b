"""Counts of a garak report by probe and detector: those of its attempts, and those that its `eval` rows state."""

from dataclasses import dataclass, field
from typing import Final

from reassay.evidence.readers.base import UnreadableResultError
from reassay.evidence.readers.garak_attempt import AttemptReader, detector_name
from reassay.evidence.readers.json_values import Json, count_at
from reassay.evidence.readers.names import name_of
from reassay.evidence.readers.tally import MOST_CELLS, Tally
from reassay.evidence.reading import PromptOutcomes

MOST_PAIRS: Final = 5_000
"""Probes and detectors of one report."""
_SEVERAL: Final = 2
"""Different outputs of a probe that are told apart."""
_TURNS: Final = 10_000
"""Attempts between two looks at how much is kept."""


@dataclass(frozen=True, slots=True)
class EvalRow:
    """Counts that garak states of a probe and detector. Its intervals are not read."""

    passed: int
    fails: int
    nones: int | None
    """None before 0.13.1, which does not say."""

    @property
    def generations(self) -> int:
        """All that were processed, as far as the row says."""
        return self.passed + self.fails + (self.nones or 0)


@dataclass
class AttemptNumbers:
    """Attempts and outputs of a probe, over all its detectors."""

    started: int = 0
    judged: int = 0
    without_detector: int = 0
    outputs: int = 0
    most: int = 0
    """The most outputs of an attempt: the generations that were asked for."""
    empty: int = 0
    texts: frozenset[int] = frozenset()
    """Hashes of different outputs, up to two."""

    @property
    def absent(self) -> int:
        """Outputs that other attempts have and some do not: garak counts them nowhere."""
        return self.judged * self.most - self.outputs


@dataclass
class DetectorCounts:
    """Counts of one probe and detector."""

    probe: str
    detector: str
    attempts: AttemptNumbers
    tally: Tally = field(default_factory=Tally)
    rows: list[EvalRow] = field(default_factory=list)
    silent_passes: int = 0
    nones: int = 0
    notes: list[str] = field(default_factory=list)
    uses_row: bool = False
    """Whether totals are those of the `eval` row, because the attempts say less."""

    @property
    def row(self) -> EvalRow:
        """The `eval` rows together; there should be one."""
        nones = [row.nones for row in self.rows if row.nones is not None]
        return EvalRow(
            sum(row.passed for row in self.rows), sum(row.fails for row in self.rows), sum(nones) if nones else None
        )

    @property
    def planned(self) -> int | None:
        """Generations that garak processed; None where the probe has no `eval` row, so that nobody knows how many are missing."""
        return max(self.row.generations, self.tally.attempted()) + self.attempts.absent if self.rows else None

    @property
    def attempted(self) -> int:
        """Generations with an outcome or unscored."""
        return self.row.generations if self.uses_row else self.tally.attempted()

    @property
    def totals(self) -> tuple[tuple[str, int], ...]:
        """Outcome -> generations."""
        if self.uses_row:
            return tuple(
                (word, number) for word, number in (("fails", self.row.fails), ("passed", self.row.passed)) if number
            )
        return self.tally.totals()

    @property
    def unscored(self) -> int:
        """Generations without an answer or score."""
        return (self.row.nones or 0) if self.uses_row else self.tally.unscored

    def prompts(self) -> tuple[PromptOutcomes, ...]:
        """By prompt; empty where attempts are missing, because a few of them must not look like a small run."""
        return () if self.uses_row else self.tally.prompts()

    def compare(self, *, is_threshold_stated: bool, threshold: float) -> None:
        """Adds a problem for everything in which attempts and `eval` rows differ, or that was not judged."""
        problems = self.tally.problems
        if not self.rows:
            problems.add("garak did not finish this probe: it has no eval row")
        elif len(self.rows) > 1:
            problems.add(f"the report has {len(self.rows)} eval rows of this probe and detector, and should have one")
        if self.attempts.started > self.attempts.judged:
            number = self.attempts.started - self.attempts.judged
            problems.add(f"{number:,} attempts were started and have no verdict in the report")
        if self.attempts.without_detector:
            problems.add(f"{self.attempts.without_detector:,} attempts have no result of any detector")
        if self.rows:
            self._compare_row(is_threshold_stated=is_threshold_stated, threshold=threshold)
        if not self.totals:
            problems.add(f"nothing was judged: all {self.attempted:,} generations are without an answer or score")
        self._look_at_outputs()

    def _compare_row(self, *, is_threshold_stated: bool, threshold: float) -> None:
        row, counted, problems = self.row, dict(self.tally.totals()), self.tally.problems
        fails, passed = counted.get("fails", 0), counted.get("passed", 0) + self.silent_passes
        same_nones = row.nones is None or row.nones == self.nones
        if (row.fails, row.passed) == (fails, passed) and same_nones:
            return
        judged = fails + passed
        if judged < row.fails + row.passed:
            problems.add(
                f"the report was cut: it has verdicts of {judged:,} of the {row.fails + row.passed:,} generations that garak "
                "counted, so that nothing can be said by prompt"
            )
        elif judged == row.fails + row.passed and not is_threshold_stated:
            problems.add(
                f"garak counted {row.fails:,} hits where scores from {threshold:g} give {fails:,}: the run had another "
                "eval_threshold, which its report does not state"
            )
        else:
            problems.add(
                f"garak counted {row.fails:,} hits, {row.passed:,} passed and {row.nones or 0:,} nones, its attempts have "
                f"{fails:,}, {passed:,} and {self.nones:,}"
            )
        # Whichever says more: hits first, then generations.
        self.uses_row = (row.fails, row.generations) > (fails, self.tally.attempted())

    def _look_at_outputs(self) -> None:
        outputs, empty, absent = self.attempts.outputs, self.attempts.empty, self.attempts.absent
        if absent:
            self.notes.append(
                f"{absent:,} outputs of this probe are absent: the target gave fewer than it was asked for"
            )
        if outputs and empty == outputs:
            self.tally.problems.add(f"all {outputs:,} outputs of this probe are empty: the target did not answer")
        elif empty:
            self.notes.append(f"{empty:,} of {outputs:,} outputs of this probe are empty")
        elif len(self.attempts.texts) == 1 and outputs > 1:
            self.notes.append(f"all {outputs:,} outputs of this probe are the same text: did the target answer at all?")


@dataclass
class ReportRows:
    """Everything that is counted of a report."""

    attempts: AttemptReader
    counts: dict[tuple[str, str], DetectorCounts] = field(default_factory=dict)
    _numbers: dict[str, AttemptNumbers] = field(default_factory=dict)
    _turns: int = 0

    def add_attempt(self, row: dict[str, Json], threshold: float) -> None:
        """An attempt is written twice: when it was started (status 1), and when it was judged (status 2)."""
        numbers = self._numbers_of(name_of(row.get("probe_classname")) or "unnamed probe")
        if row.get("status") != 2:  # noqa: PLR2004 -- garak's ATTEMPT_COMPLETE
            numbers.started += 1
            return
        attempt = self.attempts.read(row, threshold)
        numbers.judged += 1
        numbers.without_detector += not attempt.scores
        numbers.outputs += attempt.outputs
        numbers.most = max(numbers.most, attempt.outputs)
        numbers.empty += attempt.empty
        if len(numbers.texts) < _SEVERAL:
            numbers.texts |= attempt.texts
        for scores in attempt.scores:
            counts = self._counts_of(attempt.probe, scores.detector)
            for outcome, number in (("fails", scores.fails), ("passed", scores.passed), (None, scores.unscored)):
                if number:
                    counts.tally.add(attempt.prompt, attempt.slices, outcome, number)
            counts.silent_passes += scores.silent_passes
            counts.nones += scores.nones
        self._stay_within_memory()

    def add_eval_row(self, row: dict[str, Json]) -> None:
        """Versions before 0.14 state `passed` and `total`, later ones `fails` as well."""
        probe = name_of(row.get("probe")) or "unnamed probe"
        counts = self._counts_of(probe, detector_name(row.get("detector")))
        passed, fails, nones = (count_at(row, key) for key in ("passed", "fails", "nones"))
        total = count_at(row, "total_evaluated") if "total_evaluated" in row else count_at(row, "total")
        if passed is None or total is None or (fails is None and "fails" in row) or total < passed:
            counts.tally.problems.add("an eval row has counts that cannot be read")
            return
        if fails is not None and passed + fails != total:
            counts.tally.problems.add(f"an eval row counts {passed:,} passed and {fails:,} hits of {total:,}")
        processed = count_at(row, "total_processed")
        if processed is not None and processed != total + (nones or 0):
            counts.tally.problems.add(
                f"an eval row counts {total:,} evaluated and {nones or 0:,} nones of {processed:,}"
            )
        counts.rows.append(EvalRow(passed, max(fails or 0, total - passed), nones))

    def _numbers_of(self, probe: str) -> AttemptNumbers:
        if probe not in self._numbers and len(self._numbers) >= MOST_PAIRS:
            raise _too_many()
        return self._numbers.setdefault(probe, AttemptNumbers())

    def _counts_of(self, probe: str, detector: str) -> DetectorCounts:
        counts = self.counts.get((probe, detector))
        if counts is None:
            if len(self.counts) >= MOST_PAIRS:
                raise _too_many()
            counts = self.counts[probe, detector] = DetectorCounts(probe, detector, self._numbers_of(probe))
        return counts

    def _stay_within_memory(self) -> None:
        self._turns += 1
        if self._turns % _TURNS == 0 and sum(counts.tally.cells for counts in self.counts.values()) > MOST_CELLS:
            max((counts.tally for counts in self.counts.values()), key=lambda tally: tally.cells).forget_prompts()


def _too_many() -> UnreadableResultError:
    return UnreadableResultError(
        f"the report has more than {MOST_PAIRS:,} probes and detectors",
        "Split the run by probe, and attach the reports.",
    )
