"""Pictures of a dashboard: the same bytes for the same values, inert, readable on a phone, and told apart without colour."""

import hashlib
import os
import subprocess
import sys
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest

from reassay.common.errors import UsageError
from reassay.common.svg_drawing import WIDTH
from reassay.dashboard.pictures import picture, picture_names, picture_text
from reassay.dashboard.pictures.picture_parts import chart_picture
from reassay.dashboard.subject_values import EffectivenessPoint, EffectivenessSeries, TimelineEvent
from reassay.dashboard.values import Dashboard
from tests.unit.dashboard.sample import empty, hostile, sample
from tests.unit.dashboard.sample_values import TODAY, in_days

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ("states", "timeline", "incidents-1", "incidents-2", "effectiveness-1", "effectiveness-2")
HARMFUL = {"script", "image", "foreignObject", "a", "iframe", "animate", "set"}


def root_of(dashboard: Dashboard, name: str) -> ET.Element:
    return ET.fromstring(picture(dashboard, name))


def texts(dashboard: Dashboard, name: str) -> list[str]:
    return ["".join(element.itertext()) for element in root_of(dashboard, name).iter(f"{SVG}text")]


def shapes(dashboard: Dashboard, name: str) -> set[str]:
    """The outlines of its marks, without their colours."""
    return {path.get("d", "") for path in root_of(dashboard, name).iter(f"{SVG}path") if path.get("id")}


def with_timeline(*events: TimelineEvent) -> Dashboard:
    return sample().model_copy(update={"timeline": tuple(sorted(events, key=lambda own: own.on))})


def event(on: date, kind: str, subject: str = "s-1", **more: object) -> TimelineEvent:
    return TimelineEvent.model_validate({"on": on, "kind": kind, "subject": subject, "title": subject} | more)


def test_every_picture_has_a_name_and_what_has_no_values_has_none() -> None:
    assert picture_names(sample()) == NAMES
    assert picture_names(empty()) == ()
    with pytest.raises(KeyError):
        picture(sample(), "incidents-3")
    with pytest.raises(KeyError):
        picture_text(empty(), "states")


@pytest.mark.slow
def test_the_same_values_give_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib; from reassay.dashboard.pictures import picture, picture_names;"
        "from tests.unit.dashboard.sample import sample;"
        "print(*(hashlib.sha256(picture(sample(), name)).hexdigest() for name in picture_names(sample())))"
    )
    others = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "PYTHONPATH": os.pathsep.join(sys.path)}
    there = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env={**os.environ, **others}
    ).stdout.split()
    assert there == [hashlib.sha256(picture(sample(), name)).hexdigest() for name in picture_names(sample())]
    assert len(set(there)) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("made_from", [sample, hostile])
def test_a_picture_is_inert_and_says_what_it_shows(name: str, made_from: object) -> None:
    dashboard = made_from()  # type: ignore[operator] # one of the two above
    drawn = picture(dashboard, name)
    root = ET.fromstring(drawn)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert not tags & HARMFUL
    attributes = [(name, value) for element in root.iter() for name, value in element.attrib.items()]
    assert not [name for name, _ in attributes if name.lower().startswith("on")]
    assert all(value.startswith("#") for name, value in attributes if name.endswith("href"))
    assert not [value for name, value in attributes if "url(" in value and "url(#" not in value]
    assert b"<script" not in drawn
    assert b"<!DOCTYPE" not in drawn
    assert root.find(f"{SVG}metadata") is None
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "title description")
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc") == picture_text(dashboard, name)


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_readable_on_a_phone(name: str) -> None:
    """A phone of 390 px shows a picture 358 px wide."""
    root = root_of(sample(), name)
    sizes = [
        float(style.split("font-size: ")[1].split("px")[0])
        for own in root.iter(f"{SVG}text")
        if "font-size" in (style := own.get("style", ""))
    ]
    assert sizes
    assert min(sizes) * 358 / (WIDTH * 72) >= 10


def test_dollars_are_no_formula() -> None:
    series = EffectivenessSeries(
        subject="$x$",
        cell="api",
        criterion=r"cost $\frac{1}{0}$",
        unit="$",
        target=2.0,
        points=(EffectivenessPoint(on=TODAY, record="r", value=1.0, verdict="met"),),
    )
    dashboard = sample().model_copy(update={"series": (series,)})
    shown = texts(dashboard, "effectiveness-1")
    assert r"cost $\frac{1}{0}$" in shown
    assert "target: at most 2 $" in shown


def test_states_have_their_numbers_and_say_for_how_many_a_source_is_missing() -> None:
    shown = texts(sample(), "states")
    words = [text for text in shown if not text.isdigit()]
    assert words[:4] == ["unreadable", "restrict-ordered", "ineffective", "overdue"]
    assert [text for text in shown if text.isdigit()] == ["1"] * 9 + ["2", "1"]
    assert "of these, a source is missing" in shown
    assert "1 overdue" in picture_text(sample(), "states")
    assert "For 1 of them a source is missing." in picture_text(sample(), "states")
    seen = [cell.model_copy(update={"is_blind": False}) for cell in sample().cells]
    assert "of these, a source is missing" not in texts(sample().model_copy(update={"cells": tuple(seen)}), "states")


