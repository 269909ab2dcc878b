"""The table of deadlines on the incident's issue: what started each, when it ends, what is left, and what met it."""

import re
from collections.abc import Callable

import pytest

from tests.golden import same_as_golden
from tests.lab import Lab

REGISTER = b"""\
mode: remind
timezone: Europe/Berlin
commitments:
  - id: reports
    title: Serious incidents are reported
    owner: safety-lead
    assessor: red-team-lead
    statement: They are reported in time.
    source: {organisation: A legislature, document: An act}
    subject: {kind: framework}
    triggers: [{kind: incident-severity, at_least: high}]
    deadlines:
      - {id: initial, anchor: aware, count: 15, unit: days, what: initial report}
      - {id: initial, anchor: aware, count: 2, unit: days, what: initial report, circumstance: infrastructure}
      - {id: notice, earliest_of: [determined, learned], count: 5, unit: days, calendar: business, timezone: America/New_York, what: notice}
      - {id: interim, after: initial, count: 4, unit: weeks, repeats: 4 weeks, until: resolved, what: interim report}
      - {id: final, anchor: resolved, count: 60, unit: days, what: final report, retain: 5 years}
"""
INCIDENT = b"""\
incidents:
  - {id: leak, title: Leak, severity: high, first_seen_at: 2026-12-01T06:00Z, aware_at: 2026-12-01T07:14Z,
     learned_at: 2026-12-01T08:00Z, circumstances: [infrastructure]%s}
"""


def reported(make_lab: Callable[..., Lab], more: bytes = b"") -> Lab:
    lab = make_lab({"framework/mitigations.yml": REGISTER})
    lab.fine()
    lab.repo.commit({"framework/incidents.yml": INCIDENT % more})
    lab.fine()
    return lab


def table(lab: Lab, number: int = 1) -> str:
    body = lab.repo.issue(number).body
    return body[body.index("| what |") :].split("\n\n", 1)[0]


def left(lab: Lab, name: str, number: int = 1) -> str:
    (row,) = (line for line in table(lab, number).splitlines() if f"| {name}" in line)
    return row.split(" | ")[2].strip()


def test_the_table_says_what_started_each_deadline_when_it_ends_and_what_is_left(make_lab: Callable[..., Lab]) -> None:
    lab = reported(make_lab)
    tables = [table(lab)]
    lab.later(days=1)
    lab.say("red-team-lead", 1, "/reassay conclude effective because it was reported")
    lab.fine()
    tables.append(table(lab))
    lab.fine()
    tables.append(table(lab, 2))
    lab.later(days=9)
    lab.fine()
    tables.append(table(lab, 2))
    same_as_golden("deadline-table.md", "\n\n".join(tables) + "\n")


@pytest.mark.long
def test_what_is_left_is_never_more_than_it_is_and_is_written_once_a_day(make_lab: Callable[..., Lab]) -> None:
    lab = reported(make_lab)
    assert left(lab, "initial report") == "1 day 8 h", "from midnight in Berlin until 3 Dec 07:14 UTC"
    for _ in range(13):
        lab.later(hours=1)
        with lab.box.readonly():
            assert lab.fine().done == ()
    lab.later(hours=2)
    assert len(lab.fine().done) == 1
    assert left(lab, "initial report") == "8 h"
    with lab.box.readonly():
        assert lab.fine().done == ()


def test_a_deadline_that_ends_today_and_one_that_has_ended_are_said_in_bold(make_lab: Callable[..., Lab]) -> None:
    lab = reported(make_lab)
    lab.later(days=1, hours=20)
    lab.fine()
    assert left(lab, "initial report") == "**ends today**"
    lab.later(hours=4)
    lab.fine()
    assert left(lab, "initial report") == "**overdue**, ended today"
    lab.later(days=3)
    lab.fine()
    assert left(lab, "initial report") == "**overdue**, ended 3 days ago"
    assert "left after" in table(lab), "the notice still runs"


def test_a_late_report_says_by_how_much_and_a_missing_date_says_the_earliest(make_lab: Callable[..., Lab]) -> None:
    lab = reported(make_lab)
    lab.later(days=4, hours=1)
    lab.say("red-team-lead", 1, "/reassay conclude effective because it was reported")
    lab.fine()
    assert re.search(r"Sat 5 Dec 2026 10:00 UTC by R-2026-001, 2 days 2 h late", table(lab)), table(lab)


def test_a_missing_date_is_said_and_the_instant_is_the_earliest_that_it_can_be(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab({"framework/mitigations.yml": REGISTER})
    lab.fine()
    lab.repo.commit({"framework/incidents.yml": (INCIDENT % b"").replace(b" aware_at: 2026-12-01T07:14Z,", b"")})
    lab.fine()
    words = table(lab).replace("\\", "")
    assert "'leak': not known, as 'leak' has no 'aware_at' (framework/incidents.yml:2)" in words
    assert "Thu 3 Dec 2026 06:00 UTC, the earliest that it can be" in words


def test_hostile_words_of_the_register_stay_inside_their_cell(make_lab: Callable[..., Lab]) -> None:
    hostile = REGISTER.replace(b"what: notice}", b"what: 'a | b <img src=x> @everyone [x](http://evil.example)'}")
    lab = make_lab({"framework/mitigations.yml": hostile})
    lab.fine()
    lab.repo.commit({"framework/incidents.yml": INCIDENT % b""})
    lab.fine()
    (row,) = (line for line in table(lab).splitlines() if "evil" in line)
    assert row.count(" | ") == 5
    assert "<img" not in row.replace("\\<", "")
    assert "](" not in row.replace("\\]", "")
    assert "@everyone" not in row
