"""What the ledger does not cover is neither kept nor missed, and is said: a period may not be over, or begin before the ledger."""

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.audit.derived_exceptions import derived_exceptions
from reassay.audit.figures import figures
from reassay.audit.remarks import remarks
from reassay.ledger.entry import Observation
from tests.examples import examples
from tests.make import Story, mitigation, register
from tests.unit.audit.test_rules import facts, opened_story
from tests.unit.audit.world import checkout, packed, run, year


def outcomes(story: Story, end: date) -> list[tuple[str, int]]:
    return [(row.outcome, row.days_late) for row in figures(facts(story, end=end, is_covered=False)).obligations]


def test_a_date_after_the_last_entry_is_not_missed() -> None:
    """The last entry is of 1 December; the re-assessment is due on the 15th, and the period ends on the 31st."""
    story = opened_story()
    assert story.opened()[0].due == date(2026, 12, 15)
    assert outcomes(story, date(2026, 12, 31)) == [("not covered", 0)]
    assert outcomes(story, date(2026, 12, 10)) == [("still open", 0)]
    story.move_to(date(2026, 12, 20))
    story.add(Observation(swept=True))
    assert outcomes(story, date(2026, 12, 31)) == [("missed", 5)]


def test_the_remark_counts_the_days() -> None:
    story = opened_story()
    story.move_to(date(2026, 12, 2))
    story.add(Observation(swept=True))
    (remark,) = [text for text in remarks(facts(story, is_covered=False)) if "last entry" in text]
    assert remark.startswith(
        "The ledger's last entry is of 2 Dec 2026; the last 29 days of the period are not covered."
    )
    one = remarks(facts(story, end=date(2026, 12, 3), is_covered=False))
    assert any("the last day of the period is not covered" in text for text in one)
    after = remarks(facts(story, start=date(2027, 1, 1), end=date(2027, 1, 3), is_covered=False))
    assert any("2 Dec 2026; no day of the period is covered." in text for text in after)
    assert not [text for text in remarks(facts(story)) if "not covered" in text]


def test_a_period_that_begins_before_the_ledger_says_how_many_days() -> None:
    found = remarks(facts(opened_story(), start=date(2026, 11, 1)))
    assert any("the first 30 days of the period are not covered" in text for text in found)


def test_nothing_is_an_outage_where_the_period_may_not_be_over() -> None:
    story = Story(register(mitigation()))
    story.add(Observation(swept=True))
    kinds = [row.kind for row in derived_exceptions(facts(story, is_covered=False))]
    assert "outage" not in kinds
    assert "not covered" in kinds


@pytest.mark.slow
@settings(max_examples=examples(40), deadline=None)
@given(st.integers(0, 40), st.integers(1, 60), st.integers(0, 20))
def test_no_date_after_the_last_entry_is_ever_called_broken(last: int, length: int, grace: int) -> None:
    """Law: `missed` and days late only by what lies before the last entry, whatever the period."""
    story = opened_story(
        every=None, reassess={"every": "6 months", "grace": f"{grace} days"} if grace else {"every": "6 months"}
    )
    story.move_to(date(2026, 12, 1) + timedelta(days=last))
    story.add(Observation(swept=True))
    audit = facts(story, end=date(2026, 12, 1) + timedelta(days=length), is_covered=False)
    for row in figures(audit).obligations:
        assert row.due is not None
        assert row.days_late == max(0, (audit.covered_until - row.due).days)
        assert (row.outcome == "missed") == (row.due + timedelta(days=grace) < audit.covered_until)


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack of a year of which a quarter is still to come."""
    place = tmp_path_factory.mktemp("early")
    return packed(place / "pack", checkout(place / "framework", year()), end=date(2027, 3, 31))


@pytest.mark.slow
def test_the_pack_says_it_on_top_and_checks_out(early: Path) -> None:
    manifest, page = (
        json.loads((early / "manifest.json").read_bytes()),
        (early / "index.html").read_text(encoding="utf-8"),
    )
    assert manifest["covered_until"] == "2027-01-05"
    assert manifest["remarks"][0].startswith(
        "The ledger's last entry is of 5 Jan 2027; the last 85 days of the period are"
    )
    assert manifest["summary"]["Covered"] == "Fri 1 May 2026 to Tue 5 Jan 2027, 250 of 335 days"
    assert "forecast: the ledger reaches to Tue 5 Jan 2027" in page
    assert run("audit-pack", "--check", early)[0] == 0


def test_waiting_is_not_missed_and_promises_of_later_are_not_past(early: Path) -> None:
    with (early / "obligations.csv").open(newline="", encoding="utf-8") as file:
        found = {row["subject"]: (row["outcome"], row["days_late"]) for row in csv.DictReader(file) if row["record"]}
    assert found["waiting"] == ("not covered", "0")
    assert found["forgotten"] == ("missed", "65")
    with (early / "follow_ups.csv").open(newline="", encoding="utf-8") as file:
        assert {row["due"]: row["status"] for row in csv.DictReader(file)} == {
            "2026-06-01": "past due",
            "2027-02-01": "open",
        }


@pytest.mark.slow
def test_the_same_pack_comes_out_on_any_day(early: Path, tmp_path: Path) -> None:
    again = packed(tmp_path / "again", early.parent / "framework", end=date(2027, 3, 31))
    assert {path.name: path.read_bytes() for path in again.iterdir() if path.is_file()} == {
        path.name: path.read_bytes() for path in early.iterdir() if path.is_file()
    }
