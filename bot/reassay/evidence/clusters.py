"""Prompts as the unit of the statistics: generations of one prompt are one cluster, also across files and epochs.

A prompt in several files counts with the largest adverse share that any of them found. Their mean would let somebody run the
failed prompts again until the mean is small enough; with the largest share the evidence number never grows by a repetition.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reassay.evidence.counting import CountedReading, PromptCount


@dataclass(frozen=True, slots=True)
class Cluster:
    """One prompt over all files."""

    worst: float
    """Adverse share, 0 to 1, where what was not assessed counts as adverse."""
    seen: float | None
    """Adverse share of all assessed generations; None if none was assessed."""


@dataclass(slots=True)
class _Prompt:
    """Generations of one prompt by file."""

    files: dict[int, list[int]]

    def add(self, file: int, prompt: PromptCount) -> None:
        own = self.files.setdefault(file, [0, 0, 0])
        own[0] += prompt.adverse
        own[1] += prompt.not_adverse
        own[2] += prompt.unassessed

    def cluster(self, tries: int) -> Cluster:
        adverse = sum(own[0] for own in self.files.values())
        assessed = adverse + sum(own[1] for own in self.files.values())
        if tries > 1:
            seen = None if not assessed else float(adverse > 0)
            return Cluster(0.0 if assessed >= tries and not adverse else 1.0, seen)
        worst = max((own[0] + own[2]) / total for own in self.files.values() if (total := sum(own)))
        return Cluster(worst, adverse / assessed if assessed else None)


def clusters(
    files: Sequence[CountedReading], tries: int = 1, part: tuple[str, str] | None = None
) -> dict[str, Cluster]:
    """The prompts of some files by their digest, in one slice `part` (name and value) or in all of them.

    With `tries` above 1 a prompt is adverse if any generation is, or if fewer than `tries` of its generations were assessed.
    """
    prompts: dict[str, _Prompt] = defaultdict(lambda: _Prompt({}))
    for number, file in enumerate(files):
        for prompt in file.prompts:
            if part is None or part in prompt.slices:
                prompts[prompt.prompt].add(number, prompt)
    return {name: prompts[name].cluster(tries) for name in sorted(prompts)}


def worst_shares(prompts: Iterable[Cluster], never_attempted: int = 0) -> dict[float, int]:
    """How many prompts have which adverse share at worst; each generation that was never attempted is an adverse prompt."""
    numbers = Counter(prompt.worst for prompt in prompts)
    numbers[1.0] += never_attempted
    return {share: number for share, number in sorted(numbers.items()) if number}


def seen_shares(prompts: Iterable[Cluster]) -> dict[float, int]:
    """How many prompts have which adverse share of their assessed generations; prompts without any are left out."""
    numbers = Counter(prompt.seen for prompt in prompts if prompt.seen is not None)
    return dict(sorted(numbers.items()))


def total(shares: Mapping[float, int]) -> int:
    """Number of prompts."""
    return sum(shares.values())


def adverse(shares: Mapping[float, int]) -> float:
    """Sum of the adverse shares."""
    return sum(share * number for share, number in shares.items())