@pytest.mark.slow
def test_what_is_late_and_what_was_ineffective_have_shapes_of_their_own() -> None:
    plain_decision = event(in_days(-9), "decided", decision="effective (tested)")
    late = plain_decision.model_copy(update={"is_late": True})
    assert "late" not in texts(with_timeline(plain_decision), "timeline")
    assert {"late", "decided: effective"} <= set(texts(with_timeline(late), "timeline"))
    for decision, label in (
        ("ineffective", "decided: ineffective"),
        ("degraded (judged)", "decided: anything else"),
        ("was effective on 2026-01-01", "decided: anything else"),
        ("", "decided: anything else"),
    ):
        other = plain_decision.model_copy(update={"decision": decision})
        assert label in texts(with_timeline(other), "timeline")
        assert "decided: effective" not in texts(with_timeline(other), "timeline")
    dot, cross = (
        shapes(with_timeline(plain_decision.model_copy(update={"decision": decision})), "timeline")
        for decision in ("effective", "ineffective")
    )
    assert dot - cross
    assert cross - dot
    assert shapes(with_timeline(late), "timeline") > dot


@pytest.mark.parametrize(("subjects", "has_rows"), [(25, True), (26, False)])
def test_a_timeline_has_a_row_for_each_subject_or_counts_by_month(subjects: int, has_rows: bool) -> None:
    events = [event(in_days(-row), "decided", f"s-{row}", decision="effective") for row in range(subjects)]
    shown = texts(with_timeline(*events, event(in_days(9), "due", "s-1", is_late=True)), "timeline")
    assert ("s-24" in shown) == has_rows
    assert ("re-assessments a month" in shown) == (not has_rows)
    assert ("due and late" in shown) == (not has_rows)
    assert "today, Mon 30 Nov 2026" in shown


def test_a_timeline_counts_what_is_too_early_or_too_late_for_it() -> None:
    dashboard = with_timeline(
        event(date(2010, 1, 1), "imported"), event(in_days(-9), "opened"), event(date(2040, 1, 1), "due")
    )
    assert "2 more are earlier or later" in texts(dashboard, "timeline")
    assert picture_text(dashboard, "timeline").endswith("2 more are earlier or later.")
    assert "0 to come" in picture_text(dashboard, "timeline")


@pytest.mark.parametrize("days", [0, -900, 900])
def test_a_timeline_of_one_event_is_drawn(days: int) -> None:
    assert picture(with_timeline(event(in_days(days), "due")), "timeline").startswith(b"<svg ")


@pytest.mark.slow
def test_an_incident_chart_keeps_its_alarms_its_gaps_and_what_is_not_settled() -> None:
    counted, unknown = sample().incident_charts
    shown = chart_picture(counted)
    assert [(alarm.day, alarm.incidents) for alarm in shown.alarms] == [(in_days(-12), 6.0)]
    assert shown.unsettled_from == in_days(-6)
    assert {"alarm", "accepted by then", "count at which it fires"} <= set(texts(sample(), "incidents-1"))
    assert any(text.startswith("not settled") for text in texts(sample(), "incidents-1"))
    assert chart_picture(unknown).unsettled_from == TODAY + timedelta(days=1)
    assert not {"alarm", "accepted by then", "count at which it fires"} & set(texts(sample(), "incidents-2"))
    assert counted.words in picture_text(sample(), "incidents-1")


@pytest.mark.slow
def test_results_that_miss_their_target_have_a_shape_of_their_own() -> None:
    (first, *_) = sample().series
    shown = texts(sample(), "effectiveness-1")
    assert {"target missed", "target met", "target: at most 10%", "target at that decision"} <= set(shown)
    assert "3 results: 2 met, 1 missed (Fri 20 Feb 2026)" in picture_text(sample(), "effectiveness-1")
    unclear = tuple(point.model_copy(update={"verdict": "insufficient"}) for point in first.points)
    dashboard = sample().model_copy(update={"series": (first.model_copy(update={"points": unclear}),)})
    shown = texts(dashboard, "effectiveness-1")
    assert "neither met nor missed" in shown
    assert not {"target met", "target missed"} & set(shown)
    assert "3 results: 3 neither met nor missed" in picture_text(dashboard, "effectiveness-1")


@pytest.mark.slow
def test_a_floor_and_a_number_without_target_are_told_as_such() -> None:
    (first, *_) = sample().series
    floor = first.model_copy(update={"is_ceiling": False, "target": 0.9})
    dashboard = sample().model_copy(
        update={"series": (floor, first.model_copy(update={"target": None, "unit": "hours"}))}
    )
    assert "target: at least 90%" in texts(dashboard, "effectiveness-1")
    assert not [text for text in texts(dashboard, "effectiveness-2") if text.startswith("target: ")]


def test_without_the_library_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "reassay.dashboard.pictures.drawings", None)
    with pytest.raises(UsageError, match=r"reassay\[pictures\]"):
        picture(sample(), "states")
    assert picture_names(sample()) == NAMES
    assert all(picture_text(sample(), name) for name in NAMES)


@pytest.mark.slow
def test_the_library_is_imported_where_something_is_drawn_and_nowhere_else() -> None:
    program = "import sys, reassay.dashboard.pictures, reassay.dashboard.values; print('matplotlib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.strip() == "False"
