"""The SVG of an incident rate: the same bytes for the same values, inert, and readable as text and by machines."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Thread
from xml.etree import ElementTree as ET

import pytest

from reassay.common.svg_drawing import WIDTH, named_days
from reassay.signals.replay.lines import RateDay
from reassay.signals.views.rate_drawing import draw
from reassay.signals.views.rate_picture import PictureAlarm, RatePicture, alternative_text

FIRST = date(2026, 1, 1)
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</title><script>alert("x")</script> $\\frac{1}{0}$ & <image href="http://evil.example/x.png"/> \u202e\x00'


def days(number: int, exposure: float | None = None) -> tuple[RateDay, ...]:
    return tuple(
        RateDay(FIRST + timedelta(days=day), day // 20, (day + 1) * 6 / 365, 4 + day // 60, exposure and exposure * day)
        for day in range(number)
    )


PICTURE = RatePicture(
    "Input filter blocks known jailbreak families",
    "accepted: 6 per year",
    days(200),
    tuple(FIRST + timedelta(days=day * 20 - 15) for day in range(1, 10)),
    (PictureAlarm(FIRST + timedelta(days=140), 7),),
    (FIRST + timedelta(days=100),),
)


def texts(picture: RatePicture) -> list[str]:
    root = ET.fromstring(draw(picture))
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


@pytest.mark.slow
def test_the_same_values_give_the_same_bytes_in_any_process_and_thread() -> None:
    once = draw(PICTURE)
    program = "import sys; from tests.unit.signals.views.test_rate_drawing import PICTURE, draw; sys.stdout.buffer.write(draw(PICTURE))"
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "7",
        "TZ": "Pacific/Auckland",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    other = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, env=environment)
    assert other.stdout == once
    drawn: list[bytes] = []
    threads = [Thread(target=lambda: drawn.append(draw(PICTURE))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == [once] * 4


@pytest.mark.slow
def test_it_says_what_it_shows() -> None:
    shown = texts(PICTURE)
    for words in (
        "incidents so far",
        "day (UTC)",
        "alarm",
        "decision",
        "incidents by first-seen day",
        "the same by day they happened",
        "accepted by then",
        "count at which it fires",
        "not settled: 79% are known after 90 days",
    ):
        assert words in shown
    assert "Input filter blocks known jailbreak families" in shown
    root = ET.fromstring(draw(PICTURE))
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "title description")
    assert "".join(root.find(f"{SVG}desc").itertext()) == alternative_text(PICTURE)  # type: ignore[union-attr] # it is there


@pytest.mark.slow
def test_it_says_the_exposure_and_leaves_a_gap_where_that_is_unknown() -> None:
    known = replace(PICTURE, days=days(200, 1000.0), exposure_unit="requests")
    gap = replace(
        known, days=tuple(replace(own, exposure=None) if 50 < n < 60 else own for n, own in enumerate(known.days))
    )
    assert "requests" in texts(known)
    assert draw(known) != draw(gap)
    assert "the exposure of 9 of 200 days is unknown" in alternative_text(gap)
    assert "unknown" not in alternative_text(known)


@pytest.mark.slow
@pytest.mark.parametrize("field", ["title", "rule", "exposure_unit"])
def test_hostile_words_are_text_and_nothing_else(field: str) -> None:
    drawn = draw(replace(PICTURE, days=days(200, 10.0), **{field: HOSTILE}))  # type: ignore[arg-type] # a text
    root = ET.fromstring(drawn)
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert not names & {"script", "image", "foreignObject", "a", "iframe", "animate", "set"}
    assert not [name for element in root.iter() for name in element.attrib if name.lower().startswith("on")]
    assert b"<script" not in drawn


def test_it_has_no_address_outside_of_itself_and_nothing_of_the_run() -> None:
    drawn = draw(PICTURE)
    assert b"<!DOCTYPE" not in drawn
    assert b"matplotlib.org" not in drawn
    assert b"url(http" not in drawn
    root = ET.fromstring(drawn)
    assert root.find(f"{SVG}metadata") is None
    links = [value for element in root.iter() for name, value in element.attrib.items() if name.endswith("href")]
    assert links
    assert all(link.startswith("#") for link in links)


def test_text_is_at_least_10_pixels_high_on_a_phone() -> None:
    """A phone of 390 px shows a picture 358 px wide."""
    root = ET.fromstring(draw(PICTURE))
    sizes = {
        style.split("font-size: ")[1].split("px")[0]
        for own in root.iter(f"{SVG}text")
        if "font-size" in (style := own.get("style", ""))
    }
    assert min(float(size) for size in sizes) * 358 / (WIDTH * 72) >= 10


@pytest.mark.parametrize("number", [1, 2, 30, 89, 91, 400, 4000, 20000])
def test_an_axis_names_a_few_days_of_any_span(number: int) -> None:
    last = FIRST + timedelta(days=number - 1)
    named = named_days(FIRST, last)
    assert 1 <= len(named) <= 6
    assert all(FIRST <= day <= last for day in named)


@pytest.mark.parametrize("number", [1, 3, 800])
def test_any_number_of_days_is_drawn(number: int) -> None:
    shown = RatePicture("x", "y", days(number))
    assert draw(shown).startswith(b"<svg ")


def test_long_titles_are_cut() -> None:
    assert any(text.endswith("…") for text in texts(replace(PICTURE, title="word " * 80)))


@pytest.mark.parametrize(
    ("count", "alarms", "words"),
    [
        (
            200,
            (),
            "9 incidents from Thu 1 Jan 2026 to Sun 19 Jul 2026; 3.29 were accepted by then; 7 is the number at which this rule fires. No alarm.",
        ),
        (
            21,
            (PictureAlarm(FIRST, 1),),
            "1 incident from Thu 1 Jan 2026 to Wed 21 Jan 2026; 0.35 were accepted by then; 4 is the number at which this rule fires. Alarm: Thu 1 Jan 2026 at 1.",
        ),
    ],
)
def test_the_alternative_text_is_in_counts(count: int, alarms: tuple[PictureAlarm, ...], words: str) -> None:
    assert alternative_text(replace(PICTURE, days=days(count), alarms=alarms)) == words


def test_many_alarms_are_counted() -> None:
    alarms = tuple(PictureAlarm(FIRST + timedelta(days=day), day) for day in range(1, 9))
    assert alternative_text(replace(PICTURE, alarms=alarms)).endswith("Tue 6 Jan 2026 at 5 and 3 more.")


@pytest.mark.slow
def test_the_module_is_imported_where_something_is_drawn_and_nowhere_else() -> None:
    program = "import sys, reassay.cli.signals, reassay.sweep.sweep, reassay.signals.views.replay; print('matplotlib' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4] / "bot")}
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, env=environment, text=True)
    assert done.stdout.strip() == "False"
