"""Nothing that is written in a register or ledger has an effect on a page."""

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from reassay.dashboard.calendar_feed import calendar_feed
from reassay.dashboard.site import Site
from reassay.dashboard.values import Dashboard
from reassay.dashboard.views.site_environment import CONTENT_SECURITY_POLICY, LONGEST
from tests.examples import examples
from tests.unit.dashboard.sample import LONG_WORD, hostile, sample, with_texts
from tests.unit.dashboard.sample_values import URL
from tests.unit.dashboard.site_pages import ParsedPage, html_pages, site_of

TAGS = frozenset(
    re.findall(
        r"\S+",
        """
    a article bdi blockquote body br button caption code dd details div dl dt fieldset figcaption figure footer form h1 h2 h3
    head header html img input label legend li link main meta nav ol option output p pre script section select span strong summary
    table tbody td th thead time title tr ul
""",
    )
)
ATTRIBUTES = frozenset(
    re.findall(
        r"\S+",
        """
    alt aria-current aria-hidden aria-label aria-labelledby aria-live autocomplete charset class colspan content datetime defer
    hidden href http-equiv id lang loading name open placeholder rel role rowspan scope src tabindex type value
""",
    )
)


def check(page: ParsedPage, url: str) -> None:
    assert {tag for tag, _ in page.tags} <= TAGS, page.path
    names = {name for _, attributes in page.tags for name in attributes if not name.startswith("data-")}
    assert names <= ATTRIBUTES, page.path
    scripts = [attributes for tag, attributes in page.tags if tag == "script"]
    assert [set(attributes) for attributes in scripts] == [{"src", "defer"}], page.path
    assert str(scripts[0]["src"]).endswith("dashboard.js")
    assert "".join(page.script).strip() == ""
    for address in page.values("href", "src"):
        scheme = address.partition("/")[0]
        assert ":" not in scheme or address == "data:," or (url and address.startswith(url)), (page.path, address)
        assert not address.startswith("//"), page.path
    policies = [attributes["content"] for tag, attributes in page.tags if "http-equiv" in attributes]
    assert policies == [CONTENT_SECURITY_POLICY]
    shown = "".join(page.text) + "".join(page.values("title", "alt", "aria-label", "value"))
    odd = {character for character in shown if character != "\n" and unicodedata.category(character)[0] == "C"}
    assert odd == set(), page.path


@pytest.mark.slow
@pytest.mark.parametrize("url", ["", URL])
def test_hostile_texts_are_inert(url: str) -> None:
    dashboard = hostile().model_copy(update={"url": url} if url else {})
    for page in html_pages(site_of(dashboard)).values():
        check(page, url)
        assert "<script>alert(1)</script>" in page.words, page.path


@pytest.mark.slow
def test_a_huge_text_is_cut_and_the_rest_is_told() -> None:
    page = html_pages(site_of(hostile()))["index.html"]
    assert LONG_WORD not in "".join(page.text)
    assert "more characters)" in page.words
    assert max(len(value) for value in page.values("value", "aria-label", "datetime")) <= LONGEST + 200


@pytest.mark.slow
def test_the_calendar_has_one_event_a_line_of_it() -> None:
    calendar = Calendar.from_ical(calendar_feed(hostile()).decode())
    events = calendar.walk("VEVENT")
    # The sample's verbs are reassay's own; where they are hostile, more duties are events of their own.
    same_verbs = hostile().model_copy(update={"duties": sample().duties})
    written = Calendar.from_ical(calendar_feed(same_verbs).decode()).walk("VEVENT")
    assert len(written) == len(Calendar.from_ical(calendar_feed(sample()).decode()).walk("VEVENT"))
    assert {name for event in events for name in event} == {
        "UID",
        "SUMMARY",
        "DESCRIPTION",
        "DTSTART",
        "DTSTAMP",
        "TRANSP",
    }
    assert len({str(event["UID"]) for event in events}) == len(events)


@pytest.mark.slow
@given(texts=st.dictionaries(st.integers(0, 400), st.text(max_size=40), max_size=60), end=st.text(max_size=20))
@settings(max_examples=examples(10), suppress_health_check=[HealthCheck.too_slow])
def test_no_text_changes_the_shape_of_a_page(texts: dict[int, str], end: str) -> None:
    numbers: dict[str, int] = {}

    def changed(_: str, text: str) -> str:
        number = numbers.setdefault(text, len(numbers))
        return f"{texts.get(number, '')}{number}{end}"

    dashboard: Dashboard = with_texts(sample(), changed)
    for page in html_pages(Site(dashboard, has_pictures=False)).values():
        check(page, "")
