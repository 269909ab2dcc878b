"""`reassay signals tune`: settings side by side, with the error of the simulation."""

import csv
import io
import json

import pytest

from reassay.cli import main
from tests.golden import same_as_golden

QUICK = ("--runs", "60", "--years", "2")


def tuned(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = main(["signals", "tune", *arguments], out, err)
    return code, out.getvalue(), err.getvalue()


def test_the_text_for_people_is_as_agreed() -> None:
    code, out, _ = tuned("--accepted", "6 per year", "--more-than", "3", "--window", "90 days", *QUICK)
    assert code == 0
    same_as_golden("signals-tune.txt", out)


def test_a_document_has_each_figure_with_its_error() -> None:
    _, out, _ = tuned(
        "--accepted", "1 per month", "--run-length", "5 years", "--times", "3", *QUICK, "--format", "json"
    )
    document = json.loads(out)
    assert (document["schema"], document["seed"], document["runs"]) == ("reassay/signals-tune/v1", 1, 60)
    evidence, change = document["settings"]
    assert evidence["setting"] == "accepted: 1 per month, evidence, decided every 6 months"
    assert change["setting"] == "accepted: 1 per month, change, run length 5 years"
    assert change["full_false_alarms_in_all"] is None
    assert [found["times"] for found in change["found_after"]] == [3.0]
    assert change["found_after"][0]["value"] > 0 < change["found_after"][0]["error"]


def test_a_table_has_a_row_for_each_setting() -> None:
    _, out, _ = tuned("--accepted", "6 per year", "--accepted", "12 per year", *QUICK, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 4
    assert rows[1]["full_2_years"] == ""
    assert float(rows[0]["found_2x"]) > float(rows[2]["found_2x"])


def test_a_rate_by_exposure_needs_the_usual_exposure() -> None:
    rule = ("--accepted", "2 per million requests")
    code, _, err = tuned(*rule)
    assert (code, "--exposure-a-day" in err) == (2, True)
    _, out, _ = tuned(*rule, "--exposure-a-day", "50000", *QUICK, "--format", "json")
    assert json.loads(out)["settings"][0]["accepted_a_day"] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--accepted", "6"), "is not a number of incidents per time"),
        (("--accepted", "6 per year", "--runs", "5"), "--runs: '5' is not a number from 10"),
        (("--accepted", "6 per year", "--times", "1"), "a change is to more than 1"),
        (("--accepted", "6 per year", "--more-than", "3"), "belong together"),
        (("--accepted", "100 per day", *QUICK), "cannot be simulated"),
        (("--accepted", "6 per year", "--decide", "now"), "--decide: 'now' is not a duration"),
        (("--accepted", "2 per million requests", "--exposure-a-day", "few"), "by exposure"),
    ],
)
def test_what_cannot_be_simulated_is_said_with_a_remedy(arguments: tuple[str, ...], says: str) -> None:
    code, out, err = tuned(*arguments)
    assert (code, out) == (2, "")
    assert says in err
