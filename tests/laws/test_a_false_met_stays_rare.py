"""Law: at a true rate of exactly the bound, an episode ever meets its criterion with a chance of at most 5%, whatever people do.

They run again, top up to the number they are told, look after every prompt, stop when ahead, split files, open re-assessments again
and close them without a decision. With ten versions, each of which starts its own evidence at a price, it is at most 10%. Every
look goes through the function by which commands decide; looks at which no verdict could turn (after an adverse prompt) are left out.
"""

import math
from collections.abc import Callable
from random import Random

import pytest

from reassay.evidence.criterion_verdict import CriterionVerdict
from tests.examples import examples
from tests.results import Evaluation, names, outcomes, rate, reading

BOUND = 0.2
MOST = 70
"""Prompts of an episode; more of them hardly add to the chance."""
EPISODES, LONG = examples(40), 400


class Assessor:
    """Somebody who wants the criterion to be met, at a true rate of exactly the bound."""

    def __init__(self, seed: int, **fields: object) -> None:
        self.random = Random(seed)
        self.story = Evaluation(rate(at_most=BOUND, **fields))
        self.asked = 0
        self.files = 0
        self.is_met = False

    def is_adverse(self) -> bool:
        return self.random.random() < BOUND

    def run(self, count: int, *, start: int | None = None) -> CriterionVerdict:
        """A result of `count` prompts, new ones unless `start` says where, and the look at the verdict after it."""
        first = self.asked if start is None else start
        own = names(count, first)
        self.attach(own, [name for name in own if self.is_adverse()])
        self.asked = max(self.asked, first + count)
        return self.look()

    def attach(self, prompts: list[str], adverse: list[str]) -> None:
        self.files += 1
        self.story.attach(reading(outcomes(prompts, adverse), task=f"file {self.files}"))

    def look(self) -> CriterionVerdict:
        verdict = self.story.verdict()
        self.is_met = self.is_met or verdict.verdict == "met"
        return verdict


def retry(assessor: Assessor) -> None:
    """Runs the same prompts again, and new ones."""
    size = 13
    for start in (0, 0, 13, 0, 13, 26, 26, 39):
        assessor.run(size, start=start)


def retry_what_failed(assessor: Assessor) -> None:
    """Runs only the failed prompts again, until they pass."""
    prompts = names(30)
    failed = [name for name in prompts if assessor.is_adverse()]
    assessor.attach(prompts, failed)
    assessor.look()
    for _ in range(6):
        if failed:
            again, failed = failed, [name for name in failed if assessor.is_adverse()]
            assessor.attach(again, failed)
            assessor.look()


def top_up(assessor: Assessor) -> None:
    """Adds as many prompts as the verdict says are needed."""
    verdict = assessor.run(13)
    while verdict.verdict == "insufficient" and verdict.figures and verdict.figures.needed and assessor.asked < MOST:
        verdict = assessor.run(min(verdict.figures.needed, MOST - assessor.asked))


def peek(assessor: Assessor) -> None:
    """Looks after every prompt, in one growing number of files."""
    prompts: list[str] = []
    while assessor.asked < MOST and not assessor.is_met:
        name = f"prompt {assessor.asked}"
        assessor.asked += 1
        adverse = assessor.is_adverse()
        if not adverse:
            prompts.append(name)
        # The evidence falls with an adverse prompt: the last look before it is the one that may be met.
        if adverse or assessor.asked == MOST:
            if prompts:
                assessor.attach(prompts, [])
                assessor.look()
            if adverse:
                assessor.attach([name], [name])
            prompts = []


def stop_when_ahead(assessor: Assessor) -> None:
    """Ends each run at its first adverse prompt, and starts the next one."""
    while assessor.asked < MOST and not assessor.is_met:
        count = 1
        while not assessor.is_adverse() and assessor.asked + count < MOST:
            count += 1
        own = names(count, assessor.asked)
        assessor.asked += count
        if count > 1:
            assessor.attach(own[:-1], [])
            assessor.look()
        assessor.attach(own[-1:], own[-1:])


def re_trigger(assessor: Assessor) -> None:
    """Opens a new re-assessment after each run that did not meet it."""
    for how in ("superseded", "not-material", "merged-into", "withdrawn") * 2:
        if assessor.run(16).verdict == "met":
            return
        assessor.story.end(how)
        assessor.story.open_again()


def inconclusive_and_again(assessor: Assessor) -> None:
    """Concludes as inconclusive after each run that did not meet it."""
    for _ in range(8):
        if assessor.run(16).verdict == "met":
            return
        assessor.story.end("inconclusive")
        assessor.story.open_again()


def split_files(assessor: Assessor) -> None:
    """Splits one run into files of a few prompts, the same one in several of them."""
    while assessor.asked < 50 and not assessor.is_met:
        start = max(0, assessor.asked - 1)
        assessor.run(6, start=start)


STRATEGIES: tuple[Callable[[Assessor], None], ...] = (
    retry,
    retry_what_failed,
    top_up,
    peek,
    stop_when_ahead,
    re_trigger,
    inconclusive_and_again,
    split_files,
)


def ten_versions(assessor: Assessor) -> None:
    """Raises the version after each run that did not meet it: prompts of another version never count."""
    for version in range(1, 11):
        assessor.story.change(version=version)
        for _ in range(3):
            if assessor.run(16).verdict == "met":
                return


def share_met(strategy: Callable[[Assessor], None], episodes: int, seed: int) -> float:
    met = 0
    for number in range(episodes):
        assessor = Assessor(1_000_000 * seed + number)
        strategy(assessor)
        met += assessor.is_met
    return met / episodes


def most(chance: float, episodes: int) -> float:
    """The chance plus three standard errors."""
    return chance + 3 * math.sqrt(chance * (1 - chance) / episodes)


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda own: own.__name__)
def test_no_strategy_makes_a_false_met_likelier_than_five_percent(strategy: Callable[[Assessor], None]) -> None:
    assert share_met(strategy, EPISODES, 1) <= most(0.05, EPISODES)


@pytest.mark.long
def test_ten_versions_make_a_false_met_no_likelier_than_ten_percent() -> None:
    assert share_met(ten_versions, EPISODES // 2, 2) <= most(0.10, EPISODES // 2)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda own: own.__name__)
def test_no_strategy_makes_a_false_met_likelier_than_five_percent_in_many_episodes(
    strategy: Callable[[Assessor], None],
) -> None:
    assert share_met(strategy, LONG, 3) <= most(0.05, LONG)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_ten_versions_make_a_false_met_no_likelier_than_ten_percent_in_many_episodes() -> None:
    assert share_met(ten_versions, LONG, 4) <= most(0.10, LONG)


class GoodMitigation(Assessor):
    """An assessor of a mitigation whose true rate is a tenth of the bound."""

    def is_adverse(self) -> bool:
        return self.random.random() < BOUND / 10


def test_a_mitigation_well_below_the_bound_is_met() -> None:
    met = 0
    for seed in range(20):
        assessor = GoodMitigation(seed)
        top_up(assessor)
        met += assessor.is_met
    assert met >= 16
