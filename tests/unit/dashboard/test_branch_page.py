"""The page on the branch: its words, that they are only words, its size, and when it is out of date."""

import re
from datetime import timedelta

import pytest

from reassay.common.errors import ReassayError
from reassay.dashboard.branch_digest import blob_id, read_marker, seal_of, shown_digest
from reassay.dashboard.branch_page import LIMIT, MOST_PICTURES, ended_text, page_pictures, page_text
from reassay.dashboard.pictures import picture_names
from reassay.dashboard.publication import drawn_pictures, ending, is_published, publication
from reassay.dashboard.values import Dashboard
from reassay.github.branch_files import BranchContent
from reassay.sweep.actions import KeepDashboard
from reassay_sandbox.pages.markdown import readme_html, to_html
from tests.golden import same_as_golden
from tests.unit.dashboard.sample import empty, hostile, sample

LOGINS = {"safety-lead", "red-team-lead", "everyone"}


def changed(**fields: object) -> Dashboard:
    return sample().model_copy(update=fields)


def draw(_dashboard: Dashboard, name: str) -> bytes:
    return f"<svg>{name}</svg>".encode()


def branch_after(action: KeepDashboard | None, before: BranchContent | None = None) -> BranchContent:
    """The branch once an action is carried out."""
    assert action is not None
    ids = dict(before.ids) if before else {}
    for path in action.gone:
        del ids[path.removeprefix("pictures/")]
    files = dict(action.files)
    ids |= {
        path.removeprefix("pictures/"): blob_id(data) for path, data in files.items() if path.startswith("pictures/")
    }
    return BranchContent("c0ffee", files["README.md"].decode(), ids)


def published(dashboard: Dashboard, before: BranchContent | None = None) -> KeepDashboard | None:
    return publication(
        dashboard, drawn_pictures(dashboard, draw), 7, shown_digest(dashboard, 7), before or BranchContent()
    )


@pytest.mark.parametrize(("name", "made_from"), [("branch-page", sample), ("branch-page-empty", empty)])
def test_its_words(name: str, made_from: object) -> None:
    dashboard = made_from()  # type: ignore[operator] # one of the two above
    same_as_golden(f"{name}.md", page_text(dashboard, picture_names(dashboard), 7 if dashboard.cells else None))


def test_what_needs_somebody_comes_before_what_is_fine() -> None:
    text = page_text(sample(), picture_names(sample()), None)
    order = [
        "## Problems",
        "## Needed this week",
        "## States",
        "## Cells that are not current",
        "<details><summary>Cells that are",
    ]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)


@pytest.mark.slow
def test_hostile_words_are_words() -> None:
    text = page_text(hostile(), picture_names(hostile()), 7)
    html = str(readme_html(text, LOGINS, "/example-lab/framework", "reassay-dashboard"))
    assert not re.search(
        r"<(?!/?(?:h[1-6]|p|ul|li|strong|em|a|code|table|thead|tbody|tr|td|th|img|details|summary|sub|br)\b)", html
    )
    targets = re.findall(r'(?:href|src)="([^"]*)"', html)
    own = r"/example-lab/framework/(?:issues/\d+|blob/[0-9a-f]{40}/[^?#]*#L\d+|raw/reassay-dashboard/pictures/[a-z]+(?:-\d+)?\.svg)"
    assert targets
    assert [target for target in targets if not re.fullmatch(own, target)] == []
    assert 'class="mention"' not in html
    assert "\u202e" not in text
    assert html.count("<table>") == str(to_html(page_text(sample(), picture_names(sample()), 7), LOGINS, "/x/y")).count(
        "<table>"
    )


