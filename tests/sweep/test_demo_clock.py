"""The demo's clock moves to the next day on which people notice something, and the pages have one time zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from reassay.common.environment import clock_words
from reassay_sandbox.clock import MovableClock
from reassay_sandbox.demo.browser import move_to_next_event, show_banner
from reassay_sandbox.demo.happenings import happenings, summary
from reassay_sandbox.pages.markdown import to_html
from tests.lab import Lab


@pytest.mark.long
def test_the_button_skips_days_on_which_nothing_happens_and_says_what_does(lab: Lab) -> None:
    lab.fine()
    events = move_to_next_event(lab.box, lambda: (lab.fine(),))
    assert events == ("a reminder in #1",)
    assert lab.box.clock.now().date() == date(2026, 12, 4)
    assert lab.box.banner == "The date here is Fri 4 Dec 2026. New: a reminder in #1."
    show_banner(lab.box, lab.fine())
    assert lab.box.banner.endswith("in #1."), "a later sweep of that day leaves it there"
    assert "Next reminder Fri 11 Dec 2026" in lab.repo.issue(1).comments[-1].body
    lab.say("red-team-lead", 1, "/reassay conclude effective because all of forty attempts were stopped")
    lab.fine()
    while events[0] != "a reminder in #2":
        events = move_to_next_event(lab.box, lambda: (lab.fine(),))
    assert lab.box.clock.now().date() == date(2026, 12, 8)


def test_a_day_is_told_by_its_issues_and_states_and_not_by_edits(lab: Lab) -> None:
    before = lab.fine()
    assert happenings(before, []) == ()
    assert happenings(before, [before])[:2] == tuple(f"an issue opens: “{title}”" for title in lab.titles())
    lab.later(days=11)
    after = lab.fine()
    assert "jailbreak-filter is overdue (was due-soon)" in happenings(before, [after])
    assert happenings(after, [lab.fine()]) == ()
    assert summary(["a", "b"]) == "a and b."
    assert summary(["a", "b", "c", "d", "e", "f"]) == "a, b, c, d and 2 more."
    assert summary([]) == ""


def test_every_clock_reads_utc_whatever_zone_it_was_set_in() -> None:
    berlin = datetime(2027, 5, 18, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    clock = MovableClock(berlin)
    assert (clock.now().hour, clock.now().tzinfo) == (7, UTC)
    clock.move_to(berlin)
    assert str(clock.now()) == "2027-05-18 07:00:00+00:00"
    assert clock_words(berlin) == "2027-05-18 07:00 UTC"


def test_words_with_a_dot_are_no_web_sites() -> None:
    html = str(to_html("refused.at and jailbreak.at_most, https://a.org/x www.b.org c@d.org", (), "/o/r"))
    assert html.count("<a ") == 3
    assert "refused.at and jailbreak.at_most," in html
