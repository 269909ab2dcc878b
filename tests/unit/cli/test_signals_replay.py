"""`reassay signals replay`: when a rule would have alarmed, over a file or over the register's own incidents."""

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from reassay.cli import main
from tests.golden import same_as_golden
from tests.unit.register.trees import written

INCIDENTS = str(Path(__file__).parents[2] / "fixtures" / "signals" / "incidents.csv")
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"  # beside the checkout
COLUMNS = ("--first-seen", "reported", "--occurred", "happened", "--cause", "cause")
REGISTER = """timezone: Europe/Berlin
mitigations:
  - id: filter
    title: Filter
    owner: safety-lead
    reassess:
      every: 1 year
      triggers:
        - {kind: incident-rate, accepted: 2 per year, stated_by: safety-lead, since: 2026-01-01}
        - {kind: incident-rate, more_than: 1, window: 30 days, at_least: high}
  - {id: training, title: Training, owner: safety-lead, every: 1 year}
incidents:
  - {id: a, title: A, severity: low, first_seen_at: 2026-03-01T10:00Z, mitigations_failed: [filter]}
  - {id: b, title: B, severity: high, first_seen_at: 2026-03-05T10:00Z, mitigations_failed: [filter], root_cause: gap}
  - {id: c, title: C, severity: high, first_seen_at: 2026-03-06T10:00Z, mitigations_failed: [filter], root_cause: gap}
  - {id: d, title: D, severity: high, first_seen_at: 2026-03-09T10:00Z, mitigations_failed: [filter]}
  - {id: e, title: E, severity: low, first_seen_at: 2026-03-12T10:00Z, mitigations_failed: [filter]}
  - {id: f, title: F, severity: high, first_seen_at: 2026-03-12T10:00Z, mitigations_failed: [training]}
  - {id: g, title: G, severity: high, kind: near-miss, first_seen_at: 2026-03-12T10:00Z, mitigations_failed: [filter]}
"""


def replayed(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = main(["signals", "replay", *arguments], out, err)
    return code, out.getvalue(), err.getvalue()


def alarms(*arguments: str) -> list[str]:
    code, out, err = replayed(*arguments, "--format", "json")
    assert code == 0, err
    return [alarm["on"] for alarm in json.loads(out)["alarms"]]


def test_the_text_for_people_is_as_agreed() -> None:
    code, out, _ = replayed(INCIDENTS, "--accepted", "3 per year", *COLUMNS, "--decide", "every 6 months")
    assert code == 0
    same_as_golden("signals-replay.txt", out)


def test_the_how_to_shows_what_it_prints() -> None:
    golden = (Path(__file__).parents[2] / "goldens" / "signals-replay.txt").read_text(encoding="utf-8")
    page = Path(__file__).parents[3] / "docs" / "how-to" / "try-an-incident-rate.md"
    assert golden in page.read_text(encoding="utf-8")


def test_a_document_has_every_alarm_in_counts() -> None:
    code, out, _ = replayed(INCIDENTS, "--more-than", "3", "--window", "30 days", *COLUMNS, "--format", "json")
    document = json.loads(out)
    assert (code, document["schema"], document["method"]) == (0, "reassay/signals-replay/v1", "promise")
    assert document["baseline"] == [{"day": "2025-01-06", "rows": 60}]
    assert document["alarms"][0] == {
        "on": "2025-12-25",
        "since": "2025-11-26",
        "incidents": 4.0,
        "accepted": None,
        "fires_at": 4,
        "level": None,
        "depth": "light",
        "words": "4 incidents since Wed 26 Nov 2025; 4 is the number at which this rule fires",
    }


def test_a_table_has_one_row_for_each_alarm() -> None:
    _, out, _ = replayed(INCIDENTS, "--accepted", "3 per year", *COLUMNS, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["level"] for row in rows][:1] == ["20.0"]
    assert [row["on"] for row in rows] == alarms(INCIDENTS, "--accepted", "3 per year", *COLUMNS)


def test_a_picture_is_svg_with_the_title() -> None:
    _, out, _ = replayed(INCIDENTS, "--accepted", "3 per year", *COLUMNS, "--format", "svg", "--title", "Our filter")
    root = ET.fromstring(out)
    assert root.find("{http://www.w3.org/2000/svg}title").text == "Our filter"  # type: ignore[union-attr] # it has one


def test_drawing_without_the_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "reassay.signals.views.rate_drawing", None)
    code, out, err = replayed(INCIDENTS, "--accepted", "3 per year", *COLUMNS, "--format", "svg")
    assert (code, out) == (2, "")
    assert 'pip install "reassay[pictures]"' in err


