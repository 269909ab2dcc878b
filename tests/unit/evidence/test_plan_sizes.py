"""`reassay evidence plan-test`: how many prompts a test needs, by the rate that people believe in."""

import io
import json
from pathlib import Path

import pytest

from reassay.cli import main
from reassay.evidence.plan_sizes import PlanQuestion, plan_sizes
from reassay.evidence.statistics import power, sampling
from reassay.evidence.statistics.special import hypergeometric_at_most
from tests.unit.register.trees import written

REGISTER = """mitigations:
  - id: filter
    title: Filter
    owner: safety-lead
    every: 6 months
    target:
      statement: S
      criteria:
        - {name: attacks, kind: rate, undesired: attack_success, at_most: 0.02, margin: 0.005, judge: {at_least: 100}}
        - {name: documents, kind: sample, population: 1000, at_most: 0.02}
        - {name: staff, kind: census, at_least: 0.95}
"""


def plan(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    return main(["evidence", "plan-test", *arguments], out, io.StringIO()), out.getvalue()


def test_the_text_for_people_is_as_agreed() -> None:
    assert plan("--at-most", "2%", "--margin", "0.5%", "--believed", "0.003") == (
        0,
        (
            "To show that at most 2% are adverse with a margin of 0.5%, if 0.3% really are:\n"
            "\n"
            "  chance of being met     plan: open  plan: fixed\n"
            "  80%                            575  418, with at most 2 adverse\n"
            "  90%                            824  515, with at most 3 adverse\n"
            "\n"
            "plan: open may be looked at, stopped and topped up at any time; it is met by that number of prompts.\n"
            "plan: fixed is declared with its size before the first result, and is read once, at exactly that number of prompts.\n"
        ),
    )


def test_the_criterion_of_a_mitigation_is_planned_for(tmp_path: Path) -> None:
    written(tmp_path, {"framework/all.yml": REGISTER})
    code, out = plan(
        str(tmp_path), "--mitigation", "filter", "--criterion", "attacks", "--believed", "0", "--format", "json"
    )
    document = json.loads(out)
    assert (code, document["schema"], document["judge_items"]) == (0, "reassay/evidence-plan/v1", 100)
    assert document["bound"] == pytest.approx(0.015)
    assert document["judged_bound"] == pytest.approx(0.015 * 0.025 ** (1 / 100))
    assert document["sizes"][0] == {"chance": 0.8, "open": 295, "fixed": 254, "fixed_allowed": 0}
    code, out = plan(str(tmp_path), "--mitigation", "filter", "--criterion", "documents", "--believed", "0.5%")
    assert code == 0
    assert "To show that at most 2% of 1,000 items are undesired, if 0.5% really are:" in out
    assert "it is met by that number of items" in out


def test_a_plan_for_a_population_is_the_least() -> None:
    for believed in (0, 3, 8):
        for size in plan_sizes(PlanQuestion(0.02, 0, believed / 500, population=500)):
            assert size.fixed_n is not None
            assert size.open_n is not None
            assert reached(size.fixed_n, believed) >= size.chance
            assert max(reached(n, believed) for n in range(1, size.fixed_n)) < size.chance
            assert ever(size.open_n, believed) >= size.chance > ever(size.open_n - 1, believed)


def reached(n: int, believed: int) -> float:
    most = max((k for k in range(11) if sampling.is_met_by_fixed_plan(500, 0.02, n, min(k, n))), default=None)
    return 0.0 if most is None else hypergeometric_at_most(most, 500, believed, n)


def ever(most: int, believed: int) -> float:
    """The chance of having met the bound after some of the first draws, draw by draw."""
    states, met = {0: 1.0}, 0.0
    for n in range(1, most + 1):
        following: dict[int, float] = {}
        for k, chance in states.items():
            worse = (believed - k) / (500 - n + 1)
            following[k + 1] = following.get(k + 1, 0) + chance * worse
            following[k] = following.get(k, 0) + chance * (1 - worse)
        states = {k: chance for k, chance in following.items() if chance}
        for k in [k for k in states if sampling.met_evidence(500, 0.02, n, k) >= 20]:
            met += states.pop(k)
    return met


def test_a_population_that_breaks_the_bound_has_no_plan() -> None:
    sizes = plan_sizes(PlanQuestion(0.02, 0, 0.021, population=1000))
    assert [(size.open_n, size.fixed_n) for size in sizes] == [(None, None)] * 2
    assert power.open_sample_size(1000, 0.02, 20, 0.8) is not None


@pytest.mark.slow
def test_a_rate_that_is_too_close_to_the_bound_is_an_answer_and_not_an_error() -> None:
    code, out = plan("--at-most", "2%", "--believed", "2%")
    assert code == 1
    assert "No plan can show it: the believed rate is not below the bound." in out
    code, out = plan("--at-most", "2%", "--believed", "1.95%")
    assert "The believed rate is too close to the bound" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--believed", "0"], "one of --at-most and --mitigation is needed"),
        (["--believed", "0", "--at-most", "2%", "--mitigation", "filter"], "one of --at-most and --mitigation is needed"),
        (["--believed", "two", "--at-most", "2%"], "'two' is not a rate"),
        (["--believed", "nan", "--at-most", "2%"], "'nan' is not a rate"),
        (["--believed", "3", "--at-most", "2%"], "'3' is not a rate"),
        (["--believed", "0", "--at-most", "2%", "--judge", "-4"], "'-4' is not a number of items"),
        (["--believed", "0", "--at-most", "2%", "--margin", "2%"], "a bound between 0 and 1"),
        (["--believed", "0", "--mitigation", "filtr"], "there is no mitigation 'filtr'"),
        (["--believed", "0", "--mitigation", "filter"], "'filter' has several criteria with a bound"),
        (["--believed", "0", "--mitigation", "filter", "--criterion", "staff"], "'filter' has no such criterion with a bound"),
        (["--believed", "0", "--mitigation", "filter", "--margin", "1%"], "a criterion has its own margin and judge"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_is_said_with_a_way_on(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, {"framework/all.yml": REGISTER})
    monkeypatch.chdir(tmp_path)
    err = io.StringIO()
    assert main(["evidence", "plan-test", *arguments], io.StringIO(), err) == 2
    assert message in err.getvalue()
