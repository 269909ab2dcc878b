"""Verdicts on open pull requests are pages of the dashboard, for its repository's readers only."""

from datetime import timedelta

from reassay.hosted.dashboards import DashboardTable
from reassay.hosted.verdicts import VerdictTable
from reassay.hosted.web.headers import DASHBOARDS
from tests.hosted.web.browsing import LAB, WebLab
from tests.unit.dashboard.sample import sample
from tests.unit.dashboard.sample_values import AT, TODAY
from tests.unit.dashboard.verdict_sample import blocked

PAGE = f"{DASHBOARDS}{LAB}/verdicts/pull-7.html"


def test_a_stored_verdict_is_a_page_until_it_is_dropped(ready: WebLab) -> None:
    ready.box.clock.move_to(AT)
    table, number = VerdictTable(ready.database), ready.id_of(LAB)
    DashboardTable(ready.database).keep(number, "a-key", sample().model_copy(update={"verdicts": ()}), AT)
    person = ready.signed_in("safety-lead")
    assert person.get(PAGE).status_code == 404
    table.keep(number, 7, "first", blocked())
    assert "Not even all of them are enough." in person.get(PAGE).text
    assert 'href="verdicts/pull-7.html"' in person.get(f"{DASHBOARDS}{LAB}/").text
    changed = blocked().model_copy(update={"conclusion": "success", "why": "", "what_if": ()})
    table.keep(number, 7, "second", changed)
    assert "Ready to merge" in person.get(PAGE).text, "a page is made of what is stored now"
    table.drop(number, [7])
    assert person.get(PAGE).status_code == 404


def test_who_may_not_read_the_repository_sees_no_verdict(ready: WebLab) -> None:
    ready.box.clock.move_to(AT)
    number = ready.id_of(LAB)
    DashboardTable(ready.database).keep(number, "a-key", sample(), AT)
    VerdictTable(ready.database).keep(number, 7, "first", blocked())
    ready.box.add_user("stranger")
    answer = ready.signed_in("stranger").get(PAGE)
    assert answer.status_code == 404
    assert "Take audio" not in answer.text


def test_a_verdict_that_has_ended_is_not_said_to_be_ready(ready: WebLab) -> None:
    """Sweeps may have stopped, so that nobody judged it again on the day on which it had to be."""
    table, number = VerdictTable(ready.database), ready.id_of(LAB)
    DashboardTable(ready.database).keep(number, "a-key", sample().model_copy(update={"verdicts": ()}), AT)
    ended = {"conclusion": "success", "why": "", "steps": (), "valid_until": TODAY}
    table.keep(number, 7, "first", blocked().model_copy(update=ended))
    for days, is_ready in ((0, True), (2, False)):
        ready.box.clock.move_to(AT + timedelta(days=days))
        person = ready.signed_in("safety-lead")
        for path in (PAGE, f"{DASHBOARDS}{LAB}/"):
            assert ("Ready to merge" in person.get(path).text) == is_ready, (days, path)
        shown = person.get(f"/api/v1{DASHBOARDS}{LAB}/dashboard").json()["verdicts"]
        assert [own["conclusion"] for own in shown] == ["success" if is_ready else "error"]
    assert "was valid until Mon 30 Nov 2026" in person.get(PAGE).text