@pytest.mark.parametrize("number", [12, 150, 20_000])
def test_it_stays_below_the_size_that_github_shows(number: int) -> None:
    cells = (sample().cells * (number // len(sample().cells) + 1))[:number]
    dashboard = changed(
        cells=cells,
        problems=sample().problems * (number // 4),
        duties=sample().duties * number,
        commitments=sample().commitments * number,
    )
    text = page_text(dashboard, picture_names(dashboard), 7)
    assert 2000 < len(text) <= LIMIT
    assert f"of {number} cells not current" in text
    listed = text.count("- **overdue:** [#42]")
    more = re.search(r"([\d,]+) more; `reassay status`", text)
    wrong = sum(cell.is_wrong for cell in cells)
    rows = text.split("## Cells that are not current")[1].split("<details>")[0].count("\n- **")
    assert listed
    assert rows + (int(more[1]) if more else 0) == wrong


def test_each_problem_of_a_hostile_register_stays_short() -> None:
    assert max(len(line) for line in page_text(hostile(), (), None).splitlines()) < 5000


def test_pictures_of_alarms_and_missed_targets_come_first_and_the_rest_is_counted() -> None:
    series = sample().series * MOST_PICTURES
    charts = (*(sample().incident_charts[1:] * MOST_PICTURES), sample().incident_charts[0])
    dashboard = changed(series=series, incident_charts=charts)
    names = page_pictures(dashboard)
    assert len(names) == 2 + 2 * MOST_PICTURES
    assert names[2] == f"incidents-{len(charts)}"
    assert names[2 + MOST_PICTURES] == "effectiveness-2"
    assert f"{1 + MOST_PICTURES} more pictures in `reassay report`." in page_text(dashboard, names, None)


def test_a_day_that_passes_changes_nothing() -> None:
    later = timedelta(days=1)
    tomorrow = changed(
        today=sample().today + later,
        at=sample().at + later,
        swept=sample().at + later,
        provenance=(("register", "another"),),
        incident_charts=tuple(
            chart.model_copy(
                update={
                    "words": "1.7 were accepted by then.",
                    "days": (*chart.days, chart.days[-1].model_copy(update={"on": chart.days[-1].on + later})),
                }
            )
            for chart in sample().incident_charts
        ),
        problems=tuple(
            own.model_copy(update={"why": own.why.replace("for 9 days", "for 10 days")}) for own in sample().problems
        ),
        timeline=(*sample().timeline, sample().timeline[-1].model_copy(update={"on": sample().today + 9 * later})),
    )
    assert shown_digest(tomorrow, 7) == shown_digest(sample(), 7)


@pytest.mark.parametrize("field", ["problems", "duties", "cells", "series", "commitments", "incident_charts"])
def test_everything_that_it_shows_changes_it(field: str) -> None:
    assert shown_digest(changed(**{field: getattr(sample(), field)[1:]}), 7) != shown_digest(sample(), 7)
    assert shown_digest(sample(), 8) != shown_digest(sample(), 7)


def test_another_incident_and_another_decision_change_it() -> None:
    chart, *rest = sample().incident_charts
    last = chart.days[-1]
    more = chart.model_copy(
        update={"days": (*chart.days[:-1], last.model_copy(update={"incidents": last.incidents + 1}))}
    )
    assert shown_digest(changed(incident_charts=(more, *rest)), 7) != shown_digest(sample(), 7)
    assert shown_digest(changed(timeline=sample().timeline[1:]), 7) != shown_digest(sample(), 7)
    assert shown_digest(changed(timeline=sample().timeline[:-1]), 7) == shown_digest(sample(), 7)


def test_what_was_written_is_found_again_and_any_other_change_is_seen() -> None:
    branch, shows = branch_after(published(sample())), shown_digest(sample(), 7)
    assert is_published(shows, branch)
    assert not is_published(shown_digest(sample(), 8), branch)
    assert not is_published(shows, BranchContent())
    for other in (
        BranchContent(branch.head, f"{branch.text}all fine", branch.ids),
        BranchContent(branch.head, branch.text, {**branch.ids, "states.svg": "0" * 40}),
        BranchContent(
            branch.head, branch.text, {name: oid for name, oid in branch.ids.items() if name != "states.svg"}
        ),
        BranchContent(branch.head, (branch.text or "").partition("\n")[2], branch.ids),
    ):
        assert not is_published(shows, other)
    assert is_published(shows, BranchContent(branch.head, branch.text, {**branch.ids, "R-2026-001-ab12.svg": "1" * 40}))


def test_only_what_differs_is_written_and_pictures_of_issues_stay() -> None:
    issue = {"R-2026-001-ab12.svg": "1" * 40}
    first = branch_after(published(sample(), BranchContent("c0ffee", None, issue)))
    less = changed(incident_charts=sample().incident_charts[:1])
    action = published(less, BranchContent("c0ffee", first.text, {**first.ids, **issue}))
    assert action is not None
    assert [path for path, _ in action.files] == ["README.md"]
    assert action.gone == ("pictures/incidents-2.svg",)


def test_a_picture_that_cannot_be_drawn_is_left_out_and_said() -> None:
    def fails(dashboard: Dashboard, name: str) -> bytes:
        if name == "timeline":
            raise ReassayError("it could not be drawn.")
        return draw(dashboard, name)

    drawn = drawn_pictures(sample(), fails)
    assert drawn.notes == ("the dashboard has no picture timeline: it could not be drawn.",)
    action = publication(sample(), drawn, 7, "0" * 20, BranchContent())
    assert action is not None
    assert "pictures/timeline.svg" not in dict(action.files)
    assert b"timeline.svg" not in dict(action.files)["README.md"]


def test_the_end_is_written_once_and_never_begins_a_branch() -> None:
    assert ending(BranchContent()) is None
    before = branch_after(published(sample()))
    action = ending(before)
    assert action is not None
    assert len(action.gone) == len(picture_names(sample()))
    after = branch_after(action, before)
    assert read_marker(after.text)[1] == ended_text()
    assert ending(after) is None
    assert published(sample(), after) is not None


def test_an_object_id_is_the_one_of_git() -> None:
    assert blob_id(b"hello\n") == "ce013625030ba8dba906f756967f9e9ca394464a"
    assert seal_of("a", {"x": "1"}) != seal_of("a", {"x": "2"})


@pytest.mark.parametrize(
    ("part", "field"), [("cells", "title"), ("duties", "what"), ("commitments", "title"), ("commitments", "statement")]
)
def test_a_span_of_time_that_people_wrote_is_shown_anew_once_it_changes(part: str, field: str) -> None:
    """Only spans in sentences of reassay grow from day to day: 24 hours in a title that become 72 are news."""
    first, *rest = getattr(sample(), part)
    digests = {
        shown_digest(changed(**{part: (first.model_copy(update={field: f"Patched within {span}"}), *rest)}), 7)
        for span in ("24 hours", "72 hours")
    }
    assert len(digests) == 2
