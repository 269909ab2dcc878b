"""Law: whatever the size of a register, a text that is written stays under the bound of the place where it goes.

GitHub takes 65,536 characters for a body, 65,535 for a check's summary, 50 annotations a request, and shows nothing of a step's
summary over 1,024 KiB. What does not fit is counted, and the text says where to see it; the most urgent comes first.
"""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.assessment.cells import CellStatus, State
from reassay.cli.workflow_commands import MOST_OF_A_LEVEL, Annotated, annotated
from reassay.common.inert import Markdown
from reassay.gate.verdict import Node, RuleStatus, Verdict
from reassay.gate.views.check_run import annotations
from reassay.github.drafts import MOST_ANNOTATIONS, CheckDraft
from reassay.github.pulls import ANNOTATIONS_AT_ONCE, SUMMARY_LIMIT, _output
from reassay.github.section import LIMIT, Section, keyed, ledger_marker, merge, shorten, with_ledger
from reassay.sweep.report import Report, SweepFailure
from reassay.sweep.views.report import STEP_SUMMARY_LIMIT, as_step_summary
from tests.examples import examples
from tests.make import Story, mitigation, register

STEP_LIMIT = 1024 * 1024
WIDE = "\U0001f512"
CELL = next(iter(Story(register(mitigation(last_assessed="2025-01-01"))).assessment_input.cells))


def cells(
    number: int, reason: str = "6 months since the last assessment", state: State = State.OVERDUE
) -> tuple[CellStatus, ...]:
    return tuple(
        replace(CELL, subject=f"mitigation-{place:05d}", state=state, reason=reason) for place in range(number)
    )


def listed(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^\| (\S+) \| `([a-z0-9-]+)`", text, re.MULTILINE)


@pytest.mark.parametrize("reason", ["late", "6 months since the last assessment " * 20, WIDE * 400])
def test_seven_thousand_overdue_cells_fit_into_a_step_summary(reason: str) -> None:
    text = as_step_summary(Report("lab/framework", cells=cells(7_000, reason)))
    assert len(text.encode()) < STEP_LIMIT
    shown = listed(text)
    left = re.search(r"\*\*(\d+) more cells, less urgent, are not shown here\.\*\* `reassay status`", text)
    assert len(shown) + (int(left[1]) if left else 0) == 7_000
    assert shown[0] == ("overdue", "mitigation-00000")


def test_the_most_urgent_cells_are_those_that_are_shown() -> None:
    calm, late = cells(9_000, "x" * 200, State.DUE_SOON), replace(CELL, subject="zebra", state=State.OVERDUE)
    text = as_step_summary(Report("lab/framework", cells=(*calm, late)))
    assert listed(text)[0] == ("overdue", "zebra")
    assert "more cells, less urgent" in text


@settings(max_examples=examples(40), deadline=None)
@given(st.integers(0, 120), st.integers(0, 300), st.integers(3_000, 60_000), st.integers(0, 80), st.integers(0, 60))
def test_a_step_summary_fits_whatever_there_is(number: int, length: int, room: int, problems: int, notes: int) -> None:
    report = Report(
        "lab/framework",
        cells=cells(number, WIDE * length),
        problems=tuple(SweepFailure(f"p{place}", "y" * length) for place in range(problems)),
        notes=tuple(f"n{place} {'z' * length}" for place in range(notes)),
    )
    text = as_step_summary(report, room)
    assert len(text.encode()) <= room
    whole = as_step_summary(report)
    assert ("more failures" in whole) == (problems > 50)
    assert ("more notes" in whole) == (notes > 50)
    if len(whole.encode()) <= room:
        assert text == whole


def test_the_limit_leaves_room_for_the_line_end() -> None:
    assert STEP_SUMMARY_LIMIT + 1 < STEP_LIMIT


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.sampled_from(["error", "warning", "notice"]), max_size=60))
def test_of_each_level_as_many_annotations_as_github_shows_and_the_rest_counted(levels: list[str]) -> None:
    own = [Annotated(level, f"file=a,line={place}", f"text {place}\nmore") for place, level in enumerate(levels)]
    lines = list(annotated(own))
    for level in set(levels):
        commands = [line for line in lines if line.startswith(f"::{level} ")]
        total = levels.count(level)
        assert len(commands) == min(total, MOST_OF_A_LEVEL)
        counted = re.search(r"::(\d+) more are in the log", commands[-1])
        shown = len(commands) - bool(counted)
        assert shown + (int(counted[1]) if counted else 0) == total
    assert all(f"text {place}" in "\n".join(lines) for place in range(len(levels)))
    assert all(line.startswith("::") or "::" not in line for line in lines)


TEXTS = st.builds(lambda line, count: f"{line}\n" * count, st.text(max_size=60), st.integers(0, 2_000))


@settings(max_examples=examples(60), deadline=None)
@given(TEXTS, st.integers(0, LIMIT))
def test_what_is_shortened_fits_and_says_so(text: str, room: int) -> None:
    short = shorten(text, room, "`reassay gate`")
    assert len(short) <= room
    assert (short == text) == (len(text) <= room)
    if len(text) > room > 100:
        assert "`reassay gate` shows it" in short


@settings(max_examples=examples(60), deadline=None)
@given(TEXTS, st.integers(0, LIMIT), st.booleans())
def test_an_issue_stays_under_its_limit_and_keeps_every_word_of_people(text: str, theirs: int, is_new: bool) -> None:
    section = Section("R-2026-001", "a" * 32, text, ledger_marker(10**20 - 1, "1:" + "f" * 64))
    people = ("w" * 99 + "\n") * (theirs // 100) + "w" * (theirs % 100)
    current = people if is_new else merge(people, Section("R-2026-001", "a" * 32, "short"))
    body = merge(current, section)
    assert len(body) <= LIMIT
    assert people.strip() in body
    # Merging again changes nothing, so that a second sweep writes nothing.
    assert merge(body, section) == body
    assert len(section.within(LIMIT)) <= LIMIT


@settings(max_examples=examples(40), deadline=None)
@given(TEXTS)
def test_a_comment_has_room_for_its_anchor(text: str) -> None:
    comment = with_ledger(keyed("reply-123456789-0", text), ledger_marker(10**20 - 1, f"{10**9}:{'f' * 64}"))
    assert len(comment) <= LIMIT
    assert "reassay:ledger" in comment


@pytest.mark.parametrize("number", [0, 1, 50, 51, MOST_ANNOTATIONS, MOST_ANNOTATIONS + 1, 7_000])
def test_annotations_beyond_the_most_are_counted(number: int) -> None:
    parts = tuple(
        Node("readable", RuleStatus.UNMET, f"why {place}", "fix it", place=("a.yml", place + 1))
        for place in range(number)
    )
    notes = annotations(Verdict("failure", Node("all", RuleStatus.UNMET, "", children=parts), (), (), (), "", None))
    assert len(notes) == min(number, MOST_ANNOTATIONS)
    counted = re.search(r"^(\d+) more notes are not shown here", notes[-1].message) if notes else None
    assert len(notes) - bool(counted) + (int(counted[1]) if counted else 0) == number
    assert ANNOTATIONS_AT_ONCE == 50


@settings(max_examples=examples(30), deadline=None)
@given(TEXTS)
def test_a_summary_of_a_check_fits(text: str) -> None:
    draft = CheckDraft("reassay/main", "a" * 40, "failure", "x", "title", Markdown(text * 40))
    output = _output(draft, ())
    assert len(str(output["summary"])) <= SUMMARY_LIMIT