@pytest.mark.parametrize("method", [(), ("--method", "change", "--run-length", "10 years")])
def test_an_import_day_raises_nothing_and_is_said(method: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "reports.csv"
    rows = "2026-01-10\n" + "2026-03-26\n" * 1005 + "2026-05-01\n"
    file.write_text("seen\n" + rows)
    code, out, _ = replayed(str(file), "--accepted", "6 per year", *method, "--first-seen", "seen")
    assert code == 0
    assert "1,005 rows came on Thu 26 Mar 2026, more than 50 in one day: an import." in out
    assert "It would not have alarmed." in out
    assert (
        "would not have alarmed"
        not in replayed(str(file), "--accepted", "6 per year", "--first-seen", "seen", "--baseline", "2000")[1]
    )


def test_month_only_dates_are_no_rate_and_their_lines_are_named(tmp_path: Path) -> None:
    file = tmp_path / "reports.csv"
    file.write_text("seen\n2026-01-10\n2026-02\n")
    code, out, err = replayed(str(file), "--accepted", "6 per year", "--first-seen", "seen")
    assert (code, out) == (2, "")
    assert f"{file}:3: line 3 ('2026-02') is without a day in column 'seen'" in err


def test_a_rule_by_exposure_is_blind_where_the_exposure_is_unknown(tmp_path: Path) -> None:
    file = tmp_path / "days.csv"
    file.write_text("day,n,requests\n2026-01-01,0,900000\n2026-01-02,4,1000000\n2026-01-03,0,\n2026-01-04,1,1000000\n")
    rule = ("--accepted", "1 per million requests", "--first-seen", "day", "--count", "n")
    code, out, _ = replayed(str(file), *rule, "--exposure", "requests")
    assert code == 1
    assert "Blind: the exposure of 1 day is unknown or zero, the first Sat 3 Jan 2026." in out
    code, _, err = replayed(str(file), *rule)
    assert code == 2
    assert "no exposure is given: the rule is blind" in err


def test_a_mitigations_own_trigger_is_replayed_over_the_registers_incidents(tmp_path: Path) -> None:
    written(tmp_path, {"framework/all.yml": REGISTER})
    own = ("--mitigation", "filter", "--register", str(tmp_path))
    _, out, _ = replayed(*own, "--trigger", "1")
    assert "Rule: accepted: 2 per year" in out
    # One cause counts once; other mitigations and near misses do not.
    assert "Series: 5 incidents of 4 causes from Thu 1 Jan 2026 to Thu 12 Mar 2026" in out
    assert alarms(*own, "--trigger", "1", "--decide", "never")[0] == "2026-03-12"
    assert alarms(*own, "--trigger", "2") == ["2026-03-09"]
    # The rule of the register, over a file.
    assert alarms(INCIDENTS, *own, "--trigger", "1", "--first-seen", "reported", "--from", "2025-02-01")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "no rule is given"),
        (("--accepted", "6 per year"), "a stated rule needs a file"),
        ((INCIDENTS, "--accepted", "6 per year", "--mitigation", "filter"), "both given"),
        ((INCIDENTS, "--accepted", "often"), "--accepted: 'often' is not a number of incidents"),
        ((INCIDENTS, "--more-than", "3"), "'more_than' and 'window' belong together"),
        ((INCIDENTS, "--accepted", "6 per year", "--method", "change"), "needs 'accepted' and 'run_length'"),
        ((INCIDENTS, "--accepted", "6 per year", "--run-length", "10 years"), "'run_length' is without effect"),
        (
            (INCIDENTS, "--accepted", "6 per year", *COLUMNS, "--decide", "sometimes"),
            "--decide: 'sometimes' is not a duration",
        ),
        ((INCIDENTS, "--accepted", "6 per year", *COLUMNS, "--baseline", "0"), "--baseline: '0' is not a number"),
        ((INCIDENTS, "--accepted", "6 per year", *COLUMNS, "--from", "2027-01-01"), "is before the first"),
        ((INCIDENTS, "--accepted", "6 per year", "--first-seen", "reportd"), "Did you mean 'reported'?"),
        (("nothing.csv", "--accepted", "6 per year"), "nothing.csv: it cannot be read"),
    ],
)
def test_what_cannot_be_replayed_is_said_with_a_remedy(arguments: tuple[str, ...], says: str) -> None:
    code, out, err = replayed(*arguments)
    assert (code, out) == (2, "")
    assert says in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--mitigation", "filtr"), "Did you mean 'filter'?"),
        (("--mitigation", "training"), "has no incident-rate trigger"),
        (("--mitigation", "filter"), "has 2 incident-rate triggers"),
        (("--mitigation", "filter", "--trigger", "3"), "'3' is not a number from 1 to 2"),
    ],
)
def test_a_mitigation_needs_such_a_trigger(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    written(tmp_path, {"framework/all.yml": REGISTER})
    code, _, err = replayed(*arguments, "--register", str(tmp_path))
    assert code == 2
    assert says in err


@pytest.mark.skipif(not SHARED.exists(), reason="the series are beside the checkout only")
class TestPublicSeries:
    AIID = (str(SHARED / "aiid_dates.csv"), "--first-seen", "record_created", "--occurred", "incident_date")

    def test_replaying_aiid_by_first_seen_date_alarms_when_it_would_have_then(self) -> None:
        rule = ("--accepted", "15 per month", "--decide", "never")
        assert alarms(*self.AIID, *rule)[:4] == ["2022-06-09", "2022-06-13", "2022-08-10", "2022-08-11"]
        # By the day on which they happened it would not have alarmed: that series nobody knew at the time.
        assert alarms(self.AIID[0], "--first-seen", "incident_date", *rule, "--from", "2022-04-13") == []

    @pytest.mark.slow
    def test_the_first_day_of_aiid_is_an_import(self) -> None:
        _, out, _ = replayed(*self.AIID, "--accepted", "15 per month")
        assert "173 rows came on Wed 13 Apr 2022" in out
        assert "816 incidents from Wed 13 Apr 2022 to Mon 24 Mar 2025" in out

    def test_a_change_of_aiid_is_found_half_year_by_half_year(self) -> None:
        rule = (
            "--accepted",
            "15 per month",
            "--method",
            "change",
            "--run-length",
            "10 years",
            "--decide",
            "every 6 months",
        )
        assert alarms(*self.AIID, *rule) == [
            "2022-05-19",
            "2022-10-13",
            "2023-04-18",
            "2023-10-25",
            "2024-05-29",
            "2024-12-15",
        ]

    def test_the_1005_reports_that_avid_imported_on_a_day_raise_nothing(self) -> None:
        own = (str(SHARED / "avid_reports.csv"), "--first-seen", "first_committed", "--accepted", "15 per month")
        _, out, _ = replayed(*own)
        assert "1,005 rows came on Thu 26 Mar 2026" in out
        assert "2026-03-26" not in alarms(*own)
