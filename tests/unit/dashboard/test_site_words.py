"""What the pages say: order, words and tones of states, figures, duties and addresses."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from reassay.assessment.cell_status import URGENCY
from reassay.dashboard.calendar_feed import calendar_feed
from reassay.dashboard.subject_values import CriterionFigure, SourcePlace
from reassay.dashboard.values import Dashboard, DashboardDuty
from reassay.dashboard.views.addresses import RepositoryLinks, anchor, page_name
from reassay.dashboard.views.cell_rows import cell_row
from reassay.dashboard.views.duty_lists import NOBODY, duty_lists, next_step
from reassay.dashboard.views.figure_words import figure_text, measure_words
from reassay.dashboard.views.months import event_months, month_ends
from reassay.dashboard.views.page_values import PageValues
from reassay.dashboard.views.state_words import STATES, state_rank, state_words
from tests.unit.dashboard.sample import empty, sample
from tests.unit.dashboard.sample_cells import CELLS
from tests.unit.dashboard.sample_coverage import INCIDENTS, TIMELINE
from tests.unit.dashboard.sample_subjects import DUTIES
from tests.unit.dashboard.sample_values import AT, TODAY, URL
from tests.unit.dashboard.site_pages import ParsedPage, html_pages, parsed, site_of


@pytest.fixture(scope="module")
def pages() -> dict[str, ParsedPage]:
    return html_pages(site_of(sample()))


def index_of(dashboard: Dashboard) -> ParsedPage:
    file = site_of(dashboard).file("index.html")
    assert file is not None
    return parsed("index.html", file.content)


def test_states_are_those_of_cells_in_their_order() -> None:
    assert list(STATES) == [str(state) for state in URGENCY]


def test_a_state_that_is_not_understood_is_bad_and_first() -> None:
    assert (state_words("odd").words, state_words("odd").tone) == ("odd (not understood)", "bad")
    assert state_rank("odd") < state_rank("unreadable")


def test_problems_come_first_then_duties_then_states(pages: dict[str, ParsedPage]) -> None:
    words = pages["index.html"].words
    order = [
        "Problems",
        "weights-encryption",
        "Who has to do what",
        "Needed now",
        "Unknown",
        "This month",
        "Cells by state",
    ]
    places = [words.index(word, words.index("Headline") if "Headline" in words else 0) for word in order]
    assert places == sorted(places)
    assert "The key 'evry' is unknown, so nothing re-assesses this mitigation. Write 'every: 6 months'." in words
    assert "nobody is known" in words


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("index.html", "6 problems"),
        ("index.html", "8 of 12 cells need attention"),
        ("index.html", "Wed 2 Sep 2026 Fix the register: framework/security.yml:12 Unreadable"),
        (
            "index.html",
            "Comment in issue #42 /reassay conclude ineffective|degraded|inconclusive|effective because <findings>",
        ),
        ("index.html", "In chat-app and api : overdue"),
        ("index.html", "red-team-lead or evaluations-lead"),
        ("cells.html", "2.1% (0.44 to 6.1%, at most 10%) met"),
        ("cells.html", "81% (76.5 to 84.9%, at least 90%) missed"),
        ("cells.html", "Ineffective Current by its dates"),
        ("timeline.html", "The forecast ends on Tue 30 Nov 2027"),
        ("timeline.html", "November 2026 this month"),
        ("coverage.html", "Too few layers Single point of failure Layers that count: 1 , required: 2"),
        ("coverage.html", "jailbreak-filter input; does not count: overdue"),
        ("coverage.html", "No evidence jailbreak-filter"),
        ("coverage.html", "2 not cited GOVERN and MAP"),
        ("commitments.html", "Not determinable Weights are secured"),
        ("incidents.html", "2 more triggers by an incident rate are not shown here"),
        ("subjects/jailbreak-filter.html", ": in chat-app, 3 of 142, 95% interval, tested"),
        ("incidents.html", "Alarm Wed 18 Nov 2026 Not settled"),
        ("subjects/jailbreak-filter.html", "Signed by a key that was not in force"),
        ("subjects/jailbreak-filter.html", "Signature is not valid"),
        ("subjects/jailbreak-filter.html", "4 ledger entries 2 not trusted"),
        ("subjects/bug-bounty.html", "No assessor is named, so decisions count as self-assessed."),
    ],
)
def test_words(pages: dict[str, ParsedPage], path: str, words: str) -> None:
    assert words in pages[path].words


def test_every_other_page_says_that_there_are_problems(pages: dict[str, ParsedPage]) -> None:
    assert all(
        "6 problems make this less certain" in page.words for path, page in pages.items() if path != "index.html"
    )


def test_commitments_are_broken_first(pages: dict[str, ParsedPage]) -> None:
    words = pages["commitments.html"].words
    places = [
        words.index(word)
        for word in ("Red-teaming before", "Weights are secured", "re-approved", "Staff are", "A summary")
    ]
    assert places == sorted(places)


def test_an_empty_dashboard_says_what_it_has_not() -> None:
    pages = html_pages(site_of(empty()))
    assert "nothing is watched" in pages["index.html"].words
    assert "The time of the last sweep is unknown." in pages["index.html"].words
    assert "Nothing has happened yet, and nothing is planned." in pages["timeline.html"].words
    assert "No commitment is registered." in pages["commitments.html"].words


def test_where_nothing_is_watched_nothing_is_green() -> None:
    page = index_of(empty())
    assert "good" not in " ".join(page.values("class")).split()
    assert "Nobody has to do anything" not in page.words
    assert "Nothing is watched, so nobody can be asked for anything." in page.words


@pytest.mark.parametrize("state", [state for state in STATES if state not in {"current", "due-soon"}])
def test_nothing_of_a_cell_that_is_not_current_is_good(state: str) -> None:
    row = cell_row(CELLS[9].model_copy(update={"state": state, "timing": state}))
    assert row.state.tone != "good"
    assert row.verdict_tone != "good"
    assert [figure.tone for figure in row.figures] == ["quiet"]


@pytest.mark.parametrize(
    ("cell", "tone"), [(9, "good"), (10, "good"), (3, "quiet"), (4, "quiet"), (2, "bad"), (5, "unsure")]
)
def test_a_past_decision_is_good_only_while_a_cell_rests_on_it(cell: int, tone: str) -> None:
    own = CELLS[cell]
    values = PageValues(sample(), has_pictures=False)
    assert values.decision_tone(own.subject, own.record, own.verdict.removeprefix("was ")) == tone


def test_a_blind_cell_is_not_good_either() -> None:
    row = cell_row(CELLS[9].model_copy(update={"is_blind": True}))
    assert (row.verdict_tone, row.figures[0].tone) == ("quiet", "quiet")


@pytest.mark.parametrize(
    ("value", "unit", "beside", "words"),
    [
        (0.0211, "", (), "2.1%"),
        (0.004, "", (), "0.4%"),
        (0.0, "", (), "0%"),
        (1.0, "", (), "100%"),
        (0.987, "", (), "98.7%"),
        (0.10004, "", (0.1,), "10.004%"),
        (0.1, "", (0.1,), "10%"),
        (1234.5, "requests", (), "1,230 requests"),
        (74.0, "minutes", (60.0,), "74 minutes"),
    ],
)
def test_measures(value: float, unit: str, beside: tuple[float, ...], words: str) -> None:
    assert measure_words(value, unit, *beside) == words


@pytest.mark.parametrize(
    ("more", "result", "meter"),
    [
        ({}, "no value", ""),
        ({"target": 0.1}, "no value (at most 10%)", ""),
        ({"value": 0.05}, "5%", "l40 r40 v40"),
        ({"value": 0.05, "target": 0.1}, "5% (at most 10%)", "l20 r20 v20 t40"),
        ({"value": 0.05, "upper": 0.2, "target": 0.1}, "5% (up to 20%, at most 10%)", "l10 r40 v10 t20"),
        ({"value": 0.95, "lower": 0.9, "upper": 0.98, "target": 0.9, "is_ceiling": False}, "95% (90 to 98%, at least 90%)", "l45 r49 v48 t45"),
        ({"value": 0.0, "target": 0.0}, "0% (at most 0%)", "l0 r0 v0 t0"),
    ],
)  # fmt: skip
def test_figures(more: dict[str, object], result: str, meter: str) -> None:
    figure = CriterionFigure.model_validate({"criterion": "c", "kind": "rate", "verdict": "met", "basis": ""} | more)
    text = figure_text(figure)
    assert (text.result, text.meter) == (result, meter)


def test_worse_results_are_further_from_their_target() -> None:
    def distance(**more: object) -> float:
        values = {"criterion": "c", "kind": "rate", "verdict": "met", "basis": "", "target": 0.1, "value": 0.05} | more
        return figure_text(CriterionFigure.model_validate(values)).distance

    assert distance(value=None) > distance(upper=0.2) > 1 > distance() > distance(value=0.01)
    assert distance(is_ceiling=False) > 1 > distance(is_ceiling=False, value=0.2)


def test_a_verdict_that_is_not_understood_is_bad() -> None:
    figure = CriterionFigure(criterion="c", kind="rate", verdict="odd", basis="")
    assert (figure_text(figure).verdict, figure_text(figure).tone) == ("odd", "bad")


def test_duties_are_by_group_and_role_and_each_role_has_one_first_anchor() -> None:
    lists = duty_lists(DUTIES, RepositoryLinks(URL))
    assert [(own.group, own.number, own.late) for own in lists] == [
        ("now", 4, 3),
        ("unknown", 1, 0),
        ("month", 2, 0),
        ("later", 1, 0),
        ("queued", 1, 0),
    ]
    anchors = [role.anchor for own in lists for role in own.roles]
    assert len(set(anchors)) == len(anchors)
    assert anchors[2] == "role_red-team"


@pytest.mark.parametrize(
    ("more", "words", "address", "command"),
    [
        ({"verb": "triage", "issue": 7}, "Open issue #7", f"{URL}/issues/7", ""),
        ({"verb": "verify follow-up", "issue": 7}, "Comment in issue #7", f"{URL}/issues/7", "/reassay follow-up verified|not-done because <reason>"),
        ({"verb": "fix the register"}, "List every error with its remedy", "", "reassay check"),
        ({"group": "unknown", "subject": "egress-limits"}, "See which source is missing", "", "reassay explain egress-limits"),
        ({"group": "unknown", "subject": "x; rm -rf ~"}, "Restore the source that is missing.", "", ""),
        ({}, "The next sweep opens its issue.", "", ""),
        ({"group": "queued"}, "Nothing yet: its issue opens in turn.", "", ""),
        ({"group": "later", "due": TODAY}, "Nothing yet: its issue opens in time.", "", ""),
        ({"group": "later"}, "Nothing yet: no issue opens while it has no due date.", "", ""),
    ],
)  # fmt: skip
def test_each_duty_has_one_next_step(more: dict[str, object], words: str, address: str, command: str) -> None:
    values = {"role": "r", "people": (), "verb": "decide", "what": "w", "group": "now"} | more
    step = next_step(DashboardDuty.model_validate(values), RepositoryLinks(URL))
    assert (step.words, step.address, step.command) == (words, address, command)


def test_the_tiles_agree_in_number_and_say_what_they_count() -> None:
    several = sample()
    single = several.model_copy(update={"problems": several.problems[:1]})
    assert "problem makes the rest less certain" in index_of(single).words
    assert "problems make the rest less certain" in index_of(several).words
    assert "places with too few layers" in index_of(several).words


def test_names_in_the_level_of_trust_are_code() -> None:
    trust = "Trust: advisory: `.github/reassay.yml` does not name the App."
    words = index_of(sample().model_copy(update={"trust": trust})).words
    assert ".github/reassay.yml does not name the App." in words
    assert "`.github" not in words


def test_duties_of_nobody_are_for_whoever_maintains_the_register() -> None:
    duty = DashboardDuty(role="", people=(), verb="decide", what="w", group="now")
    assert duty_lists((duty,), RepositoryLinks(""))[0].roles[0].title == NOBODY
    assert NOBODY in index_of(empty().model_copy(update={"duties": (duty,)})).words


@pytest.mark.parametrize(
    ("url", "is_linked"),
    [
        ("https://github.com/a/b", True),
        ("https://github.example.com:8443/git/a/b", True),
        ("http://127.0.0.1:8080/a/b", True),
        ("http://github.com/a/b", False),
        ("https://github.com", False),
        ("https://a@github.com/a/b", False),
        ("https://github.com/a/../b", False),
        ("https://github.com/a/b?x", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_only_addresses_of_repositories_are_linked(url: str, is_linked: bool) -> None:
    assert bool(RepositoryLinks(url).issue(1)) is is_linked


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("framework/m.yml", f"{URL}/blob/HEAD/framework/m.yml#L4"),
        ("framework/my file#1?.yml", f"{URL}/blob/HEAD/framework/my%20file%231%3F.yml#L4"),
        ("../../evil/x", ""),
        ("a//b", ""),
        ("/a", ""),
    ],
)
def test_addresses_of_files_stay_in_the_repository(path: str, address: str) -> None:
    assert RepositoryLinks(URL).file(SourcePlace(path=path, line=4)) == address


@pytest.mark.parametrize(
    ("commit", "revision"),
    [
        ("a1" * 20, "a1" * 20),
        ("a1" * 32, "a1" * 32),
        ("", "HEAD"),
        ("main", "HEAD"),
        ("a1" * 20 + "/..", "HEAD"),
        ("A1" * 20, "HEAD"),
    ],
)
def test_a_file_is_linked_at_a_commit_and_nothing_else_becomes_a_revision(commit: str, revision: str) -> None:
    links = RepositoryLinks(URL).at(commit)
    assert links.file(SourcePlace(path="framework/m.yml", line=4)) == f"{URL}/blob/{revision}/framework/m.yml#L4"


@pytest.mark.parametrize(
    "text", ["A", "a/b", "..", ".", "", "con", "nul.x", "a b", "x_0123", "ä", "a" * 200, "*", "a.", "\ud800"]
)
def test_odd_ids_have_names_of_their_own(text: str) -> None:
    assert page_name(text).startswith("x_")
    assert len({page_name(text), page_name(text + "0"), page_name("filter")}) == 3


def test_plain_ids_keep_their_names() -> None:
    assert (page_name("jailbreak-filter"), page_name("m-5.1")) == ("jailbreak-filter", "m-5.1")
    assert anchor("cell", "jailbreak-filter", "*") == "cell_jailbreak-filter_all"


def test_months_count_their_events() -> None:
    months = {month.title: month for month in event_months(TIMELINE, TODAY)}
    assert list(months) == ["November 2025", "August 2026", "November 2026", "December 2026", "March 2027"]
    november = months["November 2026"]
    assert (november.decided, november.due, november.late, november.is_present) == (1, 1, 2, True)
    assert (months["December 2026"].due, months["December 2026"].planned) == (1, 1)


def test_month_ends_add_up() -> None:
    ends = month_ends(INCIDENTS[0])
    assert [end.day.on for end in ends] == [date(2026, 11, 30), date(2026, 10, 31), date(2026, 9, 30)]
    assert sum(end.added for end in ends) == INCIDENTS[0].days[-1].incidents
    assert [end.fired for end in ends] == [INCIDENTS[0].fired, (), ()]


def test_the_calendar_has_due_dates_and_openings() -> None:
    events = {
        str(event["UID"]): event.decoded("DTSTART")
        for event in Calendar.from_ical(calendar_feed(sample()).decode()).walk("VEVENT")
    }
    assert events["agent-permissions.api@41.github.com"] == AT.replace(day=27, hour=9, minute=14)
    assert events["opens.bug-bounty.*@41.github.com"] == TODAY + timedelta(days=7)
    shown = [cell for cell in CELLS if cell.due is not None or (cell.is_wrong and cell.opens is None)]
    assert {f"{cell.subject}.{cell.deployment}@41.github.com" for cell in shown} <= events.keys()
    assert sum(name.startswith("opens.") for name in events) == 1
    assert calendar_feed(sample()) == calendar_feed(sample())
    nameless = calendar_feed(sample().model_copy(update={"source": ""}))
    assert b"https%3A%2F%2Fgithub.com%2Fexample-lab%2Fframework" in nameless.replace(b"\r\n ", b"")


@pytest.mark.parametrize("kind", ["unreadable", "error"])
def test_what_may_be_lost_is_not_said_to_be_absent_or_in_green(kind: str) -> None:
    """A deployment or a threat model that cannot be read has no row, so that nothing is short of layers for the lack of it."""
    problem = sample().problems[0].model_copy(update={"kind": kind, "what": "threat model misuse"})
    kept = tuple(line for line in sample().commitments if line.standing == "kept")
    lost = sample().model_copy(update={"problems": (problem,), "layers": (), "deployments": (), "commitments": kept})
    tiles = [names for names in index_of(lost).values("class") if names in {"bad", "warn", "unsure", "good", "quiet"}]
    assert kept
    assert tiles[3:5] == ["unsure", "unsure"]
    words = {path: page.words for path, page in html_pages(site_of(lost)).items()}
    assert "No threat model can be read" in words["coverage.html"]
    assert "No deployment can be read" in words["coverage.html"]
    assert "No threat model is registered" not in words["coverage.html"]
    nothing = lost.model_copy(update={"commitments": (), "cells": (), "duties": (), "subjects": ()})
    words = {path: page.words for path, page in html_pages(site_of(nothing)).items()}
    assert "No commitment can be read" in words["commitments.html"]
    for path in ("index.html", "cells.html"):
        assert "The register holds no mitigation yet" not in words[path]
        assert "No mitigation can be read" in words[path]


def test_no_problem_is_not_said_in_green_while_something_is_unknown() -> None:
    calm = sample().model_copy(update={"problems": ()})
    page = index_of(calm)
    assert "0 problems 1 unknown" in page.words
    assert "Of some things nobody can tell whether they are due." in page.words
    assert "unsure" in page.values("class")


def test_the_calendar_is_no_calmer_than_the_pages() -> None:
    """Each problem, what is wrong without a date, and what people owe besides decisions."""
    undated = CELLS[0].model_copy(update={"subject": "undated", "state": "ineffective", "due": None, "due_at": None})
    follow_up = DUTIES[0].model_copy(
        update={"verb": "verify follow-up", "what": "Retrain", "due": TODAY - timedelta(days=9), "is_late": True}
    )
    dashboard = sample()
    dashboard = dashboard.model_copy(
        update={"cells": (undated, *dashboard.cells), "duties": (follow_up, *dashboard.duties)}
    )
    events = {
        str(event["SUMMARY"]): event.decoded("DTSTART")
        for event in Calendar.from_ical(calendar_feed(dashboard).decode()).walk("VEVENT")
    }
    for problem in dashboard.problems:
        assert any(problem.what in words and day == TODAY for words, day in events.items()), problem.what
    assert any(words.startswith(f"Ineffective: Re-assess {undated.title}") for words in events)
    assert events["Overdue: Verify follow-up: Retrain"] == TODAY - timedelta(days=9)
